// Axes, lines and labels that charts on a canvas share.

// Draws the axes into box { left, right, top, bottom } and returns the scales { x, y }: value → CSS pixels.
// axes: { x: [from, to], y: [from, to], xTicks: [[value, name], …], yTicks, xName, yName }
export function drawFrame(context, box, axes, colours) {
  const x = scaleOf(axes.x, box.left, box.right);
  const y = scaleOf(axes.y, box.bottom, box.top);
  context.font = `11px ${colours.font}`;
  context.fillStyle = colours.text;
  context.strokeStyle = colours.data;
  context.lineWidth = 0.75;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const [value, name] of axes.yTicks) {
    strokeLine(context, [[box.left, y(value)], [box.right, y(value)]], value === axes.base ? 1 : 0.4);
    context.fillText(name, box.left - 5, y(value));
  }
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const [value, name] of axes.xTicks) context.fillText(name, x(value), box.bottom + 14);
  context.textAlign = "right";
  context.fillText(axes.xName ?? "", box.right, box.bottom + 27);
  context.textAlign = "left";
  context.fillText(axes.yName ?? "", 0, 10);
  return { x, y };
}

export function scaleOf([from, to], start, end) {
  return (value) => start + ((end - start) * (value - from)) / (to - from);
}

// A line through [[x, y], …] in CSS pixels, cut off at the box where there is one.
export function drawPath(context, points, { colour, dash = [], width = 2, box }) {
  context.save();
  if (box) {
    context.beginPath();
    context.rect(box.left - 1, box.top - 1, box.right - box.left + 2, box.bottom - box.top + 2);
    context.clip();
  }
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  strokeLine(context, points, 1);
  context.restore();
}

export function drawDot(context, x, y, colour, halo) {
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = halo;
  context.lineWidth = 1.5;
  context.stroke();
}

function strokeLine(context, points, alpha) {
  context.globalAlpha = alpha;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.globalAlpha = 1;
}
