// The activation explorer: a function with its slope, and what it does to a signal that runs through many layers.
import { createCanvas } from "./canvas.js";
import { drawDot, drawFrame, drawPath } from "./chart.js";
import { announcer, button, element, openHost, rangeControl, selectControl } from "./dom.js";
import { drawStack, FUNCTIONS, propagate } from "./signals.js";
import { channels } from "./theme.js";

export const MOST_LAYERS = 50;
export const BINS = 41;
export const REACH = 3; // the picture of the signal shows [−3, 3]; what is beyond lies in the outermost bins
const NAMES = [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"], ["leaky_relu", "leaky ReLU"], ["elu", "ELU"],
  ["gelu", "GELU"], ["silu", "SiLU"], ["softplus", "softplus"]];

// Counts of the values (n) in each bin of [−REACH, REACH], as shares of the fullest bin.
export function histogram(values) {
  const counts = new Float64Array(BINS);
  for (const v of values) {
    const bin = Math.floor(((v + REACH) / (2 * REACH)) * BINS);
    if (!Number.isNaN(v)) counts[Math.max(0, Math.min(BINS - 1, bin))] += 1;
  }
  const most = Math.max(1, ...counts);
  return counts.map((count) => count / most);
}

// The axis of sizes in powers of ten: [lowest, highest], in even steps, within ±16 and never narrower than ±2.
export function decades(values) {
  const logs = values.filter((v) => v > 0 && Number.isFinite(v)).map(Math.log10);
  const even = (v) => 2 * Math.ceil(Math.min(16, v) / 2);
  return [-even(Math.max(2, -Math.min(0, ...logs))), even(Math.max(2, ...logs))];
}

export function sizeText(value) {
  if (value === 0) return "0";
  if (value >= 0.01 && value < 1000) return String(Number(value.toPrecision(2)));
  if (!Number.isFinite(value)) return "infinitely many";
  const power = Math.floor(Math.log10(value) + 1e-12);
  return `${(value / 10 ** power).toFixed(1)}·${powerText(power)}`;
}

function powerText(power) {
  return power ? `10${String(power).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])}` : "1";
}

function render({ model, el }) {
  const root = openHost(el, "activations", "Activation explorer");
  const { announce, stop: stopAnnouncing } = announcer(root);
  const panels = [createCurve(), createSignal(), createSizes()];
  const words = [element("p"), element("p")];
  let [stack, seed] = [null, null];

  const change = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  const controls = {
    activation: selectControl({ label: "Activation", options: NAMES, value: model.get("activation"), onChange: change("activation") }),
    x: rangeControl({ label: "Input x", min: -4, max: 4, step: 0.1, value: model.get("x"), format: signed, onInput: change("x") }),
    gain: rangeControl({
      label: "Gain", min: -0.7, max: 1, step: 0.01, value: Math.log10(model.get("gain")), format: (v) => (10 ** v).toFixed(2),
      onInput: (v) => change("gain")(Number((10 ** v).toPrecision(4))),
    }),
    depth: rangeControl({ label: "Layers", min: 1, max: MOST_LAYERS, value: model.get("depth"), onInput: change("depth") }),
  };
  const presets = [["Gain 1", 1], ["Gain √2", Math.SQRT2]].map(([name, gain]) =>
    button(name, () => change("gain")(gain)));
  const fresh = button("New weights", () => change("seed")(model.get("seed") + 1));

  root.prepend(
    element("div", { class: "nbc-controls" }, ...Object.values(controls).map((control) => control.root)),
    element("div", { class: "nbc-actions" }, ...presets, fresh),
    element("div", { class: "nbc-curve" }, panels[0].box),
    element("div", { class: "nbc-signal" }, panels[1].box),
    element("div", { class: "nbc-sizes" }, panels[2].box),
    element("div", { class: "nbc-words" }, ...words),
    key(),
  );

  function update() {
    const [activation, gain, depth, x] = ["activation", "gain", "depth", "x"].map((name) => model.get(name));
    Object.entries(controls).forEach(([name, control]) => control.set(name === "gain" ? Math.log10(gain) : model.get(name)));
    if (seed !== model.get("seed")) {
      seed = model.get("seed");
      stack = drawStack(seed, MOST_LAYERS);
    }
    const run = propagate(stack, activation, gain, depth);
    panels[0].show({ activation, x });
    panels[1].show(run);
    panels[2].show(run);
    const sentences = describe(activation, x, run);
    sentences.forEach((text, i) => (words[i].textContent = text));
    panels[0].canvas.setAttribute("aria-label", `The function and its slope. ${sentences[0]}`);
    panels[1].canvas.setAttribute("aria-label", `Values of the signal in each layer. ${sentences[1]}`);
    panels[2].canvas.setAttribute("aria-label", `Sizes of signal and gradient in each layer. ${sentences[1]}`);
    announce(sentences.join(" "));
  }

  const events = ["activation", "gain", "depth", "x", "seed"].map((name) => `change:${name}`).join(" ");
  model.on(events, update);
  update();
  return () => {
    model.off(events, update);
    stopAnnouncing();
    panels.forEach((panel) => panel.stop());
  };
}

