// A button beside each block of code copies what one would type: prompts and outputs are left out.
(function () {
  "use strict";
  const BLOCKS = ".cell_input .highlight pre, :not(.cell_output) > [class*=highlight-] pre, .cell_output > .highlight-python pre";
  const PROMPT = /^(?:>>> ?|\.\.\. ?|\$ |In \[\d+\]: | +\.\.\.: )/;
  const SHOWN = 2000; // milliseconds that the answer stands

  // What to type: a block that begins with a prompt is a session, of which only the lines with prompts count.
  function typed(text) {
    const lines = text.replace(/\s+$/, "").split("\n");
    if (!PROMPT.test(lines.find((line) => line.trim()) ?? "")) return lines.join("\n");
    const kept = lines.filter((line, i) => PROMPT.test(line) || (i && lines[i - 1].endsWith("\\")));
    return kept.map((line) => line.replace(PROMPT, "")).join("\n");
  }

  // Resolves when the text is on the clipboard. Hosts without https have no navigator.clipboard: there the old way.
  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "course-unseen" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("The browser did not copy.");
  }

  document.addEventListener("DOMContentLoaded", () => {
    const blocks = document.querySelectorAll(BLOCKS);
    if (!blocks.length) return;
    const status = Object.assign(document.createElement("div"), { className: "course-unseen" });
    status.setAttribute("role", "status");
    (document.querySelector("main") ?? document.body).append(status);
    for (const block of blocks) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "course-copy", textContent: "Copy" });
      button.setAttribute("aria-label", "Copy this code");
      let timer = 0;
      button.addEventListener("click", async () => {
        const [answer, said] = await copy(typed(block.textContent)).then(
          () => ["Copied", "Copied to the clipboard"],
          () => ["Not copied", "The browser did not allow copying"],
        );
        button.focus({ preventScroll: true }); // the old way takes it
        clearTimeout(timer);
        [button.textContent, status.textContent] = [answer, said];
        timer = setTimeout(() => ([button.textContent, status.textContent] = ["Copy", ""]), SHOWN);
      });
      block.after(button);
    }
  });
})();
