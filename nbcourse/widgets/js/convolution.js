// What networks call convolution, the kernel laid over the image and not turned round; as convolution.py has it. Pure.

// How often a kernel of size k fits along a side of length n.
export function outputSize(n, k, { padding, stride, dilation }) {
  return Math.floor((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1;
}

// The pixels under the kernel at one place of the map: k² times [row, column, value], value 0 in the padding.
export function windowAt(image, k, place, settings) {
  const n = image.length;
  const m = outputSize(n, k, settings);
  const { padding, stride, dilation } = settings;
  const top = Math.floor(place / m) * stride - padding;
  const left = (place % m) * stride - padding;
  return Array.from({ length: k * k }, (_, i) => {
    const [row, column] = [top + Math.floor(i / k) * dilation, left + (i % k) * dilation];
    return [row, column, image[row]?.[column] ?? 0];
  });
}

// The feature map, m·m numbers, of an image [[…], …] under a kernel of k·k numbers.
export function featureMap(image, kernel, settings) {
  const k = Math.sqrt(kernel.length);
  const m = outputSize(image.length, k, settings);
  return Array.from({ length: m * m }, (_, place) =>
    windowAt(image, k, place, settings).reduce((sum, [, , value], i) => sum + value * kernel[i], 0));
}
