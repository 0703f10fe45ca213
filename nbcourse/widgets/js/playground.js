// The playground: a neuron or a small network that learns in the page.
import { forward, sigmoid, allocate } from "./network.js";
import { gridPoints } from "./contour.js";
import { createDiagram } from "./diagram.js";
import { announcer, button, element, openHost, radioControl, rangeControl, selectControl } from "./dom.js";
import { createLossCurve } from "./losscurve.js";
import { createNeuron } from "./neuron.js";
import { createPlane, EXTENT, GRID } from "./plane.js";
import { advance, createSession, measure, restart } from "./session.js";
import { prefersReducedMotion } from "./theme.js";

const SETTINGS = ["dataset", "activation", "depth", "width", "rate", "seed"];
const DATASETS = [["blobs", "Blobs"], ["moons", "Moons"], ["circles", "Circles"], ["spirals", "Spirals"], ["xor", "XOR"]];
const NAMES = [["tanh", "tanh"], ["relu", "ReLU"], ["sigmoid", "sigmoid"]];
const FRAME_BUDGET = 5; // milliseconds of training in one frame

// Slow at first, where most happens, then faster.
export function stepsPerSecond(steps) {
  return Math.min(600, 30 + steps);
}

export function twoDigits(value) {
  return Number(value.toPrecision(2));
}

export function lossText(loss) {
  return loss < 1000 ? loss.toFixed(3) : loss.toPrecision(4);
}

