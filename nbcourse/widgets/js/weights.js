// Trained weights as the page carries them, half precision in base64, and products with them. Pure.

// {name: [shape, base64]} → {name: { shape, values }}
export function unpack(tensors) {
  return Object.fromEntries(Object.entries(tensors).map(([name, [shape, data]]) => {
    const bytes = atob(data);
    const values = Float64Array.from({ length: bytes.length / 2 }, (_, i) =>
      half(bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8)));
    return [name, { shape, values }];
  }));
}

// The number that 16 bits stand for: sign, 5 bits of exponent, 10 of fraction. Weights are finite.
export function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
}

// A matrix (out, in) times x (in), plus a bias (out) where there is one.
export function timesVector({ shape: [rows, columns], values }, x, bias) {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    let sum = bias ? bias.values[i] : 0;
    for (let j = 0; j < columns; j += 1) sum += values[i * columns + j] * x[j];
    out[i] = sum;
  }
  return out;
}
