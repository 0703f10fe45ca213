// Counts what a reader has done, in this browser alone: quiz questions answered right, exercises ticked. Keeps the
// chapter that was open last, so that the first page can lead back to it.
(function () {
  "use strict";
  const TICKS = "nbcourse:exercises:"; // + page → { exercise: true }
  const ANSWERS = "nbcourse:quiz:"; // + quiz → { question: { response, checked, right } }, written by the quiz
  const PLACE = "nbcourse:place"; // → { page }
  const CHANGED = "nbcourse:memory"; // the event after a change

  function load(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {}; // no storage, or not ours
    }
  }

  function save(key, value) {
    try {
      if (Object.keys(value).length) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
    } catch {
      // the tick lasts as long as the page
    }
  }

  const rightIn = (quiz) => Object.values(load(ANSWERS + quiz)).filter((answer) => answer.right).length;
  const tickedOn = (page) => Object.keys(load(TICKS + page)).length;

  function update() {
    for (const line of document.querySelectorAll(".course-progress")) {
      const { page, quiz, questions, exercises } = line.dataset;
      const counts = [
        [rightIn(quiz), Number(questions), "quiz questions right"],
        [tickedOn(page), Number(exercises), "exercises done"],
      ].filter(([, all]) => all);
      const begun = counts.some(([done]) => done);
      const text = line.querySelector("span");
      line.dataset.told ??= text.textContent;
      text.textContent = begun ? counts.map(([done, all, what]) => `${Math.min(done, all)}\u00a0of\u00a0${all} ${what}`).join(", ") : line.dataset.told;
      line.classList.toggle("course-complete", counts.every(([done, all]) => done >= all));
      const clear = line.querySelector("button");
      if (clear) clear.hidden = !begun;
    }
    for (const station of document.querySelectorAll(".course-road [data-pages]")) {
      const rows = station.dataset.pages.split(" ").map((page) => document.querySelector(`.course-overview [data-page="${page}"]`));
      station.classList.toggle("course-walked", rows.every((row) => row?.classList.contains("course-complete")));
    }
  }

  // On the first page: the way on leads to the chapter that was open last, or to the one after it if all there is done.
  function leadOn(rows) {
    const start = document.querySelector(".course-start a");
    const from = rows.findIndex((row) => row.dataset.page === load(PLACE).page);
    const to = from < 0 ? undefined : rows.slice(from).find((row) => !row.classList.contains("course-complete"));
    if (!start || !to) return;
    const chapter = to.querySelector("a");
    [start.href, start.textContent] = [chapter.href, `Continue with ${chapter.textContent}`];
    const time = start.parentElement.querySelector("small");
    if (time) time.textContent = `${to.querySelector("small").textContent.replace("min", "minutes")} to read`;
  }

  function forget(lines) {
    for (const { dataset } of lines) {
      save(TICKS + dataset.page, {});
      save(ANSWERS + dataset.quiz, {});
    }
    if (lines.length > 1) save(PLACE, {});
    document.querySelectorAll("[data-exercise]").forEach((box) => (box.checked = false));
    update();
    location.reload(); // a quiz on this page shows its answers anew
  }

  function addButton(place, text, lines, question) {
    const clear = Object.assign(document.createElement("button"), { type: "button", className: "course-clear", textContent: text });
    clear.addEventListener("click", () => window.confirm(question) && forget(lines)); // it cannot be undone
    place.append(" ", clear);
    return clear;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const lines = [...document.querySelectorAll(".course-progress")];
    if (!lines.length) return;
    const overview = document.querySelector(".course-overview");
    if (overview) addButton(overview, "Clear all progress", lines, "Forget the answers and ticks of all chapters?");
    else addButton(lines[0], "Clear", lines, "Forget the answers and ticks of this chapter?");
    const { page } = lines[0].dataset;
    for (const box of document.querySelectorAll("[data-exercise]")) {
      box.checked = Boolean(load(TICKS + page)[box.dataset.exercise]);
      box.addEventListener("change", () => {
        const { [box.dataset.exercise]: _, ...others } = load(TICKS + page);
        save(TICKS + page, box.checked ? { ...others, [box.dataset.exercise]: true } : others);
        update();
      });
    }
    window.addEventListener(CHANGED, update);
    window.addEventListener("storage", update); // another tab
    update();
    if (overview) leadOn(lines);
    else save(PLACE, { page });
  });
})();
