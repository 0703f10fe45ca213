"""Runs a computational graph forward and backward, one node at a time; ``js/graph.js`` does the same.

`walk` lists every step and `state` says what is known after some of them. The local derivative of a node is
the slope of its own operation alone; what a parent receives is that slope times what arrived at the node.
"""

import math

from nbcourse.widgets.expression import Node

_sigmoid = lambda a: 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))  # noqa: E731

OPERATIONS = {  # kind: (value of the parents, local derivatives given the parents' values and the own value)
    "+": (lambda a, b: a + b, lambda y, a, b: (1, 1)),
    "-": (lambda a, b: a - b, lambda y, a, b: (1, -1)),
    "*": (lambda a, b: a * b, lambda y, a, b: (b, a)),
    "/": (lambda a, b: a / b, lambda y, a, b: (1 / b, -a / b**2)),
    "^": (
        lambda a, b: a**b,
        lambda y, a, b: (b * a ** (b - 1) if b else 0.0, y * math.log(a) if a > 0 else math.nan),
    ),
    "negative": (lambda a: -a, lambda y, a: (-1,)),
    "abs": (abs, lambda y, a: ((a > 0) - (a < 0),)),
    "cos": (math.cos, lambda y, a: (-math.sin(a),)),
    "exp": (math.exp, lambda y, a: (y,)),
    "log": (math.log, lambda y, a: (1 / a,)),
    "relu": (lambda a: max(a, 0.0), lambda y, a: (float(a > 0),)),
    "sigmoid": (_sigmoid, lambda y, a: (y * (1 - y),)),
    "sin": (math.sin, lambda y, a: (math.cos(a),)),
    "sqrt": (math.sqrt, lambda y, a: (0.5 / y,)),
    "tanh": (math.tanh, lambda y, a: (1 - y * y,)),
}


class GraphError(ValueError):
    """A node has no finite value or slope; the message names it."""


def evaluate(nodes: list[Node], values: dict) -> list[float]:
    """Return the value of every node; `values` gives a number for each name. Raises GraphError."""
    found = []
    for node in nodes:
        if node.kind == "number":
            found.append(node.value)
        elif node.kind == "name":
            found.append(float(values[node.text]))
        else:
            found.append(_finite(node, OPERATIONS[node.kind][0], [found[p] for p in node.parents]))
    return found


def _finite(node, function, arguments):
    try:
        value = function(*arguments)
    except (ArithmeticError, ValueError):
        value = math.nan
    if isinstance(value, complex) or not math.isfinite(value):
        raise GraphError(f"{node.text} has no finite value here")
    return value


def needed(nodes: list[Node]) -> list[bool]:
    """Say of every node whether it depends on a name: only such nodes have a gradient."""
    found = []
    for node in nodes:
        found.append(node.kind == "name" or any(found[p] for p in node.parents))
    return found


def walk(nodes: list[Node], values: dict) -> list[dict]:
    """Return all steps in order: {"kind": "forward" | "seed" | "backward", "node", "sends"}.

    "sends" lists {"to", "local", "amount"} for each parent that receives a gradient.
    """
    known, wanted = evaluate(nodes, values), needed(nodes)
    inner = [i for i, node in enumerate(nodes) if node.parents]
    steps = [{"kind": "forward", "node": i, "sends": []} for i in inner]
    steps.append({"kind": "seed", "node": len(nodes) - 1, "sends": []})
    gradients = [0.0] * len(nodes)
    gradients[-1] = 1.0
    for i in reversed(inner):
        if not wanted[i]:
            continue
        node = nodes[i]
        slopes = OPERATIONS[node.kind][1]
        try:
            local = slopes(known[i], *(known[p] for p in node.parents))
        except (ArithmeticError, ValueError):
            local = [math.nan] * len(node.parents)
        sends = [
            {"to": p, "local": float(slope), "amount": gradients[i] * slope}
            for p, slope in zip(node.parents, local, strict=True)
            if wanted[p]
        ]
        for send in sends:
            if not math.isfinite(send["amount"]):
                raise GraphError(f"{node.text} has no finite slope here")
            gradients[send["to"]] += send["amount"]
        steps.append({"kind": "backward", "node": i, "sends": sends})
    return steps


def state(nodes: list[Node], values: dict, count: int) -> dict:
    """Return {"values", "gradients"} (None where not known yet) after the first `count` steps."""
    known, steps = evaluate(nodes, values), walk(nodes, values)[:count]
    shown = [None if node.parents else known[i] for i, node in enumerate(nodes)]
    gradients = [None] * len(nodes)
    for step in steps:
        if step["kind"] == "forward":
            shown[step["node"]] = known[step["node"]]
        if step["kind"] == "seed":
            gradients[step["node"]] = 1.0
        for send in step["sends"]:
            gradients[send["to"]] = (gradients[send["to"]] or 0.0) + send["amount"]
    return {"values": shown, "gradients": gradients}


def levels(nodes: list[Node]) -> list[int]:
    """Return each node's row, 0 at the top: operations stand below their parents, leaves above their use."""
    found = [0] * len(nodes)
    for i, node in enumerate(nodes):
        if node.parents:
            found[i] = 1 + max((found[p] for p in node.parents), default=0)
    for i, node in enumerate(nodes):
        uses = [found[j] for j, other in enumerate(nodes) if i in other.parents]
        if not node.parents and uses:
            found[i] = min(uses) - 1
    return found


def places(nodes: list[Node]) -> list[tuple[float, int]]:
    """Return (x from 0 to 1, row) of every node: in its row each stands near the middle of its parents."""
    rows, x = levels(nodes), [0.5] * len(nodes)
    for row in range(max(rows) + 1):
        members = [i for i, r in enumerate(rows) if r == row]

        def middle(i):
            parents = nodes[i].parents
            return sum(x[p] for p in parents) / len(parents) if parents else _written(nodes, i)

        members.sort(key=lambda i: (middle(i), i))
        for place, i in enumerate(members):
            x[i] = (place + 0.5) / len(members)
    return list(zip(x, rows, strict=True))


def _written(nodes, leaf):
    """Say where a leaf belongs in its row: left or right of its partner, as it was written."""
    for node in nodes:
        if leaf in node.parents and len(node.parents) == 2:
            return 0.25 if node.parents[0] == leaf else 0.75
    return 0.5
