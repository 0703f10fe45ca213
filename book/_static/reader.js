// A formula that is wider than the column scrolls; whoever reads with the keyboard must be able to scroll it too.
(function () {
  "use strict";
  function mark() {
    for (const formula of document.querySelectorAll(".math mjx-container")) {
      const room = formula.closest("p, div, li, td").clientWidth;
      const wide = formula.scrollWidth > formula.clientWidth + 1 || formula.offsetWidth > room + 1;
      formula.classList.toggle("course-wide", wide);
      if (wide) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  }

  document.addEventListener("DOMContentLoaded", async () => {
    if (!window.MathJax?.startup?.promise) return;
    await window.MathJax.startup.promise;
    mark();
    document.fonts.addEventListener("loadingdone", mark); // letters of another font are wider
    let waiting = 0;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(mark, 200);
    });
  });
})();
