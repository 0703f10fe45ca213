// Reads cases from standard input, runs network.js on them, writes what came out.
import { readFileSync } from "node:fs";

import { createNetwork, evaluate, gradients, step } from "../../../nbcourse/widgets/js/network.js";
import { mulberry32 } from "../../../nbcourse/widgets/js/random.js";

const request = JSON.parse(readFileSync(0, "utf8"));
const points = Float64Array.from(request.points);
const labels = Float64Array.from(request.labels);
const flat = (layers) => layers.flatMap(({ weight, bias }) => [...weight, ...bias]);

const results = request.cases.map(({ depth, width, activation, seed, rate }) => {
  const network = createNetwork(depth, width, activation, mulberry32(seed));
  const result = {
    initial: flat(network.layers),
    ...evaluate(network, points, labels),
    gradients: flat(gradients(network, points, labels)),
    losses: [],
  };
  for (let i = 0; i < request.steps; i += 1) {
    result.losses.push(evaluate(network, points, labels).loss);
    step(network, points, labels, rate);
  }
  return { ...result, trained: flat(network.layers) };
});
console.log(JSON.stringify(results));
