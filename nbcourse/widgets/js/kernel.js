// The kernel explorer: a kernel of nine weights slides over an image, and the feature map grows.
import { createCanvas } from "./canvas.js";
import { featureMap, outputSize, windowAt } from "./convolution.js";
import { announcer, button, disable, element, openHost, radioControl, selectControl } from "./dom.js";
import { shortNumber, typedNumber } from "./numbers.js";
import { channels, prefersReducedMotion } from "./theme.js";

const SIDE = 3;
const PER_SECOND = 8; // places

function render({ model, el }) {
  const root = openHost(el, "kernel", "Kernel explorer");
  const { announce, stop: stopAnnouncing } = announcer(root);
  const [images, kernels] = [model.get("images"), model.get("kernels")];
  const problem = element("p", { class: "nbc-problem", role: "status" });
  const words = element("p", { class: "nbc-sum" });
  const sizes = element("p", { class: "nbc-size" });
  const [input, output] = [createGrid("The image"), createGrid("The feature map", (place) => go(place))];
  let [map, playing, timer] = [[], false, 0];

  function change(changes) {
    Object.entries(changes).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  }
  const settings = () => ({ padding: model.get("padding"), stride: model.get("stride"), dilation: model.get("dilation") });
  const image = () => images[model.get("image")];
  const choice = (name, label, values) => radioControl({
    label, options: values.map((v) => [v, String(v)]), value: model.get(name), onChange: (v) => change({ [name]: v }),
  });
  const names = (table) => Object.keys(table).map((name) => [name, name]);
  const controls = {
    image: selectControl({ label: "Image", options: names(images), value: model.get("image"), onChange: (v) => change({ image: v }) }),
    preset: selectControl({
      label: "Kernel", options: [["", "your own"], ...names(kernels)], value: "", onChange: (v) => v && change({ kernel: kernels[v] }),
    }),
    padding: choice("padding", "Padding", [0, 1, 2]),
    stride: choice("stride", "Stride", [1, 2, 3]),
    dilation: choice("dilation", "Dilation", [1, 2]),
  };
  const cells = Array.from({ length: SIDE * SIDE }, (_, i) => element("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", oninput: ({ target }) => retype(i, target.value),
    "aria-label": `Kernel, row ${Math.floor(i / SIDE) + 1}, column ${(i % SIDE) + 1}`,
  }));
  const play = button("Slide", () => (playing ? pause() : start()), { primary: true });
  const back = button("Back", () => go(model.get("place") - 1));
  const once = button("Step", () => go(model.get("place") + 1));
  const again = button("Restart", () => go(0));
  root.prepend(
    element("div", { class: "nbc-controls" }, ...Object.values(controls).map((control) => control.root)),
    element("div", { class: "nbc-actions" }, play, back, once, again),
    element("div", { class: "nbc-image" }, input.box),
    element("div", { class: "nbc-weights", role: "group", "aria-label": "The kernel's nine weights" }, ...cells),
    element("div", { class: "nbc-feature" }, output.box),
    words, sizes, problem, key(),
  );

  function go(place) {
    pause();
    change({ place: Math.max(0, Math.min(map.length - 1, place)) });
  }

  function start() {
    if (prefersReducedMotion()) return go(map.length - 1);
    if (model.get("place") >= map.length - 1) change({ place: 0 });
    playing = true;
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (model.get("place") >= map.length - 1) pause();
      else change({ place: model.get("place") + 1 });
    }, 1000 / PER_SECOND);
    return undefined;
  }

  function pause() {
    clearInterval(timer);
    playing = false;
    play.textContent = "Slide";
  }

  function retype(i, text) {
    const number = typedNumber(text);
    if (Number.isNaN(number)) {
      problem.textContent = `Expected a number in the kernel, got '${text}'.`;
      return;
    }
    change({ kernel: model.get("kernel").map((w, j) => (i === j ? number : w)) });
  }

  function rebuild() {
    pause();
    const kernel = model.get("kernel");
    map = featureMap(image(), kernel, settings());
    Object.entries(controls).forEach(([name, control]) => name !== "preset" && control.set(model.get(name)));
    controls.preset.set(Object.keys(kernels).find((name) => kernels[name].every((w, i) => w === kernel[i])) ?? "");
    cells.forEach((cell, i) => {
      if (typedNumber(cell.value) !== kernel[i]) cell.value = shortNumber(kernel[i]);
    });
    problem.textContent = "";
    if (model.get("place") >= map.length) change({ place: 0 });
    draw();
  }

  function draw() {
    const [place, kernel, set] = [model.get("place"), model.get("kernel"), settings()];
    if (place >= map.length) return;
    const under = windowAt(image(), SIDE, place, set);
    input.show({ side: image().length, border: set.padding, values: image().flat(), most: 16, marked: under.map(([r, c]) => `${r},${c}`) });
    const m = outputSize(image().length, SIDE, set);
    output.show({ side: m, border: 0, values: map, most: Math.max(1, ...map.map(Math.abs)), upTo: place, marked: [`${Math.floor(place / m)},${place % m}`], signs: true });
    words.textContent = sumWords(under, kernel, map[place], place, m);
    sizes.textContent = sizeWords(image().length, m, set);
    disable(back, place === 0);
    disable(once, place === map.length - 1);
    input.canvas.setAttribute("aria-label", `The image, ${image().length} by ${image().length} pixels. ${words.textContent}`);
    output.canvas.setAttribute("aria-label", `The feature map, ${m} by ${m}, filled up to place ${place + 1}. ${words.textContent}`);
    announce(words.textContent);
  }

  const events = ["image", "kernel", "padding", "stride", "dilation"].map((name) => `change:${name}`).join(" ");
  model.on(events, rebuild);
  model.on("change:place", draw);
  rebuild();
  return () => {
    pause();
    model.off(events, rebuild);
    model.off("change:place", draw);
    stopAnnouncing();
    [input, output].forEach((grid) => grid.stop());
  };
}

