// Elements, labelled controls and announcements that all figures share.

const page = Math.random().toString(36).slice(2, 8); // two scripts of one page must not make the same id
let made = 0;

export function uniqueId(prefix) {
  made += 1;
  return `nbc-${prefix}-${page}-${made}`;
}

// element("button", { type: "button", onclick: f }, "Train"): attributes, then children (text or nodes).
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svgElement(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Every figure draws inside this: it carries the colours, measures its own width, and keeps JupyterLab's shortcuts away.
// They look at the element in focus before they look around it, so each control says so itself when the focus comes.
export function openHost(el, name) {
  el.classList.add("nbc-host");
  el.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  const root = element("div", { class: `nbc-root nbc-${name}` });
  el.append(root);
  return root;
}

export function button(label, onClick, { primary = false } = {}) {
  return element("button", { type: "button", class: primary ? "nbc-primary" : "", onclick: onClick }, label);
}

// A labelled slider; `format(value)` is what is shown beside the label and read aloud.
export function rangeControl({ label, min, max, step = 1, value, format = String, onInput }) {
  const id = uniqueId("range");
  const shown = element("output", { for: id });
  const input = element("input", {
    type: "range", id, min, max, step, oninput: () => (set(input.valueAsNumber), onInput(input.valueAsNumber)),
  });
  function set(next) {
    input.value = next;
    shown.textContent = format(next);
    input.setAttribute("aria-valuetext", format(next));
    const most = Number(input.max); // a figure may change it
    const share = (Math.min(most, Math.max(min, next)) - min) / (most - min);
    input.style.setProperty("--nbc-share", share.toFixed(4));
  }
  set(value);
  const root = element("div", { class: "nbc-control" },
    element("label", { for: id }, label, " "), shown, input);
  return { root, input, set };
}

// options: [[value, label], …]
export function selectControl({ label, options, value, onChange }) {
  const id = uniqueId("select");
  const input = element("select", { id, onchange: () => onChange(input.value) },
    ...options.map(([key, text]) => element("option", { value: key }, text)));
  input.value = value;
  const root = element("div", { class: "nbc-control" }, element("label", { for: id }, label), input);
  return { root, input, set: (next) => (input.value = next) };
}

// A labelled line of text; `onChange(text)` comes with every key.
export function textControl({ label, value, onInput, mode = "text" }) {
  const id = uniqueId("text");
  const input = element("input", {
    type: "text", id, inputmode: mode, autocomplete: "off", autocapitalize: "off", spellcheck: "false", oninput: () => onInput(input.value),
  });
  input.value = value;
  const root = element("div", { class: "nbc-control" }, element("label", { for: id }, label), input);
  return { root, input, set: (next) => (input.value = next) };
}

// A row of exclusive choices (radio buttons, so arrow keys move between them).
export function radioControl({ label, options, value, onChange }) {
  const name = uniqueId("radio");
  const inputs = options.map(([key]) => element("input", {
    type: "radio", name, value: key, id: `${name}-${key}`, onchange: () => onChange(key),
  }));
  const segments = options.map(([key, text, hint], i) => element("span", { class: "nbc-segment" },
    inputs[i], element("label", { for: `${name}-${key}`, title: hint }, text)));
  const set = (next) => inputs.forEach((input, i) => (input.checked = options[i][0] === next));
  set(value);
  const root = element("div", { class: "nbc-control", role: "radiogroup", "aria-labelledby": name },
    element("span", { class: "nbc-label", id: name }, label),
    element("div", { class: "nbc-segments" }, ...segments));
  return { root, inputs, set };
}

// A polite live region: at most one sentence in `wait` milliseconds, always ending with the latest.
export function announcer(root, wait = 4000) {
  const region = element("div", { class: "nbc-hidden", role: "status", "aria-live": "polite" });
  root.append(region);
  let [last, timer] = [-Infinity, 0];
  const say = (text) => {
    last = performance.now();
    region.textContent = text;
  };
  return {
    announce(text) {
      clearTimeout(timer);
      timer = setTimeout(say, Math.max(0, wait - (performance.now() - last)), text);
    },
    stop: () => clearTimeout(timer),
  };
}
