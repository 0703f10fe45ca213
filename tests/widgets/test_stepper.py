"""Computational graphs: gradients against the engine from scratch, and JavaScript against Python, by word."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from nbcourse import scratch
from nbcourse.widgets import GraphStepper, expression, graph, stepper

RUN = Path(__file__).parent / "js" / "run-graph.mjs"
VALUES = {"w": 0.75, "x": 1.5, "b": -0.5, "y": 2.25}
TEXTS = [
    "(w*x + b - y)^2",
    "x*y + x",
    "-log(sigmoid(w*x + b))",
    "x/y/w - -b",
    "x^y^w + 2**3*x",
    "exp(-x^2/2)*sin(w*y) + cos(b)",
    "relu(b) + relu(x) + abs(b)*sqrt(y)",
    "tanh(x)*tanh(x) + x*x*x",
    "3*4 + 2",
    "w",
    ".5*w - 7.",
]
BAD = [
    "",
    "w*",
    "(a",
    "a b",
    "a $ b",
    "foo(x)",
    "exp",
    "log(b)",
    "1/(x - x)",
    "x*" * 24 + "x",
    "b^0.5",
    "sqrt(x-x)",
]
OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
    "negative": lambda a: -a,
}


@pytest.fixture(scope="module")
def javascript(node):
    cases = [{"text": text, "values": VALUES} for text in [*TEXTS, *BAD]]
    return json.loads(node(RUN, stdin=json.dumps({"cases": cases, "numbers": NUMBERS})))


def engine(nodes, values):
    """Return the result and the gradient of every name, by nbcourse.scratch."""
    leaves = {
        name: scratch.tensor(value, dtype=scratch.float64, requires_grad=True)
        for name, value in values.items()
    }
    found = []
    for node in nodes:
        if node.kind == "number":
            found.append(scratch.tensor(node.value, dtype=scratch.float64))
        elif node.kind == "name":
            found.append(leaves[node.text])
        else:
            operation = OPERATIONS.get(node.kind) or getattr(scratch, node.kind)
            found.append(operation(*(found[p] for p in node.parents)))
    if found[-1].requires_grad:
        found[-1].backward()
    return found[-1].item(), {name: leaf.grad for name, leaf in leaves.items()}


@pytest.mark.parametrize("text", TEXTS)
def test_values_and_gradients_are_the_engines(text):
    nodes = expression.parse(text)
    value, gradients = engine(nodes, VALUES)
    end = graph.state(nodes, VALUES, len(graph.walk(nodes, VALUES)))
    assert end["values"][-1] == pytest.approx(value, rel=1e-12)
    for node, gradient in zip(nodes, end["gradients"], strict=True):
        if node.kind == "name":
            assert gradient == pytest.approx(gradients[node.text].item(), rel=1e-12, abs=1e-15)
        if node.kind == "number":
            assert gradient is None, "a constant has no gradient"


def texts():
    leaf = st.sampled_from(["w", "x", "b", "y", "2", "0.5"])
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
            st.builds("{}({})".format, st.sampled_from(["tanh", "sigmoid", "sin", "cos", "exp", "-"]), inner),
        ),
        max_leaves=6,
    )


@settings(max_examples=60, deadline=None)
@given(texts())
def test_any_expression_has_the_engines_gradients(text):
    nodes = expression.parse(text)
    try:
        steps = graph.walk(nodes, VALUES)
    except graph.GraphError:
        return  # exp of exp of …: larger than any number
    _, gradients = engine(nodes, VALUES)
    end = graph.state(nodes, VALUES, len(steps))["gradients"]
    for node, gradient in zip(nodes, end, strict=True):
        if node.kind == "name":
            assert gradient == pytest.approx(gradients[node.text].item(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_javascript_walks_the_same_way(javascript, number):
    nodes, found = expression.parse(TEXTS[number]), javascript["runs"][number]
    assert [(n["kind"], tuple(n["parents"]), n["text"]) for n in found["nodes"]] == [
        (n.kind, n.parents, n.text) for n in nodes
    ]
    steps = graph.walk(nodes, VALUES)
    assert [(s["kind"], s["node"], [x["to"] for x in s["sends"]]) for s in found["steps"]] == [
        (s["kind"], s["node"], [x["to"] for x in s["sends"]]) for s in steps
    ]
    assert np.allclose(found["places"], graph.places(nodes))
    for count, (state, words) in enumerate(zip(found["states"], found["words"], strict=True)):
        ours = graph.state(nodes, VALUES, count)
        for name in ("values", "gradients"):
            theirs = state[name]
            assert [v is None for v in theirs] == [v is None for v in ours[name]]
            assert np.allclose([v or 0 for v in theirs], [v or 0 for v in ours[name]], rtol=1e-12)
        assert words == [stepper.progress(nodes, VALUES, count), *stepper.narrate(nodes, VALUES, count)]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_both_sides_refuse_the_same_with_the_same_words(javascript, number):
    with pytest.raises((expression.ExpressionError, graph.GraphError)) as error:
        graph.walk(expression.parse(BAD[number]), VALUES)
    assert javascript["runs"][len(TEXTS) + number] == {"error": str(error.value)}


NUMBERS = [0, 2, -3, 0.5, 1 / 3, -1e-4, 12345.678, 99999.9, 123456, 1e300, -0.00099999, math.pi * 1e-7]


def test_both_sides_write_numbers_alike(javascript):
    assert javascript["numbers"] == [stepper.short(value) for value in NUMBERS]


def test_a_value_used_twice_collects_both_gradients():
    nodes = expression.parse("x*y + x")
    values = {"x": 3.0, "y": -2.0}
    told = stepper.narrate(nodes, values, len(graph.walk(nodes, values)))
    assert told[1:] == ["x gets 1 × −2 = −2, and with the 1 from before −1", "y gets 1 × 3 = 3"]


@pytest.mark.parametrize(
    "text, values, expected",
    [
        ("(w*x + b)**2", {"w": 3, "x": -2, "b": 1}, {"w*x + b": -10, "b": -10, "w": 20, "x": -30}),
        ("x*x*x", {"x": 2}, {"x": 12}),
        ("relu(w*x + b)", {"w": 1, "x": 2, "b": -3}, {"w": 0}),
        ("relu(w*x + b)", {"w": 1, "x": 2, "b": -1.9}, {"w": 2}),
        ("relu(w*x + b)", {"w": 1, "x": 2, "b": -2}, {"w": 0}),
        ("tanh(5*w)", {"w": 0.1}, {"5*w": 0.786, "w": 3.93}),
        ("tanh(5*w)", {"w": 2}, {"5*w": 8.2e-9, "w": 4.1e-8}),
    ],
)
def test_the_answers_of_the_chapter_are_true(text, values, expected):
    nodes = expression.parse(text)
    found = graph.state(nodes, values, len(graph.walk(nodes, values)))["gradients"]
    told = {node.text: gradient for node, gradient in zip(nodes, found, strict=True)}
    assert {name: told[name] for name in expected} == pytest.approx(expected, rel=0.01)


def test_what_cannot_be_read_is_refused_at_once():
    with pytest.raises(traitlets.TraitError, match=r"'w \* \(': expected a number, a name or '\('"):
        GraphStepper(expression="w * (")
    with pytest.raises(traitlets.TraitError, match=r"'step'.*0.*-1"):
        GraphStepper(step=-1)


@pytest.mark.parametrize("name", stepper.EXAMPLES)
def test_every_example_runs_to_its_end(name):
    text, values = stepper.EXAMPLES[name]
    figure = GraphStepper(expression=text)
    assert figure.values == values
    still = figure.still()
    assert f"<b>{name}</b>" in still and "Backward: " in still and len(still) < 20_000
