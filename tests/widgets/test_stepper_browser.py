"""The graph stepper in a real browser: typed, stepped, corrected, by keyboard and by mouse."""

import pytest

from nbcourse.widgets import GraphStepper, expression, graph, stepper


@pytest.fixture
def page(open_page, book):
    return open_page(book["http"] + "stepper.html")


def words(page):
    return page.locator(".nbc-host .nbc-words p, #cell .nbc-words p").all_inner_texts()


def expected(text, values, count=None):
    nodes = expression.parse(text)
    count = len(graph.walk(nodes, values)) if count is None else count
    return [stepper.progress(nodes, values, count), *stepper.narrate(nodes, values, count)]


NEURON = stepper.EXAMPLES["one neuron, squared error"]


def test_every_step_forward_and_back_says_what_python_says(page):
    steps = len(graph.walk(expression.parse(NEURON[0]), NEURON[1]))
    step, back = (page.get_by_role("button", name=name, exact=True) for name in ("Step", "Back"))
    for count in range(steps + 1):
        assert words(page) == expected(*NEURON, count)
        assert page.get_by_role("button", name="Back").is_disabled() == (count == 0)
        if count < steps:
            step.press("Enter")
    assert step.is_disabled()
    assert page.locator(".nbc-host .nbc-mark-gradient").count() == 8, "all nodes but the constant"
    back.click()
    assert words(page) == expected(*NEURON, steps - 1)
    assert page.locator(".nbc-host .nbc-back").count() == 2, "the edges of the current step"
    page.get_by_role("button", name="Restart").click()
    assert words(page) == expected(*NEURON, 0)
    assert page.locator(".nbc-host .nbc-mark-gradient").count() == 0


def test_an_expression_and_its_numbers_are_typed(page):
    page.get_by_label("Expression").fill("a*tanh(b) + a")
    assert page.get_by_label("Example").input_value() == ""
    page.get_by_label("a", exact=True).fill("2")
    page.get_by_label("b", exact=True).fill("-0,5")
    page.get_by_role("button", name="To the end").click()
    assert words(page) == expected("a*tanh(b) + a", {"a": 2.0, "b": -0.5})
    label = page.locator(".nbc-host .nbc-drawing svg").get_attribute("aria-label")
    assert "tanh(b) −0.4621, gradient 2" in label
    page.get_by_label("a", exact=True).fill("3")  # the walk stays at its end, with the new number
    assert words(page) == expected("a*tanh(b) + a", {"a": 3.0, "b": -0.5})


def test_a_mistake_is_named_and_the_last_graph_stays(page):
    problem = page.locator(".nbc-host .nbc-problem")
    page.get_by_label("Expression").fill("(w*x")
    assert problem.inner_text() == "Expected ')' at place 5, got the end."
    assert page.get_by_role("button", name="Step", exact=True).is_disabled()
    assert page.locator(".nbc-host .nbc-node").count() == 9
    page.get_by_label("Expression").fill("log(w)")
    page.get_by_label("w", exact=True).fill("-1")
    assert problem.inner_text() == "Log(w) has no finite value here."
    page.get_by_label("w", exact=True).fill("minus one")
    assert problem.inner_text() == "Expected a number for w, got 'minus one'."
    page.get_by_label("w", exact=True).fill("1")
    assert problem.inner_text() == ""
    page.get_by_role("button", name="To the end").click()
    assert words(page) == expected("log(w)", {"w": 1.0})


@pytest.mark.parametrize("name", stepper.EXAMPLES)
def test_examples_bring_their_numbers(page, name):
    page.get_by_label("Example").select_option(name)
    text, values = stepper.EXAMPLES[name]
    assert page.get_by_label("Expression").input_value() == text
    fields = {key: page.get_by_label(key, exact=True).input_value() for key in values}
    assert fields == {key: stepper.short(value) for key, value in values.items()}
    page.get_by_role("button", name="To the end").click()
    assert words(page) == expected(text, values)


def test_the_module_speaks_with_the_kernel(open_module):
    page = open_module(GraphStepper(expression="x*y + x", step=2))
    assert words(page) == expected("x*y + x", {"x": 3.0, "y": -2.0}, 2)
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.evaluate("[model.get('step'), saved > 0]") == [3, True]
    page.evaluate("model.set('values', { x: 1, y: 1 })")
    assert page.get_by_label("x", exact=True).input_value() == "1"
    page.evaluate("model.set('expression', 'x^2')")
    assert page.get_by_label("Expression").input_value() == "x^2"
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0
