// A canvas that stays sharp and in the page's colours: it follows its box's size, the screen's pixel density, the theme.
import { element } from "./dom.js";
import { onThemeChange, themeColours } from "./theme.js";

// draw(context, width, height) works in CSS pixels. `box` holds the canvas and takes its size from the style sheet.
// colour(themeColours) comes before the first drawing, and again whenever the colours may have changed. Only a canvas
// that is in the page has colours, and JupyterLab attaches a figure after it is rendered: so not before it has a size.
export function createCanvas({ label, draw, colour }) {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  const box = element("div", { class: "nbc-canvas" }, canvas);
  const context = canvas.getContext("2d");
  let [width, height, coloured] = [0, 0, false];

  function redraw() {
    if (!width || !height || !canvas.isConnected) return;
    if (!coloured) colour(themeColours(canvas));
    coloured = true;
    const density = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  }

  function recolour() {
    coloured = false;
    redraw();
  }

  const observer = new ResizeObserver(() => {
    [width, height] = [canvas.clientWidth, canvas.clientHeight];
    recolour();
  });
  observer.observe(canvas);
  const unwatch = onThemeChange(recolour);
  return { box, canvas, redraw, stop: () => (observer.disconnect(), unwatch()) };
}

// Paints a coloured grid smoothly over a square: colour(value) → [r, g, b, alpha 0…255].
export function createHeatmap(size) {
  const small = element("canvas", { width: size, height: size });
  const context = small.getContext("2d");
  const image = context.createImageData(size, size);
  return {
    paint(values, palette, stride = 1, offset = 0) {
      for (let i = 0; i < size * size; i += 1) {
        const shade = Math.max(0, Math.min(255, Math.round(values[i * stride + offset] * 255)));
        for (let c = 0; c < 4; c += 1) image.data[4 * i + c] = palette[4 * shade + c];
      }
      context.putImageData(image, 0, 0);
    },
    // The grid's points lie at the centres of the small canvas's pixels, so it reaches half a cell over the edge.
    drawTo(target, x, y, side) {
      const half = side / (size - 1) / 2;
      target.save();
      target.beginPath();
      target.rect(x, y, side, side);
      target.clip();
      target.imageSmoothingEnabled = true;
      target.drawImage(small, x - half, y - half, side + 2 * half, side + 2 * half);
      target.restore();
    },
  };
}

// 256 colours from `low` over nothing to `high` ([r, g, b] each): transparent in the middle, so it suits any background.
export function divergingPalette(low, high, strength) {
  const palette = new Uint8ClampedArray(4 * 256);
  for (let shade = 0; shade < 256; shade += 1) {
    const distance = (shade - 127.5) / 127.5;
    const [r, g, b] = distance < 0 ? low : high;
    palette.set([r, g, b, 255 * strength * Math.abs(distance)], 4 * shade);
  }
  return palette;
}
