// Colours that follow the page: light and dark, the book's theme or JupyterLab's.

// Resolved colours for drawing on a canvas; `host` is an element inside .nbc-host, in the page:
// outside of it every colour is empty.
export function themeColours(host) {
  const style = getComputedStyle(host);
  const named = (name) => style.getPropertyValue(`--nbc-${name}`).trim();
  return {
    text: style.color,
    data: named("data"),
    weight: named("weight"),
    signal: named("signal"),
    gradient: named("gradient"),
    loss: named("loss"),
    page: named("page"),
    low: named("low"),
    high: named("high"),
    font: style.fontFamily,
  };
}

// "#rrggbb" → [r, g, b]
export function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// Calls back after the theme of the page changed; returns a function that stops it.
export function onThemeChange(callback) {
  let timer = 0;
  const changed = () => {
    requestAnimationFrame(callback);
    clearTimeout(timer);
    timer = setTimeout(callback, 400); // JupyterLab loads a theme's style sheet after it names the theme
  };
  const observer = new MutationObserver(changed);
  const attributeFilter = ["data-theme", "data-mode", "data-jp-theme-name", "data-jp-theme-light", "theme", "class"];
  observer.observe(document.documentElement, { attributes: true, attributeFilter });
  observer.observe(document.body, { attributes: true, attributeFilter });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}

export function prefersReducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
