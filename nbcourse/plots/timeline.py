"""Two drawings of the whole: eighty years of neural networks on one axis, and a map of the chapters."""

from nbcourse.plots.style import DATA, GRADIENT, INK, LOSS, SIGNAL, WEIGHT, clean, figure

# year on the axis, year as written, what, who, meaning
EVENTS = [
    (1943, "1943", "Threshold neuron", "McCulloch and Pitts", "forward"),
    (1957.5, "1957/58", "Perceptron", "Rosenblatt: report, then paper", "weights"),
    (1969, "1969", "Perceptrons, the book", "Minsky and Papert: its limits", "limits"),
    (1970, "1970", "Reverse-mode differentiation", "Linnainmaa, master's thesis", "backward"),
    (1974, "1974", "… to fit a model's weights", "Werbos, doctoral thesis", "backward"),
    (1986, "1986", "Backpropagation", "Rumelhart, Hinton and Williams", "backward"),
    (1997, "1997", "LSTM", "Hochreiter and Schmidhuber", "forward"),
    (1998, "1998", "LeNet-5", "LeCun, Bottou, Bengio and Haffner", "forward"),
    (2012, "2012", "AlexNet", "Krizhevsky, Sutskever and Hinton", "forward"),
    (2015.5, "2015/16", "ResNet", "He, Zhang, Ren and Sun", "forward"),
    (2017, "2017", "Transformer", "Vaswani and others", "forward"),
    (2018, "2018 on", "GPT language models", "Radford and others; GPT-3 in 2020", "forward"),
]

# meaning: (colour, marker, words of the key); the marker is the second cue
_MEANINGS = {
    "weights": (WEIGHT, "s", "weights that learn"),
    "forward": (SIGNAL, "o", "signals run forward"),
    "limits": (LOSS, "X", "a limit"),
    "backward": (GRADIENT, "<", "gradients run backward"),
}

_ROW = 36  # points between two rows of the timeline


@figure(width=4.6, height=6.95)
def timeline(fig):
    """Draw the history of neural networks, 1943 to now: a true time axis on the left, one row for each step.

    Years and names are those of the publications in the bibliography.
    """
    ax, width, height = _canvas(fig)
    top, bottom, axis_x, text_x = height - 16, 62, 40, 128

    def y_of(year):
        return top - (year - 1943) / (2025 - 1943) * (top - bottom - 6)

    ax.plot([axis_x, axis_x], [y_of(1943), y_of(2025)], color=INK, linewidth=1)
    for decade in range(1950, 2030, 10):
        ax.plot([axis_x - 4, axis_x], [y_of(decade)] * 2, "-", color=INK, linewidth=0.8)
        ax.text(axis_x - 7, y_of(decade), str(decade), ha="right", va="center")
    for row, (year, written, what, who, meaning) in enumerate(EVENTS):
        color, marker, _ = _MEANINGS[meaning]
        y, row_y = y_of(year), top - row * _ROW
        ax.plot(
            [axis_x, axis_x + 12, text_x - 56, text_x - 50],
            [y, y, row_y, row_y],
            "-",
            color=color,
            linewidth=1,
        )
        ax.plot(axis_x, y, marker=marker, color=color, markersize=6)
        ax.text(text_x - 46, row_y, written, va="center")
        ax.text(text_x + 8, row_y, what, va="center", weight="bold")
        ax.text(text_x + 8, row_y - 13, who, va="center")
    _key(ax, 30, width)


