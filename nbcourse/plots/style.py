"""One style for every figure of the course: what each colour means, and how a drawing becomes an SVG.

A figure is a function that draws on a matplotlib ``Figure``. The decorator gives it its size, the style and a
way to be shown::

    @figure(width=6.4, height=3.6)
    def sigmoid(fig):
        ax = fig.subplots()
        ...

    sigmoid()          # shows it in a notebook, returns None
    sigmoid.svg()      # the same as a string
    sigmoid.draw()     # the matplotlib Figure
"""

import functools
import inspect
import io
import re

import matplotlib
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, LogFormatterSciNotation

# Colour means the same thing in every figure. At least 3:1 against white and #14181e, and at least 24 apart
# in CIE Lab for normal, protanope, deuteranope and tritanope sight (tests/plots/test_palette.py measures it).
DATA = "#7a828c"  # data, inputs, whatever is neutral
WEIGHT = "#0666e8"  # weights, predictions
SIGNAL = "#11a567"  # activations, signals that run forward
GRADIENT = "#d77209"  # gradients, signals that run backward
LOSS = "#c90e29"  # loss, error, what to avoid

INK = "#747c86"  # text and axes only: the site replaces it by the theme's own text colour
PALETTE = {"data": DATA, "weight": WEIGHT, "signal": SIGNAL, "gradient": GRADIENT, "loss": LOSS}

SEQUENTIAL = "viridis"  # quantities from little to much
# Quantities with a sign, centred at zero: orange below, blue above as in the interactive figures, and clear
# at zero, so that the page, light or dark, shows through.
DIVERGING = LinearSegmentedColormap.from_list(
    "below and above",
    [(0, to_rgba(GRADIENT)), (0.5, to_rgba(GRADIENT, 0)), (0.5, to_rgba(WEIGHT, 0)), (1, to_rgba(WEIGHT))],
)
# One run among several, beside their mean: thin and hollow. Ink that is half clear would fade in the dark.
SEED = {"markersize": 4, "markerfacecolor": "none", "markeredgewidth": 0.9}
PAPER = "paper"  # marks pictures of ink on paper, which the site turns round in the dark

FONT_SIZE = 12.5  # 9.3 px in a figure 6.4 inches wide that a phone shows 342 px wide
_SMALLEST = 11  # for narrower figures
_POINTS_PER_INCH = 72  # matplotlib's SVG unit
_PIXELS_PER_INCH = 100  # the natural size on a page: 6.4 inches are 640 px

_RC = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": matplotlib.cycler(
        color=[WEIGHT, GRADIENT, SIGNAL, LOSS, DATA], linestyle=["-", "--", "-.", ":", "-"]
    ),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "figure.edgecolor": "none",
    "figure.facecolor": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # measures the text; it ships with matplotlib and is wide
    "grid.alpha": 0.25,
    "grid.color": INK,
    "grid.linewidth": 0.6,
    "image.cmap": SEQUENTIAL,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.markersize": 5,
    "patch.linewidth": 1,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",  # text stays text: searchable, selectable, in the reader's font
    "svg.hashsalt": "nbcourse",  # ids depend on the drawing alone
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def style(width: float = 6.4) -> dict:
    """Return the rc parameters of the style for a figure that is `width` inches wide.

    Text keeps its share of the width, so that it is at least 9 px tall where the figure is shown 342 px wide,
    as on a phone of 390 px.
    Sizes are points.
    """
    size = max(_SMALLEST, FONT_SIZE * width / 6.4)
    names = ["font.size", "axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize"]
    return _RC | dict.fromkeys([*names, "legend.fontsize"], size)


def to_svg(fig: Figure) -> str:
    """Return `fig` as an SVG element: transparent, text as text, the same bytes for the same drawing.

    There is no XML prologue, so that the string can stand in a page. Width and height are in px (100 for an
    inch), the `viewBox` is in points, and `max-width: 100%` lets it shrink to a phone.
    """
    width, height = fig.get_size_inches()
    buffer = io.StringIO()
    with matplotlib.rc_context(style(width)):
        fig.savefig(buffer, format="svg", metadata=dict.fromkeys(["Creator", "Date", "Format", "Type"]))
    return _for_page(buffer.getvalue(), width, height)


