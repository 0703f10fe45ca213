// The plane: the network's probability as colour, its 0.5 line, and the points.
import { createCanvas, createHeatmap, divergingPalette } from "./canvas.js";
import { contour } from "./contour.js";
import { channels } from "./theme.js";

export const EXTENT = 1.6; // the plane shows [−1.6, 1.6]²
export const GRID = 48;

export function createPlane() {
  const heat = createHeatmap(GRID);
  let [shown, colours, palette] = [null, null, null];

  function colour(found) {
    colours = found;
    palette = divergingPalette(channels(colours.low), channels(colours.high), 0.42);
  }

  function draw(context, side) {
    if (!shown) return;
    heat.paint(shown.probabilities, palette);
    heat.drawTo(context, 0, 0, side);
    drawContour(context, side);
    drawPoints(context, side, shown.heldOut, false);
    drawPoints(context, side, shown.train, true);
  }

  // p = 0.5 where z = 0; between grid points the logit is nearer to straight than the probability.
  function drawContour(context, side) {
    const lines = contour(shown.logits, GRID, 0);
    const scale = side / (GRID - 1);
    context.beginPath();
    for (let i = 0; i < lines.length; i += 4) {
      context.moveTo(lines[i] * scale, lines[i + 1] * scale);
      context.lineTo(lines[i + 2] * scale, lines[i + 3] * scale);
    }
    context.strokeStyle = colours.text;
    context.lineWidth = 2;
    context.lineCap = "round";
    context.stroke();
  }

  // Class 1: blue circles; class 0: orange triangles. Filled: trained on; hollow: held out.
  function drawPoints(context, side, { points, labels }, filled) {
    const r = Math.max(3, side / 95);
    for (let i = 0; i < labels.length; i += 1) {
      const x = ((points[2 * i] + EXTENT) / (2 * EXTENT)) * side;
      const y = ((EXTENT - points[2 * i + 1]) / (2 * EXTENT)) * side;
      context.beginPath();
      if (labels[i]) context.arc(x, y, r, 0, 2 * Math.PI);
      else triangle(context, x, y, r * 1.25);
      const colour = labels[i] ? colours.high : colours.low;
      if (filled) {
        context.fillStyle = colour;
        context.fill();
      }
      context.strokeStyle = filled ? colours.page : colour;
      context.lineWidth = filled ? 1 : 1.5;
      context.stroke();
    }
  }

  const { box, canvas, redraw, stop } = createCanvas({ label: "Decision regions", draw, colour });
  return {
    box,
    canvas,
    stop,
    // logits and probabilities (GRID, GRID); train and heldOut: { points, labels }
    show(next) {
      shown = next;
      redraw();
    },
  };
}

function triangle(context, x, y, r) {
  context.moveTo(x, y - r);
  context.lineTo(x + 0.87 * r, y + 0.62 * r);
  context.lineTo(x - 0.87 * r, y + 0.62 * r);
  context.closePath();
}