def _key(ax, top, width):
    """Say what colours and markers mean, in two columns under the timeline."""
    for index, (color, marker, words) in enumerate(_MEANINGS.values()):
        x, y = 14 + (index % 2) * (width / 2 - 14), top - (index // 2) * 18
        ax.plot(x, y, marker=marker, color=color, markersize=6)
        ax.text(x + 8, y, words, va="center")


# number, title, what it is about, meaning's colour
_TRUNK = [
    ("01", "Neurons", "weights, losses, first networks", WEIGHT),
    ("02", "Activations", "signals that survive depth", SIGNAL),
    ("03", "Backpropagation", "gradients, the engine, descent", GRADIENT),
    ("04", "Training in practice", "data, regularisation, monitoring", LOSS),
]
_BRANCHES = {
    "05": ("Convolutional\nnetworks", SIGNAL, 0, 0),
    "06": ("Recurrent\nnetworks", SIGNAL, 1, 0),
    "07": ("Transformers", SIGNAL, 1, 1),
    "08": ("Scaling up", DATA, 0, 2),
    "09": ("Applications\nand limits", DATA, 1, 2),
}


@figure(width=4.6, height=5.95)
def chapter_map(fig):
    """Draw the nine chapters and what each needs: arrows run to the chapter that builds on it."""
    ax, width, height = _canvas(fig)
    box_h, gap, left, right = 40, 18, 8, width - 8
    centres = []
    for index, (number, title, about, color) in enumerate(_TRUNK):
        y = height - 8 - box_h - index * (box_h + gap)
        _box(ax, left, y, right - left, box_h, color)
        ax.text(left + 12, y + box_h / 2, number, va="center", size=16, color=INK)
        ax.text(left + 44, y + box_h / 2 + 8, title, va="center", weight="bold")
        ax.text(left + 44, y + box_h / 2 - 8, about, va="center")
        centres.append(y)
        if index:
            _arrow(ax, (width / 2, y + box_h + gap), (width / 2, y + box_h))
    _branches(ax, centres[-1], box_h, gap, left, right)


def _branches(ax, top, box_h, gap, left, right):
    """Draw chapters 05 to 09 in two columns under the trunk, whose lower edge is `top`."""
    column = (right - left - 20) / 2
    step = box_h + gap + 8
    x_of = [left, right - column]
    mid = [x + column / 2 for x in x_of]
    y_of = [top - (row + 1) * step for row in range(3)]
    for number, (title, color, side, row) in _BRANCHES.items():
        _box(ax, x_of[side], y_of[row], column, box_h, color)
        ax.text(x_of[side] + 12, y_of[row] + box_h / 2, number, va="center", size=16)
        ax.text(x_of[side] + 44, y_of[row] + box_h / 2, title, va="center", weight="bold", linespacing=1.15)
    for x in mid:
        _arrow(ax, (x, top), (x, y_of[0] + box_h))
    _arrow(ax, (mid[1], y_of[0]), (mid[1], y_of[1] + box_h))
    joint = y_of[1] - (step - box_h) / 2
    ax.plot(mid, [joint, joint], color=INK, linewidth=1)  # 08 and 09 build on 05 and on 07
    for x, start in zip(mid, (y_of[0], y_of[1]), strict=True):
        _arrow(ax, (x, start), (x, y_of[2] + box_h))


def _canvas(fig):
    """Return axes without frame whose unit is the point, and their width and height."""
    fig.set_layout_engine("none")
    width, height = (72 * inches for inches in fig.get_size_inches())
    ax = clean(fig.add_axes((0, 0, 1, 1)))
    ax.set(xlim=(0, width), ylim=(0, height))
    return ax, width, height


def _box(ax, x, y, width, height, color):
    from matplotlib.patches import FancyBboxPatch

    shape = {"boxstyle": "round,pad=0,rounding_size=6", "linewidth": 1.5}
    ax.add_patch(FancyBboxPatch((x, y), width, height, edgecolor=color, facecolor="none", **shape))
    ax.add_patch(
        FancyBboxPatch((x, y), width, height, edgecolor="none", facecolor=color, alpha=0.12, **shape)
    )


def _arrow(ax, start, end):
    style = {
        "arrowstyle": "-|>",
        "color": INK,
        "linewidth": 1,
        "shrinkA": 0,
        "shrinkB": 1,
        "mutation_scale": 9,
    }
    ax.annotate("", xy=end, xytext=start, arrowprops=style)