def _for_page(svg: str, width: float, height: float) -> str:
    """Trim matplotlib's SVG to what a page needs: generic font, px size, no style sheet that would leak."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"'DejaVu Sans'(, )?(sans-serif)?", "sans-serif", svg)
    svg = re.sub(r'(<image\b[^>]*?) id="image\w+"', r"\1", svg)  # the same for pictures that are alike
    svg = re.sub(rf'(<image\b[^>]*?) id="{PAPER}"', rf'\1 class="course-{PAPER}"', svg)
    box = f"0 0 {width * _POINTS_PER_INCH:g} {height * _POINTS_PER_INCH:g}"
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}" '
        f'width="{width * _PIXELS_PER_INCH:g}" height="{height * _PIXELS_PER_INCH:g}" '
        'style="max-width: 100%; height: auto; stroke-linejoin: round; stroke-linecap: butt">'
    )
    return re.sub(r"<svg[^>]*>", root, svg, count=1).strip() + "\n"


def figure(width: float = 6.4, height: float = 3.6):
    """Turn ``def f(fig, ...)``, which draws on an empty `Figure`, into a function that shows the figure.

    Parameters
    ----------
    width, height : float
        The size in inches. On a page an inch is 100 px at most; 6.4 fills the text column.

    Returns
    -------
    decorator
        ``f(...)`` shows the SVG in a notebook and returns None; its text/plain is ``<figure: f>``.
        ``f.draw(...)`` returns the matplotlib `Figure`, ``f.svg(...)`` the SVG element as a string.

    Raises
    ------
    ValueError
        If a size is not positive.
    """
    if not (width > 0 and height > 0):
        raise ValueError(f"expected a positive width and height in inches, got {width!r} and {height!r}")

    def decorate(function):
        @functools.wraps(function)
        def shown(*args, **kwargs):
            from IPython.display import display

            bundle = {
                "image/svg+xml": shown.svg(*args, **kwargs),
                "text/plain": f"<figure: {function.__name__}>",
            }
            display(bundle, raw=True)

        def draw(*args, **kwargs):
            with matplotlib.rc_context(style(width)):
                fig = Figure(figsize=(width, height), layout="constrained")  # no pyplot: no global state
                function(fig, *args, **kwargs)
            _plain_powers(fig)
            return fig

        shown.__signature__ = _without_figure(function)
        shown.draw = draw
        shown.svg = lambda *args, **kwargs: to_svg(draw(*args, **kwargs))
        return shown

    return decorate


def _without_figure(function):
    """Return the signature of `function` as its callers see it: the figure is made for them."""
    signature = inspect.signature(function)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


class _PlainLog(LogFormatter):
    """Label the ticks of a log axis 0.01, 1 or 1,000; where it goes beyond five digits, 10⁻⁶, 1 and 10³."""

    def __call__(self, x, pos=None):
        if not super().__call__(x, pos):  # matplotlib decides which ticks have a label
            return ""
        exponent = round(np.log10(x))
        if x == 1 or not (self._reaches_far() and np.isclose(x, 10.0**exponent)):
            return f"{x:,.6g}"
        return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))

    def _reaches_far(self):
        ends = np.log10(self.axis.get_view_interval())
        return ends.min() <= -5 or ends.max() >= 5


def _plain_powers(fig):
    """Replace matplotlib's own log labels, which are mathematics in small type, by text of full size."""
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if isinstance(axis.get_major_formatter(), LogFormatterSciNotation):
                axis.set_major_formatter(_PlainLog())
                axis.set_minor_formatter(_PlainLog(labelOnlyBase=False))


def label_line(ax, x, y, text: str, color: str, dy: float = 0.0):
    """Label a line at its end: a dot in the line's colour and, right of it, `text` in the text's colour.

    `x` and `y` are the line's data, or just its last point. `dy` moves the text up by so many points, for
    ends that lie close together. Returns the matplotlib annotation.
    """
    end = (np.ravel(x)[-1], np.ravel(y)[-1])
    ax.plot(*end, marker="o", markersize=4, color=color, clip_on=False, linestyle="none")
    return ax.annotate(
        text,
        end,
        xytext=(7, dy),
        textcoords="offset points",
        va="center",
        ha="left",
        color=INK,
        annotation_clip=False,
    )


def clean(ax):
    """Take away the frame, the ticks and their labels, for drawings that are not charts. Returns `ax`."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return ax


def on_paper(ax, image, low: float = 0.0, high: float = 1.0, **options):
    """Show a picture (h, w) of ink on paper: `low` is white, `high` is black.

    In the dark the site turns it round: light ink on dark paper. `options` go to ``ax.imshow``. Returns the
    matplotlib image.
    """
    shown = ax.imshow(image, cmap="gray_r", vmin=low, vmax=high, **options)
    shown.set_gid(PAPER)
    return shown


def mark_start_and_goal(ax, start, goal):
    """Mark where a path starts, by a dot, and where it should end, by a ring, in the text's colour."""
    ax.plot(*start, "o", color=INK, markersize=7, zorder=3)
    ax.plot(*goal, "o", color=INK, markersize=11, markerfacecolor="none", markeredgewidth=2, zorder=3)
