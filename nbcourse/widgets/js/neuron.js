// A single neuron by hand: its weight vector as an arrow on the boundary, to be dragged, and three sliders.
import { element, rangeControl, svgElement, uniqueId } from "./dom.js";

const LIMIT = 6;
const UNIT = 0.45; // the arrow's length, in units of the plane, where |w| = 1; it grows with √|w|, to fit the plane

// Where the boundary w·x + b = 0 comes nearest to the origin, and the tip of w drawn from there.
export function arrow([w1, w2, b]) {
  const square = w1 * w1 + w2 * w2;
  if (square < 1e-8) return null;
  const foot = [(-b * w1) / square, (-b * w2) / square];
  const size = Math.sqrt(square);
  const scale = (UNIT * Math.sqrt(Math.min(size, LIMIT))) / size;
  return { foot, tip: [foot[0] + scale * w1, foot[1] + scale * w2] };
}

// The tip was dragged: the boundary turns about the foot.
export function turned({ foot }, [x, y]) {
  const length = Math.max(0.05, Math.hypot(x - foot[0], y - foot[1]));
  const scale = length / UNIT ** 2; // |w| = (length / UNIT)²
  const [w1, w2] = [(x - foot[0]) * scale, (y - foot[1]) * scale];
  return [w1, w2, -(w1 * foot[0] + w2 * foot[1])];
}

// The foot was dragged: the boundary moves along w until it passes through (x, y).
export function shifted([w1, w2], [x, y]) {
  return [w1, w2, -(w1 * x + w2 * y)];
}

// onMove([w1, w2, b]) while a handle or a slider moves.
export function createNeuron({ extent, onMove }) {
  let values = [0, 0, 0];
  const change = (next) => onMove(next.map((v) => Math.max(-LIMIT, Math.min(LIMIT, v))));
  const sliders = ["w₁", "w₂", "b"].map((label, i) => rangeControl({
    label, min: -LIMIT, max: LIMIT, step: 0.05, value: 0,
    format: (v) => v.toFixed(2).replace("-", "−"),
    onInput: (v) => change(values.with(i, v)),
  }));
  const stem = svgElement("path", { class: "nbc-stem" });
  const name = svgElement("text", {}, "w");
  const handles = ["foot", "tip"].map((part) => svgElement("g", { class: `nbc-handle nbc-${part}` },
    svgElement("circle", { r: 7, class: "nbc-reach" }),
    svgElement(part === "tip" ? "path" : "circle", part === "tip" ? { d: "M1.8,0L-3,2.4L-2,0L-3,-2.4Z" } : { r: 1.5 })));
  const overlay = svgElement("svg", { viewBox: "0 0 100 100", class: "nbc-overlay", "aria-hidden": "true" }, stem, name, ...handles);

  const toView = ([x, y]) => [50 + (50 * x) / extent, 50 - (50 * y) / extent];
  const inside = (v) => Math.max(-extent * 0.96, Math.min(extent * 0.96, v));

  function show(next) {
    values = next;
    sliders.forEach((slider, i) => slider.set(next[i]));
    const drawn = arrow(next);
    overlay.toggleAttribute("hidden", !drawn);
    if (!drawn) return;
    const [foot, tip] = [drawn.foot, drawn.tip].map((point) => toView(point.map(inside)));
    stem.setAttribute("d", `M${foot}L${tip}`);
    const turn = Math.atan2(tip[1] - foot[1], tip[0] - foot[0]);
    name.setAttribute("x", tip[0] + 5.5 * Math.cos(turn));
    name.setAttribute("y", tip[1] + 5.5 * Math.sin(turn));
    handles[0].setAttribute("transform", `translate(${foot})`);
    handles[1].setAttribute("transform", `translate(${tip}) rotate(${(turn * 180) / Math.PI})`);
  }

  function pointAt(event) {
    const box = overlay.getBoundingClientRect();
    return [
      inside((((event.clientX - box.left) / box.width) * 2 - 1) * extent),
      inside((1 - ((event.clientY - box.top) / box.height) * 2) * extent),
    ];
  }

  handles.forEach((handle, i) => {
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      change(i === 0 ? shifted(values, pointAt(event)) : turned(arrow(values), pointAt(event)));
    });
  });

  const hint = element("p", { id: uniqueId("hint") },
    "Drag the dot or the arrow to move the border; by keyboard, use these sliders.");
  const group = { class: "nbc-sliders", role: "group", "aria-label": "The neuron's weights and bias", "aria-describedby": hint.id };
  return { overlay, hint, sliders: element("div", group, ...sliders.map((s) => s.root)), show };
}
