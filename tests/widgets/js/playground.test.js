import assert from "node:assert/strict";
import test from "node:test";

import { contour, gridPoints } from "../../../nbcourse/widgets/js/contour.js";
import { layout } from "../../../nbcourse/widgets/js/diagram.js";
import { apart, lossScale } from "../../../nbcourse/widgets/js/losscurve.js";
import { arrow, shifted, turned } from "../../../nbcourse/widgets/js/neuron.js";
import { lossText, stepsPerSecond, twoDigits } from "../../../nbcourse/widgets/js/playground.js";
import { mulberry32 } from "../../../nbcourse/widgets/js/random.js";
import { advance, createSession, measure, restart } from "../../../nbcourse/widgets/js/session.js";

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
const settings = { dataset: "line", activation: "tanh", depth: 1, width: 3, rate: 0.5, seed: 1 };
const data = { line: { points: [-1, 0, 1, 0, -0.8, 0.2, 0.9, 0.1], labels: "0101" } };

test("the same seed gives the same numbers, in [0, 1)", () => {
  const [a, b] = [mulberry32(5), mulberry32(5)];
  const drawn = Array.from({ length: 1000 }, a);
  assert.deepEqual(drawn, Array.from({ length: 1000 }, b));
  assert.ok(drawn.every((u) => u >= 0 && u < 1));
  assert.ok(Math.abs(drawn.reduce((sum, u) => sum + u, 0) / 1000 - 0.5) < 0.03);
  assert.notEqual(mulberry32(6)(), mulberry32(5)());
});

test("the grid runs from the top left", () => {
  assert.deepEqual([...gridPoints(2, 1.5)], [-1.5, 1.5, 1.5, 1.5, -1.5, -1.5, 1.5, -1.5]);
});

test("the contour of a plane is its line", () => {
  const size = 5;
  const values = Float64Array.from({ length: size * size }, (_, i) => (i % size) / 4); // grows to the right
  const lines = contour(values, size, 0.6);
  assert.equal(lines.length, 4 * (size - 1));
  for (let i = 0; i < lines.length; i += 2) near(lines[i], 2.4);
});

test("the contour of a cone is a circle", () => {
  const size = 41;
  const values = Float64Array.from({ length: size * size }, (_, i) => Math.hypot((i % size) - 20, Math.floor(i / size) - 20));
  const lines = contour(values, size, 12);
  for (let i = 0; i < lines.length; i += 2) assert.ok(Math.abs(Math.hypot(lines[i] - 20, lines[i + 1] - 20) - 12) < 0.03);
});

test("a saddle is cut into two pieces that do not cross", () => {
  const lines = contour([1, 0, 0, 1], 2, 0.5);
  assert.equal(lines.length, 8);
  const flipped = contour([1, 0, 0, 1], 2, 0.4);
  assert.notDeepEqual(lines, flipped);
});

test("the arrow stands on the boundary, at a right angle to it", () => {
  const { foot, tip } = arrow([3, 4, -2]);
  near(3 * foot[0] + 4 * foot[1] - 2, 0);
  near((tip[0] - foot[0]) * 4 - (tip[1] - foot[1]) * 3, 0);
  assert.equal(arrow([0, 0, 1]), null);
});

test("dragging the tip to where it is changes nothing, dragging it around turns the boundary about the foot", () => {
  const drawn = arrow([1.2, -0.7, 0.4]);
  turned(drawn, drawn.tip).forEach((value, i) => near(value, [1.2, -0.7, 0.4][i]));
  const [w1, w2, b] = turned(drawn, [drawn.foot[0] + 0.5, drawn.foot[1]]);
  near(w1 * drawn.foot[0] + w2 * drawn.foot[1] + b, 0);
  near(w2, 0);
});

test("dragging the foot moves the boundary through the pointer and keeps w", () => {
  const [w1, w2, b] = shifted([2, 1, 5], [0.5, -0.25]);
  assert.deepEqual([w1, w2], [2, 1]);
  near(w1 * 0.5 + w2 * -0.25 + b, 0);
});

test("a session trains on the first half and holds out the second", () => {
  const session = createSession(settings, data);
  assert.deepEqual([...session.train.points], [-1, 0, 1, 0]);
  assert.deepEqual([...session.heldOut.labels], [0, 1]);
  const before = measure(session);
  advance(session, 200);
  const after = measure(session);
  assert.equal(after.steps, 200);
  assert.ok(after.trainLoss < before.trainLoss / 4);
  assert.equal(after.accuracy, 1);
});

test("the history is thinned, and starts anew on restart", () => {
  const session = createSession(settings, data);
  advance(session, 2000);
  assert.ok(session.history.train.length <= 601 && session.history.train.length > 150);
  assert.equal(session.history.train.length, session.history.heldOut.length);
  const { trainLoss } = measure(session);
  restart(session);
  assert.deepEqual(session.history.train, [trainLoss]);
  assert.equal(session.steps, 0);
});

test("a loss that jumps from step to step is seen to jump, however long the run", () => {
  const session = createSession({ ...settings, rate: 0 }, data);
  for (let i = 0; i < 4000; i += 1) {
    session.network.layers.at(-1).bias[0] = i % 2 ? 9 : 0;
    advance(session, 1);
  }
  const { train } = session.history;
  const turns = train.filter((loss, i) => i > 1 && (loss - train[i - 1]) * (train[i - 1] - train[i - 2]) < 0);
  assert.ok(session.every > 1 && turns.length > 0.9 * (train.length - 2), `${turns.length} of ${train.length}`);
});

test("the axis of the loss reaches the highest one, up to 40, and says what it cuts off", () => {
  const names = (losses) => lossScale(losses).ticks.map(([, name]) => name);
  assert.deepEqual(names([0.1]), ["0", "0.5"]);
  assert.deepEqual(names([2]), ["0", "0.5", "1.0", "1.5", "2.0"]);
  assert.deepEqual(lossScale([0.7, 13.6]), { top: 13.6, ticks: [[0, "0"], [5, "5"], [10, "10"]], cut: false });
  assert.deepEqual([lossScale([40]).cut, lossScale([0.7, 500, NaN]).cut, lossScale([1e9]).top], [false, true, 40]);
});

test("a loss takes no more room than its tile has", () => {
  assert.deepEqual([0.0213, 14.0881, 1234567.891].map(lossText), ["0.021", "14.088", "1.235e+6"]);
});

test("a run that leaves the finite numbers stops and says so", () => {
  const session = createSession({ ...settings, rate: Infinity }, data);
  advance(session, 10);
  assert.equal(session.diverged, true);
  assert.ok(session.steps < 10);
});

test("labels are kept apart in their order", () => {
  assert.deepEqual(apart(10, 11, 13), [4, 17]);
  assert.deepEqual(apart(11, 10, 13), [17, 4]);
  assert.deepEqual(apart(0, 50, 13), [0, 50]);
});

test("the diagram's nodes stay inside and do not overlap", () => {
  const { side, at } = layout([2, 8, 8, 8, 1], 300, 190);
  for (let j = 0; j < 8; j += 1) {
    const [x, y] = at(1, j);
    assert.ok(x - side / 2 >= 0 && y - side / 2 >= 0 && y + side / 2 <= 190);
    if (j) assert.ok(at(1, j)[1] - at(1, j - 1)[1] > side);
  }
});

test("training starts slowly; rates have two digits", () => {
  assert.equal(stepsPerSecond(0), 30);
  assert.equal(stepsPerSecond(1e6), 600);
  assert.equal(twoDigits(10 ** -0.3), 0.5);
});
