// The quiz's markup, `code` and *emphasis*, as text nodes: content never becomes HTML.
import { element } from "./dom.js";

const PATTERN = /`([^`]+)`|(?<=^|[\s(])\*(?!\s)([^*]+?)(?<!\s)\*(?=$|[\s).,;:?!])/g;

// "a `b` *c*" → [["text", "a "], ["code", "b"], ["text", " "], ["em", "c"]]
export function pieces(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(PATTERN)) {
    if (match.index > end) found.push(["text", text.slice(end, match.index)]);
    found.push(match[1] === undefined ? ["em", match[2]] : ["code", match[1]]);
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push(["text", text.slice(end)]);
  return found;
}

export function markup(text) {
  return pieces(text).map(([kind, part]) => (kind === "text" ? part : element(kind, {}, part)));
}
