"""The graph stepper: an expression as a computational graph, run forward and backward one node at a time."""

import html
import math

import traitlets

from nbcourse.widgets import expression, graph, svg
from nbcourse.widgets.base import Figure
from nbcourse.widgets.svg import short

EXAMPLES = {  # name: [expression, values]
    "one neuron, squared error": ["(w*x + b - y)^2", {"w": 2.0, "x": 3.0, "b": -1.0, "y": 4.0}],
    "a value used twice": ["x*y + x", {"x": 3.0, "y": -2.0}],
    "sigmoid and cross-entropy": ["-log(sigmoid(w*x + b))", {"w": 0.5, "x": 2.0, "b": -2.0}],
    "two layers": ["(v*tanh(w*x) - y)^2", {"v": 1.5, "w": -1.0, "x": 0.5, "y": 1.0}],
    "a dead ReLU": ["relu(w*x + b)*v", {"w": 1.0, "x": -2.0, "b": 0.5, "v": 3.0}],
}
WIDE, ROW, TALL = 360, 82, 48  # as in js/stepper.js
SYMBOLS = {"+": "+", "-": "−", "*": "×", "/": "÷", "^": "^", "negative": "−"}
KEY = (  # the same words as in js/stepper.js
    '<span class="nbc-square nbc-value"></span> value, computed downwards. '
    '<span class="nbc-square nbc-gradient"></span> gradient of the result, computed upwards. '
    "On an edge: the local derivative."
)


class GraphStepper(Figure):
    """A computational graph that the reader types and steps through: values downwards, gradients upwards.

    Parameters
    ----------
    expression : str
        Numbers, names, ``+ - * / ^``, parentheses, and abs, cos, exp, log, relu, sigmoid, sin, sqrt, tanh;
        at most 24 nodes.
    values : dict
        A number for each name; 1 for those that are not given.
    step : int
        How many steps have been taken, 0 at the start.

    Raises
    ------
    traitlets.TraitError
        If the expression cannot be read, or `step` is negative; the message says what was expected.
    """

    script = "stepper.js"
    expression = traitlets.Unicode("(w*x + b - y)^2").tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    examples = traitlets.Dict(EXAMPLES).tag(sync=True)

    def __init__(self, **kwargs):
        known = {text: values for text, values in EXAMPLES.values()}
        text = kwargs.get("expression", "(w*x + b - y)^2")
        try:
            expression.parse(text)
        except expression.ExpressionError as error:
            raise traitlets.TraitError(f"{text!r}: {error}") from None
        super().__init__(**{"values": dict(known.get(text, {})), **kwargs})

    def still(self) -> str:
        """Return the settings, the graph after all steps, and what the last one did, as HTML and SVG."""
        nodes = expression.parse(self.expression)
        values = {n.text: float(self.values.get(n.text, 1.0)) for n in nodes if n.kind == "name"}
        count = len(graph.walk(nodes, values))
        told = [progress(nodes, values, count), *narrate(nodes, values, count)]
        example = next((name for name, (text, _) in EXAMPLES.items() if text == self.expression), "your own")
        fields = svg.fields({name: short(value) for name, value in values.items()})
        words = "".join(f"<p{' class=nbc-count' * (not i)}>{html.escape(t)}</p>" for i, t in enumerate(told))
        return (
            '<div class="nbc-root nbc-stepper">'
            f"{svg.settings({'Example': example, 'Expression': html.escape(self.expression)})}"
            f'<div class="nbc-values">{fields}</div><p class="nbc-problem"></p>'
            '<div class="nbc-actions"><p>After all steps, forward and backward:</p></div>'
            f'<div class="nbc-drawing">{picture(nodes, graph.state(nodes, values, count))}</div>'
            f'<div class="nbc-words">{words}</div><p class="nbc-key">{KEY}</p></div>'
        )


def symbol(node: expression.Node) -> str:
    """Return what stands in a node's box."""
    return node.text if node.kind in ("number", "name") else SYMBOLS.get(node.kind, node.kind)


def progress(nodes, values, count) -> str:
    """Return how far a walk has come: ``Backward: 2 of 4 nodes``."""
    steps = graph.walk(nodes, values)
    forward = sum(step["kind"] == "forward" for step in steps)
    if count <= forward:
        return f"Forward: {count} of {forward} nodes"
    return f"Backward: {count - forward - 1} of {len(steps) - forward - 1} nodes"


