// The network as a diagram: each node shows its value over the plane, each line a weight.
import { createCanvas, createHeatmap, divergingPalette } from "./canvas.js";
import { GRID } from "./plane.js";
import { channels } from "./theme.js";

const THUMB = 16; // points of a node's picture along one side
const STRIDE = GRID / THUMB;

// What a node's picture shows, as a share of its range: 0.5 is zero.
const SHARE = {
  tanh: (a) => 0.5 + 0.5 * a,
  relu: (a, top) => 0.5 + (0.5 * a) / (top || 1),
  sigmoid: (a) => a,
  probability: (p) => p,
};

export function createDiagram() {
  const pictures = new Map();
  let [shown, colours, palette] = [null, null, null];

  function colour(found) {
    colours = found;
    palette = divergingPalette(channels(colours.low), channels(colours.high), 0.85);
  }

  function picture(column, j, values, width, kind) {
    const key = `${column},${j}`;
    if (!pictures.has(key)) pictures.set(key, createHeatmap(THUMB));
    const sample = new Float64Array(THUMB * THUMB);
    let top = 0;
    for (let i = 0; i < sample.length; i += 1) {
      const row = Math.floor(i / THUMB) * STRIDE;
      sample[i] = values[(row * GRID + (i % THUMB) * STRIDE) * width + j];
      top = Math.max(top, Math.abs(sample[i]));
    }
    for (let i = 0; i < sample.length; i += 1) sample[i] = SHARE[kind](sample[i], top);
    pictures.get(key).paint(sample, palette);
    return pictures.get(key);
  }

  function draw(context, width, height) {
    if (!shown) return;
    const { network } = shown;
    const sizes = [2, ...network.layers.map((layer) => layer.outputs)];
    const place = layout(sizes, width, height);
    network.layers.forEach((layer, l) => drawWeights(context, layer, place, l));
    sizes.forEach((size, column) => {
      for (let j = 0; j < size; j += 1) drawNode(context, place, sizes, column, j);
    });
  }

  function drawNode(context, place, sizes, column, j) {
    const { side } = place;
    const [x, y] = place.at(column, j).map((v) => v - side / 2);
    const last = sizes.length - 1;
    const values = column === 0 ? shown.points : column === last ? shown.probabilities : shown.outputs[column - 1];
    const kind = column === 0 ? "tanh" : column === last ? "probability" : shown.network.activation;
    context.beginPath();
    context.roundRect(x, y, side, side, 4);
    context.fillStyle = colours.page;
    context.fill();
    context.save();
    context.clip();
    picture(column, j, values, sizes[column], kind).drawTo(context, x, y, side);
    context.restore();
    context.strokeStyle = colours.data;
    context.lineWidth = 1;
    context.stroke();
    context.fillStyle = colours.text;
    context.textBaseline = "middle";
    context.font = `italic 13px ${colours.font}`;
    context.textAlign = column === 0 ? "right" : "left";
    if (column === 0) context.fillText(j === 0 ? "x₁" : "x₂", x - 6, y + side / 2);
    if (column === last) context.fillText("p", x + side + 6, y + side / 2);
  }

  // Width: size of the weight; blue and solid: positive; orange and dashed: negative.
  function drawWeights(context, { inputs, outputs, weight }, place, l) {
    for (let j = 0; j < outputs; j += 1) {
      for (let k = 0; k < inputs; k += 1) {
        const w = weight[j * inputs + k];
        const [[x1, y1], [x2, y2]] = [place.at(l, k), place.at(l + 1, j)];
        const middle = (x1 + x2) / 2;
        context.beginPath();
        context.moveTo(x1, y1);
        context.bezierCurveTo(middle, y1, middle, y2, x2, y2);
        context.lineWidth = 0.4 + 3.2 * Math.min(1, Math.abs(w) / 4);
        context.strokeStyle = w < 0 ? colours.low : colours.high;
        context.setLineDash(w < 0 ? [5, 4] : []);
        context.stroke();
      }
    }
    context.setLineDash([]);
  }

  const { box, canvas, redraw, stop } = createCanvas({ label: "The network", draw, colour });
  return {
    box,
    canvas,
    stop,
    // network; points (GRID², 2); outputs of every layer on them; probabilities (GRID²)
    show(next) {
      shown = next;
      redraw();
    },
  };
}

// Columns from left to right, nodes of a column centred; at(column, j) is a node's centre.
export function layout(sizes, width, height) {
  const side = Math.min(30, height / Math.max(...sizes) - 4);
  const margin = side / 2 + 26; // room for the names x₁, x₂ and p
  const apart = Math.min(side + 14, height / Math.max(...sizes));
  return {
    side,
    at: (column, j) => [
      margin + ((width - 2 * margin) * column) / (sizes.length - 1),
      height / 2 + (j - (sizes[column] - 1) / 2) * apart,
    ],
  };
}