// The sum at one place, without the products that are 0; the same words as in kernel.py.
export function sumWords(under, kernel, value, place, m) {
  const terms = under.flatMap(([, , pixel], i) => (pixel * kernel[i] ? [[kernel[i], `${shortNumber(Math.abs(kernel[i]))}·${shortNumber(pixel)}`]] : []));
  const at = `Row ${Math.floor(place / m) + 1}, column ${(place % m) + 1} of the map`;
  const sum = terms.map(([w, text], i) => `${w < 0 ? (i ? "− " : "−") : i ? "+ " : ""}${text}`).join(" ");
  return terms.length ? `${at}: ${sum} = ${shortNumber(value)}.` : `${at}: all nine products are 0.`;
}

export function sizeWords(n, m, { padding, stride, dilation }) {
  return `Size of the map: ⌊(${n} + 2·${padding} − ${dilation}·(${SIDE} − 1) − 1) / ${stride}⌋ + 1 = ${m}.`;
}

// The same words as in kernel.py.
function key() {
  return element("p", { class: "nbc-key" },
    "First the image, with the pixels under the kernel framed and the padding dashed; then the kernel; then the feature map, blue above 0 "
    + "and orange below. Click a place of the map to go there.");
}

// A square of numbers, shaded; frames around the marked ones; onPick(place) after a click.
function createGrid(label, onPick) {
  let [shown, colours] = [null, null];

  function draw(context, width, height) {
    if (!shown) return;
    const { side, border, values, most, marked, upTo = Infinity, signs } = shown;
    const cell = Math.min(width, height) / (side + 2 * border);
    const at = (i) => (i + border) * cell;
    context.font = `${Math.max(8, Math.min(13, cell * 0.36))}px ${colours.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    values.forEach((value, i) => {
      const [x, y] = [at(i % side), at(Math.floor(i / side))];
      if (i <= upTo) {
        const [r, g, b] = channels(signs ? (value < 0 ? colours.low : colours.high) : colours.data);
        context.fillStyle = `rgb(${r} ${g} ${b} / ${(0.6 * Math.min(1, Math.abs(value) / most)).toFixed(3)})`;
        context.fillRect(x, y, cell, cell);
        context.fillStyle = colours.text;
        context.fillText(cellText(value), x + cell / 2, y + cell / 2);
      }
      frame(context, x, y, cell, colours.data, 0.5, []);
    });
    if (border) {
      const whole = (side + 2 * border) * cell;
      frame(context, 1, 1, whole - 2, colours.data, 1, [3, 3]);
    }
    for (const place of marked) {
      const [row, column] = place.split(",").map(Number);
      frame(context, at(column) + 1, at(row) + 1, cell - 2, colours.weight, 2.5, []);
    }
  }

  function frame(context, x, y, side, colour, width, dash) {
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x, y, side, side);
    context.setLineDash([]);
  }

  const { box, canvas, redraw, stop } = createCanvas({ label, draw, colour: (found) => (colours = found) });
  if (onPick) {
    canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const cell = Math.min(canvas.clientWidth, canvas.clientHeight) / shown.side;
      const [row, column] = [Math.floor(offsetY / cell), Math.floor(offsetX / cell)];
      if (row < shown.side && column < shown.side) onPick(row * shown.side + column);
    });
  }
  return { box, canvas, stop, show: (next) => ((shown = next), redraw()) };
}

export function cellText(value) {
  return String(Number(value.toPrecision(2)) + 0).replace("-", "−");
}

const kernelExplorer = { render };
export default kernelExplorer;
