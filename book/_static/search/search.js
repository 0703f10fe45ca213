// The search: ranks the places of `courseIndex` (book/_ext/course/search.py) and shows a line of each. No page is loaded.
(function () {
  "use strict";
  const SHOWN = 40;
  const LINE = 220; // characters
  const KINDS = { term: "Glossary", symbol: "Notation", name: "API", exercise: "Exercise", theorem: "Theorem" };
  const FIRST = { symbol: 6, term: 5, name: 3, section: 2, theorem: 1, exercise: 0 }; // among equals

  // One spelling for all: β₁ is β_1, "back-propagation" is "backpropagation", and case is looked at apart.
  const plain = (text) =>
    text
      .replace(/[₀-₉ᵢⱼₖₜₙ]+/g, (found) => "_" + found.normalize("NFKC"))
      .normalize("NFKC")
      .replace(/ϵ/g, "ε")
      .replace(/([\p{L}\d])[-‐‑]([\p{L}])/gu, "$1$2");
  const fold = (text) => plain(text).toLowerCase();
  const joined = (text) => fold(text).replace(/[\s_-]/g, "");
  const stem = (word) => (word.length > 4 ? word.replace(/(?:ations?|ings?|ions?|ed|es|s)$/, "") : word);
  const isWord = (char) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

  // The places, with their texts folded once.
  const prepare = ({ pages, places }) =>
    places.map(([kind, page, anchor, title, text, names]) => ({
      kind, anchor, title, text, page: pages[page],
      names: [title, ...names].flatMap((name) => [name, ...name.split(/ [=(].*| > /)]).filter(Boolean),
      title_: fold(title), text_: fold(text),
    }));

  // How well a word (folded) is found in a text: 3 as a whole, 2 at a word's beginning, 1 inside a longer name.
  function found(word, text) {
    let best = 0;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const before = !isWord(text[at - 1]) || !isWord(word[0]);
      const after = !isWord(text[at + word.length]) || !isWord(word.at(-1));
      if (before && after) return 3;
      best = Math.max(best, before ? 2 : /[._]/.test(text[at - 1]) ? 1 : 0);
    }
    return word.length > 1 || best === 3 ? best : 0; // a letter is a symbol, or nothing
  }

  // Its own name counts a little more than another name of it, and a row of one symbol more than a row of three.
  function exact(place, query) {
    const own = agreement(place.title, query) && 4;
    const best = Math.max(...place.names.map((name) => agreement(name, query)));
    return best && best + own - 14 * (place.kind === "symbol") * (place.title.split(",").length - 1);
  }

  function agreement(name, query) {
    if (plain(name).trim() === plain(query)) return 130;
    if (fold(name).trim() === fold(query)) return 115;
    const last = name.split(".").at(-1);
    if (last !== name && last === query) return 108 - 2 * name.split(".").length;
    if (joined(name) === joined(query)) return 104;
    if (last !== name && fold(last) === fold(query)) return 98 - 2 * name.split(".").length;
    return 0;
  }

  function score(place, query, words) {
    let sum = exact(place, query) + FIRST[place.kind];
    for (const [word, root] of words) {
      const inTitle = Math.max(found(word, place.title_), found(root, place.title_) - 0.5);
      const inText = Math.max(found(word, place.text_), found(root, place.text_) - 0.5);
      const inNames = place.names.some((name) => fold(name) === word) ? 3 : 0;
      if (Math.max(inTitle, inText, inNames) < 0.5 && sum < 90) return 0;
      sum += 14 * Math.max(inTitle, inNames) + 4 * inText;
    }
    const phrase = fold(query);
    if (words.length > 1) sum += 30 * (found(phrase, place.title_) > 1) + 12 * (found(phrase, place.text_) > 1);
    if (place.title_.startsWith(phrase)) sum += 8 + (12 * phrase.length) / place.title_.length;
    return sum;
  }

  // The best places first; among equals those that come first in the book.
  function search(places, query) {
    const words = [...new Set(fold(query).split(/\s+/).filter(Boolean))].map((word) => [word, stem(word)]);
    if (!words.length) return [];
    return places
      .map((place, order) => ({ place, order, score: score(place, query.trim(), words) }))
      .filter(({ score }) => score > 10)
      .sort((a, b) => b.score - a.score || a.order - b.order)
      .map(({ place }) => place);
  }

  // The sentence of the text that holds most of the words, from its beginning or from just before them.
  function line(place, query) {
    const words = fold(query).split(/\s+/).map(stem);
    const count = (sentence) => words.filter((word) => found(word, fold(sentence))).length;
    const sentences = place.text.split(/(?<=[.!?:]) (?=[\p{Lu}\W])/u);
    const best = sentences.reduce((best, one) => (count(one) > count(best) ? one : best), sentences[0] ?? "");
    if (best.length <= LINE) return best;
    const at = Math.max(0, Math.min(...words.map((word) => best.toLowerCase().indexOf(word)).filter((i) => i >= 0)));
    const from = Number.isFinite(at) && at > LINE - 60 ? best.lastIndexOf(" ", at - 60) + 1 : 0;
    const cut = best.slice(from, from + LINE);
    return `${from ? "… " : ""}${from + LINE < best.length ? cut.slice(0, cut.lastIndexOf(" ")) + " …" : cut}`;
  }

  // The text with the words that were looked for marked.
  function marked(text, query) {
    const words = query.trim().split(/\s+/).map((word) => stem(word).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const parts = text.split(new RegExp(`((?<![\\p{L}\\p{N}_])(?:${words.join("|")}))`, "iu"));
    return parts.map((part, i) => {
      if (i % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  }

  function item(place, query, root) {
    const [path, title] = place.page;
    const link = document.createElement("a");
    link.href = `${root}${path}#${place.anchor}`;
    link.append(...marked(place.title, query));
    const where = document.createElement("span");
    where.className = "course-where";
    where.textContent = place.title === title ? "" : ` ${KINDS[place.kind] === title ? title : [KINDS[place.kind], title].filter(Boolean).join(" · ")}`;
    const context = document.createElement("p");
    context.className = "context";
    context.append(...marked(line(place, query), query));
    const row = document.createElement("li");
    row.append(link, where, context);
    return row;
  }

  function show(output, query, root) {
    const results = search(prepare(window.courseIndex), query);
    const status = document.createElement("p");
    status.className = "search-summary";
    status.setAttribute("role", "status");
    status.textContent = results.length
      ? `${results.length} ${results.length === 1 ? "place" : "places"}${results.length > SHOWN ? `, the best ${SHOWN} of them here` : ""}`
      : "Nothing found. Fewer words, or a part of one, may find more.";
    const list = document.createElement("ul");
    list.className = "search";
    list.append(...results.slice(0, SHOWN).map((place) => item(place, query, root)));
    output.replaceChildren(status, list);
  }

  // The places for a query, as addresses, best first.
  window.courseSearch = (query) =>
    search(prepare(window.courseIndex), query).map(({ page, anchor }) => `${page[0]}#${anchor}`);

  document.addEventListener("DOMContentLoaded", () => {
    const output = document.getElementById("search-results");
    const query = new URLSearchParams(window.location.search).get("q") ?? "";
    for (const field of document.querySelectorAll('input[name="q"]')) field.value = query;
    if (output && query.trim()) show(output, query, document.documentElement.dataset.content_root ?? "./");
  });
})();
