// Grading of one quiz question. Pure.

// "101,770", "1e5", "−0,5" → a number; NaN where it is none. Commas between groups of three digits separate thousands,
// another single comma is a decimal comma.
export function parseNumber(text) {
  const plain = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/[\s\u00a0\u202f_]/g, "");
  const dotted = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(dotted) ? Number(dotted) : NaN;
}

// question: as in the quiz file. response: a list of chosen indices (single, several) or the text typed (numeric).
// → { status: "right" | "wrong" | "incomplete", messages: [text, …], choices: [{ index, right, text }, …] }
export function grade(question, response) {
  return question.kind === "numeric" ? gradeNumber(question, response ?? "") : gradeChoices(question, response ?? []);
}

function gradeChoices({ kind, choice, explanation }, chosen) {
  if (chosen.length === 0) return incomplete(kind === "single" ? "Choose one answer first." : "Choose at least one answer first.");
  const choices = chosen.map((index) => {
    const { text, correct, explanation: why } = choice[index];
    return { index, right: correct, text: kind === "single" ? why : `${text.replace(/[.,;:!?…]+$/, "")}: ${why}` };
  });
  const missed = choice.filter((one, index) => one.correct && !chosen.includes(index)).length;
  const wrong = choices.filter((one) => !one.right).length;
  if (!wrong && !missed) return { status: "right", messages: explanation ? [explanation] : [], choices };
  const messages = [];
  if (kind === "several" && missed) messages.push(missed === 1 ? "One right answer is missing." : `${missed} right answers are missing.`);
  if (kind === "several" && wrong) messages.push(wrong === 1 ? "One of your answers is not right." : `${wrong} of your answers are not right.`);
  return { status: "wrong", messages, choices };
}

function gradeNumber({ answer, tolerance = 0, explanation, hints = [], nudge }, text) {
  if (!text.trim()) return incomplete("Type a number first.");
  const value = parseNumber(text);
  if (Number.isNaN(value)) return incomplete(`“${text.trim()}” is not a number. Write it like 1250, 0.5 or 2e-3.`);
  if (near(value, answer, tolerance)) return { status: "right", messages: [explanation], choices: [] };
  const said = hints.find((one) => near(value, one.value, tolerance))?.text ?? nudge;
  return { status: "wrong", messages: said ? [said] : [], choices: [] };
}

// A few units in the last place are allowed, so that 0.3 ± 0.1 accepts 0.4.
function near(value, target, tolerance) {
  return Math.abs(value - target) <= tolerance + 1e-12 * Math.max(1, Math.abs(target));
}

function incomplete(message) {
  return { status: "incomplete", messages: [message], choices: [] };
}
