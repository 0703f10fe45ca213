"""Charts as inline SVG for still images, in the page's own colours: the Python side of ``js/chart.js``."""

import decimal

import numpy as np

DATA, WEIGHT, SIGNAL, GRADIENT, LOSS = "#7a828c", "#0666e8", "#11a567", "#d77209", "#c90e29"
TEXT = 'font-size="11" fill="currentColor" font-family="sans-serif"'

_VIRIDIS = (  # matplotlib's scale at eleven points, as in js/viridis.js
    *((68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 145, 140)),
    *((34, 168, 132), (68, 191, 112), (122, 209, 81), (189, 223, 38), (253, 231, 37)),
)


class Chart:
    """A chart of `width` × `height` units whose frame is `box` (left, right, top, bottom).

    `x` and `y` are the ranges (from, to); values outside are cut off by ``line``.
    """

    def __init__(self, width, height, box, x, y):
        self.size, self.box, self.ranges, self.parts = (width, height), box, (x, y), []

    def at(self, x, y):
        """Return the place (n, 2) of values x (n,), y (n,)."""
        left, right, top, bottom = self.box
        (x0, x1), (y0, y1) = self.ranges
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        places = [
            left + (right - left) * (x - x0) / (x1 - x0),
            bottom + (top - bottom) * (y - y0) / (y1 - y0),
        ]
        return np.stack(places, axis=-1)

    def line(self, x, y, colour, dash="", width=2):
        """Add a line through values x (n,), y (n,)."""
        low, high = self.ranges[1]
        path = trace(self.at(x, np.clip(y, low, high)))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def dot(self, x, y, colour):
        """Add a dot at one value."""
        cx, cy = self.at(x, np.clip(y, *self.ranges[1]))
        self.parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="4" fill="{colour}"/>')

    def ticks(self, x=(), y=(), base=None, name=""):
        """Add ticks [(value, name), …] with lines across for y, the line of `base` the strongest."""
        left, right, _, bottom = self.box
        for value, text in y:
            row = self.at(0, value)[1]
            self.parts.append(
                f'<path d="M{left},{row:.1f}H{right}" stroke="{DATA}" stroke-width="0.75" '
                f'opacity="{1 if value == base else 0.4}"/>'
                f'<text x="{left - 5}" y="{row + 4:.1f}" text-anchor="end" {TEXT}>{text}</text>'
            )
        for value, text in x:
            column = self.at(value, 0)[0]
            self.parts.append(
                f'<text x="{column:.1f}" y="{bottom + 14}" text-anchor="middle" {TEXT}>{text}</text>'
            )
        self.parts.append(f'<text x="0" y="10" {TEXT}>{name}</text>')

    def markup(self, label):
        """Return the SVG; `label` says what it shows."""
        width, height = self.size
        inside = "".join(self.parts)
        return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">{inside}</svg>'


def trace(points):
    """Return points (n, 2) as the data of an SVG path."""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def panel(area, picture):
    """Return a picture in the grid area of that name."""
    return f'<div class="nbc-{area}"><div class="nbc-canvas">{picture}</div></div>'


def settings(rows):
    """Return {name: value} as the settings of a still."""
    return f'<div class="nbc-controls">{fields(rows)}</div>'


def fields(rows):
    """Return {name: value} as fields that nobody can change."""
    cell = '<div class="nbc-control"><span class="nbc-label">{}</span><b>{}</b></div>'
    return "".join(cell.format(name, value) for name, value in rows.items())


def short(value: float) -> str:
    """Return a number with at most four digits and a true minus sign, halves away from 0 as in JavaScript."""
    if abs(value) >= 1e5 or (value and abs(value) < 1e-3):
        mantissa, power = f"{rounded(value, 2):.1e}".split("e")
        text = f"{mantissa}e{int(power)}"
    else:
        text = f"{rounded(value, 4):g}"
    return text.replace("-", "−")


def rounded(value: float, digits: int) -> float:
    """Return a number with so many significant digits; a half goes away from 0, and there is no −0."""
    context = decimal.Context(prec=digits, rounding=decimal.ROUND_HALF_UP)
    return float(context.create_decimal(decimal.Decimal(float(value)))) + 0.0


def viridis(share: float) -> str:
    """Return the colour of a share between 0 and 1 on the viridis scale, "#rrggbb"."""
    at = min(1, max(0, share)) * (len(_VIRIDIS) - 1)
    below = min(len(_VIRIDIS) - 2, int(at))
    mixed = np.array(_VIRIDIS[below]) * (1 - at + below) + np.array(_VIRIDIS[below + 1]) * (at - below)
    return "#" + "".join(f"{int(c + 0.5):02x}" for c in mixed)
