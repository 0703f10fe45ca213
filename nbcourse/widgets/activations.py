"""The activation explorer: a function with its slope, and a signal that runs through many layers of it."""

import functools
import math

import numpy as np
import traitlets

from nbcourse.widgets import signals, svg
from nbcourse.widgets.base import Figure

NAMES = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "softplus": "softplus",
}
MOST_LAYERS, BINS, REACH = 50, 41, 3
KEY = (  # the same words as in js/activations.js
    "Green: the function, and the signal on its way forward. Orange, dashed: its slope, and the gradient on "
    "its way back. Each layer multiplies by random weights of deviation gain/√n, then applies the function; "
    "a gain of 1 is Xavier's, √2 is He's."
)


class ActivationExplorer(Figure):
    """An activation function, its slope, and the signal and gradient in a stack of layers that use it.

    Parameters
    ----------
    activation : {"sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus"}
    gain : float
        Deviation of the weights times √n, 0.2 to 10: 1 is Xavier's, √2 is He's.
    depth : int
        Layers, 1 to 50, of 64 neurons each.
    x : float
        Where value and slope are read, −4 to 4.
    seed : int
        Of the weights and inputs.

    Raises
    ------
    traitlets.TraitError
        If a setting is out of its range; the message names the setting, what was expected and what came.
    """

    script = "activations.js"
    activation = traitlets.Enum(tuple(signals.FUNCTIONS), "tanh").tag(sync=True)
    gain = traitlets.Float(1.0, min=0.19, max=10).tag(sync=True)
    depth = traitlets.Int(20, min=1, max=MOST_LAYERS).tag(sync=True)
    x = traitlets.Float(1.0, min=-4, max=4).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)

    def still(self) -> str:
        """Return settings, function, signal and sizes as HTML and SVG."""
        run = propagated(self.activation, self.gain, self.depth, self.seed)
        first, second = describe(self.activation, self.x, run)
        rows = {
            "Activation": NAMES[self.activation],
            "Input x": signed(self.x),
            "Gain": f"{self.gain:.2f}",
            "Layers": self.depth,
        }
        return (
            f'<div class="nbc-root nbc-activations">{svg.settings(rows)}'
            '<div class="nbc-actions"><p>One set of random weights:</p></div>'
            f"{svg.panel('curve', _curve(self.activation, self.x, first))}"
            f"{svg.panel('signal', _signal(run['layers'], second))}"
            f"{svg.panel('sizes', _sizes(run, second))}"
            f'<div class="nbc-words"><p>{first}</p><p>{second}</p></div><p class="nbc-key">{KEY}</p></div>'
        )


propagated = functools.lru_cache(maxsize=16)(signals.propagate)


def describe(activation: str, x: float, run: dict) -> tuple[str, str]:
    """Return what the drawings show in two sentences, those of ``js/activations.js``."""
    f, slope = (f"{one(np.array(x)):.3f}".replace("-", "−") for one in signals.FUNCTIONS[activation])
    signal, gradient, zero = run["signal"], run["gradient"], run["zero"]
    forward, back = size(signal[-1] / signal[0]), size(gradient[0] / gradient[-1])
    return (
        f"At x = {signed(x)}: value {f}, slope {slope}.",
        f"After {len(signal) - 1} layers the signal is {forward} times the input's size, and the gradient "
        f"arrives at the input {back} times as large as it began. "
        f"In the last layer {math.floor(100 * zero[-1] + 0.5)} % of the slopes are 0.",
    )


def signed(value: float) -> str:
    """Return a number with one decimal and a true minus sign."""
    return f"{value:.1f}".replace("-", "−")


def size(value: float) -> str:
    """Return a ratio with two digits, as a power of ten where it is small or large."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "infinitely many"
    if 0.01 <= value < 1000:
        return f"{float(f'{value:.1e}'):g}"
    power = math.floor(math.log10(value) + 1e-12)
    return f"{value / 10.0**power:.1f}·{power_of_ten(power)}"


def power_of_ten(power: int) -> str:
    """Return 10⁻⁸ for −8."""
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")) if power else "1"


def histogram(values: np.ndarray) -> np.ndarray:
    """Return counts in the bins of [−REACH, REACH] as shares of the fullest; the outer ones take the rest."""
    bins = np.floor((values.ravel() + REACH) / (2 * REACH) * BINS).clip(0, BINS - 1).astype(int)
    counts = np.bincount(bins, minlength=BINS)
    return counts / counts.max()


def decades(values: np.ndarray) -> tuple[int, int]:
    """Return the axis of sizes in powers of ten, within ±16 and never narrower than ±2."""
    logs = np.log10(values[(values > 0) & np.isfinite(values)])

    def even(power):
        return 2 * math.ceil(min(16, power) / 2)

    return -even(max(2, -min(0, *logs))), even(max(2, *logs))


def _curve(activation, x, label):
    chart = svg.Chart(300, 208, (22, 290, 20, 190), (-4, 4), (-1.2, 3))
    marks = [(v, str(v).replace("-", "−")) for v in range(-4, 5)]
    chart.ticks(marks[::2], marks[3:8], base=0, name="f(x) and its slope")
    inputs = np.linspace(-4, 4, 81)
    value, slope = signals.FUNCTIONS[activation]
    chart.line([x, x], [-1.2, 3], svg.DATA, width=1)
    chart.line(inputs, slope(inputs), svg.GRADIENT, dash="5 4")
    chart.line(inputs, value(inputs), svg.SIGNAL)
    chart.dot(x, float(slope(np.array(x))), svg.GRADIENT)
    chart.dot(x, float(value(np.array(x))), svg.SIGNAL)
    return chart.markup(f"The function and its slope. {label}")


def _signal(layers, label):
    chart = svg.Chart(300, 144, (30, 290, 20, 138), (0, len(layers)), (-REACH, REACH))
    chart.ticks(y=[(-3, "−3"), (0, "0"), (3, "3")], base=0, name="values of the signal, layer by layer")
    wide, high = 260 / len(layers), 118 / BINS
    for layer, values in enumerate(layers):
        for bin_, share in enumerate(histogram(values)):
            if share:
                chart.parts.append(
                    f'<path d="M{30 + layer * wide:.1f},{138 - (bin_ + 0.5) * high:.1f}h{0.9 * wide:.1f}" '
                    f'stroke="{svg.SIGNAL}" stroke-width="{high:.1f}" opacity="{0.2 + 0.8 * share:.2f}"/>'
                )
    return chart.markup(f"Values of the signal in each layer. {label}")


def _sizes(run, label):
    depth = len(run["signal"]) - 1
    low, high = decades(np.concatenate([run["signal"], run["gradient"]]))
    chart = svg.Chart(300, 144, (30, 290, 20, 126), (0, depth + 1), (low, high))
    powers = [(power, power_of_ten(power)) for power in (low, 0, high)]
    chart.ticks(
        [(0.5, "0"), (depth + 0.5, depth)], powers, base=0, name="size of signal and gradient, layer by layer"
    )
    layers = np.arange(depth + 1) + 0.5
    with np.errstate(divide="ignore"):
        chart.line(layers, np.log10(run["gradient"]), svg.GRADIENT, dash="5 4")
        chart.line(layers, np.log10(run["signal"]), svg.SIGNAL)
    return chart.markup(f"Sizes of signal and gradient in each layer. {label}")
