// The character explorer: a small GRU spells place names, and shows its gates while it does.
import { createCanvas } from "./canvas.js";
import { drawFrame } from "./chart.js";
import { announcer, button, element, openHost, rangeControl, selectControl, textControl, uniqueId } from "./dom.js";
import { drawWord, LETTERS, LONGEST, nextProbabilities, readWord, surpriseOf } from "./gru.js";
import { channels } from "./theme.js";
import { viridis } from "./viridis.js";
import { unpack } from "./weights.js";

export const NAMES = 8;
const VIEWS = { z: "update gate z", r: "reset gate r", h: "state h" };

function render({ model, el }) {
  const root = openHost(el, "characters", "Character explorer");
  const { announce, stop: stopAnnouncing } = announcer(root);
  const weights = unpack(model.get("tensors"));
  const [bars, columns] = [createBars(), createColumns((place) => change({ place }))];
  const words = [element("p"), element("p")];
  const problem = element("p", { class: "nbc-problem", role: "status" });
  let names = [];

  function change(changes) {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  }
  const controls = {
    start: textControl({ label: "Names begin with", value: model.get("start"), onInput: retype }),
    temperature: rangeControl({
      label: "Temperature", min: 0.2, max: 2, step: 0.1, value: model.get("temperature"), format: (v) => v.toFixed(1),
      onInput: (v) => change({ temperature: Number(v.toFixed(1)) }),
    }),
    view: selectControl({ label: "Show", options: Object.entries(VIEWS), value: model.get("view"), onChange: (view) => change({ view }) }),
    place: rangeControl({ label: "Letters read", min: 0, max: LONGEST, value: model.get("place"), onInput: (place) => change({ place }) }),
  };
  const group = uniqueId("names");
  const choices = Array.from({ length: NAMES }, (_, i) => {
    const input = element("input", { type: "radio", name: group, id: `${group}-${i}`, onchange: () => change({ chosen: i }) });
    const label = element("label", { for: input.id });
    return { input, label, box: element("span", { class: "nbc-segment" }, input, label) };
  });
  root.prepend(
    element("div", { class: "nbc-controls" }, ...Object.values(controls).map((control) => control.root)),
    element("div", { class: "nbc-actions" },
      button("Draw eight new names", () => change({ seed: (model.get("seed") + 1) % 100000 }), { primary: true })),
    element("div", { class: "nbc-names", role: "radiogroup", "aria-label": "The name that is looked at" }, ...choices.map(({ box }) => box)),
    element("div", { class: "nbc-bars" }, bars.box),
    element("div", { class: "nbc-columns" }, columns.box),
    element("div", { class: "nbc-words" }, ...words),
    problem, key(),
  );

  function retype(text) {
    const start = text.trim().toLowerCase();
    const wrong = [...start].find((letter) => !LETTERS.includes(letter));
    if (wrong || start.length > 10) {
      problem.textContent = wrong ? `Expected letters from a to z, got '${wrong}'.` : "Expected at most 10 letters.";
      return;
    }
    change({ start });
    problem.textContent = "";
  }

  function redrawNames() {
    const first = NAMES * model.get("seed");
    names = Array.from({ length: NAMES }, (_, i) => drawWord(weights, model.get("start"), model.get("temperature"), first + i));
    names.forEach((name, i) => (choices[i].label.textContent = name || "·"));
    if (controls.start.input.value.trim().toLowerCase() !== model.get("start")) controls.start.set(model.get("start"));
    controls.temperature.set(model.get("temperature"));
    draw();
  }

  function draw() {
    const [view, temperature, chosen] = ["view", "temperature", "chosen"].map((name) => model.get(name));
    const name = names[chosen];
    const place = Math.min(model.get("place"), name.length);
    const steps = readWord(weights, name);
    choices.forEach(({ input }, i) => (input.checked = i === chosen));
    controls.view.set(view);
    controls.place.input.max = name.length;
    controls.place.set(place);
    const [filled, plain] = [temperature, 1].map((t) => nextProbabilities(weights, steps[place].h, t));
    const told = characterWords({ name, place, steps, filled, plain, temperature, view, surprise: surpriseOf(weights, name) });
    told.forEach((text, i) => (words[i].textContent = text));
    bars.show({ filled, plain });
    columns.show({ name, place, view, values: steps.map((step) => step[view]) });
    bars.canvas.setAttribute("aria-label", told[0]);
    columns.canvas.setAttribute("aria-label", told[1]);
    announce(told.join(" "));
  }

  const [drawn, shown] = [["start", "temperature", "seed"], ["view", "chosen", "place"]]
    .map((group_) => group_.map((name) => `change:${name}`).join(" "));
  model.on(drawn, redrawNames);
  model.on(shown, draw);
  redrawNames();
  return () => {
    model.off(drawn, redrawNames);
    model.off(shown, draw);
    stopAnnouncing();
    [bars, columns].forEach((panel) => panel.stop());
  };
}

