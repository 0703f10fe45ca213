// Runs in the head before the first paint: light or dark (the reader's choice, else the system's), and word that
// scripts run, so that what they will fold away is not painted unfolded first.
(function () {
  "use strict";
  const root = document.documentElement;
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch (error) {
    // No storage (some browsers refuse it to file://): the system decides.
  }
  if (mode !== "light" && mode !== "dark") mode = "auto";
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
  root.classList.add("js");
  // Paper is light.
  let theme = root.dataset.theme;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => (root.dataset.theme = theme));
})();
