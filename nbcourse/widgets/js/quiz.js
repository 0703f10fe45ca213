// The quiz: one card for each question, graded and explained in the page; nothing leaves the browser.
import { announcer, button, disable, element, openHost, uniqueId } from "./dom.js";
import { grade } from "./grade.js";
import { markup } from "./markup.js";
import { openMemory } from "./memory.js";

function render({ model, el }) {
  const root = openHost(el, "quiz", "Quiz");
  const memory = openMemory(`nbcourse:quiz:${model.get("name")}`);
  let kept = memory.load();
  const questions = model.get("questions");
  const { announce, stop } = announcer(root, 0);
  const score = element("p", { class: "nbc-score" });
  const clear = button("Clear answers", () => {
    kept = {};
    memory.clear();
    cards.forEach((card) => card.reset());
    update();
    announce("All answers are cleared.");
  });

  const cards = questions.map((question, index) => createCard(question, `${index + 1} of ${questions.length}`, (record) => {
    if (record) kept[question.id] = record;
    else delete kept[question.id];
    memory.save(kept);
    update();
  }));

  function update() {
    const right = cards.filter((card) => card.status() === "right").length;
    score.textContent = `${right} of ${questions.length} right`;
    disable(clear, Object.keys(kept).length === 0);
  }

  root.prepend(...cards.map((card) => card.root), element("div", { class: "nbc-foot-row" }, score, clear));
  cards.forEach((card, i) => card.restore(kept[questions[i].id]));
  update();
  return stop;
}

// keep({ response, checked }) is called when the answer changes, keep(null) when it is cleared.
function createCard(question, position, keep) {
  const prompt = uniqueId("prompt");
  const earlier = element("span");
  const answers = question.kind === "numeric" ? createField(prompt, changed) : createChoices(question, prompt, changed);
  const feedback = element("div", { class: "nbc-feedback", role: "status" });
  const check = element("button", { type: "submit", class: "nbc-primary" }, "Check");
  const retry = button("Try again", () => {
    reset();
    keep(null);
    answers.focus();
  });
  const form = element("form", { class: "nbc-question", novalidate: true, onsubmit: submit },
    element("p", { class: "nbc-position" }, `Question ${position}`, earlier),
    element("p", { class: "nbc-prompt", id: prompt }, ...markup(question.text)),
    answers.root,
    element("div", {}, element("div", { class: "nbc-buttons" }, check, retry), feedback));
  let status = "open";

  function submit(event) {
    event.preventDefault();
    show();
    keep({ response: answers.read(), checked: status !== "incomplete", right: status === "right" });
  }

  function show() {
    const result = grade(question, answers.read());
    status = result.status;
    earlier.textContent = "";
    form.dataset.status = status;
    answers.mark(result);
    feedback.replaceChildren(...verdict(result));
    retry.hidden = status === "incomplete";
    check.hidden = status === "right";
    if (check.hidden && form.contains(document.activeElement)) retry.focus();
  }

  function clearVerdict() {
    status = "open";
    earlier.textContent = "";
    delete form.dataset.status;
    feedback.replaceChildren();
    answers.mark({ choices: [] });
    retry.hidden = true;
    check.hidden = false;
  }

  function changed() {
    clearVerdict();
    keep({ response: answers.read(), checked: false });
  }

  function reset() {
    answers.write(question.kind === "numeric" ? "" : []);
    clearVerdict();
  }

  reset();
  return {
    root: form,
    reset,
    status: () => status,
    // A later visit: the answer and its verdict in a word, not its explanation, so that the page does not grow.
    restore(record) {
      if (!record || !answers.accepts(record.response)) return;
      answers.write(record.response);
      if (!record.checked) return;
      status = grade(question, record.response).status;
      earlier.textContent = EARLIER[status];
    },
  };
}

const EARLIER = { right: " · answered right", wrong: " · answered, not yet right", incomplete: "" };
const VERDICTS = { right: ["✓", "Right."], wrong: ["✗", "Not yet."], incomplete: ["!", ""] };

function verdict({ status, messages, choices }) {
  const [sign, word] = VERDICTS[status];
  const details = choices.map((choice) => choice.text);
  const sentences = status === "right" ? [...details, ...messages] : [...messages, ...details];
  const body = sentences.map((text) => element("p", {}, ...markup(text)));
  const head = element("strong", {}, element("span", { class: "nbc-sign", "aria-hidden": "true" }, sign), word);
  if (!body.length) return [element("p", {}, head)];
  body[0].prepend(head, " ");
  return body;
}

function createChoices({ kind, choice }, prompt, onChange) {
  const name = uniqueId("choice");
  const inputs = choice.map((_, i) => element("input", {
    type: kind === "single" ? "radio" : "checkbox", name, id: `${name}-${i}`, onchange: onChange,
  }));
  const rows = choice.map(({ text }, i) => element("div", { class: "nbc-choice" },
    inputs[i], element("label", { for: `${name}-${i}` }, ...markup(text))));
  const hint = kind === "several" ? [element("p", { class: "nbc-hint" }, "Choose all that apply.")] : [];
  const role = kind === "single" ? "radiogroup" : "group";
  return {
    root: element("div", { role, "aria-labelledby": prompt }, ...hint, element("div", { class: "nbc-choices" }, ...rows)),
    read: () => inputs.flatMap((input, i) => (input.checked ? [i] : [])),
    write: (chosen) => inputs.forEach((input, i) => (input.checked = chosen.includes(i))),
    accepts: (chosen) => Array.isArray(chosen) && chosen.every((i) => i in choice),
    mark({ choices }) {
      rows.forEach((row) => delete row.dataset.mark);
      choices.forEach(({ index, right }) => (rows[index].dataset.mark = right ? "right" : "wrong"));
    },
    focus: () => inputs[0].focus(),
  };
}

function createField(prompt, onChange) {
  const id = uniqueId("number");
  const input = element("input", {
    type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", id,
    "aria-labelledby": `${id}-label ${prompt}`, oninput: onChange,
  });
  return {
    root: element("div", { class: "nbc-number" }, element("label", { for: id, id: `${id}-label` }, "Your answer"), input),
    read: () => input.value,
    write: (text) => (input.value = text),
    accepts: (text) => typeof text === "string",
    mark() {},
    focus: () => input.focus(),
  };
}

const quiz = { render };
export default quiz;
