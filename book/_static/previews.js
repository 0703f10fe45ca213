// A term's definition or a reference's entry beside the link that names it, for the pointer and for the keyboard.
(function () {
  "use strict";
  const WAIT = 200; // milliseconds before it opens, and before it closes
  const LINKS = ".bd-article a.reference.internal";
  const box = document.createElement("div");
  let [open, timer] = [null, 0];

  function show(link) {
    clearTimeout(timer);
    if (open === link) return;
    hide();
    open = link;
    const drawn = document.getElementById(`preview-${link.hash.slice(1)}`); // a definition with formulas
    if (drawn) box.replaceChildren(drawn.content.cloneNode(true));
    else box.textContent = link.dataset.preview;
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place();
  }

  function hide() {
    clearTimeout(timer);
    open?.removeAttribute("aria-describedby");
    open = null;
    box.hidden = true;
  }

  // Under the link, or above it where there is no room; never over the window's edge.
  function place() {
    if (!open) return;
    const link = open.getClientRects()[0] ?? open.getBoundingClientRect();
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const left = Math.max(8, Math.min(link.left, document.documentElement.clientWidth - width - 8));
    const below = link.bottom + 6;
    const top = below + height < window.innerHeight ? below : link.top - height - 6;
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(8, top)}px`;
  }

  function soon(action, ...values) {
    clearTimeout(timer);
    timer = setTimeout(action, WAIT, ...values);
  }

  const linkOf = (target) => target.closest?.("a[data-preview]");

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll(`${LINKS}[title]`)) {
      link.dataset.preview = link.title;
      link.removeAttribute("title"); // else the browser shows it a second time
    }
    box.id = "course-preview";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    document.body.append(box);
    document.addEventListener("mouseover", ({ target }) => {
      if (box.contains(target)) clearTimeout(timer); // whoever reads slowly may move onto it
      else if (linkOf(target)) soon(show, linkOf(target));
      else if (open && open !== document.activeElement) soon(hide); // the keyboard's stays while it has the focus
      else clearTimeout(timer);
    });
    document.addEventListener("focusin", ({ target }) => (linkOf(target) ? show(linkOf(target)) : hide()));
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
    window.addEventListener("scroll", place, { passive: true });
  });
})();
