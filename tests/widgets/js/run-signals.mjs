// Reads cases from standard input, runs signals.js on them, writes what came out.
import { readFileSync } from "node:fs";

import { decades, describe, histogram } from "../../../nbcourse/widgets/js/activations.js";
import { drawStack, FUNCTIONS, propagate } from "../../../nbcourse/widgets/js/signals.js";

const { inputs, cases } = JSON.parse(readFileSync(0, "utf8"));
const functions = Object.fromEntries(Object.entries(FUNCTIONS).map(([name, [value, slope]]) =>
  [name, { value: inputs.map(value), slope: inputs.map(slope) }]));
const runs = cases.map(({ activation, gain, depth, seed, x }) => {
  const { layers, signal, gradient, zero } = propagate(drawStack(seed, depth), activation, gain, depth);
  return { last: [...layers.at(-1)], bins: [...histogram(layers.at(-1))], signal, gradient, zero,
    axis: decades([...signal, ...gradient]), words: describe(activation, x, { signal, gradient, zero }) };
});
console.log(JSON.stringify({ functions, runs }));
