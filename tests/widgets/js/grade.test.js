import assert from "node:assert/strict";
import test from "node:test";

import { grade, parseNumber } from "../../../nbcourse/widgets/js/grade.js";

const choice = [
  { text: "A", correct: true, explanation: "yes" },
  { text: "B", correct: false, explanation: "no" },
  { text: "C", correct: true, explanation: "also" },
];
const single = { kind: "single", choice: choice.slice(0, 2) };
const several = { kind: "several", choice };
const numeric = {
  kind: "numeric", answer: 0.3, tolerance: 0.1, explanation: "three tenths", hints: [{ value: 3, text: "ten times less" }],
  nudge: "divide",
};

test("numbers are read as people write them", () => {
  const table = [
    ["101770", 101770], ["101,770", 101770], ["1,234,567.5", 1234567.5], ["101 770", 101770], ["101\u202f770", 101770],
    ["0,5", 0.5], [" .5 ", 0.5], ["5.", 5], ["−2", -2], ["1e-3", 1e-3], ["+7", 7], ["2E3", 2000],
  ];
  for (const [text, value] of table) assert.equal(parseNumber(text), value, text);
  for (const text of ["", "ten", "1,2,3", "1.2.3", "0x10", "Infinity", "NaN", "1e", "--1", "5%"]) {
    assert.ok(Number.isNaN(parseNumber(text)), text);
  }
});

test("single choice", () => {
  assert.deepEqual(grade(single, [0]), { status: "right", messages: [], choices: [{ index: 0, right: true, text: "yes" }] });
  assert.equal(grade(single, [1]).status, "wrong");
  assert.equal(grade(single, [1]).choices[0].text, "no");
  assert.equal(grade(single, []).status, "incomplete");
});

test("an explanation of the whole is shown after a right answer", () => {
  const whole = { ...single, explanation: "because" };
  assert.deepEqual(grade(whole, [0]).messages, ["because"]);
  assert.deepEqual(grade(whole, [1]).messages, []);
});

test("several: only the whole set is right, and what lacks is said without naming it", () => {
  assert.equal(grade(several, [0, 2]).status, "right");
  assert.equal(grade(several, [2, 0]).status, "right");
  assert.deepEqual(grade(several, [0]).messages, ["One right answer is missing."]);
  assert.deepEqual(grade(several, [0, 1, 2]).messages, ["One of your answers is not right."]);
  assert.equal(grade(several, [1]).messages.length, 2);
  assert.equal(grade(several, [1]).choices[0].text, "B: no");
  assert.equal(grade(several, []).status, "incomplete");
});

test("several: a choice's last stop makes way for the colon", () => {
  const said = (text) => grade({ kind: "several", choice: [{ ...choice[0], text }, choice[1]] }, [0]).choices[0].text;
  assert.equal(said("Different weights."), "Different weights: yes");
  assert.equal(said("A softmax over *cat*, *neither*…"), "A softmax over *cat*, *neither*: yes");
  assert.equal(said("`W.T`"), "`W.T`: yes");
});

test("numeric: tolerance is inclusive, known wrong answers get their hint", () => {
  for (const text of ["0.3", "0.4", "0.2", "0,25"]) assert.equal(grade(numeric, text).status, "right", text);
  for (const text of ["0.401", "0.19", "-0.3"]) assert.equal(grade(numeric, text).status, "wrong", text);
  assert.deepEqual(grade(numeric, "3").messages, ["ten times less"]);
  for (const text of ["2.9", "3.1"]) assert.deepEqual(grade(numeric, text).messages, ["ten times less"], text);
  for (const text of ["2.89", "7"]) assert.deepEqual(grade(numeric, text).messages, ["divide"], text);
  assert.deepEqual(grade({ ...numeric, nudge: undefined }, "7").messages, []);
  assert.deepEqual(grade(numeric, "0.3").messages, ["three tenths"]);
});

test("numeric: what is no number is not graded", () => {
  assert.equal(grade(numeric, "  ").status, "incomplete");
  assert.match(grade(numeric, "many").messages[0], /“many” is not a number/);
});

test("numeric: without a tolerance the answer is exact", () => {
  const exact = { kind: "numeric", answer: 101770, explanation: "x" };
  assert.equal(grade(exact, "101,770").status, "right");
  assert.equal(grade(exact, "101771").status, "wrong");
});
