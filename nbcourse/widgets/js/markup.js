// The quiz's markup, `code` and *emphasis*, as text nodes: content never becomes HTML.
import { element } from "./dom.js";

const PATTERN = /`([^`]+)`|(?<=^|[\s(])\*(?!\s)([^*]+?)(?<!\s)\*(?=$|[\s).,;:?!])/g;

const INSIDE = /(?<=\d) (?=%|× ?\d)|(?<=\d[ \u00a0]×) (?=\d)/g; // no line breaks there
const LONG = 20; // signs: code of more may break at the end of a line

const together = (text) => text.replace(INSIDE, "\u00a0");

// "a `b` *c*" → [["text", "a "], ["code", "b"], ["text", " "], ["em", "c"]]
export function pieces(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(PATTERN)) {
    if (match.index > end) found.push(["text", together(text.slice(end, match.index))]);
    found.push(match[1] === undefined ? ["em", together(match[2])] : ["code", match[1]]);
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push(["text", together(text.slice(end))]);
  return found;
}

export function markup(text) {
  const marks = (kind, part) => (kind === "code" && part.length > LONG ? { class: "nbc-long" } : {});
  return pieces(text).map(([kind, part]) => (kind === "text" ? part : element(kind, marks(kind, part), part)));
}
