import assert from "node:assert/strict";
import test from "node:test";

import { BINS, decades, histogram, sizeText } from "../../../nbcourse/widgets/js/activations.js";
import { scaleOf } from "../../../nbcourse/widgets/js/chart.js";
import { normal, normalDistribution, rootMeanSquare } from "../../../nbcourse/widgets/js/signals.js";

test("the normal distribution at known places, and symmetric", () => {
  const known = [[0, 0.5], [1, 0.8413447460685429], [-1.96, 0.024997895148220435], [3, 0.9986501019683699], [-5, 2.866515718791939e-7],
    [-40, 0], [40, 1]];
  for (const [z, p] of known) assert.ok(Math.abs(normalDistribution(z) - p) <= 1e-13 * Math.max(p, 1e-6), `Φ(${z})`);
  for (const z of [0.3, 2.9, 3.1, 7]) assert.ok(Math.abs(normalDistribution(z) + normalDistribution(-z) - 1) < 1e-15);
});

test("normal numbers have mean 0 and deviation 1, and their seed decides them", () => {
  const drawn = normal(4, 20001);
  assert.equal(drawn.length, 20001);
  assert.ok(Math.abs(drawn.reduce((a, b) => a + b) / drawn.length) < 0.03);
  assert.ok(Math.abs(rootMeanSquare(drawn) - 1) < 0.02);
  assert.deepEqual(normal(4, 8), drawn.slice(0, 8));
  assert.notDeepEqual(normal(5, 8), drawn.slice(0, 8));
});

test("the histogram's outermost bins take what is beyond", () => {
  const bins = histogram(Float64Array.from([-100, 0, 0, 0, 0, 7, 8, NaN, Infinity]));
  assert.equal(bins.length, BINS);
  assert.deepEqual([bins[0], bins[(BINS - 1) / 2], bins.at(-1)], [0.25, 1, 0.75]);
});

test("the axis of sizes is even, at least ±2 and at most ±16", () => {
  assert.deepEqual(decades([1, 0.5]), [-2, 2]);
  assert.deepEqual(decades([1e-5, 20]), [-6, 2]);
  assert.deepEqual(decades([1, 1e300, Infinity, 0]), [-2, 16]);
});

test("sizes are short to read", () => {
  const shown = [[0, "0"], [1, "1"], [0.153, "0.15"], [0.00012, "1.2·10⁻⁴"], [123456, "1.2·10⁵"], [Infinity, "infinitely many"]];
  for (const [value, text] of shown) assert.equal(sizeText(value), text);
});

test("a scale maps its range to its ends, also downwards", () => {
  const y = scaleOf([-1, 3], 100, 20);
  assert.deepEqual([y(-1), y(3), y(1)], [100, 20, 60]);
});
