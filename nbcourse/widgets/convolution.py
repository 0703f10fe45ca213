"""The mathematics of the kernel explorer in NumPy: what ``js/convolution.js`` is tested against.

What networks call convolution: the kernel is laid over the image and not turned round (cross-correlation).
"""

import numpy as np


def output_size(n: int, k: int, padding: int, stride: int, dilation: int) -> int:
    """Return ⌊(n + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1: how often a kernel fits along a side."""
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def correlate(image, kernel, padding: int = 0, stride: int = 1, dilation: int = 1) -> np.ndarray:
    """Return the feature map (m, m) of an image (n, n) under a kernel (k, k), the border padded with 0."""
    padded, k = np.pad(np.asarray(image, float), padding), len(kernel)
    m = output_size(len(image), k, padding, stride, dilation)
    out = np.zeros((m, m))
    for i in range(k):
        for j in range(k):
            rows = slice(i * dilation, i * dilation + stride * (m - 1) + 1, stride)
            columns = slice(j * dilation, j * dilation + stride * (m - 1) + 1, stride)
            out += kernel[i][j] * padded[rows, columns]
    return out


def window(
    image, k: int, place: int, padding: int, stride: int, dilation: int
) -> list[tuple[int, int, float]]:
    """Return (row, column, value) of the pixels under the kernel at one place of the map, k² of them.

    Rows and columns count in the image; those in the padding are below 0 or beyond its end, with value 0.
    """
    n = len(image)
    m = output_size(n, k, padding, stride, dilation)
    top, left = (place // m) * stride - padding, (place % m) * stride - padding
    found = []
    for i in range(k):
        for j in range(k):
            row, column = top + i * dilation, left + j * dilation
            inside = 0 <= row < n and 0 <= column < n
            found.append((row, column, float(image[row][column]) if inside else 0.0))
    return found