function render({ model, el }) {
  const root = openHost(el, "playground", "Playground");
  const points = gridPoints(GRID, EXTENT);
  const [plane, diagram, curve] = [createPlane(), createDiagram(), createLossCurve()];
  const neuron = createNeuron({ extent: EXTENT, onMove: byHand });
  const controls = createControls(model);
  const { announce, stop: stopAnnouncing } = announcer(root);
  let [session, outputs, playing, frame, last, drawn, visible] = [null, null, false, 0, 0, 0, true];

  const play = button("Train", () => (playing ? pause() : start()), { primary: true });
  const once = button("Step", () => (pause(), run(1)));
  const again = button("Reset", () => change("seed", model.get("seed") + 1));
  const tiles = ["Step", "Training loss", "Held-out loss", "Held-out right"].map((name) => {
    const value = element("dd", {}, "0");
    return { value, root: element("div", {}, element("dt", {}, name), value) };
  });
  const diverged = element("div", { class: "nbc-diverged" }, // in the place of all tiles but the first
    element("dt", {}, "Diverged: "), element("dd", {}, "lower the learning rate, then Reset."));

  const side = element("div", { class: "nbc-side" }, diagram.box, neuron.hint, neuron.sliders);
  root.prepend(
    element("div", { class: "nbc-controls" }, ...controls.map((control) => control.root)),
    element("div", { class: "nbc-actions" }, play, once, again),
    element("dl", { class: "nbc-tiles" }, ...tiles.map((tile) => tile.root), diverged),
    element("div", { class: "nbc-plane" }, plane.box, neuron.overlay),
    element("p", { class: "nbc-legend" }, mark("low", "▲"), " class 0, ", mark("high", "●"),
      " class 1; hollow: held out"),
    side,
    element("div", { class: "nbc-loss" }, curve.box),
    key(),
  );

  function change(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  function settings() {
    return Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
  }

  function rebuild() {
    pause();
    session = createSession(settings(), model.get("data"));
    outputs = allocate(session.network, points.length / 2);
    const single = model.get("depth") === 0;
    neuron.sliders.hidden = neuron.hint.hidden = !single;
    neuron.overlay.toggleAttribute("hidden", !single);
    controls.forEach((control) => control.update());
    draw();
  }

  // The reader set the weights of a single neuron.
  function byHand([w1, w2, b]) {
    pause();
    const [layer] = session.network.layers;
    layer.weight.set([w1, w2]);
    layer.bias.set([b]);
    restart(session);
    draw();
  }

  function start() {
    if (session.diverged) return;
    playing = true;
    play.textContent = "Pause";
    last = performance.now();
    frame = requestAnimationFrame(loop);
  }

  function pause() {
    cancelAnimationFrame(frame);
    play.textContent = "Train";
    if (playing) report();
    playing = false;
  }

  function loop(now) {
    frame = requestAnimationFrame(loop);
    const elapsed = Math.min(100, now - last); // after a pause of the page, go on from here
    const wanted = Math.round((stepsPerSecond(session.steps) * elapsed) / 1000);
    if (!visible || !wanted) return;
    last = now;
    const begin = performance.now();
    for (let i = 0; i < wanted && performance.now() - begin < FRAME_BUDGET; i += 1) advance(session, 1);
    if (!prefersReducedMotion() || now - drawn > 500) draw(now);
    if (session.diverged) pause();
  }

  function run(count) {
    advance(session, count);
    draw();
    report();
  }

  function draw(now = performance.now()) {
    drawn = now;
    forward(session.network, points, outputs);
    const probabilities = outputs.at(-1).map(sigmoid);
    plane.show({ logits: outputs.at(-1), probabilities, train: session.train, heldOut: session.heldOut });
    diagram.show({ network: session.network, points, outputs, probabilities });
    const measured = measure(session);
    curve.show(session, measured);
    if (model.get("depth") === 0) {
      const [{ weight, bias }] = session.network.layers;
      neuron.show([...weight, ...bias]);
    }
    describe(measured);
  }

  function describe({ steps, trainLoss, heldOutLoss, accuracy }) {
    const right = `${Math.round(100 * accuracy)} %`;
    const [training, heldOut] = [trainLoss, heldOutLoss].map(lossText);
    [steps, training, heldOut, right].forEach((text, i) => {
      tiles[i].value.textContent = text;
      tiles[i].root.hidden = i > 0 && session.diverged;
    });
    diverged.hidden = !session.diverged;
    const sentence = session.diverged
      ? `Step ${steps}: the weights are no longer finite numbers. The learning rate is too large; choose a smaller one and reset.`
      : `Step ${steps}: training loss ${training}, held-out loss ${heldOut}, ${right} of the held-out points right.`;
    plane.canvas.setAttribute("aria-label", `Decision regions. ${sentence}`);
    curve.canvas.setAttribute("aria-label", `Loss against training steps. ${sentence}`);
    diagram.canvas.setAttribute("aria-label", `The network: ${shape(model)}.`);
    announce(sentence);
  }

  // What Python sees of a run: it is told when the run stops, not sixty times in a second.
  function report() {
    const { steps, trainLoss, heldOutLoss, accuracy } = measure(session);
    change("result", { steps, train_loss: trainLoss, held_out_loss: heldOutLoss, held_out_accuracy: accuracy });
  }

  const setRate = () => {
    session.rate = model.get("rate");
    controls.forEach((control) => control.update());
  };
  const rebuilding = ["dataset", "activation", "depth", "width", "seed", "data"].map((name) => `change:${name}`).join(" ");
  model.on(rebuilding, rebuild);
  model.on("change:rate", setRate);
  const watcher = new IntersectionObserver((entries) => (visible = entries.at(-1).isIntersecting));
  watcher.observe(root);
  rebuild();

  return () => {
    cancelAnimationFrame(frame);
    model.off(rebuilding, rebuild);
    model.off("change:rate", setRate);
    watcher.disconnect();
    stopAnnouncing();
    [plane, diagram, curve].forEach((part) => part.stop());
  };
}

function mark(side, sign) {
  return element("span", { class: `nbc-${side}` }, sign);
}

// What the drawings mean, in words; the same in still.py.
function key() {
  const sample = (side, name) => element("span", { class: "nbc-sample" },
    element("span", { class: `nbc-swatch nbc-${side}` }), ` ${name}`);
  return element("p", { class: "nbc-key" },
    "Lines: weights, ", sample("high", "solid blue"), " positive, ", sample("low", "dashed orange"),
    " negative, thicker is larger. Hollow points are held out, not trained on. ",
    "Small squares: what each neuron answers over the plane, blue high, orange low. Reset draws new weights.");
}

function shape(model) {
  const [depth, width] = [model.get("depth"), model.get("width")];
  return depth === 0 ? "two inputs, one neuron" : `two inputs, ${depth} hidden layers of ${width} neurons, one output`;
}

// The five settings; update() shows the model's values, whoever changed them.
function createControls(model) {
  const change = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  const bound = (control, show) => ({ root: control.root, update: () => show(control) });
  const hidden = (control) => (control.input.disabled = model.get("depth") === 0);
  const depths = [0, 1, 2, 3].map((depth) => [depth, String(depth), depth ? undefined : "a single neuron"]);
  return [
    bound(selectControl({ label: "Data", options: DATASETS, value: model.get("dataset"), onChange: change("dataset") }),
      (control) => control.set(model.get("dataset"))),
    bound(selectControl({ label: "Activation", options: NAMES, value: model.get("activation"), onChange: change("activation") }),
      (control) => (control.set(model.get("activation")), hidden(control))),
    bound(radioControl({ label: "Hidden layers", options: depths, value: model.get("depth"), onChange: change("depth") }),
      (control) => control.set(model.get("depth"))),
    bound(rangeControl({ label: "Width", min: 1, max: 8, value: model.get("width"), onInput: change("width") }),
      (control) => (control.set(model.get("width")), hidden(control))),
    bound(rangeControl({
      label: "Learning rate", min: -3, max: 1, step: 0.1, value: Math.log10(model.get("rate")),
      format: (v) => String(twoDigits(10 ** v)),
      onInput: (v) => change("rate")(twoDigits(10 ** v)),
    }), (control) => control.set(Math.log10(model.get("rate")))),
  ];
}

const playground = { render };
export default playground;
