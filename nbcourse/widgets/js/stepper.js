// The graph stepper: an expression as a computational graph, run forward and backward one node at a time.
import { announcer, button, disable, element, openHost, selectControl, svgElement, textControl } from "./dom.js";
import { parse } from "./expression.js";
import { places, stateAfter, walk } from "./graph.js";
import { shortNumber, typedNumber } from "./numbers.js";

const WIDE = 360; // the drawing's units; a phone shows it as wide
const ROW = 82;
const TALL = 48;
const SYMBOLS = { "+": "+", "-": "−", "*": "×", "/": "÷", "^": "^", negative: "−" };

export function symbolOf({ kind, text }) {
  return kind === "number" || kind === "name" ? text : SYMBOLS[kind] ?? kind;
}

// What the last of the first `count` steps did, as sentences; the same in stepper.py.
export function narrate(nodes, values, count) {
  if (!count) return ["The leaves have their values. Each step computes one node from its parents."];
  const [steps, now, before] = [walk(nodes, values), stateAfter(nodes, values, count), stateAfter(nodes, values, count - 1)];
  const { kind, node, sends } = steps[count - 1];
  if (kind === "seed") return ["Forward is done. Backward begins: the result has gradient 1, since it changes as much as itself."];
  if (kind === "forward") return [`${nodes[node].text} = ${working(nodes[node], now.values)} = ${shortNumber(now.values[node])}`];
  const arrived = shortNumber(now.gradients[node]);
  const sums = [...before.gradients];
  return [
    `At ${nodes[node].text} the gradient ${arrived} has arrived. Times each local derivative, it goes to the parents:`,
    ...sends.map(({ to, local, amount }) => {
      const had = sums[to];
      sums[to] = (had ?? 0) + amount;
      const added = had === null ? "" : `, and with the ${shortNumber(had)} from before ${shortNumber(sums[to])}`;
      return `${nodes[to].text} gets ${arrived} × ${shortNumber(local)} = ${shortNumber(amount)}${added}`;
    }),
  ];
}

// "2 × −3", "tanh(0.5)", "−(4)"
function working(node, values) {
  const numbers = node.parents.map((p) => shortNumber(values[p]));
  if (numbers.length === 2) return `${numbers[0]} ${SYMBOLS[node.kind]} ${numbers[1]}`;
  return `${SYMBOLS[node.kind] ?? node.kind}(${numbers[0]})`;
}

