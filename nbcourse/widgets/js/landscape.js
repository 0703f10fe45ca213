// The landscape explorer: four rules of descent race over a surface whose height is the loss.
import { createCanvas } from "./canvas.js";
import { drawDot, drawFrame, drawPath } from "./chart.js";
import { contour } from "./contour.js";
import { RACE, race, RULES, SURFACES } from "./descent.js";
import { announcer, button, element, openHost, rangeControl, selectControl } from "./dom.js";
import { prefersReducedMotion } from "./theme.js";

export const LIMIT = 2; // the map shows [−2, 2]²
const CELLS = 81;
const PER_SECOND = 40; // steps
const TITLES = { sgd: "SGD", momentum: "Momentum", rmsprop: "RMSProp", adam: "Adam" };
const LOOKS = { // colour of the theme, dash
  sgd: ["data", []], momentum: ["weight", [8, 3]], rmsprop: ["signal", [2, 3]], adam: ["gradient", [10, 3, 2, 3]],
};
const PLACES = [["ravine", "Ravine"], ["bend", "Bent valley"], ["saddle", "Saddle"], ["hollows", "Many hollows"]];
const FLOOR = 1e-6; // the loss axis ends here

export function lossWords(value) {
  if (value >= 1000) return "left the map";
  return value < 0.001 ? "below 0.001" : value.toFixed(3);
}

// Levels of the contour lines: closer together where the surface is low.
export function contourLevels(lowest, highest) {
  return Array.from({ length: 14 }, (_, i) => lowest + (highest - lowest) * ((i + 0.5) / 14) ** 3);
}

function render({ model, el }) {
  const root = openHost(el, "landscape", "Landscape explorer");
  const { announce, stop: stopAnnouncing } = announcer(root);
  const map = createMap(([x, y]) => change({ start_x: x, start_y: y }));
  const curve = createCurves();
  let [paths, count, playing, frame, begun] = [{}, 0, false, 0, 0];

  function change(changes) {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  }
  const range = (name, label, min, max, step, format) => rangeControl({
    label, min, max, step, value: model.get(name), format, onInput: (v) => change({ [name]: v }),
  });
  const digits = (n) => (v) => v.toFixed(n).replace("-", "−");
  const controls = {
    surface: selectControl({ label: "Surface", options: PLACES, value: model.get("surface"), onChange: (v) => change({ surface: v }) }),
    rate: rangeControl({
      label: "Learning rate", min: -3, max: 0.5, step: 0.05, value: Math.log10(model.get("rate")),
      format: (v) => String(Number((10 ** v).toPrecision(2))), onInput: (v) => change({ rate: Number((10 ** v).toPrecision(2)) }),
    }),
    momentum: range("momentum", "Momentum", 0, 0.99, 0.01, digits(2)),
    noise: range("noise", "Noise", 0, 3, 0.1, digits(1)),
    start_x: range("start_x", "Start x", -LIMIT, LIMIT, 0.05, digits(2)),
    start_y: range("start_y", "Start y", -LIMIT, LIMIT, 0.05, digits(2)),
  };
  const play = button("Race", () => (playing ? pause() : start()), { primary: true });
  const once = button("Step", () => (pause(), show(count + 1)));
  const again = button("Restart", () => (pause(), show(0)));
  const noisy = button("New noise", () => change({ seed: model.get("seed") + 1 }));
  const results = Object.fromEntries(RULES.map((rule) => [rule, element("dd")]));
  root.prepend(
    element("div", { class: "nbc-controls" }, ...Object.values(controls).map((control) => control.root)),
    element("div", { class: "nbc-actions" }, play, once, again, noisy),
    element("div", { class: "nbc-map" }, map.box),
    element("div", { class: "nbc-curves" }, curve.box),
    element("dl", { class: "nbc-results" }, ...RULES.map((rule) =>
      element("div", { class: `nbc-${rule}` }, element("dt", {}, TITLES[rule]), results[rule]))),
    key(),
  );

  function rerun() {
    pause();
    const { surface, rate, momentum, noise, start_x: x, start_y: y, seed } = Object.fromEntries(
      ["surface", "rate", "momentum", "noise", "start_x", "start_y", "seed"].map((name) => [name, model.get(name)]));
    for (const rule of RULES) paths[rule] = race({ surface, rule, rate, momentum, noise, start: [x, y], seed });
    Object.entries(controls).forEach(([name, control]) => control.set(name === "rate" ? Math.log10(rate) : model.get(name)));
    show(0);
  }

  function start() {
    if (count >= RACE) show(0);
    if (prefersReducedMotion()) return show(RACE);
    [playing, begun] = [true, performance.now() - (1000 * count) / PER_SECOND];
    play.textContent = "Pause";
    frame = requestAnimationFrame(loop);
    return undefined;
  }

  function pause() {
    cancelAnimationFrame(frame);
    playing = false;
    play.textContent = "Race";
  }

  function loop(now) {
    frame = requestAnimationFrame(loop);
    const next = Math.floor(((now - begun) * PER_SECOND) / 1000);
    if (next > count) show(next);
    if (count >= RACE) pause();
  }

  function show(next) {
    count = Math.min(RACE, next);
    const height = SURFACES[model.get("surface")][0];
    map.show({ surface: model.get("surface"), paths, count });
    curve.show({ height, paths, count });
    const words = RULES.map((rule) => lossWords(height(...paths[rule][count])));
    RULES.forEach((rule, i) => (results[rule].textContent = words[i]));
    const sentence = `After ${count} steps the loss is: ${RULES.map((rule, i) => `${TITLES[rule]} ${words[i]}`).join(", ")}.`;
    map.canvas.setAttribute("aria-label", `The surface seen from above, with the four paths. ${sentence}`);
    curve.canvas.setAttribute("aria-label", `Loss against steps. ${sentence}`);
    announce(sentence);
  }

  const events = ["surface", "rate", "momentum", "noise", "start_x", "start_y", "seed"].map((name) => `change:${name}`).join(" ");
  model.on(events, rerun);
  rerun();
  return () => {
    cancelAnimationFrame(frame);
    model.off(events, rerun);
    stopAnnouncing();
    [map, curve].forEach((part) => part.stop());
  };
}