def narrate(nodes, values, count) -> list[str]:
    """Return what the last of the first `count` steps did, in the words of ``js/stepper.js``."""
    if not count:
        return ["The leaves have their values. Each step computes one node from its parents."]
    step = graph.walk(nodes, values)[count - 1]
    now, before = (graph.state(nodes, values, n) for n in (count, count - 1))
    node = nodes[step["node"]]
    if step["kind"] == "seed":
        return [
            "Forward is done. Backward begins: the result has gradient 1, since it changes as much as itself."
        ]
    if step["kind"] == "forward":
        return [f"{node.text} = {_working(node, now['values'])} = {short(now['values'][step['node']])}"]
    arrived, sums = short(now["gradients"][step["node"]]), before["gradients"]
    told = [
        f"At {node.text} the gradient {arrived} has arrived. "
        "Times each local derivative, it goes to the parents:"
    ]
    for send in step["sends"]:
        had = sums[send["to"]]
        sums[send["to"]] = (had or 0.0) + send["amount"]
        added = "" if had is None else f", and with the {short(had)} from before {short(sums[send['to']])}"
        product = f"{arrived} × {short(send['local'])} = {short(send['amount'])}"
        told.append(f"{nodes[send['to']].text} gets {product}{added}")
    return told


def _working(node, values):
    numbers = [short(values[p]) for p in node.parents]
    if len(numbers) == 2:
        return f"{numbers[0]} {SYMBOLS[node.kind]} {numbers[1]}"
    return f"{SYMBOLS.get(node.kind, node.kind)}({numbers[0]})"


def picture(nodes, known) -> str:
    """Return the graph as SVG; `known` is a `graph.state`."""
    spots = graph.places(nodes)
    rows = [row for _, row in spots]
    wide = min(72, WIDE / max(rows.count(row) for row in rows) - 6)
    at = [(x * WIDE, row * ROW + 4) for x, row in spots]
    edges = "".join(
        _edge(at[p], at[i], 14 * (2 * k - 1) if node.parents == (p, p) else 0)
        for i, node in enumerate(nodes)
        for k, p in enumerate(node.parents)
    )
    boxes = "".join(
        _box(node, at[i], wide, known["values"][i], known["gradients"][i]) for i, node in enumerate(nodes)
    )
    label = html.escape("; ".join(_told(node, known, i) for i, node in enumerate(nodes)))
    height = max(rows) * ROW + TALL + 8
    return (
        f'<svg viewBox="0 0 {WIDE} {height}" role="img" aria-label="The graph. {label}.">{edges}{boxes}</svg>'
    )


def _told(node, known, i):
    gradient = known["gradients"][i]
    return f"{node.text} {short(known['values'][i])}" + (
        "" if gradient is None else f", gradient {short(gradient)}"
    )


def _edge(start, end, bend):
    (x1, y1), (x2, y2) = start, end
    top, middle = y1 + TALL, (y1 + TALL + y2) / 2
    return (
        f'<path class="nbc-edge" d="M{x1:.1f} {top}C{x1 + bend:.1f} {middle} {x2 + bend:.1f} {middle} '
        f'{x2:.1f} {y2}"/>'
    )


def _box(node, place, wide, value, gradient):
    x, y = place
    left = x - wide / 2
    lines = "".join(
        f'<rect class="nbc-mark-{mark}" x="{left + 5:.1f}" y="{y + dy - 8}" width="5" height="8"/>'
        f'<text x="{left + 14:.1f}" y="{y + dy}" class="nbc-number">{short(number)}</text>'
        for mark, number, dy in (("value", value, 29), ("gradient", gradient, 43))
        if number is not None and math.isfinite(number)
    )
    kind = node.kind if node.kind in ("number", "name") else "operation"
    return (
        f'<g class="nbc-node nbc-is-{kind}"><rect x="{left:.1f}" y="{y}" width="{wide:.1f}" height="{TALL}" '
        f'rx="6" class="nbc-frame"/><text x="{x:.1f}" y="{y + 14}" class="nbc-symbol">{symbol(node)}</text>'
        f"{lines}</g>"
    )