function render({ model, el }) {
  const root = openHost(el, "stepper", "Graph stepper");
  const { announce, stop: stopAnnouncing } = announcer(root, 300);
  const [drawing, words, fields] = ["drawing", "words", "values"].map((name) => element("div", { class: `nbc-${name}` }));
  const problem = element("p", { class: "nbc-problem", role: "status" });
  let [nodes, steps, values] = [[], [], {}];

  const change = (changes) => {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const examples = model.get("examples");
  const example = selectControl({
    label: "Example", value: "", options: [["", "your own"], ...Object.keys(examples).map((name) => [name, name])],
    onChange: (name) => name && change({ step: 0, values: examples[name][1], expression: examples[name][0] }),
  });
  const expression = textControl({
    label: "Expression", value: model.get("expression"), onInput: (text) => change({ step: 0, expression: text }),
  });
  const to = (count) => change({ step: Math.max(0, Math.min(steps.length, count)) });
  const buttons = [
    button("Restart", () => to(0)),
    button("Back", () => to(model.get("step") - 1)),
    button("Step", () => to(model.get("step") + 1), { primary: true }),
    button("To the end", () => to(steps.length)),
  ];
  root.prepend(
    element("div", { class: "nbc-controls" }, example.root, expression.root),
    fields, problem,
    element("div", { class: "nbc-actions" }, ...buttons),
    drawing, words, key(),
  );

  // A new expression: a field for each of its names, which keeps what was typed for it before.
  function rebuild() {
    if (expression.input.value !== model.get("expression")) expression.set(model.get("expression"));
    try {
      nodes = parse(model.get("expression"));
    } catch (error) {
      return complain(error.message);
    }
    const names = nodes.filter(({ kind }) => kind === "name").map(({ text }) => text);
    const given = model.get("values");
    fields.replaceChildren(...names.map((name) => textControl({
      label: name, value: shortNumber(given[name] ?? 1), mode: "decimal", onInput: (text) => retype(name, text),
    }).root));
    return recompute();
  }

  function retype(name, text) {
    const number = typedNumber(text);
    if (Number.isNaN(number)) return complain(`expected a number for ${name}, got '${text}'`);
    return change({ values: { ...model.get("values"), [name]: number } });
  }

  function recompute() {
    const given = model.get("values");
    values = Object.fromEntries(nodes.filter(({ kind }) => kind === "name").map(({ text }) => [text, given[text] ?? 1]));
    try {
      steps = walk(nodes, values);
    } catch (error) {
      return complain(error.message);
    }
    problem.textContent = "";
    example.set(Object.keys(examples).find((name) => examples[name][0] === model.get("expression")) ?? "");
    return draw();
  }

  // Says what is wrong and leaves the last graph that was right in its place, dimmed.
  function complain(message) {
    problem.textContent = `${message[0].toUpperCase()}${message.slice(1)}.`;
    root.classList.add("nbc-stale");
    buttons.forEach((one) => disable(one, true));
  }

  function draw() {
    const count = Math.min(model.get("step"), steps.length);
    root.classList.remove("nbc-stale");
    const sentences = narrate(nodes, values, count);
    drawing.replaceChildren(picture(nodes, stateAfter(nodes, values, count), steps[count - 1]));
    words.replaceChildren(element("p", { class: "nbc-count" }, progress(count, steps)), ...sentences.map((text) => element("p", {}, text)));
    buttons.forEach((one, i) => disable(one, i < 2 ? count === 0 : count === steps.length));
    announce(sentences.join(". "));
  }

  model.on("change:expression", rebuild);
  model.on("change:values", refill);
  model.on("change:step", draw);

  // Values from elsewhere (an example, Python) are shown in their fields; one that is being typed is left alone.
  function refill() {
    const given = model.get("values");
    for (const input of fields.querySelectorAll("input")) {
      const name = input.labels[0].textContent;
      if (name in given && typedNumber(input.value) !== given[name]) input.value = shortNumber(given[name]);
    }
    recompute();
  }

  rebuild();
  return () => {
    model.off("change:expression", rebuild);
    model.off("change:values", refill);
    model.off("change:step", draw);
    stopAnnouncing();
  };
}

export function progress(count, steps) {
  const forward = steps.filter(({ kind }) => kind === "forward").length;
  if (count <= forward) return `Forward: ${count} of ${forward} nodes`;
  return `Backward: ${count - forward - 1} of ${steps.length - forward - 1} nodes`;
}

function picture(nodes, { values, gradients }, step) {
  const spots = places(nodes);
  const rows = 1 + Math.max(...spots.map(([, row]) => row));
  const crowd = Math.max(...spots.map(([, row]) => spots.filter(([, other]) => other === row).length));
  const wide = Math.min(72, WIDE / crowd - 6);
  const at = (i) => [spots[i][0] * WIDE, spots[i][1] * ROW + 4];
  const current = (i, p) => step?.kind === "backward" && step.node === i && step.sends.some(({ to }) => to === p);
  const edges = nodes.flatMap(({ parents }, i) => parents.map((p, k) => edge(at(p), at(i), k, parents, current(i, p) ? "nbc-back" : step?.node === i && step.kind === "forward" ? "nbc-forth" : "")));
  const slopes = step?.kind === "backward" ? step.sends.map(({ to, local }) => slopeLabel(at(to), at(step.node), local)) : [];
  const boxes = nodes.map((node, i) => box(node, at(i), wide, values[i], gradients[i], step?.node === i));
  const known = nodes.map((node, i) => (values[i] === null ? "" : `${node.text} ${shortNumber(values[i])}${gradients[i] === null ? "" : `, gradient ${shortNumber(gradients[i])}`}`));
  return svgElement("svg", { viewBox: `0 0 ${WIDE} ${rows * ROW - ROW + TALL + 8}`, role: "img",
    "aria-label": `The graph. ${known.filter(Boolean).join("; ")}.` }, ...edges, ...boxes, ...slopes);
}

function edge([x1, y1], [x2, y2], k, parents, mark) {
  const bend = parents[0] === parents[1] ? (k ? 14 : -14) : 0; // the same parent twice: two lines
  const [top, bottom] = [y1 + TALL, y2];
  const middle = (top + bottom) / 2;
  return svgElement("path", { class: `nbc-edge ${mark}`, d: `M${x1} ${top}C${x1 + bend} ${middle} ${x2 + bend} ${middle} ${x2} ${bottom}` });
}

function slopeLabel([x1, y1], [x2, y2], local) {
  return svgElement("text", { class: "nbc-slope", x: x1 + (x2 - x1) * 0.35, y: y1 + TALL + (y2 - y1 - TALL) * 0.35 + 5 }, `× ${shortNumber(local)}`);
}

function box(node, [x, y], wide, value, gradient, current) {
  const left = x - wide / 2;
  const line = (mark, text, dy) => [
    svgElement("rect", { class: `nbc-mark-${mark}`, x: left + 5, y: y + dy - 8, width: 5, height: 8 }),
    svgElement("text", { x: left + 14, y: y + dy, class: "nbc-number" }, text),
  ];
  return svgElement("g", { class: `nbc-node nbc-is-${node.kind === "number" || node.kind === "name" ? node.kind : "operation"}${current ? " nbc-current" : ""}` },
    svgElement("rect", { x: left, y, width: wide, height: TALL, rx: 6, class: "nbc-frame" }),
    svgElement("text", { x, y: y + 14, class: "nbc-symbol" }, symbolOf(node)),
    ...(value === null ? [] : line("value", shortNumber(value), 29)),
    ...(gradient === null ? [] : line("gradient", shortNumber(gradient), 43)));
}

// The same words as in stepper.py.
function key() {
  const sample = (name) => element("span", { class: `nbc-square nbc-${name}` });
  return element("p", { class: "nbc-key" }, sample("value"), " value, computed downwards. ", sample("gradient"),
    " gradient of the result, computed upwards. On an edge: the local derivative.");
}

const graphStepper = { render };
export default graphStepper;
