// The roofline explorer: how fast a machine can run an operation at best, and what holds it back.
import { createCanvas } from "./canvas.js";
import { drawDot, drawFrame, drawPath } from "./chart.js";
import { bound, BYTES, OPERATIONS } from "./costs.js";
import { announcer, element, openHost, radioControl, rangeControl, selectControl } from "./dom.js";

const SMALLEST = 4; // sizes, as powers of two
const LARGEST = 14;
const INTENSITY = [-2, 5]; // the axis, in powers of ten
const OWN = "your own";
const PREFIXES = ["p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"];

function render({ model, el }) {
  const root = openHost(el, "roofline", "Roofline explorer");
  const { announce, stop: stopAnnouncing } = announcer(root);
  const machines = model.get("machines");
  const roof = createRoof();
  const words = [element("p"), element("p")];

  function change(changes) {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  }
  const machine = () => nameOf(machines, model.get("kind"), model.get("peak"), model.get("bandwidth"));
  // A machine keeps its name when the type changes, as long as it can do that type at all.
  const choose = (name, kind) => {
    const [bandwidth, peaks] = machines[name] ?? [];
    change(peaks?.[kind] ? { kind, bandwidth, peak: peaks[kind] } : { kind });
  };
  const range = (name, label, unit, most) => rangeControl({
    label, min: 0, max: most, step: 0.01, value: Math.log10(model.get(name)), format: (v) => `${si(1e9 * 10 ** v)}${unit}`,
    onInput: (v) => change({ [name]: Number((10 ** v).toPrecision(3)) }),
  });
  const controls = {
    machine: selectControl({
      label: "Machine", options: [...Object.keys(machines), OWN].map((name) => [name, name]), value: machine(),
      onChange: (name) => {
        const kinds = [model.get("kind"), "float32"];
        const kind = kinds.find((one) => machines[name]?.[1][one]) ?? kinds[0];
        choose(name, kind);
      },
    }),
    kind: radioControl({
      label: "Numbers", options: Object.keys(BYTES).map((kind) => [kind, kind]), value: model.get("kind"),
      onChange: (kind) => choose(machine(), kind),
    }),
    operation: selectControl({
      label: "Operation", options: Object.entries(OPERATIONS).map(([key, [name]]) => [key, name]), value: model.get("operation"),
      onChange: (operation) => change({ operation }),
    }),
    size: rangeControl({
      label: "Size n", min: SMALLEST, max: LARGEST, value: Math.log2(model.get("size")), format: (k) => (2 ** k).toLocaleString("en"),
      onInput: (k) => change({ size: 2 ** k }),
    }),
    peak: range("peak", "Peak", "FLOP/s", 7),
    bandwidth: range("bandwidth", "Bandwidth", "B/s", 4),
  };
  root.prepend(
    element("div", { class: "nbc-controls" }, ...Object.values(controls).map((control) => control.root)),
    element("div", { class: "nbc-roof" }, roof.box),
    element("div", { class: "nbc-words" }, ...words),
    key(),
  );

  function update() {
    const [operation, n, kind, peak, bandwidth] = ["operation", "size", "kind", "peak", "bandwidth"].map((name) => model.get(name));
    controls.machine.set(machine());
    controls.kind.set(kind);
    controls.operation.set(operation);
    controls.size.set(Math.log2(n));
    controls.peak.set(Math.log10(peak));
    controls.bandwidth.set(Math.log10(bandwidth));
    const found = bound(operation, n, kind, 1e9 * peak, 1e9 * bandwidth);
    roof.show({ operation, kind, peak, bandwidth, found });
    const sentences = describe(operation, n, kind, found);
    sentences.forEach((text, i) => (words[i].textContent = text));
    roof.canvas.setAttribute("aria-label", `The roofline. ${sentences.join(" ")}`);
    announce(sentences.join(" "));
  }

  const events = Object.keys(controls).filter((name) => name !== "machine").map((name) => `change:${name}`).join(" ");
  model.on(events, update);
  update();
  return () => {
    model.off(events, update);
    stopAnnouncing();
    roof.stop();
  };
}