// The surface as contour lines, the paths over it; a click or tap moves the start.
function createMap(onStart) {
  let [shown, colours, drawn, lines] = [null, null, null, []];

  function draw(context, width, height) {
    if (!shown) return;
    if (drawn !== shown.surface) [drawn, lines] = [shown.surface, surfaceLines(shown.surface)];
    const side = Math.min(width, height);
    const x = (v) => ((v + LIMIT) / (2 * LIMIT)) * side;
    const y = (v) => ((LIMIT - v) / (2 * LIMIT)) * side;
    const cell = side / (CELLS - 1);
    context.strokeStyle = colours.data;
    context.lineWidth = 1;
    lines.forEach((segments, level) => {
      context.globalAlpha = 0.9 - level * 0.045;
      context.beginPath();
      for (let i = 0; i < segments.length; i += 4) {
        context.moveTo(segments[i] * cell, segments[i + 1] * cell);
        context.lineTo(segments[i + 2] * cell, segments[i + 3] * cell);
      }
      context.stroke();
    });
    context.globalAlpha = 1;
    for (const rule of RULES) {
      const [name, dash] = LOOKS[rule];
      const points = shown.paths[rule].slice(0, shown.count + 1).map(([px, py]) => [x(px), y(py)]);
      drawPath(context, points, { colour: colours[name], dash, width: 2.5 });
      drawDot(context, ...points.at(-1), colours[name], colours.page);
    }
    drawDot(context, x(shown.paths.sgd[0][0]), y(shown.paths.sgd[0][1]), colours.text, colours.page);
  }

  const { box, canvas, redraw, stop } = createCanvas({ label: "The surface", draw, colour: (found) => (colours = found) });
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const side = Math.min(canvas.clientWidth, canvas.clientHeight);
    const at = (share) => Math.round((Math.max(0, Math.min(1, share)) * 2 - 1) * LIMIT * 20) / 20;
    onStart([at(offsetX / side), at(1 - offsetY / side)]);
  });
  return { box, canvas, stop, show: (next) => ((shown = next), redraw()) };
}

function surfaceLines(surface) {
  const height = SURFACES[surface][0];
  const at = (i) => -LIMIT + (2 * LIMIT * i) / (CELLS - 1);
  const values = Float64Array.from({ length: CELLS * CELLS }, (_, i) => height(at(i % CELLS), -at(Math.floor(i / CELLS))));
  return contourLevels(Math.min(...values), Math.max(...values)).map((level) => contour(values, CELLS, level));
}

function createCurves() {
  let [shown, colours] = [null, null];
  function draw(context, width, height) {
    if (!shown) return;
    const box = { left: 34, right: width - 8, top: 20, bottom: height - 18 };
    const yTicks = [[-6, "10⁻⁶"], [-4, "10⁻⁴"], [-2, "0.01"], [0, "1"]];
    const axes = { x: [0, RACE], y: [-6, 1], yTicks, base: -6, xTicks: [[0, "0"], [RACE / 2, "100"], [RACE - 8, "200"]], yName: "loss, by step" };
    const { x, y } = drawFrame(context, box, axes, colours);
    for (const rule of RULES) {
      const [name, dash] = LOOKS[rule];
      const points = shown.paths[rule].slice(0, shown.count + 1)
        .map((place, t) => [x(t), y(Math.log10(Math.max(FLOOR, shown.height(...place))))]);
      drawPath(context, points, { colour: colours[name], dash, box });
      drawDot(context, points.at(-1)[0], Math.max(box.top, points.at(-1)[1]), colours[name], colours.page);
    }
  }
  const { box, canvas, redraw, stop } = createCanvas({ label: "Loss", draw, colour: (found) => (colours = found) });
  return { box, canvas, stop, show: (next) => ((shown = next), redraw()) };
}

// The same words as in landscape.py.
function key() {
  return element("p", { class: "nbc-key" },
    "Lines of equal loss, from above. Click the map, or use the sliders, to move the start. All four rules see the same learning "
    + "rate and the same noise; momentum counts for Momentum and Adam.");
}

const landscapeExplorer = { render };
export default landscapeExplorer;
