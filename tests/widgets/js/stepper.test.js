import assert from "node:assert/strict";
import test from "node:test";

import { parse } from "../../../nbcourse/widgets/js/expression.js";
import { levels, places } from "../../../nbcourse/widgets/js/graph.js";
import { shortNumber, typedNumber } from "../../../nbcourse/widgets/js/numbers.js";
import { symbolOf } from "../../../nbcourse/widgets/js/stepper.js";

const shape = (text) => parse(text).map(({ kind, parents, text: own }) => [kind, parents, own]);

test("products come before sums, powers before signs, and powers run from the right", () => {
  assert.deepEqual(shape("a + b*2"), [["name", [], "a"], ["name", [], "b"], ["number", [], "2"], ["*", [1, 2], "b*2"], ["+", [0, 3], "a + b*2"]]);
  assert.deepEqual(shape("-x^2").slice(2), [["^", [0, 1], "x^2"], ["negative", [2], "-x^2"]]);
  assert.deepEqual(shape("x^y^z").slice(3), [["^", [1, 2], "y^z"], ["^", [0, 3], "x^y^z"]]);
  assert.deepEqual(shape("a - b - c").slice(2), [["-", [0, 1], "a - b"], ["name", [], "c"], ["-", [2, 3], "a - b - c"]]);
});

test("a name that stands twice is one node", () => {
  assert.deepEqual(shape("x*x"), [["name", [], "x"], ["*", [0, 0], "x*x"]]);
});

test("what is wrong is said with its place", () => {
  for (const [text, message] of [
    ["", "expected an expression, got nothing"], ["w*", "expected a number, a name or '(' at place 3, got the end"],
    ["(a + b", "expected ')' at place 7, got the end"], ["a b", "expected an operator or the end at place 3, got 'b'"],
    ["a $ b", "expected a number, a name or an operator at place 3, got '$'"],
    ["foo(x)", "expected a function, one of abs, cos, exp, log, relu, sigmoid, sin, sqrt, tanh; got 'foo'"],
    ["exp + 1", "expected '(' after exp at place 5, got '+'"], ["x" + "*x".repeat(24), "expected at most 24 nodes, got 25"],
    ["(".repeat(99999), "expected at most 24 brackets inside each other, got more"],
  ]) assert.throws(() => parse(text), { message });
});

test("a leaf stands just above its use, an operation below its parents", () => {
  assert.deepEqual(levels(parse("(w*x + b - y)^2")), [0, 0, 1, 1, 2, 2, 3, 3, 4]);
  const spots = places(parse("w*x + b"));
  assert.ok(spots[2][0] < spots[3][0], "b is right of w*x, as written");
});

test("numbers are read as people type them", () => {
  for (const [text, value] of [["2", 2], [" −1.5", -1.5], ["0,25", 0.25], [".5", 0.5], ["1e-3", 0.001]]) assert.equal(typedNumber(text), value);
  for (const text of ["", "two", "1-2", "0x10", "1e", "Infinity"]) assert.ok(Number.isNaN(typedNumber(text)), text);
  assert.deepEqual([2, -0.5, 1 / 3, 123456, 0.00012, 0].map(shortNumber), ["2", "−0.5", "0.3333", "1.2e5", "1.2e−4", "0"]);
});

test("boxes show mathematics' own signs", () => {
  assert.deepEqual(parse("-a*b/c").map(symbolOf), ["a", "−", "b", "×", "c", "÷"]);
});