// The machine with these two numbers.
export function nameOf(machines, kind, peak, bandwidth) {
  const known = Object.entries(machines).find(([, [speed, peaks]]) => speed === bandwidth && peaks[kind] === peak);
  return known ? known[0] : OWN;
}

// What the drawing shows, in two sentences; the same in roofline.py.
export function describe(operation, n, kind, { flop, bytes, intensity, ridge, rate, seconds }) {
  const [name] = OPERATIONS[operation];
  const limit = intensity < ridge ? "memory" : "compute";
  const share = 100 / Math.max(1, ridge / intensity);
  return [
    `${name[0].toUpperCase()}${name.slice(1)}, n = ${n.toLocaleString("en")}, ${kind}: ${si(flop)}FLOP on ${si(bytes)}B, ${plain(intensity)} operations a byte.`,
    `The roof bends at ${plain(ridge)}: this is ${limit}-bound. At best it takes ${si(seconds)}s, ${si(rate)}FLOP/s, `
    + `${share >= 0.01 ? plain(share) : "less than 0.01"} % of the machine's most.`,
  ];
}

// Three digits and the prefix of a unit: "2.15 G" for 2,147,483,648.
export function si(value) {
  const power = Math.min(6, Math.max(-4, Math.floor(Math.log10(value) / 3 + 1e-12)));
  return `${Number((value / 1000 ** power).toPrecision(3))} ${PREFIXES[power + 4]}`;
}

export function plain(value) {
  const digits = Number(value.toPrecision(3));
  return digits >= 100 ? digits.toLocaleString("en") : String(digits);
}

// The axis of operations a second, in powers of ten; the same in roofline.py.
export function rates(peak, bandwidth) {
  return [Math.floor(Math.log10(bandwidth) + 1e-9) + 7, Math.ceil(Math.log10(peak) - 1e-9) + 9];
}

// The same words as in roofline.py.
function key() {
  return element("p", { class: "nbc-key" },
    "Grey: the roof, bandwidth on the left and arithmetic on the right; it bends where the two are equal. "
    + "Green: the operation at best, smaller dots for sizes from 16 to 16,384. Both axes are in powers of ten. "
    + "The GPUs' numbers are their maker's, for dense matrices; the core's are round ones.");
}

function createRoof() {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const { operation, kind, peak, bandwidth, found } = shown;
    const [low, high] = rates(peak, bandwidth);
    const box = { left: 48, right: width - 16, top: 20, bottom: height - 34 };
    const powers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const axes = { x: INTENSITY, y: [low, high + 0.3], xTicks: powers(...INTENSITY).filter((_, i) => i % 2 === 0).map((power) => [power, plain(10 ** power)]),
      yTicks: powers(low, high).map((power) => [power, si(10 ** power)]), xName: "operations a byte", yName: "FLOP/s, at best" };
    const { x, y } = drawFrame(context, box, axes, colours);
    const [ridge, top, slope] = [Math.log10(found.ridge), Math.log10(peak) + 9, Math.log10(bandwidth) + 9];
    const corners = [INTENSITY[0], ridge, INTENSITY[1]].map((at) => [x(at), y(Math.min(slope + at, top))]);
    drawPath(context, corners, { colour: colours.data, width: 3, box });
    drawPath(context, [[x(ridge), y(low)], [x(ridge), y(high)]], { colour: colours.data, width: 1, dash: [3, 4], box });
    context.fillStyle = colours.signal;
    for (const power of powers(SMALLEST, LARGEST)) {
      const other = bound(operation, 2 ** power, kind, 1e9 * peak, 1e9 * bandwidth);
      context.beginPath();
      context.arc(x(Math.log10(other.intensity)), y(Math.log10(other.rate)), 3, 0, 2 * Math.PI);
      context.fill();
    }
    drawDot(context, x(Math.log10(found.intensity)), y(Math.log10(found.rate)), colours.signal, colours.page);
  }
  const { box, canvas, redraw, stop } = createCanvas({ label: "The roofline", draw, colour: (next) => (colours = next) });
  return { box, canvas, stop, show: (next) => ((shown = next), redraw()) };
}

const rooflineExplorer = { render };
export default rooflineExplorer;
