// What operations cost at the least, in arithmetic and in bytes moved, and how fast they can be under a roof. Pure.

const HEAD = 64; // numbers in a query, a key, a value
const CHANNELS = 64; // of the convolution, in and out

export const BYTES = { float32: 4, bf16: 2, int8: 1 };

// key: [name, operations of size n, numbers moved]; each number is read or written once.
export const OPERATIONS = {
  add: ["sum of two n × n matrices", (n) => n ** 2, (n) => 3 * n ** 2],
  matvec: ["n × n matrix times a vector", (n) => 2 * n ** 2, (n) => n ** 2 + 2 * n],
  matmul: ["product of two n × n matrices", (n) => 2 * n ** 3, (n) => 3 * n ** 2],
  conv: ["3 × 3 convolution, 64 channels, n × n pixels", (n) => 18 * CHANNELS ** 2 * n ** 2, (n) => 2 * CHANNELS * n ** 2 + 9 * CHANNELS ** 2],
  attention: ["attention over n tokens, scores stored", (n) => 4 * HEAD * n ** 2, (n) => 4 * HEAD * n + 4 * n ** 2],
  fused: ["attention over n tokens, fused", (n) => 4 * HEAD * n ** 2, (n) => 4 * HEAD * n],
};

// peak in operations a second, bandwidth in bytes a second.
export function bound(operation, n, kind, peak, bandwidth) {
  const [, operations, numbers] = OPERATIONS[operation];
  const [flop, bytes] = [operations(n), BYTES[kind] * numbers(n)];
  const rate = Math.min(peak, (bandwidth * flop) / bytes);
  return { flop, bytes, intensity: flop / bytes, ridge: peak / bandwidth, rate, seconds: flop / rate };
}
