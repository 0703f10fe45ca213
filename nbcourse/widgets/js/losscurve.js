// How the loss went: training grey and dashed, held out red, each named at its end.
import { createCanvas } from "./canvas.js";

const MOST = 40; // the axis grows so far; what is above is cut off, and marked
const STEPS = [0.5, 1, 2, 5, 10];

export function createLossCurve() {
  let [shown, colours] = [null, null];

  function draw(context, width, height) {
    if (!shown) return;
    const { steps, every } = shown;
    const { train, heldOut } = shown.history;
    const box = { left: 26, right: width - 58, top: 20, bottom: height - 18 };
    const axis = lossScale([...train, ...heldOut]);
    const { top } = axis;
    const x = (i) => box.left + ((box.right - box.left) * Math.min(i * every, steps)) / Math.max(1, steps);
    const y = (v) => box.bottom - ((box.bottom - box.top) * v) / top;
    drawAxes(context, box, y, axis);
    drawLine(context, train, x, y, { colour: colours.data, dash: [4, 3] }, box);
    drawLine(context, heldOut, x, y, { colour: colours.loss, dash: [] }, box);
    const [a, b] = [train, heldOut].map((values) => y(Math.min(top, values.at(-1))));
    const ends = apart(a, b, 13);
    const at = steps ? box.right : box.left;
    const named = (name, values) => (values.at(-1) > top ? `${name} ↑` : name);
    context.textBaseline = "middle";
    context.fillStyle = colours.text;
    context.fillText(named("train", train), at + 8, ends[0]);
    context.fillText(named("held out", heldOut), at + 8, ends[1]);
  }

  function drawAxes(context, box, y, { top, ticks, cut }) {
    context.font = `11px ${colours.font}`;
    context.fillStyle = colours.text;
    context.strokeStyle = colours.data;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.lineWidth = 0.75;
    for (const [tick, name] of ticks) {
      context.globalAlpha = tick ? 0.4 : 1;
      context.beginPath();
      context.moveTo(box.left, y(tick));
      context.lineTo(box.right, y(tick));
      context.stroke();
      context.globalAlpha = 1;
      context.fillText(name, box.left - 6, y(tick));
    }
    context.textBaseline = "alphabetic";
    context.fillText(`step ${shown.steps}`, box.right, box.bottom + 14);
    context.textAlign = "left";
    context.fillText(cut ? `loss (↑ above ${top})` : "loss", 0, 10);
  }

  // A loss above the axis leaves the box through its top.
  function drawLine(context, values, x, y, { colour, dash }, { left, right, top, bottom }) {
    context.save();
    context.beginPath();
    context.rect(left - 2, top - 1, right - left + 4, bottom - top + 2);
    context.clip();
    context.beginPath();
    values.forEach((value, i) => context.lineTo(x(i), y(value)));
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.stroke();
    context.restore();
    drawEnd(context, x(values.length - 1), Math.max(top, y(values.at(-1))), colour);
  }

  function drawEnd(context, x, y, colour) {
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }

  const { box, canvas, redraw, stop } = createCanvas({ label: "Loss", draw, colour: (found) => (colours = found) });
  return {
    box,
    canvas,
    stop,
    // session: { history: { train, heldOut }, every, steps }; measured: { trainLoss, heldOutLoss }, those of the last step
    show({ history, every, steps }, { trainLoss, heldOutLoss }) {
      const missing = steps % every && Number.isFinite(trainLoss) && Number.isFinite(heldOutLoss);
      const grown = (values, last) => (missing ? [...values, last] : values);
      shown = { steps, every, history: { train: grown(history.train, trainLoss), heldOut: grown(history.heldOut, heldOutLoss) } };
      redraw();
    },
  };
}

// The axis for these losses: { top, ticks: [[value, name], …], cut: whether some losses are above its top }.
export function lossScale(losses) {
  const highest = Math.max(0.75, ...losses.filter(Number.isFinite));
  const top = Math.min(highest, MOST);
  const step = STEPS.find((one) => top <= 4 * one);
  const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
  return { top, ticks: ticks.map((v) => [v, v && step < 1 ? v.toFixed(1) : String(v)]), cut: highest > top };
}

// Two positions moved to be at least `gap` apart, in the order in which they were.
export function apart(a, b, gap) {
  const lacking = Math.max(0, gap - Math.abs(a - b)) / 2;
  return a <= b ? [a - lacking, b + lacking] : [a + lacking, b - lacking];
}
