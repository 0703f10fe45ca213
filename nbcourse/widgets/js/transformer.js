// A small GPT, as transformer.py has it. Matrices are rows one after the other. Pure.
import { timesVector } from "./weights.js";

// tokens (T) → { attention: [layer][head] → T·T numbers, logP: T arrays (vocabulary) }. `off` lists heads, counted
// through all layers, whose result is replaced by 0; they go on attending.
export function runGpt(weights, tokens, heads, off = []) {
  const width = weights["embedding.weight"].shape[1];
  const row = ({ values }, i) => values.subarray(i * width, (i + 1) * width);
  let x = tokens.map((token, t) => plus(row(weights["embedding.weight"], token), row(weights["position.weight"], t)));
  const attention = [];
  for (let layer = 0; `blocks.${layer}.norm1.weight` in weights; layer += 1) {
    const part = (name) => weights[`blocks.${layer}.${name}.weight`];
    const silent = off.map((head) => head - layer * heads);
    const { y, maps } = attend(part, x.map((v) => layerNorm(v, part("norm1"))), heads, silent);
    x = x.map((v, t) => plus(v, y[t]));
    x = x.map((v) => plus(v, timesVector(part("mlp.2"), timesVector(part("mlp.0"), layerNorm(v, part("norm2"))).map(tanhGelu))));
    attention.push(maps);
  }
  return { attention, logP: x.map((v) => logSoftmax(timesVector(weights["embedding.weight"], layerNorm(v, weights["norm.weight"])))) };
}

function attend(part, x, heads, silent) {
  const [length, width] = [x.length, x[0].length];
  const size = width / heads;
  const qkv = x.map((v) => timesVector(part("attention.qkv"), v)); // (T, 3 · width)
  const gathered = x.map(() => new Float64Array(width));
  const maps = Array.from({ length: heads }, (_, head) => {
    const map = new Float64Array(length * length);
    for (let t = 0; t < length; t += 1) {
      const scores = Float64Array.from({ length: t + 1 }, (_u, s) => {
        let sum = 0;
        for (let i = head * size; i < (head + 1) * size; i += 1) sum += qkv[t][i] * qkv[s][width + i];
        return sum / Math.sqrt(size);
      });
      const shares = logSoftmax(scores).map(Math.exp);
      map.set(shares, t * length);
      if (silent.includes(head)) continue;
      for (let s = 0; s <= t; s += 1) {
        for (let i = head * size; i < (head + 1) * size; i += 1) gathered[t][i] += shares[s] * qkv[s][2 * width + i];
      }
    }
    return map;
  });
  return { maps, y: gathered.map((v) => timesVector(part("attention.out"), v)) };
}

export function layerNorm(x, { values }) {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * values[i]);
}

export function logSoftmax(scores) {
  const most = scores.reduce((a, b) => Math.max(a, b));
  const total = Math.log(scores.reduce((sum, s) => sum + Math.exp(s - most), 0));
  return scores.map((s) => s - most - total);
}

function tanhGelu(x) {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function plus(a, b) {
  return a.map((v, i) => v + b[i]);
}