function signed(value) {
  return value.toFixed(1).replace("-", "−");
}

// What the drawings show, in two sentences; the same in activations.py.
export function describe(activation, x, { signal, gradient, zero }) {
  const [f, slope] = FUNCTIONS[activation].map((one) => one(x).toFixed(3).replace("-", "−"));
  const last = Math.round(100 * zero.at(-1));
  return [
    `At x = ${signed(x)}: value ${f}, slope ${slope}.`,
    `After ${signal.length - 1} layers the signal is ${sizeText(signal.at(-1) / signal[0])} times the input's size, and the gradient`
    + ` arrives at the input ${sizeText(gradient[0] / gradient.at(-1))} times as large as it began. In the last layer ${last} % of the slopes are 0.`,
  ];
}

// The same words as in activations.py.
function key() {
  return element("p", { class: "nbc-key" },
    "Green: the function, and the signal on its way forward. Orange, dashed: its slope, and the gradient on its way back. "
    + "Each layer multiplies by random weights of deviation gain/√n, then applies the function; a gain of 1 is Xavier's, √2 is He's.");
}

function createCurve() {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const box = { left: 22, right: width - 10, top: 20, bottom: height - 18 };
    const ticks = (values) => values.map((v) => [v, String(v).replace("-", "−")]);
    const axes = { x: [-4, 4], y: [-1.2, 3], xTicks: ticks([-4, -2, 0, 2, 4]), yTicks: ticks([-1, 0, 1, 2, 3]), base: 0,
      yName: "f(x) and its slope" };
    const { x, y } = drawFrame(context, box, axes, colours);
    const [value, slope] = FUNCTIONS[shown.activation];
    const inputs = Array.from({ length: 201 }, (_, i) => -4 + i / 25);
    drawPath(context, [[x(shown.x), box.top], [x(shown.x), box.bottom]], { colour: colours.data, width: 1 });
    drawPath(context, inputs.map((v) => [x(v), y(slope(v))]), { colour: colours.gradient, dash: [5, 4], box });
    drawPath(context, inputs.map((v) => [x(v), y(value(v))]), { colour: colours.signal, box });
    const within = (v) => Math.min(3, Math.max(-1.2, v));
    drawDot(context, x(shown.x), y(within(slope(shown.x))), colours.gradient, colours.page);
    drawDot(context, x(shown.x), y(within(value(shown.x))), colours.signal, colours.page);
  }
  return panel("The function and its slope", draw, (found) => (colours = found), (next) => (shown = next));
}

function createSignal() {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const box = { left: 30, right: width - 10, top: 20, bottom: height - 6 };
    const depth = shown.layers.length - 1;
    const yTicks = [-3, 0, 3].map((v) => [v, String(v).replace("-", "−")]);
    const axes = { x: [0, depth + 1], y: [-REACH, REACH], xTicks: [], yTicks, base: 0, yName: "values of the signal, layer by layer" };
    const { x } = drawFrame(context, box, axes, colours);
    const [cell, step] = [x(1) - x(0), (box.bottom - box.top) / BINS];
    const [r, g, b] = channels(colours.signal);
    shown.layers.forEach((values, layer) => histogram(values).forEach((share, bin) => {
      if (!share) return;
      context.fillStyle = `rgb(${r} ${g} ${b} / ${(0.2 + 0.8 * share).toFixed(3)})`;
      context.fillRect(x(layer), box.bottom - (bin + 1) * step, Math.max(1, cell - (cell > 4 ? 1 : 0)), step + 0.5);
    }));
  }
  return panel("Values of the signal in each layer", draw, (found) => (colours = found), (next) => (shown = next));
}

function createSizes() {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const box = { left: 30, right: width - 10, top: 20, bottom: height - 18 };
    const depth = shown.signal.length - 1;
    const [low, high] = decades([...shown.signal, ...shown.gradient]);
    const yTicks = [low, 0, high].map((power) => [power, powerText(power)]);
    const axes = { x: [0, depth + 1], y: [low, high], yTicks, base: 0, yName: "size of signal and gradient, layer by layer",
      xTicks: [[0.5, "0"], [depth + 0.5, String(depth)]] };
    const { x, y } = drawFrame(context, box, axes, colours);
    const line = (values) => values.map((v, i) => [x(i + 0.5), y(v > 0 ? Math.log10(v) : -400)]);
    drawPath(context, line(shown.gradient), { colour: colours.gradient, dash: [5, 4], box });
    drawPath(context, line(shown.signal), { colour: colours.signal, box });
  }
  return panel("Sizes in each layer", draw, (found) => (colours = found), (next) => (shown = next));
}

function panel(label, draw, colour, keep) {
  const { box, canvas, redraw, stop } = createCanvas({ label, draw, colour });
  return { box, canvas, stop, show: (next) => (keep(next), redraw()) };
}

const activationExplorer = { render };
export default activationExplorer;
