// How the loss went: training solid, held out dashed, each named at its end.
import { createCanvas } from "./canvas.js";
import { themeColours } from "./theme.js";

export function createLossCurve() {
  let [shown, colours] = [null, null];

  function draw(context, width, height) {
    if (!shown) return;
    const { train, heldOut } = shown.history;
    const box = { left: 26, right: width - 58, top: 20, bottom: height - 18 };
    const top = Math.min(2, Math.max(0.75, ...train, ...heldOut));
    const x = (i) => box.left + ((box.right - box.left) * i) / Math.max(1, train.length - 1);
    const y = (v) => box.bottom - ((box.bottom - box.top) * Math.min(v, top)) / top;
    drawAxes(context, box, y, top);
    drawLine(context, heldOut, x, y, [4, 3]);
    drawLine(context, train, x, y, []);
    const ends = apart(y(train.at(-1)), y(heldOut.at(-1)), 13);
    const at = train.length > 1 ? box.right : box.left;
    context.textBaseline = "middle";
    context.fillStyle = colours.text;
    context.fillText("train", at + 8, ends[0]);
    context.fillText("held out", at + 8, ends[1]);
  }

  function drawAxes(context, box, y, top) {
    context.font = `11px ${colours.font}`;
    context.fillStyle = colours.text;
    context.strokeStyle = colours.data;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.lineWidth = 0.75;
    for (let tick = 0; tick <= top; tick += 0.5) {
      context.globalAlpha = tick ? 0.4 : 1;
      context.beginPath();
      context.moveTo(box.left, y(tick));
      context.lineTo(box.right, y(tick));
      context.stroke();
      context.globalAlpha = 1;
      context.fillText(tick ? tick.toFixed(1) : "0", box.left - 6, y(tick));
    }
    context.textBaseline = "alphabetic";
    context.fillText(`step ${shown.steps}`, box.right, box.bottom + 14);
    context.textAlign = "left";
    context.fillText("loss", 0, 10);
  }

  function drawLine(context, values, x, y, dash) {
    context.beginPath();
    values.forEach((value, i) => context.lineTo(x(i), y(value)));
    context.setLineDash(dash);
    context.strokeStyle = colours.loss;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(x(values.length - 1), y(values.at(-1)), 2.5, 0, 2 * Math.PI);
    context.fillStyle = dash.length ? colours.page : colours.loss;
    context.fill();
    context.lineWidth = 1.5;
    context.stroke();
  }

  const { box, canvas, redraw, stop } = createCanvas({ label: "Loss", draw });
  return {
    box,
    canvas,
    stop,
    redraw,
    recolour: () => (colours = themeColours(canvas)),
    // session: { history: { train, heldOut }, steps }
    show(session) {
      shown = session;
      redraw();
    },
  };
}

// Two positions moved to be at least `gap` apart, in the order in which they were.
export function apart(a, b, gap) {
  const lacking = Math.max(0, gap - Math.abs(a - b)) / 2;
  return a <= b ? [a - lacking, b + lacking] : [a + lacking, b - lacking];
}
