// A formula that is wider than the column scrolls; whoever reads with the keyboard must be able to scroll it too.
(function () {
  "use strict";
  function mark() {
    for (const formula of document.querySelectorAll(".math mjx-container")) {
      const room = formula.closest("p, div, li, td").clientWidth;
      const wide = formula.scrollWidth > formula.clientWidth || formula.offsetWidth > room + 1;
      formula.classList.toggle("course-wide", wide);
      if (wide) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", async () => {
    if (!window.MathJax?.startup?.promise) return;
    await window.MathJax.startup.promise;
    mark();
    // Letters of a font that comes later are wider, and so is a formula in a box that is opened.
    const watcher = new ResizeObserver(() => requestAnimationFrame(mark));
    document.querySelectorAll(".math mjx-container > mjx-math").forEach((formula) => watcher.observe(formula));
    let waiting = 0;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(mark, 200);
    });
  });
})();
