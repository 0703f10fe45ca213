// A stack of layers h ← f(W h), W from N(0, gain² / n): a signal on its way forward, a gradient on its way back. Pure.
import { mulberry32 } from "./random.js";

export const UNITS = 64; // neurons in each layer
export const BATCH = 48; // inputs, drawn from N(0, 1)
const LEAK = 0.01;
const INPUT_SEED = 1000003;

const logistic = (z) => 1 / (1 + Math.exp(-z));
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const gauss = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

// f(z) and its slope f′(z)
export const FUNCTIONS = {
  sigmoid: [logistic, (z) => logistic(z) * (1 - logistic(z))],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  leaky_relu: [(z) => (z > 0 ? z : LEAK * z), (z) => (z > 0 ? 1 : LEAK)],
  elu: [(z) => (z > 0 ? z : Math.expm1(z)), (z) => (z > 0 ? 1 : Math.exp(z))],
  gelu: [(z) => z * normalDistribution(z), (z) => normalDistribution(z) + z * gauss(z)],
  silu: [(z) => z * logistic(z), (z) => logistic(z) * (1 + z * (1 - logistic(z)))],
  softplus: [softplus, logistic],
};

// P(N(0, 1) ≤ z): a series near 0, a continued fraction in the tails.
export function normalDistribution(z) {
  const x = Math.abs(z);
  if (x > 38) return z > 0 ? 1 : 0;
  let tail = 0;
  if (x > 3) {
    for (let k = 40; k > 0; k -= 1) tail = k / (x + tail);
    tail = gauss(x) / (x + tail);
    return z > 0 ? 1 - tail : tail;
  }
  let [term, sum] = [z, z];
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k += 1) sum += term *= (z * z) / (2 * k + 1);
  return 0.5 + gauss(z) * sum;
}

// `count` numbers from N(0, 1), two from each pair of uniform ones.
export function normal(seed, count) {
  const random = mulberry32(seed);
  const drawn = new Float64Array(count + (count % 2));
  for (let i = 0; i < drawn.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    drawn[i] = radius * Math.cos(angle);
    drawn[i + 1] = radius * Math.sin(angle);
  }
  return drawn.subarray(0, count);
}

// Weights with deviation 1 for up to `depth` layers, the inputs, and the gradient at the top.
export function drawStack(seed, depth) {
  return {
    weights: normal(seed, depth * UNITS * UNITS),
    input: normal(seed + INPUT_SEED, BATCH * UNITS),
    top: normal(seed + 2 * INPUT_SEED, BATCH * UNITS),
  };
}

// layers: the signals (BATCH, UNITS), input first; signal, gradient: root mean squares (depth + 1); zero: share of slopes
// in each layer (depth) that are 0.
export function propagate(stack, activation, gain, depth) {
  const [value, slope] = FUNCTIONS[activation];
  const scale = gain / Math.sqrt(UNITS);
  const [layers, slopes, size] = [[stack.input], [], UNITS * UNITS];
  for (let layer = 0; layer < depth; layer += 1) {
    const sums = timesTransposed(layers[layer], stack.weights.subarray(layer * size, (layer + 1) * size), scale);
    layers.push(sums.map(value));
    slopes.push(sums.map(slope));
  }
  const gradients = [stack.top];
  for (let layer = depth - 1; layer >= 0; layer -= 1) {
    const upstream = gradients[0].map((g, i) => g * slopes[layer][i]);
    gradients.unshift(times(upstream, stack.weights.subarray(layer * size, (layer + 1) * size), scale));
  }
  return {
    layers,
    signal: layers.map(rootMeanSquare),
    gradient: gradients.map(rootMeanSquare),
    zero: slopes.map((layer) => layer.reduce((n, s) => n + (s === 0), 0) / layer.length),
  };
}

export function rootMeanSquare(values) {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}

// x (BATCH, UNITS) times the transposed weights (UNITS, UNITS)
function timesTransposed(x, weights, scale) {
  const out = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += UNITS) {
    for (let j = 0; j < UNITS; j += 1) {
      let sum = 0;
      for (let k = 0; k < UNITS; k += 1) sum += x[row + k] * weights[j * UNITS + k];
      out[row + j] = scale * sum;
    }
  }
  return out;
}

// x (BATCH, UNITS) times the weights (UNITS, UNITS)
function times(x, weights, scale) {
  const out = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += UNITS) {
    for (let j = 0; j < UNITS; j += 1) {
      const share = scale * x[row + j];
      if (share === 0) continue;
      for (let k = 0; k < UNITS; k += 1) out[row + k] += share * weights[j * UNITS + k];
    }
  }
  return out;
}
