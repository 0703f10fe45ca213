// The attention explorer: a small GPT reads a text that you type, and shows what each head looks at.
import { createCanvas } from "./canvas.js";
import { announcer, button, disable, element, openHost, radioControl, rangeControl, selectControl, textControl } from "./dom.js";
import { runGpt } from "./transformer.js";
import { viridis, viridisText } from "./viridis.js";
import { unpack } from "./weights.js";

export const CHARACTERS = ' ",-.?abcdefghijklmnopqrstuvwxyz'; // in the order of the model's embedding
const LAYERS = 2;
const HEADS = 4; // of each layer
const MOST_CHARACTERS = 40;
const ROW = 20; // characters
const MOST = 5; // nats: a full red bar

function render({ model, el }) {
  const root = openHost(el, "attention", "Attention explorer");
  const { announce, stop: stopAnnouncing } = announcer(root);
  const [weights, examples] = [unpack(model.get("tensors")), model.get("examples")];
  const [reading, map] = [createReading((place) => change({ place })), createMap((place) => change({ place }))];
  const words = [element("p"), element("p"), element("p")];
  const problem = element("p", { class: "nbc-problem", role: "status" });
  const count = (n) => Array.from({ length: n }, (_, i) => [i + 1, String(i + 1)]);
  let [found, whole] = [null, null];

  function change(changes) {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  }
  const controls = {
    text: textControl({ label: "Text", value: model.get("text"), onInput: retype }),
    example: selectControl({
      label: "Examples", options: [["", "your own"], ...Object.keys(examples).map((name) => [name, name])], value: "",
      onChange: (name) => name && change({ text: examples[name], place: MOST_CHARACTERS }),
    }),
    layer: radioControl({ label: "Layer", options: count(LAYERS), value: model.get("layer"), onChange: (layer) => change({ layer }) }),
    head: radioControl({ label: "Head", options: count(HEADS), value: model.get("head"), onChange: (head) => change({ head }) }),
    place: rangeControl({ label: "Looks from", min: 1, max: MOST_CHARACTERS, value: model.get("place"), onInput: (place) => change({ place }) }),
  };
  const toggle = button("", () => {
    const off = model.get("off");
    change({ off: off.includes(number()) ? off.filter((n) => n !== number()) : [...off, number()].sort((a, b) => a - b) });
  }, { primary: true });
  const restore = button("All heads on", () => change({ off: [] }));
  controls.text.input.maxLength = MOST_CHARACTERS;
  root.prepend(
    element("div", { class: "nbc-controls" }, ...Object.values(controls).map((control) => control.root)),
    element("div", { class: "nbc-actions" }, toggle, restore),
    element("div", { class: "nbc-reading" }, reading.box),
    element("div", { class: "nbc-attended" }, map.box),
    element("div", { class: "nbc-words" }, ...words),
    problem, key(),
  );

  const number = () => (model.get("layer") - 1) * HEADS + model.get("head") - 1;

  // While a text cannot be read, the pictures of the last one are dimmed.
  function tell(wrong) {
    problem.textContent = wrong;
    root.classList.toggle("nbc-past", Boolean(wrong));
  }

  function retype(typed) {
    const text = typed.toLowerCase();
    const wrong = [...text].find((c) => !CHARACTERS.includes(c));
    if (wrong || text.length < 2 || text.length > MOST_CHARACTERS) {
      tell(wrong ? `Expected small letters, spaces and ", - . ?; got '${wrong}'.` : `Expected 2 to ${MOST_CHARACTERS} characters.`);
      return;
    }
    tell("");
    change({ text, place: MOST_CHARACTERS });
  }

  function rerun() {
    const tokens = Array.from(model.get("text"), (c) => CHARACTERS.indexOf(c));
    found = runGpt(weights, tokens, HEADS, model.get("off"));
    whole = model.get("off").length ? runGpt(weights, tokens, HEADS) : found;
    draw();
  }

  function draw() {
    const [text, layer, head, off] = ["text", "layer", "head", "off"].map((name) => model.get(name));
    const place = Math.min(model.get("place"), text.length);
    if (controls.text.input.value.toLowerCase() !== text) {
      controls.text.set(text);
      tell("");
    }
    controls.example.set(Object.keys(examples).find((name) => examples[name] === text) ?? "");
    controls.layer.set(layer);
    controls.head.set(head);
    controls.place.input.max = text.length;
    controls.place.set(place);
    const silent = off.includes(number());
    toggle.textContent = silent ? "Switch on" : "Switch off";
    disable(restore, off.length === 0);
    const attention = found.attention[layer - 1][head - 1];
    const told = attentionWords({ text, layer, head, place, silent, attention, logP: found.logP, wholeLogP: off.length ? whole.logP : null });
    told.forEach((sentence, i) => (words[i].textContent = sentence));
    reading.show({ text, place, attention, surprise: surpriseAlong(text, found.logP) });
    map.show({ text, place, attention });
    reading.canvas.setAttribute("aria-label", told[0]);
    map.canvas.setAttribute("aria-label", `Attention map of layer ${layer}, head ${head}, ${text.length} by ${text.length}.`);
    announce(told.join(" "));
  }

  const [computed, shown] = [["text", "off"], ["layer", "head", "place"]]
    .map((names) => names.map((name) => `change:${name}`).join(" "));
  model.on(computed, rerun);
  model.on(shown, draw);
  rerun();
  return () => {
    model.off(computed, rerun);
    model.off(shown, draw);
    stopAnnouncing();
    [reading, map].forEach((panel) => panel.stop());
  };
}

