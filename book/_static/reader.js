// A formula that is wider than the column scrolls; whoever reads with the keyboard must be able to scroll it too.
(function () {
  "use strict";
  function mark(formulas) {
    for (const formula of formulas) {
      const room = formula.closest("p, div, li, td").clientWidth;
      // What stands in a line has no width inside (it is 0), though Firefox gives it one to scroll.
      const inside = formula.clientWidth;
      const wide = (inside > 0 && formula.scrollWidth > inside) || formula.offsetWidth > room + 1;
      formula.classList.toggle("course-wide", wide);
      if (wide) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    // It tells of each formula as soon as that has a width: while the page is laid out, or when a box is opened.
    const watcher = new ResizeObserver((seen) => {
      requestAnimationFrame(() => mark(seen.map(({ target }) => target.parentElement).filter(Boolean)));
    });
    document.querySelectorAll(".math mjx-container > mjx-math").forEach((formula) => watcher.observe(formula));
    let waiting = 0;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => mark(document.querySelectorAll(".math mjx-container")), 200);
    });
  });
})();
