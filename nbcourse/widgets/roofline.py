"""The roofline explorer: how fast a machine can run an operation at best, and what holds it back."""

import math

import numpy as np
import traitlets

from nbcourse.widgets import costs, svg
from nbcourse.widgets.base import Figure
from nbcourse.widgets.costs import OPERATIONS

# Gigabytes a second, then billions of operations a second for each type: one core is a round example;
# the GPUs' numbers are those of NVIDIA's data sheets, dense.
MACHINES = {
    "one CPU core": (10, {"float32": 100, "bf16": 100, "int8": 200}),
    "T4": (320, {"float32": 8100, "int8": 130_000}),
    "A100": (2039, {"float32": 19_500, "bf16": 312_000, "int8": 624_000}),
    "H200": (4800, {"float32": 67_000, "bf16": 989_000, "int8": 1_979_000}),
}
SIZES = tuple(2**k for k in range(4, 15))
INTENSITY = (-2, 5)  # the axis, in powers of ten
KEY = (  # the same words as in js/roofline.js
    "Grey: the roof, bandwidth on the left and arithmetic on the right; it bends where the two are equal. "
    "Green: the operation at best, smaller dots for sizes from 16 to 16,384. Both axes are in powers of ten. "
    "The GPUs' numbers are their maker's, for dense matrices; the core's are round ones."
)
_PREFIXES = ("p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E")


class RooflineExplorer(Figure):
    """The roofline of a machine and an operation under it.

    Parameters
    ----------
    operation : {"add", "matvec", "matmul", "conv", "attention", "fused"}
    size : int
        The operation's n: a power of two, 16 to 16,384.
    kind : {"float32", "bf16", "int8"}
        Type of the numbers.
    peak : float
        The machine's most in billions of operations a second, 1 to 10,000,000.
    bandwidth : float
        Gigabytes a second between memory and processor, 1 to 10,000.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "roofline.js"
    operation = traitlets.Enum(tuple(OPERATIONS), "matmul").tag(sync=True)
    size = traitlets.Enum(SIZES, 256).tag(sync=True)
    kind = traitlets.Enum(tuple(costs.BYTES), "float32").tag(sync=True)
    peak = traitlets.Float(100.0, min=1, max=1e7).tag(sync=True)
    bandwidth = traitlets.Float(10.0, min=1, max=1e4).tag(sync=True)
    machines = traitlets.Dict(MACHINES, read_only=True).tag(sync=True)

    def still(self) -> str:
        """Return settings, roof and what it says as HTML and SVG."""
        found = costs.bound(self.operation, self.size, self.kind, 1e9 * self.peak, 1e9 * self.bandwidth)
        words = describe(self.operation, self.size, self.kind, found)
        rows = {
            "Machine": machine(self.kind, self.peak, self.bandwidth),
            "Numbers": self.kind,
            "Operation": OPERATIONS[self.operation].name,
            "Size n": f"{self.size:,}",
            "Peak": f"{si(1e9 * self.peak)}FLOP/s",
            "Bandwidth": f"{si(1e9 * self.bandwidth)}B/s",
        }
        roofs = [_roof(self, found, words, *form) for form in (("wide", 640), ("narrow", 330))]
        return (
            f'<div class="nbc-root nbc-roofline">{svg.settings(rows)}'
            f"{svg.panel('roof', ''.join(roofs))}"
            f'<div class="nbc-words">{"".join(f"<p>{text}</p>" for text in words)}</div>'
            f'<p class="nbc-key">{KEY}</p></div>'
        )


def describe(operation: str, n: int, kind: str, found: costs.Bound) -> tuple[str, str]:
    """Return what the drawing shows in two sentences, those of ``js/roofline.js``."""
    name = OPERATIONS[operation].name
    limit = "memory" if found.intensity < found.ridge else "compute"
    share = 100 / max(1, found.ridge / found.intensity)
    return (
        f"{name[0].upper()}{name[1:]}, n = {n:,}, {kind}: {si(found.flop)}FLOP on {si(found.bytes)}B, "
        f"{plain(found.intensity)} operations a byte.",
        f"The roof bends at {plain(found.ridge)}: this is {limit}-bound. At best it takes "
        f"{si(found.seconds)}s, {si(found.rate)}FLOP/s, "
        f"{plain(share) if share >= 0.01 else 'less than 0.01'} % of the machine's most.",
    )


def si(value: float) -> str:
    """Return three digits and the prefix of a unit: "2.15 G" for 2,147,483,648."""
    power = min(6, max(-4, math.floor(math.log10(value) / 3 + 1e-12)))
    return f"{svg.rounded(value / 1000.0**power, 3):g} {_PREFIXES[power + 4]}"


def plain(value: float) -> str:
    """Return a number with three digits, thousands set apart."""
    digits = svg.rounded(value, 3)
    return f"{digits:,.0f}" if digits >= 100 else f"{digits:g}"


def machine(kind: str, peak: float, bandwidth: float) -> str:
    """Return the name of the machine with these two numbers, "your own" if there is none."""
    names = (
        name for name, (speed, peaks) in MACHINES.items() if (speed, peaks.get(kind)) == (bandwidth, peak)
    )
    return next(names, "your own")


def rates(peak: float, bandwidth: float) -> tuple[int, int]:
    """Return the axis of operations a second, in powers of ten: from 1 % of the bandwidth to the peak."""
    return math.floor(math.log10(bandwidth) + 1e-9) + 7, math.ceil(math.log10(peak) - 1e-9) + 9


def _roof(figure, found, words, name, width):
    low, high = rates(figure.peak, figure.bandwidth)
    chart = svg.Chart(width, 300, (48, width - 16, 20, 266), INTENSITY, (low, high + 0.3))
    across = [(power, plain(10.0**power)) for power in range(*INTENSITY, 2)]
    chart.ticks(across, [(power, si(10.0**power)) for power in range(low, high + 1)], name="FLOP/s, at best")
    intensity = np.array([INTENSITY[0], math.log10(found.ridge), INTENSITY[1]])
    slope = math.log10(figure.bandwidth) + 9
    chart.line(intensity, np.minimum(slope + intensity, math.log10(figure.peak) + 9), svg.DATA, width=3)
    chart.line([intensity[1]] * 2, [low, high], svg.DATA, dash="3 4", width=1)
    for n in SIZES:
        other = costs.bound(figure.operation, n, figure.kind, 1e9 * figure.peak, 1e9 * figure.bandwidth)
        cx, cy = chart.at(math.log10(other.intensity), math.log10(other.rate))
        chart.parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3" fill="{svg.SIGNAL}"/>')
    chart.dot(math.log10(found.intensity), math.log10(found.rate), svg.SIGNAL)
    _, right, _, bottom = chart.box
    place = f'x="{right}" y="{bottom + 32}" text-anchor="end"'
    chart.parts.append(f"<text {place} {svg.TEXT}>operations a byte</text>")
    drawing = chart.markup(f"The roofline. {' '.join(words)}")
    return drawing.replace("<svg", f'<svg class="nbc-{name}"', 1)
