"""Still images of the playground as inline SVG: small, deterministic, in the page's own colours."""

import base64
import struct
import zlib

import contourpy
import numpy as np

from nbcourse.widgets import network
from nbcourse.widgets.svg import DATA, GRADIENT, LOSS, TEXT, WEIGHT, trace

EXTENT = 1.6  # as in js/plane.js: the plane shows [−1.6, 1.6]²
GRID = 48
LOW, HIGH = GRADIENT, WEIGHT  # a diverging scale
LEGEND = '<span class="nbc-low">▲</span> class 0, <span class="nbc-high">●</span> class 1; hollow: held out'
KEY = (  # the same words as in js/playground.js; `nbc-live` marks what the still does not show
    'Lines: weights, <span class="nbc-sample"><span class="nbc-swatch nbc-high"></span> solid blue</span> '
    'positive, <span class="nbc-sample"><span class="nbc-swatch nbc-low"></span> dashed orange</span> '
    "negative, thicker is larger. Hollow points are held out, not trained on. "
    '<span class="nbc-live">Small squares: what each neuron answers over the plane, blue high, orange low. '
    "Reset draws new weights.</span>"
)
MOST_LOSS = 40.0  # the curve's axis grows so far; what is above is cut off, and marked


def plane(run: dict) -> str:
    """Return the decision regions of a run as SVG: probability as colour, the line of 0.5, and the points."""
    axis = np.linspace(-EXTENT, EXTENT, GRID)
    grid = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)  # rows from the top down
    z = network.logits(run["layers"], run["activation"], grid).reshape(GRID, GRID)
    p = 1 / (1 + np.exp(-z))
    side, half = 320, 160 / (GRID - 1)
    lines = contourpy.contour_generator(z=z).lines(0.0)  # p = 0.5
    path = "".join(trace(line * side / (GRID - 1)) for line in lines)
    image = base64.b64encode(_png(_shades(p))).decode()
    alt = f"Decision regions after training: {100 * run['accuracy']:.0f} % of the held-out points are right."
    return (
        f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="{alt}">'
        f'<image href="data:image/png;base64,{image}" x="{-half:.2f}" y="{-half:.2f}" '
        f'width="{side + 2 * half:.2f}" height="{side + 2 * half:.2f}" preserveAspectRatio="none"/>'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="2"/>{_points(run, side)}</svg>'
    )


def diagram(layers: network.Layers) -> str:
    """Return the network as SVG: a line for each weight, its width the size, its dash and colour the sign."""
    sizes = [2, *(len(bias) for _, bias in layers)]
    width, height = 300, 190
    apart = min(40, height / max(sizes))

    def at(column, j):
        x = 40 + (width - 80) * column / (len(sizes) - 1)
        return x, height / 2 + (j - (sizes[column] - 1) / 2) * apart

    lines = [
        _weight(at(column, k), at(column + 1, j), w)
        for column, (weight, _) in enumerate(layers)
        for (j, k), w in np.ndenumerate(weight)
    ]
    places = [at(column, j) for column, size in enumerate(sizes) for j in range(size)]
    nodes = [f'<circle cx="{x:.0f}" cy="{y:.1f}" r="8" fill="{DATA}"/>' for x, y in places]
    names = [(places[0], -26, "x₁"), (places[1], -26, "x₂"), (places[-1], 14, "p")]
    text = [f'<text x="{x + dx:.0f}" y="{y + 4:.0f}" {TEXT}>{name}</text>' for (x, y), dx, name in names]
    alt = f"The network: layers of {', '.join(map(str, sizes))} units."
    inside = "".join([*lines, *nodes, *text])
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{alt}">{inside}</svg>'


def _weight(start: tuple[float, float], end: tuple[float, float], w: float) -> str:
    (x1, y1), (x2, y2) = start, end
    mid = (x1 + x2) / 2
    colour = f'stroke="{HIGH}"' if w >= 0 else f'stroke="{LOW}" stroke-dasharray="5 4"'
    return (
        f'<path d="M{x1:.0f},{y1:.1f}C{mid:.0f},{y1:.1f} {mid:.0f},{y2:.1f} {x2:.0f},{y2:.1f}" '
        f'fill="none" stroke-width="{0.4 + 3.2 * min(1, abs(w) / 4):.1f}" {colour}/>'
    )


