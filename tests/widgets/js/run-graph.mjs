// Reads cases from standard input, parses and walks each, writes what came out, or the error's message.
import { readFileSync } from "node:fs";

import { parse } from "../../../nbcourse/widgets/js/expression.js";
import { places, stateAfter, walk } from "../../../nbcourse/widgets/js/graph.js";
import { shortNumber } from "../../../nbcourse/widgets/js/numbers.js";
import { narrate, progress } from "../../../nbcourse/widgets/js/stepper.js";

function run({ text, values }) {
  try {
    const nodes = parse(text);
    const steps = walk(nodes, values);
    const counts = Array.from({ length: steps.length + 1 }, (_, i) => i);
    return { nodes, steps, places: places(nodes), states: counts.map((n) => stateAfter(nodes, values, n)),
      words: counts.map((n) => [progress(n, steps), ...narrate(nodes, values, n)]) };
  } catch (error) {
    return { error: error.message };
  }
}

const { cases, numbers } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({ runs: cases.map(run), numbers: numbers.map(shortNumber) }));