// −log p of each character after the first, in nats.
export function surpriseAlong(text, logP) {
  return Array.from(text.slice(1), (c, t) => -logP[t][CHARACTERS.indexOf(c)]);
}

// What the drawings show in three sentences; the same words as in attention.py.
export function attentionWords({ text, layer, head, place, silent, attention, logP, wholeLogP }) {
  const row = attention.subarray((place - 1) * text.length, place * text.length);
  const seen = largest(row).map((s) => `${spoken(text[s])} at ${s + 1} (${percent(row[s])})`);
  const p = logP[place - 1].map(Math.exp);
  const next = largest(p).map((t) => `${spoken(CHARACTERS[t])} ${percent(p[t])}`);
  const mean = (found) => {
    const surprise = surpriseAlong(text, found);
    return (surprise.reduce((sum, s) => sum + s, 0) / surprise.length).toFixed(2);
  };
  return [
    `Layer ${layer}, head ${head}${silent ? ", switched off," : ""} looks from ${spoken(text[place - 1])} at ${place} to ${seen.join(", ")}.`,
    `Next, the model expects ${next.join(", ")}.`,
    `Mean surprise over the text: ${mean(logP)} nats a character${wholeLogP ? `; with every head on ${mean(wholeLogP)}` : ""}.`,
  ];
}

// The three largest, the earlier first among equals.
function largest(shares) {
  return Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]).slice(0, 3);
}

function percent(share) {
  return `${Math.floor(100 * share + 0.5)} %`;
}

function spoken(character) {
  return character === " " ? "the space" : `“${character}”`;
}

// The same words as in attention.py.
function key() {
  return element("p", { class: "nbc-key" },
    "The text: each character as bright as the framed one attends to it; the red bar below it says how "
    + "surprised the model was (full at 5 nats). The map: a row for each character that looks, a column for "
    + "each that is looked at, from 0 (dark) to 1 (bright); what comes later is never seen.");
}

function createReading(onPick) {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const { text, place, attention, surprise } = shown;
    const [wide, high] = [width / ROW, height / 2];
    context.textAlign = "center";
    context.textBaseline = "middle";
    Array.from(text).forEach((character, i) => {
      const [x, y, share] = [(i % ROW) * wide, Math.floor(i / ROW) * high + 3, attention[(place - 1) * text.length + i]];
      context.fillStyle = `rgb(${viridis(share).join(" ")})`;
      context.fillRect(x + 1, y, wide - 2, 0.45 * high);
      context.fillStyle = viridisText(share);
      context.font = `${Math.min(15, wide * 0.85).toFixed(1)}px monospace`;
      context.fillText(character === " " ? "␣" : character, x + wide / 2, y + 0.225 * high);
      context.fillStyle = colours.loss;
      if (i) context.fillRect(x + 0.2 * wide, y + 0.5 * high, 0.6 * wide, 0.38 * high * Math.min(1, surprise[i - 1] / MOST));
      if (i === place - 1) outline(context, x + 1, y, wide - 2, 0.45 * high, colours.weight);
    });
  }
  const panel = attentionPanel("The text, shaded by attention", draw, (found) => (colours = found), (next) => (shown = next));
  panel.canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const { clientWidth, clientHeight } = panel.canvas;
    const i = Math.floor((2 * offsetY) / clientHeight) * ROW + Math.floor((offsetX / clientWidth) * ROW);
    if (i < shown.text.length) onPick(i + 1);
  });
  return panel;
}

function createMap(onPick) {
  let [shown, colours] = [null, null];
  const margin = 14;
  const cellOf = (length, canvas) => (Math.min(canvas.clientWidth, canvas.clientHeight) - margin) / length;
  function draw(context, width, height) {
    if (!shown) return;
    const { text, place, attention } = shown;
    const cell = (Math.min(width, height) - margin) / text.length;
    context.font = `${Math.min(11, cell).toFixed(1)}px monospace`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let t = 0; t < text.length; t += 1) {
      for (let s = 0; s <= t; s += 1) {
        context.fillStyle = `rgb(${viridis(attention[t * text.length + s]).join(" ")})`;
        context.fillRect(margin + s * cell, margin + t * cell, cell + 0.3, cell + 0.3);
      }
      context.fillStyle = colours.text;
      const name = text[t] === " " ? "␣" : text[t];
      context.fillText(name, margin / 2, margin + (t + 0.5) * cell);
      context.fillText(name, margin + (t + 0.5) * cell, margin / 2);
    }
    outline(context, margin, margin + (place - 1) * cell, place * cell, cell, colours.weight);
  }
  const panel = attentionPanel("The attention map", draw, (found) => (colours = found), (next) => (shown = next));
  panel.canvas.addEventListener("click", ({ offsetY }) => {
    const row = Math.floor((offsetY - margin) / cellOf(shown.text.length, panel.canvas));
    if (row >= 0 && row < shown.text.length) onPick(row + 1);
  });
  return panel;
}

function outline(context, x, y, width, height, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.strokeRect(x, y, width, height);
}

function attentionPanel(label, draw, colour, keep) {
  const { box, canvas, redraw, stop } = createCanvas({ label, draw, colour });
  return { box, canvas, stop, show: (next) => (keep(next), redraw()) };
}

const attentionExplorer = { render };
export default attentionExplorer;