// What the drawings show in two sentences; the same words as in characters.py.
export function characterWords({ name, place, steps, filled, plain, temperature, view, surprise }) {
  const after = place ? `After “${name.slice(0, place)}”` : "At the beginning";
  const warm = temperature === 1 ? "" : `; at temperature ${temperature.toFixed(1)} it draws from ${likeliest(filled)}`;
  const ranges = Array.from(steps[0][view], (_, unit) => {
    const along = steps.map((step) => step[view][unit]);
    return [Math.min(...along), Math.max(...along)];
  });
  const moves = ranges.map(([low, high]) => high - low);
  const unit = moves.indexOf(Math.max(...moves));
  const [low, high] = ranges[unit].map(twoDigits);
  return [
    `${after} the model gives ${likeliest(plain)}${warm}.`,
    `“${name}” costs ${twoDigits(surprise)} nats a letter, the end included. `
    + `Unit ${unit + 1} moves most along it: its ${VIEWS[view]} runs from ${low} to ${high}.`,
  ];
}

function likeliest(p) {
  const order = Array.from(p.keys()).sort((a, b) => p[b] - p[a]);
  const shown = order.slice(0, 3).map((t) => `${t ? LETTERS[t - 1] : "the end"} ${Math.floor(100 * p[t] + 0.5)} %`);
  return `${shown[0]}, ${shown[1]} and ${shown[2]}`;
}

function twoDigits(value) {
  return value.toFixed(2).replace("-", "−");
}

// The same words as in characters.py.
function key() {
  return element("p", { class: "nbc-key" },
    "Above: the probability of each next letter, and of the end (·), filled at your temperature, dashed at 1. "
    + "Below: a column for each letter that was read, a row for each of the 48 units. Gates run from 0 (dark) to "
    + "1 (bright); the state from −1 (orange) to 1 (blue). A unit whose update gate is 1 keeps what it holds.");
}

function createBars() {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const box = { left: 34, right: width - 4, top: 20, bottom: height - 20 };
    const top = Math.ceil(5 * Math.max(...shown.filled, ...shown.plain)) / 5;
    const xTicks = Array.from(shown.plain, (_, t) => [t, t ? LETTERS[t - 1] : "·"]);
    const axes = { x: [-0.6, 26.6], y: [0, top], xTicks, yTicks: [[0, "0"], [top, `${Math.round(100 * top)} %`]], base: 0, yName: "probability of the next letter" };
    const { x, y } = drawFrame(context, box, axes, colours);
    const half = 0.4 * (x(1) - x(0));
    shown.filled.forEach((p, token) => {
      context.fillStyle = colours.weight;
      context.fillRect(x(token) - half, y(p), 2 * half, box.bottom - y(p));
      context.setLineDash([3, 2]);
      context.strokeStyle = colours.text;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x(token) - half, y(shown.plain[token]));
      context.lineTo(x(token) + half, y(shown.plain[token]));
      context.stroke();
      context.setLineDash([]);
    });
  }
  return characterPanel("Probability of each next letter", draw, (found) => (colours = found), (next) => (shown = next));
}

function createColumns(onPick) {
  let [shown, colours] = [null, null];
  const left = 4;
  function draw(context, width, height) {
    if (!shown) return;
    const { name, place, view, values } = shown;
    const [top, bottom] = [20, height - 20];
    const [wide, high] = [(width - 2 * left) / values.length, (bottom - top) / values[0].length];
    context.font = `11px ${colours.font}`;
    context.fillStyle = colours.text;
    context.textAlign = "left";
    context.fillText(`${VIEWS[view]} of each unit, letter by letter`, 0, 10);
    context.textAlign = "center";
    values.forEach((column, i) => {
      column.forEach((value, unit) => {
        context.fillStyle = cellColour(value, view);
        context.fillRect(left + i * wide, top + unit * high, wide - 1, high + 0.3);
      });
      context.fillStyle = colours.text;
      context.fillText(i ? name[i - 1] : "·", left + (i + 0.5) * wide, height - 6);
    });
    context.strokeStyle = colours.text;
    context.lineWidth = 2;
    context.strokeRect(left + place * wide - 1, top - 1, wide + 1, bottom - top + 2);
  }
  function cellColour(value, view) {
    if (view !== "h") return `rgb(${viridis(value).join(" ")})`;
    const [r, g, b] = channels(value > 0 ? colours.high : colours.low);
    return `rgb(${r} ${g} ${b} / ${Math.abs(value).toFixed(3)})`;
  }
  const panel = characterPanel("Gates of each unit", draw, (found) => (colours = found), (next) => (shown = next));
  panel.canvas.addEventListener("click", ({ offsetX }) => {
    const column = Math.floor(((offsetX - left) / (panel.canvas.clientWidth - 2 * left)) * shown.values.length);
    onPick(Math.max(0, Math.min(shown.values.length - 1, column)));
  });
  return panel;
}

function characterPanel(label, draw, colour, keep) {
  const { box, canvas, redraw, stop } = createCanvas({ label, draw, colour });
  return { box, canvas, stop, show: (next) => (keep(next), redraw()) };
}

const characterExplorer = { render };
export default characterExplorer;
