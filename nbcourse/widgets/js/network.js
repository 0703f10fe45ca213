// A network from the plane to one logit, trained by gradient descent on binary cross-entropy.
// Pure: nothing here touches the page. Matrices are Float64Arrays, row by row.

export const ACTIVATIONS = {
  tanh: { value: Math.tanh, slope: (a) => 1 - a * a }, // slope in terms of a = value(z)
  relu: { value: (z) => (z > 0 ? z : 0), slope: (a) => (a > 0 ? 1 : 0) },
  sigmoid: { value: sigmoid, slope: (a) => a * (1 - a) },
};

export function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}

// Weights and biases uniform in ±1/√(fan-in), torch's default for a linear layer.
export function createNetwork(depth, width, activation, random) {
  const sizes = [2, ...Array(depth).fill(width), 1];
  const layers = [];
  for (let l = 1; l < sizes.length; l += 1) {
    const [inputs, outputs] = [sizes[l - 1], sizes[l]];
    const draw = () => (2 * random() - 1) / Math.sqrt(inputs);
    const weight = Float64Array.from({ length: outputs * inputs }, draw);
    const bias = Float64Array.from({ length: outputs }, draw);
    layers.push({ inputs, outputs, weight, bias });
  }
  return { activation, layers };
}

// Room for every layer's output on n points: [(n, width), …, (n, 1)].
export function allocate(network, n) {
  return network.layers.map((layer) => new Float64Array(n * layer.outputs));
}

// points (n, 2) → the output of every layer; the last holds the logits (n,).
export function forward(network, points, outputs = allocate(network, points.length / 2)) {
  const n = points.length / 2;
  const { value } = ACTIVATIONS[network.activation];
  let input = points;
  network.layers.forEach((layer, l) => {
    linear(layer, input, n, outputs[l]);
    if (l < network.layers.length - 1) {
      const a = outputs[l];
      for (let i = 0; i < a.length; i += 1) a[i] = value(a[i]);
    }
    input = outputs[l];
  });
  return outputs;
}

function linear({ inputs, outputs, weight, bias }, x, n, z) {
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < outputs; j += 1) {
      let sum = bias[j];
      for (let k = 0; k < inputs; k += 1) sum += weight[j * inputs + k] * x[i * inputs + k];
      z[i * outputs + j] = sum;
    }
  }
}

// Mean over the points of max(z, 0) − z·y + ln(1 + e^−|z|), and the share with (z > 0) = y.
export function evaluate(network, points, labels) {
  const z = forward(network, points).at(-1);
  let [loss, right] = [0, 0];
  for (let i = 0; i < z.length; i += 1) {
    loss += Math.max(z[i], 0) - z[i] * labels[i] + Math.log1p(Math.exp(-Math.abs(z[i])));
    right += z[i] > 0 === (labels[i] === 1);
  }
  return { loss: loss / z.length, accuracy: right / z.length };
}

// The gradient of the loss for every layer, {weight, bias} each, by the chain rule from the last layer to the first.
export function gradients(network, points, labels) {
  const n = labels.length;
  const { slope } = ACTIVATIONS[network.activation];
  const outputs = forward(network, points);
  let delta = outputs.at(-1).map((z, i) => (sigmoid(z) - labels[i]) / n); // ∂loss/∂z, (n, 1)
  const found = [];
  for (let l = network.layers.length - 1; l >= 0; l -= 1) {
    const layer = network.layers[l];
    const input = l > 0 ? outputs[l - 1] : points;
    found[l] = layerGradient(layer, input, n, delta);
    if (l > 0) {
      delta = throughLayer(layer, n, delta);
      for (let i = 0; i < delta.length; i += 1) delta[i] *= slope(input[i]);
    }
  }
  return found;
}

function layerGradient({ inputs, outputs }, x, n, delta) {
  const weight = new Float64Array(outputs * inputs);
  const bias = new Float64Array(outputs);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < outputs; j += 1) {
      const d = delta[i * outputs + j];
      bias[j] += d;
      for (let k = 0; k < inputs; k += 1) weight[j * inputs + k] += d * x[i * inputs + k];
    }
  }
  return { weight, bias };
}

function throughLayer({ inputs, outputs, weight }, n, delta) {
  const back = new Float64Array(n * inputs);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < outputs; j += 1) {
      const d = delta[i * outputs + j];
      for (let k = 0; k < inputs; k += 1) back[i * inputs + k] += d * weight[j * inputs + k];
    }
  }
  return back;
}

// One step of full-batch gradient descent, in place.
export function step(network, points, labels, rate) {
  gradients(network, points, labels).forEach((gradient, l) => {
    const { weight, bias } = network.layers[l];
    for (let i = 0; i < weight.length; i += 1) weight[i] -= rate * gradient.weight[i];
    for (let j = 0; j < bias.length; j += 1) bias[j] -= rate * gradient.bias[j];
  });
}
