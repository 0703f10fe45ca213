"""The kernel explorer: a kernel of nine weights slides over an image, and the feature map grows."""

import functools

import numpy as np
import traitlets

from nbcourse.widgets import convolution, svg
from nbcourse.widgets.base import Figure
from nbcourse.widgets.svg import rounded, short

SIDE = 3
KERNELS = {
    "vertical edges": [-1, 0, 1, -2, 0, 2, -1, 0, 1],  # Sobel's
    "horizontal edges": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
    "mean": [1 / 9] * 9,
    "sharpen": [0, -1, 0, -1, 5, -1, 0, -1, 0],
    "nothing changed": [0, 0, 0, 0, 1, 0, 0, 0, 0],
    "one step to the left": [0, 0, 0, 0, 0, 1, 0, 0, 0],
}
KEY = (  # the same words as in js/kernel.js
    "First the image, with the pixels under the kernel framed and the padding dashed; then the kernel; then "
    "the feature map, blue above 0 and orange below. Click a place of the map to go there."
)


@functools.cache
def pictures() -> dict:
    """Return the images as lists of rows, values from 0 to 16: two drawn here, two handwritten digits."""
    from nbcourse import datasets

    train = datasets.digits().train
    drawn = {"step": np.where(np.arange(8) < 4, 2, 14) * np.ones((8, 1)), "cross": np.zeros((8, 8))}
    drawn["cross"][3:5, :], drawn["cross"][:, 3:5] = 12, 12
    digits = {f"a {d}": 16 * train.X[np.flatnonzero(train.y == d)[0]].reshape(8, 8) for d in (7, 0)}
    return {name: np.round(image).astype(int).tolist() for name, image in {**drawn, **digits}.items()}


class KernelExplorer(Figure):
    """A 3 × 3 kernel over an image of 8 × 8 pixels: the products under it, their sum, and the feature map.

    Parameters
    ----------
    image : {"step", "cross", "a 7", "a 0"}
    kernel : list of 9 numbers
        Row by row.
    padding, stride, dilation : int
        0 to 2; 1 to 3; 1 or 2.
    place : int
        Where the kernel is, counted along the rows of the map.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "kernel.js"
    image = traitlets.Unicode("a 7").tag(sync=True)
    kernel = traitlets.List(traitlets.CFloat(), KERNELS["vertical edges"], minlen=9, maxlen=9).tag(sync=True)
    padding = traitlets.Int(1, min=0, max=2).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=3).tag(sync=True)
    dilation = traitlets.Int(1, min=1, max=2).tag(sync=True)
    place = traitlets.Int(0, min=0).tag(sync=True)
    images = traitlets.Dict().tag(sync=True)
    kernels = traitlets.Dict(KERNELS).tag(sync=True)

    def __init__(self, **kwargs):
        name = kwargs.get("image", "a 7")
        if name not in pictures():
            raise traitlets.TraitError(f"'image' expected one of {', '.join(pictures())}; got {name!r}")
        super().__init__(**{"images": pictures(), **kwargs})

    def feature_map(self) -> np.ndarray:
        """Return the map (m, m) of the settings as they are."""
        kernel = np.array(self.kernel).reshape(SIDE, SIDE)
        return convolution.correlate(
            self.images[self.image], kernel, self.padding, self.stride, self.dilation
        )

    def words(self) -> tuple[str, str]:
        """Return the sum at `place`, and how the map's size is counted, as two sentences."""
        image, found = self.images[self.image], self.feature_map()
        m, settings = len(found), (self.padding, self.stride, self.dilation)
        place = self.place if self.place < found.size else 0
        under = convolution.window(image, SIDE, place, *settings)
        at = f"Row {place // m + 1}, column {place % m + 1} of the map"
        told = _sum(self.kernel, [pixel for *_, pixel in under], found.ravel()[place])
        p, s, d = settings
        size = f"⌊({len(image)} + 2·{p} − {d}·({SIDE} − 1) − 1) / {s}⌋ + 1 = {m}"
        return f"{at}: {told}.", f"Size of the map: {size}."

    def still(self) -> str:
        """Return settings, image, kernel and the whole feature map as HTML and SVG."""
        total, size = self.words()
        preset = next((name for name, kernel in KERNELS.items() if kernel == self.kernel), "your own")
        rows = {
            "Image": self.image,
            "Kernel": preset,
            "Padding": self.padding,
            "Stride": self.stride,
            "Dilation": self.dilation,
        }
        weights = "".join(f"<b>{short(w)}</b>" for w in self.kernel)
        image, found = np.array(self.images[self.image]), self.feature_map()
        feature = _grid(found, max(1, np.abs(found).max()), (svg.GRADIENT, svg.WEIGHT), "The map")
        return (
            f'<div class="nbc-root nbc-kernel">{svg.settings(rows)}'
            '<div class="nbc-actions"><p>The whole feature map:</p></div>'
            f"{svg.panel('image', _grid(image, 16, (svg.DATA, svg.DATA), 'The image', self.padding))}"
            f'<div class="nbc-weights">{weights}</div>'
            f"{svg.panel('feature', feature)}"
            f'<p class="nbc-sum">{total}</p><p class="nbc-size">{size}</p><p class="nbc-problem"></p>'
            f'<p class="nbc-key">{KEY}</p></div>'
        )


def _sum(kernel, pixels, value):
    """Return the products that are not 0 and their sum: ``2·13 − 1·11 = 15``."""
    terms = [
        (w, f"{short(abs(w))}·{short(pixel)}") for w, pixel in zip(kernel, pixels, strict=True) if w * pixel
    ]
    if not terms:
        return "all nine products are 0"
    signs = [("− " if w < 0 else "+ ") if i else ("−" if w < 0 else "") for i, (w, _) in enumerate(terms)]
    total = " ".join(sign + text for sign, (_, text) in zip(signs, terms, strict=True))
    return f"{total} = {short(value)}"


def _grid(values, most, colours, name, border=0):
    """Return a square of numbers, shaded by size: the first colour below 0, the second above."""
    cell = 320 / (len(values) + 2 * border)
    parts = []
    for (row, column), value in np.ndenumerate(values):
        x, y = (column + border) * cell, (row + border) * cell
        shade = 0.6 * min(1, abs(value) / most)
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{cell:.1f}" height="{cell:.1f}" '
            f'fill="{colours[int(value >= 0)]}" fill-opacity="{shade:.2f}" '
            f'stroke="{svg.DATA}" stroke-width="0.5"/>'
            f'<text x="{x + cell / 2:.1f}" y="{y + cell / 2 + 4:.1f}" text-anchor="middle" {svg.TEXT}>'
            f"{_cell(value)}</text>"
        )
    if border:
        parts.append(f'<path d="M1,1H319V319H1Z" fill="none" stroke="{svg.DATA}" stroke-dasharray="3 3"/>')
    rows = "; ".join(" ".join(f"{v:.3g}" for v in row) for row in values)
    label = f"{name}, {len(values)} by {len(values)}: rows {rows}."
    return f'<svg viewBox="0 0 320 320" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _cell(value):
    return f"{rounded(value, 2):g}".replace("-", "−")
