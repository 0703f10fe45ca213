// Runs a computational graph forward and backward, one node at a time, as graph.py does. Pure.

// kind: value of the parents, and local derivatives given the own value and the parents' values
const OPERATIONS = {
  "+": [(a, b) => a + b, () => [1, 1]],
  "-": [(a, b) => a - b, () => [1, -1]],
  "*": [(a, b) => a * b, (y, a, b) => [b, a]],
  "/": [(a, b) => a / b, (y, a, b) => [1 / b, -a / b ** 2]],
  "^": [(a, b) => a ** b, (y, a, b) => [b ? b * a ** (b - 1) : 0, a > 0 ? y * Math.log(a) : NaN]],
  negative: [(a) => -a, () => [-1]],
  abs: [Math.abs, (y, a) => [Math.sign(a)]],
  cos: [Math.cos, (y, a) => [-Math.sin(a)]],
  exp: [Math.exp, (y) => [y]],
  log: [Math.log, (y, a) => [1 / a]],
  relu: [(a) => Math.max(a, 0), (y, a) => [a > 0 ? 1 : 0]],
  sigmoid: [(a) => 1 / (1 + Math.exp(-a)), (y) => [y * (1 - y)]],
  sin: [Math.sin, (y, a) => [Math.cos(a)]],
  sqrt: [Math.sqrt, (y) => [0.5 / y]],
  tanh: [Math.tanh, (y) => [1 - y * y]],
};

export class GraphError extends Error {}

// The value of every node; `values` gives a number for each name. Throws GraphError.
export function evaluateGraph(nodes, values) {
  const found = [];
  for (const node of nodes) {
    if (node.kind === "number") found.push(node.value);
    else if (node.kind === "name") found.push(values[node.text]);
    else found.push(OPERATIONS[node.kind][0](...node.parents.map((p) => found[p])));
    if (!Number.isFinite(found.at(-1))) throw new GraphError(`${node.text} has no finite value here`);
  }
  return found;
}

// Whether each node depends on a name: only such nodes have a gradient.
export function needed(nodes) {
  const found = [];
  for (const node of nodes) found.push(node.kind === "name" || node.parents.some((p) => found[p]));
  return found;
}

// All steps in order: { kind: "forward" | "seed" | "backward", node, sends: [{ to, local, amount }] }
export function walk(nodes, values) {
  const [known, wanted] = [evaluateGraph(nodes, values), needed(nodes)];
  const inner = nodes.flatMap((node, i) => (node.parents.length ? [i] : []));
  const steps = inner.map((node) => ({ kind: "forward", node, sends: [] }));
  steps.push({ kind: "seed", node: nodes.length - 1, sends: [] });
  const gradients = nodes.map((_, i) => (i === nodes.length - 1 ? 1 : 0));
  for (const i of inner.filter((one) => wanted[one]).reverse()) {
    const { kind, parents, text } = nodes[i];
    const local = OPERATIONS[kind][1](known[i], ...parents.map((p) => known[p]));
    const sends = parents
      .map((to, k) => ({ to, local: local[k], amount: gradients[i] * local[k] }))
      .filter(({ to }) => wanted[to]);
    for (const { to, amount } of sends) {
      if (!Number.isFinite(amount)) throw new GraphError(`${text} has no finite slope here`);
      gradients[to] += amount;
    }
    steps.push({ kind: "backward", node: i, sends });
  }
  return steps;
}

// What is known after the first `count` steps: { values, gradients }, null where nothing is known yet.
export function stateAfter(nodes, values, count) {
  const known = evaluateGraph(nodes, values);
  const shown = nodes.map((node, i) => (node.parents.length ? null : known[i]));
  const gradients = nodes.map(() => null);
  for (const { kind, node, sends } of walk(nodes, values).slice(0, count)) {
    if (kind === "forward") shown[node] = known[node];
    if (kind === "seed") gradients[node] = 1;
    for (const { to, amount } of sends) gradients[to] = (gradients[to] ?? 0) + amount;
  }
  return { values: shown, gradients };
}

// Each node's row, 0 at the top: an operation stands below its parents, a leaf just above its first use.
export function levels(nodes) {
  const found = nodes.map(() => 0);
  nodes.forEach(({ parents }, i) => {
    if (parents.length) found[i] = 1 + Math.max(...parents.map((p) => found[p]));
  });
  nodes.forEach(({ parents }, i) => {
    const uses = nodes.flatMap((other, j) => (other.parents.includes(i) ? [found[j]] : []));
    if (!parents.length && uses.length) found[i] = Math.min(...uses) - 1;
  });
  return found;
}

// Each node's place [x from 0 to 1, row]: in its row it stands near the middle of its parents.
export function places(nodes) {
  const [rows, x] = [levels(nodes), nodes.map(() => 0.5)];
  const middle = (i) => {
    const { parents } = nodes[i];
    return parents.length ? parents.reduce((sum, p) => sum + x[p], 0) / parents.length : written(nodes, i);
  };
  for (let row = 0; row <= Math.max(...rows); row += 1) {
    const members = nodes.flatMap((_, i) => (rows[i] === row ? [[middle(i), i]] : []));
    members.sort(([a, i], [b, j]) => a - b || i - j);
    members.forEach(([, i], place) => (x[i] = (place + 0.5) / members.length));
  }
  return nodes.map((_, i) => [x[i], rows[i]]);
}

// Where a leaf belongs in its row: left or right of its partner, as it was written.
function written(nodes, leaf) {
  const use = nodes.find(({ parents }) => parents.length === 2 && parents.includes(leaf));
  if (!use) return 0.5;
  return use.parents[0] === leaf ? 0.25 : 0.75;
}
