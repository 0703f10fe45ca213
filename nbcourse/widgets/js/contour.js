// The level line of a function on a square grid, by marching squares.

// A size × size grid of points over [−extent, extent]², row by row from the top left: (x, y) pairs.
export function gridPoints(size, extent) {
  const points = new Float64Array(2 * size * size);
  const at = (i) => -extent + (2 * extent * i) / (size - 1);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const i = 2 * (row * size + column);
      points[i] = at(column);
      points[i + 1] = -at(row); // rows run down, y runs up
    }
  }
  return points;
}

// Line segments [x1, y1, x2, y2, …] in grid coordinates (0 … size−1) where values (size, size) cross the level.
export function contour(values, size, level) {
  const segments = [];
  for (let y = 0; y < size - 1; y += 1) {
    for (let x = 0; x < size - 1; x += 1) {
      const corner = [values[y * size + x], values[y * size + x + 1],
        values[(y + 1) * size + x + 1], values[(y + 1) * size + x]];
      const at = crossings(corner, level, x, y);
      if (at.length === 4) segments.push(...at);
      if (at.length === 8) segments.push(...resolve(at, corner, level));
    }
  }
  return segments;
}

// Corners clockwise from the top left; crossings in the same order: top, right, bottom, left.
function crossings([a, b, c, d], level, x, y) {
  const found = [];
  const between = (p, q) => (level - p) / (q - p);
  if (a > level !== b > level) found.push(x + between(a, b), y);
  if (b > level !== c > level) found.push(x + 1, y + between(b, c));
  if (c > level !== d > level) found.push(x + 1 - between(c, d), y + 1);
  if (d > level !== a > level) found.push(x, y + 1 - between(d, a));
  return found;
}

// A saddle: four crossings, joined so that the centre lies on the side of its mean.
function resolve([tx, ty, rx, ry, bx, by, lx, ly], corner, level) {
  const centreHigh = (corner[0] + corner[1] + corner[2] + corner[3]) / 4 > level;
  return corner[0] > level === centreHigh
    ? [tx, ty, rx, ry, bx, by, lx, ly]
    : [tx, ty, lx, ly, bx, by, rx, ry];
}
