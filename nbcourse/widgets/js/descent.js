// Four surfaces over the plane and four rules of descent, PyTorch's definitions, as descent.py has them. Pure.
import { normal } from "./signals.js";

// height f(x, y), and its gradient
export const SURFACES = {
  ravine: [(x, y) => (x * x + 25 * y * y) / 10, (x, y) => [x / 5, 5 * y]],
  bend: [
    (x, y) => ((1 - x) ** 2 + 20 * (y - x * x) ** 2) / 20,
    (x, y) => [(x - 1) / 10 - 4 * x * (y - x * x), 2 * (y - x * x)],
  ],
  saddle: [(x, y) => (x * x) / 2 - (y * y) / 2 + y ** 4 / 8 + 0.5, (x, y) => [x, y ** 3 / 2 - y]],
  hollows: [
    (x, y) => (x * x + y * y) / 4 + (2 - Math.cos(5 * x) - Math.cos(5 * y)) / 4,
    (x, y) => [x / 2 + 1.25 * Math.sin(5 * x), y / 2 + 1.25 * Math.sin(5 * y)],
  ],
};
export const RULES = ["sgd", "momentum", "rmsprop", "adam"];
export const RACE = 200; // steps
const ALPHA = 0.99;
const BETA2 = 0.999;
const EPSILON = 1e-8;
const FAR = 1e3; // whoever is further out than this has left the map, and stops

// The path [[x, y], …] of one rule, RACE + 1 places; it repeats its last place once it is FAR away.
export function race({ surface, rule, rate, momentum, noise, start, seed }) {
  const slope = SURFACES[surface][1];
  const added = normal(seed, 2 * RACE);
  const state = { first: [0, 0], second: [0, 0] };
  const path = [start];
  for (let t = 1; t <= RACE; t += 1) {
    const [x, y] = path.at(-1);
    const g = slope(x, y).map((value, i) => value + noise * added[2 * (t - 1) + i]);
    const step = stepOf(rule, g, state, t, momentum);
    const next = [x - rate * step[0], y - rate * step[1]];
    path.push(Math.max(...next.map(Math.abs)) < FAR ? next : path.at(-1));
    if (path.at(-1) === path.at(-2)) return [...path, ...Array(RACE + 1 - path.length).fill(path.at(-1))];
  }
  return path;
}

// What is multiplied by the learning rate, at step t = 1, 2, …; `state` keeps the running means.
function stepOf(rule, g, state, t, momentum) {
  if (rule === "sgd") return g;
  if (rule === "momentum") return (state.first = state.first.map((v, i) => momentum * v + g[i]));
  const kept = rule === "adam" ? BETA2 : ALPHA;
  state.second = state.second.map((s, i) => kept * s + (1 - kept) * g[i] * g[i]);
  if (rule === "rmsprop") return g.map((v, i) => v / (Math.sqrt(state.second[i]) + EPSILON));
  state.first = state.first.map((v, i) => momentum * v + (1 - momentum) * g[i]);
  return state.first.map((v, i) =>
    v / (1 - momentum ** t) / (Math.sqrt(state.second[i] / (1 - BETA2 ** t)) + EPSILON));
}