def curve(train: list[float], held_out: list[float]) -> str:
    """Return both losses against the step as SVG, each line named at its end."""
    width, height, left, right, top, bottom = 300, 136, 26, 242, 20, 118
    most, ticks, cut = scale([*train, *held_out])

    def y(value):
        return bottom - (bottom - top) * np.minimum(value, most) / most

    def line(values, colour, dash=""):
        kept = np.linspace(0, len(values) - 1, 60).round().astype(int)
        x = left + (right - left) * kept / (len(values) - 1)
        path = trace(np.stack([x, y(np.array(values)[kept])], axis=1))
        return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'

    lines = "".join(
        f'<path d="M{left},{y(t):.0f}H{right}" stroke="{DATA}" stroke-width="0.75" '
        f'opacity="{0.4 if t else 1}"/>'
        f'<text x="{left - 6}" y="{y(t) + 4:.0f}" text-anchor="end" {TEXT}>{name}</text>'
        for t, name in ticks
    )
    (a, first), (b, second) = sorted([(y(train[-1]), "train"), (y(held_out[-1]), "held out")])
    lacking = max(0.0, 13 - (b - a)) / 2
    names = (
        f'<text x="{right + 6}" y="{a + 4 - lacking:.0f}" {TEXT}>{first}</text>'
        f'<text x="{right + 6}" y="{b + 4 + lacking:.0f}" {TEXT}>{second}</text>'
        f'<text x="0" y="10" {TEXT}>{f"loss (↑ above {most:g})" if cut else "loss"}</text>'
        f'<text x="{right}" y="{bottom + 14}" text-anchor="end" {TEXT}>step {len(train)}</text>'
    )
    dashed = line(train, DATA, ' stroke-dasharray="4 3"')
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="Loss against training steps.">'
        f"{lines}{dashed}{line(held_out, LOSS)}{names}</svg>"
    )


def scale(losses: list[float]) -> tuple[float, list[tuple[float, str]], bool]:
    """Return the axis of the loss: its top, its ticks as (value, name), and whether it cuts losses off."""
    highest = max(0.75, *(loss for loss in losses if np.isfinite(loss)))
    top = min(highest, MOST_LOSS)
    step = next(step for step in (0.5, 1, 2, 5, 10) if top <= 4 * step)
    values = [i * step for i in range(int(top // step) + 1)]
    return top, [(v, f"{v:.1f}" if v and step < 1 else f"{v:.0f}") for v in values], highest > top


def _points(run: dict, side: int) -> str:
    """Circles for class 1, triangles for class 0; filled where trained on, hollow where held out."""
    where = (run["X"] * [1, -1] + EXTENT) / (2 * EXTENT) * side
    half = len(where) // 2
    out = []
    for label, colour in ((0, LOW), (1, HIGH)):
        for held in (True, False):
            chosen = (run["y"] == label) & ((np.arange(len(where)) >= half) == held)
            paint = f'fill="none" stroke="{colour}" stroke-width="1.5"' if held else f'fill="{colour}"'
            mark = "m-3.4,0a3.4,3.4 0 1 0 6.8,0a3.4,3.4 0 1 0-6.8,0" if label else "m0,-4.2l3.7,6.8h-7.4z"
            path = "".join(f"M{x:.1f},{y:.1f}{mark}" for x, y in where[chosen])
            out.append(f'<path d="{path}" {paint}/>')
    return "".join(out)


def _shades(p: np.ndarray) -> np.ndarray:
    """Return p (rows, columns) as RGBA bytes: orange below 0.5, nothing at 0.5, blue above."""
    low, high = (np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) for colour in (LOW, HIGH))
    colour = np.where(p[..., None] < 0.5, low, high)
    alpha = np.round(255 * 0.42 * np.abs(2 * p - 1))[..., None]
    return np.concatenate([colour, alpha], axis=-1).astype(np.uint8)


def _png(pixels: np.ndarray) -> bytes:
    """Return RGBA bytes (rows, columns, 4) as a PNG file."""
    rows, columns, _ = pixels.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    scanlines = b"".join(b"\0" + row.tobytes() for row in pixels)  # filter 0 before each row
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    data = zlib.compress(scanlines, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
