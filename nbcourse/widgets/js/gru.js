// A GRU that spells words, as gru.py has it: token 0 begins and ends a word, 1 to 26 are the letters. Pure.
import { mulberry32 } from "./random.js";
import { timesVector } from "./weights.js";

export const LETTERS = "abcdefghijklmnopqrstuvwxyz";
export const LONGEST = 14;

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

// The gates r and z and the state h after a token, each (hidden), from the state before it.
export function gruStep(weights, token, before) {
  const { values, shape } = weights["embedding.weight"];
  const x = values.subarray(token * shape[1], (token + 1) * shape[1]);
  const a = timesVector(weights["recurrent.weight_ih_l0"], x, weights["recurrent.bias_ih_l0"]); // (3 · hidden)
  const b = timesVector(weights["recurrent.weight_hh_l0"], before, weights["recurrent.bias_hh_l0"]);
  const hidden = before.length;
  const r = before.map((_, i) => sigmoid(a[i] + b[i]));
  const z = before.map((_, i) => sigmoid(a[hidden + i] + b[hidden + i]));
  const n = before.map((_, i) => Math.tanh(a[2 * hidden + i] + r[i] * b[2 * hidden + i]));
  return { r, z, h: before.map((old, i) => (1 - z[i]) * n[i] + z[i] * old) };
}

// softmax(scores / temperature), (27), of the token that follows the state h.
export function nextProbabilities(weights, h, temperature = 1) {
  const scores = timesVector(weights["head.weight"], h, weights["head.bias"]).map((s) => s / temperature);
  const most = Math.max(...scores);
  const e = scores.map((s) => Math.exp(s - most));
  const total = e.reduce((sum, v) => sum + v, 0);
  return e.map((v) => v / total);
}

// The steps over the beginning and each letter of a word.
export function readWord(weights, word) {
  const steps = [];
  let h = new Float64Array(weights["recurrent.weight_hh_l0"].shape[1]);
  for (const token of [0, ...[...word].map(tokenOf)]) {
    steps.push(gruStep(weights, token, h));
    h = steps.at(-1).h;
  }
  return steps;
}

// A word that begins with `start`, each further letter drawn.
export function drawWord(weights, start, temperature, seed) {
  const random = mulberry32(seed);
  let [word, h] = [start, readWord(weights, start).at(-1).h];
  while (word.length < LONGEST) {
    const token = drawToken(nextProbabilities(weights, h, temperature), random());
    if (token === 0) break;
    word += LETTERS[token - 1];
    h = gruStep(weights, token, h).h;
  }
  return word;
}

// The mean of −log p over the letters of a word and its end, in nats.
export function surpriseOf(weights, word) {
  const tokens = [...[...word].map(tokenOf), 0];
  const steps = readWord(weights, word);
  return tokens.reduce((sum, token, i) => sum - Math.log(nextProbabilities(weights, steps[i].h)[token]), 0) / tokens.length;
}

function drawToken(p, u) {
  let sum = 0;
  for (let token = 0; token < p.length; token += 1) {
    sum += p[token];
    if (u < sum) return token;
  }
  return p.length - 1;
}

function tokenOf(letter) {
  return LETTERS.indexOf(letter) + 1;
}
