// The search: ranks the places of `courseIndex` (book/_ext/course/search.py) and shows a line of each. No page is loaded.
(function () {
  "use strict";
  const SHOWN = 40;
  const LINE = 220; // characters
  const KINDS = { term: "Glossary", symbol: "Notation", name: "API", exercise: "Exercise", theorem: "Theorem" };
  const FIRST = { symbol: 12, term: 10, section: 8, theorem: 7, exercise: 6, name: 0 }; // among equals
  const ASKING = /^(?:(?:what|how|why|when|where|which|who|is|are|does|do|can|the|an?)(?:['’]s)?\s+)+/i;
  const SMALL = new Set("a an and are as at be between by can do does for from how in is it of on or that the this to vs was what when where which who why with".split(" "));

  // One spelling for all: β₁ is β_1, "back-propagation" is "backpropagation", and case is looked at apart.
  const plain = (text) =>
    text
      .replace(/[₀-₉ᵢⱼₖₜₙ]+/g, (found) => "_" + found.normalize("NFKC"))
      .normalize("NFKC")
      .replace(/ϵ/g, "ε")
      .replace(/([\p{L}\d])[-‐‑]([\p{L}])/gu, "$1$2");
  const fold = (text) => plain(text).toLowerCase().replace(/iz(?=[aei])/g, "is"); // and "normalization" is "normalisation"
  const joined = (text) => fold(text).replace(/[\s_-]/g, "");
  const stem = (word) => (word.length > 4 ? word.replace(/(?:ations?|ings?|ions?|ed|es|s)$/, "") : word);
  const isWord = (char) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

  // What a query asks for: "What is a logit?" asks for "logit". Small words count only where there are no others.
  function read(query) {
    const phrase = query.trim().replace(/\?+$/, "").replace(ASKING, "").replace(/^torch\./, "");
    const all = phrase.split(/\s+/).filter(Boolean);
    const large = all.filter((word) => !SMALL.has(word));
    return { query: query.trim(), phrase, words: large.length ? large : all };
  }

  // The places, with their texts folded once.
  const prepare = ({ pages, places }) =>
    places.map(([kind, page, anchor, title, text, names]) => ({
      kind, anchor, title, text, page: pages[page],
      names: [title, ...names].flatMap((name) => [name, ...name.split(/ [=(].*| > /)]).filter(Boolean),
      title_: fold(title), last_: fold(kind === "name" ? title.split(".").at(-1) : title), text_: fold(text),
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
  function exact(place, { query, phrase }) {
    const agrees = (name) => Math.max(agreement(name, query), agreement(name, phrase));
    const own = agrees(place.title) && 4;
    const best = Math.max(...place.names.map(agrees));
    return best && best + own - 14 * (place.kind === "symbol") * (place.title.split(",").length - 1);
  }

  // The last part of a name in the package counts much where it is typed as code is: Softmax, cross_entropy, not mnist.
  function agreement(name, query) {
    if (plain(name).trim() === plain(query)) return 130;
    if (fold(name).trim() === fold(query)) return 115;
    const last = name.split(".").at(-1);
    if (last !== name && last === query && /[\p{Lu}\d_]/u.test(query)) return 108 - 2 * name.split(".").length;
    if (last !== name && fold(last) === fold(query)) return 1;
    if (joined(name) === joined(query)) return 104;
    return 0;
  }

  function score(place, asked, words) {
    let sum = exact(place, asked);
    for (const [word, root] of words) {
      const inTitle = Math.max(found(word, place.last_), found(root, place.last_) - 0.5, Math.min(found(word, place.title_), 2));
      const inText = Math.max(found(word, place.text_), found(root, place.text_) - 0.5);
      const inNames = place.names.some((name) => fold(name) === word) ? 3 : 0;
      if (Math.max(inTitle, inText, inNames) < 0.5 && sum < 90) return 0;
      sum += 14 * Math.max(inTitle, inNames) + 4 * inText;
    }
    const phrase = fold(asked.phrase);
    if (words.length > 1) sum += 30 * (found(phrase, place.title_) > 1) + 12 * (found(phrase, place.text_) > 1);
    if (place.title_.startsWith(phrase)) sum += 8 + (12 * phrase.length) / place.title_.length;
    return sum;
  }

  // The best places first; among equals those that come first in the book.
  function search(places, query) {
    const asked = read(query);
    const words = [...new Set(asked.words.map(fold))].map((word) => [word, stem(word)]);
    if (!words.length) return [];
    return places
      .map((place, order) => ({ place, order, score: score(place, asked, words) }))
      .filter(({ score }) => score > 8)
      .sort((a, b) => b.score + FIRST[b.place.kind] - a.score - FIRST[a.place.kind] || a.order - b.order)
      .map(({ place }) => place);
  }

  // How many letters must be changed, added or left out to make one word of the other.
  function distance(one, other) {
    let row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i++) {
      const next = [i];
      for (let j = 1; j <= other.length; j++)
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] !== other[j - 1]));
      row = next;
    }
    return row[other.length];
  }

  // The query with each word that stands nowhere replaced by the nearest one in a term or heading; "" if none is near.
  function nearest(places, query) {
    const titles = ["term", "section"].flatMap((kind) => places.filter((place) => place.kind === kind).map(({ title }) => title));
    const known = [...new Set(titles.join(" ").match(/[\p{L}\d-]{4,}/gu))];
    const mended = read(query).words.map((word) => {
      if (search(places, word).length) return word;
      const far = known.map((one) => distance(fold(one), fold(word)));
      const least = Math.min(...far);
      return least <= (word.length < 7 ? 1 : 2) ? known[far.indexOf(least)] : "";
    });
    return mended.every(Boolean) && search(places, mended.join(" ")).length ? mended.join(" ") : "";
  }

  // The sentence of the text that holds most of the words, from its beginning or from just before them.
  function line(place, query) {
    const words = read(query).words.map((word) => stem(fold(word)));
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
    const words = read(query).words.map((word) => stem(word).replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const parts = text.split(new RegExp(`((?<![\\p{L}\\p{N}_])(?:${words.join("|")}))`, "iu"));
    return parts.map((part, i) => {
      if (i % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  }

  // A name in code breaks between its parts, if it has to.
  function breakable(text) {
    if (typeof text !== "string") return [text];
    return text.split(/(?<=[._])/).flatMap((part) => (/[._]$/.test(part) ? [part, document.createElement("wbr")] : [part]));
  }

  function item(place, query, root) {
    const [path, title] = place.page;
    const link = document.createElement("a");
    link.href = `${root}${path}#${place.anchor}`;
    link.append(...marked(place.title, query).flatMap(breakable));
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

  // After a search without results: the word that was meant, if one is near.
  function advice(meant) {
    if (!meant) return ["Fewer words, or a part of one, may find more."];
    const link = document.createElement("a");
    link.href = `?q=${encodeURIComponent(meant)}`;
    link.textContent = meant;
    return ["Did you mean ", link, "?"];
  }

  function show(output, query, root) {
    const places = prepare(window.courseIndex);
    const results = search(places, query);
    const status = document.createElement("p");
    status.className = "search-summary";
    status.setAttribute("role", "status");
    status.textContent = results.length
      ? `${results.length} ${results.length === 1 ? "place" : "places"}${results.length > SHOWN ? `, the best ${SHOWN} of them here` : ""}`
      : "Nothing found. ";
    if (!results.length) status.append(...advice(nearest(places, query)));
    const list = document.createElement("ul");
    list.className = "search";
    list.append(...results.slice(0, SHOWN).map((place) => item(place, query, root)));
    output.replaceChildren(status, list);
  }

  // The places for a query, as addresses, best first.
  window.courseSearch = (query) =>
    search(prepare(window.courseIndex), query).map(({ page, anchor }) => `${page[0]}#${anchor}`);

  // What was meant by a query that finds nothing.
  window.courseNearest = (query) => nearest(prepare(window.courseIndex), query);

  document.addEventListener("DOMContentLoaded", () => {
    const output = document.getElementById("search-results");
    const query = new URLSearchParams(window.location.search).get("q") ?? "";
    for (const field of document.querySelectorAll('input[name="q"]')) field.value = query;
    if (output && query.trim()) show(output, query, document.documentElement.dataset.content_root ?? "./");
  });
})();
