// The ways to run a chapter close with Escape, and when the reader goes elsewhere.
(function () {
  "use strict";
  function close({ type, key, target }) {
    const run = document.querySelector("details.course-run[open]");
    if (!run || (type === "keydown" ? key !== "Escape" : run.contains(target))) return;
    if (type === "keydown" && run.contains(document.activeElement)) run.querySelector("summary").focus();
    run.open = false;
  }

  for (const type of ["keydown", "pointerdown", "focusin"]) document.addEventListener(type, close);
})();
