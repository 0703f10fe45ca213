// Reads weights and cases from standard input, runs the two small models on them, writes what came out.
import { readFileSync } from "node:fs";

import { attentionWords, surpriseAlong, CHARACTERS } from "../../../nbcourse/widgets/js/attention.js";
import { characterWords } from "../../../nbcourse/widgets/js/characters.js";
import { drawWord, nextProbabilities, readWord, surpriseOf } from "../../../nbcourse/widgets/js/gru.js";
import { runGpt } from "../../../nbcourse/widgets/js/transformer.js";
import { viridis } from "../../../nbcourse/widgets/js/viridis.js";
import { half, unpack } from "../../../nbcourse/widgets/js/weights.js";

const { gru, gpt, spelled, read, halves, shares } = JSON.parse(readFileSync(0, "utf8"));
const [speller, reader] = [unpack(gru), unpack(gpt)];

const spell = ({ start, temperature, view, chosen, place, seed }) => {
  const names = Array.from({ length: 8 }, (_, i) => drawWord(speller, start, temperature, 8 * seed + i));
  const name = names[chosen];
  const steps = readWord(speller, name);
  const at = Math.min(place, name.length);
  const [filled, plain] = [temperature, 1].map((t) => nextProbabilities(speller, steps[at].h, t));
  const words = characterWords({ name, place: at, steps, filled, plain, temperature, view, surprise: surpriseOf(speller, name) });
  return { names, words, filled: [...filled], values: steps.map((step) => [...step[view]]) };
};

const look = ({ text, layer, head, place, off }) => {
  const tokens = Array.from(text, (c) => CHARACTERS.indexOf(c));
  const found = runGpt(reader, tokens, 4, off);
  const at = Math.min(place, text.length);
  const words = attentionWords({
    text, layer, head, place: at, silent: off.includes((layer - 1) * 4 + head - 1), attention: found.attention[layer - 1][head - 1],
    logP: found.logP, wholeLogP: off.length ? runGpt(reader, tokens, 4).logP : null,
  });
  return {
    words, surprise: surpriseAlong(text, found.logP), logP: found.logP.map((row) => [...row]),
    attention: found.attention.map((maps) => maps.map((map) => [...map])),
  };
};

console.log(JSON.stringify({ spelled: spelled.map(spell), read: read.map(look), halves: halves.map(half), shares: shares.map(viridis) }));
