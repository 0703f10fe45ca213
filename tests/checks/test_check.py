"""`check` and `evaluate`: honest about right answers, wrong ones, odd ones and stubs; never an error."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbcourse import checks
from nbcourse.checks import check, evaluate, registry
from nbcourse.checks.properties import equal, holds, is_type, matches, raises, same_dtype, same_shape
from nbcourse.checks.registry import exercise


def scaled_reference(x, factor):
    return x * factor


@pytest.fixture(autouse=True, scope="module")
def demo():
    """Three exercises of a chapter of our own, registered while this module is tested."""

    @exercise("demo/scaled", signature="scaled(x, factor)")
    def scaled(answer, rng):
        """An array times a factor.

        More lines are not the summary.
        """
        x = rng.normal(size=(3, 4))
        yield same_shape(answer(x, 2), x, "keeps the shape")
        yield same_dtype(answer(x, 2), x, "keeps the dtype")
        yield matches(answer, scaled_reference, (x, 3.0), "is the product")
        yield "zero stays zero", (answer(np.zeros(1), 2) == 0).all()
        yield "takes an empty array", lambda: answer(np.zeros(0), 2).shape == (0,)

    @exercise("demo/step", signature="step(w, g)", in_place=("w",))
    def step(answer, rng):
        """Change w in place by -g."""
        w, g = rng.normal(size=3), rng.normal(size=3)
        old = w.copy()
        answer(w, g)
        yield equal(w, old - g, "moves w against g", 1e-12)

    @exercise("demo/weights")
    def weights(answer, rng):
        """Two weights that add up to one."""
        yield equal(sum(answer), 1, "they add up to one", 1e-12)

    yield
    for name in [name for name in registry._EXERCISES if name.startswith("demo/")]:
        del registry._EXERCISES[name]


def good(x, factor=2):
    return x * factor


def no_default_needed(x, factor):
    return np.multiply(x, factor)


@pytest.mark.parametrize("answer", [good, no_default_needed, np.multiply, lambda x, factor=2: factor * x])
def test_right_answers_pass(answer):
    for seed in range(5):
        assert evaluate("demo/scaled", answer, seed=seed).passed
    result = evaluate("demo/scaled", answer)
    assert str(result) == "✓ demo/scaled: 5 of 5 properties hold"
    assert (result.attempted, result.failures, result.total, result.stopped) == (True, (), 5, False)


def dots(x, factor=2): ...


def documented(x, factor=2):
    """A stub with words."""


def passing(x, factor=2):
    """A stub with words."""
    pass


def not_implemented(x, factor=2):
    """A stub that says so."""
    raise NotImplementedError("write me")


class StubClass:
    """A class of stubs."""

    def __init__(self, x): ...

    def forward(self, x):
        """Words."""


@pytest.mark.parametrize(
    "stub",
    [dots, documented, passing, not_implemented, StubClass, None, ..., (..., ...), {"w": ...}, lambda x: ...],
)
def test_stubs_are_not_attempted(stub):
    result = evaluate("demo/scaled", stub)
    assert (result.attempted, result.passed) == (False, False)
    assert str(result) == "demo/scaled: not attempted yet"


LIBRARY = {}
exec(compile("def missing_feature():\n    raise NotImplementedError('dim')", "elsewhere.py", "exec"), LIBRARY)


def calls_what_is_missing(x, factor=2):
    return LIBRARY["missing_feature"]()


def test_a_missing_feature_that_an_answer_uses_is_no_stub():
    result = evaluate("demo/scaled", calls_what_is_missing)
    assert result.attempted and not result.passed


def in_float32(x, factor):
    return (x * factor).astype(np.float32)


def flattened(x, factor):
    return np.ravel(x * factor)


def forgot_return(x, factor):
    x * factor


def divides_by_zero(x, factor):
    return 1 / 0


def recursive(x, factor):
    return recursive(x, factor)


def leaves(x, factor):
    sys.exit(3)


def in_place(x, factor):
    x *= factor
    return x


def fails_when_empty(x, factor):
    if not len(x):
        raise ValueError("empty")
    return x * factor


def talkative(x, factor):
    print("debugging", x.shape)
    return x + factor


def needs_more(x, factor, bias):
    return x * factor + bias


ENDED = "; an error ended the check"
SIGNATURE = "has the signature asked for: expected"


@pytest.mark.parametrize(
    "answer, held, lines",
    [
        (in_float32, "3 of 5", ["keeps the dtype: expected dtype float64, got float32"]),
        (flattened, "3 of 5", ["keeps the shape: expected shape (3, 4), got (12,)"]),
        (forgot_return, "0 of 4", ["keeps the shape: it returned None (is a `return` missing?)"]),
        (divides_by_zero, "0 of 1", ["raises ZeroDivisionError: division by zero (line"]),
        (recursive, "0 of 1", ["raises RecursionError: it calls itself without end (line"]),
        (leaves, "0 of 1", ["raises SystemExit: 3 (line"]),
        (in_place, "5 of 6", ["leaves its inputs as they were: it changes x in place; work on a copy"]),
        (fails_when_empty, "4 of 5", ["takes an empty array: it raises ValueError: empty (line"]),
        (talkative, "3 of 5", ["is the product: expected ", "zero stays zero"]),
        (needs_more, "0 of 1", [f"{SIGNATURE} scaled(x, factor), got needs_more(x, factor, bias)"]),
        ([1, 2], "0 of 1", [f"{SIGNATURE} the function scaled(x, factor), got a list"]),
        ("text", "0 of 1", [f"{SIGNATURE} the function scaled(x, factor), got a str"]),
    ],
    ids=lambda value: getattr(value, "__name__", "") or None,
)
def test_odd_answers_are_described(answer, held, lines, capsys):
    check("demo/scaled", answer)
    shown = capsys.readouterr()
    printed = shown.out.splitlines()
    assert shown.err == ""
    ended = answer in (forgot_return, divides_by_zero, recursive, leaves)
    assert printed[0] == f"✗ demo/scaled: {held} properties hold{ENDED if ended else ''}"
    for line in lines:
        assert any(text.startswith(f"  ✗ {line}") for text in printed), shown.out
    assert not evaluate("demo/scaled", answer).passed


def test_what_an_answer_prints_is_counted_not_shown(capsys):
    check("demo/scaled", talkative)
    printed = capsys.readouterr().out
    assert "debugging" not in printed
    assert printed.endswith("  note: your code printed 5 lines during the check; they are not shown\n")


def test_error_line_is_the_readers_own():
    result = evaluate("demo/scaled", divides_by_zero)
    first = divides_by_zero.__code__.co_firstlineno
    assert f"(line {first + 1}: return 1 / 0)" in str(result)


def test_arguments_that_may_change():
    def right(w, g):
        w -= g

    def wrong(w, g):
        w -= g
        g[:] = 0

    assert evaluate("demo/step", right).passed
    failure = evaluate("demo/step", wrong).failures[-1]
    assert failure.detail == "it changes g in place; work on a copy"


@pytest.mark.parametrize("container", [list, tuple, lambda a: {"w": a[0]}])
def test_arrays_inside_containers_are_watched(container):
    @exercise("demo/containers", signature="total(parameters)")
    def containers(answer, rng):
        """The sum of all parameters."""
        parameters = container([np.ones(2), np.ones(3)])
        answer(parameters)
        yield (
            "leaves them",
            next(iter(parameters.values() if isinstance(parameters, dict) else parameters)).sum() == 2,
        )

    def spoils(parameters):
        for p in parameters.values() if isinstance(parameters, dict) else parameters:
            p += 1

    assert str(evaluate("demo/containers", spoils)).endswith("it changes parameters in place; work on a copy")
    assert evaluate("demo/containers", lambda parameters: len(parameters)).passed


def test_a_default_can_be_asked_for():
    @exercise("demo/default", signature="scaled(x, factor=2, *, out=None)")
    def default(answer, rng):
        """An array times two, or another factor."""
        yield matches(answer, scaled_reference, (np.ones(2), 2), "is the product")
        yield "doubles without a factor", answer(np.ones(1))[0] == 2

    assert evaluate("demo/default", lambda x, factor=2, *, out=None: x * factor).passed
    assert "got <lambda>(x, factor)" in str(evaluate("demo/default", lambda x, factor: x * factor))


def test_a_value_can_be_asked_for():
    assert evaluate("demo/weights", (0.25, 0.75)).passed
    assert str(evaluate("demo/weights", (0.5, 0.75))).endswith("they add up to one: expected 1, got 1.25")
    assert "raises TypeError" in str(evaluate("demo/weights", 7))


def test_same_answer_same_verdict_and_the_notebooks_stream_goes_on():
    def seeds(x, factor):
        np.random.seed(0)  # noqa: NPY002
        return x * factor

    np.random.seed(7)  # noqa: NPY002
    expected = np.random.rand(3)  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    assert evaluate("demo/scaled", seeds).passed
    np.testing.assert_array_equal(np.random.rand(3), expected)  # noqa: NPY002


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.lists(st.floats() | st.text(max_size=3), max_size=4),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.sampled_from(
        [object(), np.float32, np.array("a"), np.array([None, 1]), np.ma.masked, [[1], [1, 2]], range(3)]
    ),
    st.sampled_from(
        [np.zeros((0, 4)), np.full((3, 4), np.nan), np.zeros((3, 4), bool), np.datetime64("2025-01-01")]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ODD)
def test_no_answer_breaks_a_check(odd):
    for answer in (odd, lambda x, factor: odd):
        for name in ("demo/scaled", "demo/weights"):
            result = evaluate(name, answer)
            assert not result.passed
            assert "\n".join(str(result).splitlines()) == str(result)


@settings(deadline=None)
@given(st.sampled_from([KeyError, ValueError, AssertionError, StopIteration, MemoryError, SystemExit]))
def test_no_error_leaves_a_check(error):
    def failing(x, factor):
        raise error("no")

    assert not evaluate("demo/scaled", failing).passed


def test_the_reader_can_interrupt():
    def interrupted(x, factor):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate("demo/scaled", interrupted)


@pytest.mark.parametrize(
    "got, expected, tolerance, detail",
    [
        ([1.0, 2.0], [1.0, 2.0], 0, ""),
        ([1.0, 2.0], [1.0, 2.5], 0.4, "expected 2.5 at [1], got 2"),
        (1.0, 1.5, 0.5, ""),
        (float("nan"), float("nan"), 0, ""),
        (float("inf"), float("inf"), 0, ""),
        (float("inf"), float("-inf"), 1e9, "expected -inf, got inf"),
        (1.0, float("nan"), 1e9, "expected nan, got 1"),
        ("a", 1.0, 0, "expected numbers, got 'a'"),
        (np.ones((2, 1)), np.ones(2), 0, "expected shape (2,), got (2, 1)"),
        (True, 1, 0, ""),
    ],
)
def test_equal(got, expected, tolerance, detail):
    assert equal(got, expected, "is right", tolerance) == ("is right", not detail, detail)


def test_other_helpers():
    assert holds(1, "so", "why") == ("so", True, "why")
    assert is_type(3, (int, float), "a number").holds
    assert is_type("3", (int, float), "a number").detail == "expected int or float, got str"
    assert same_shape(np.ones((2, 3)), (2, 3)).holds
    assert same_dtype([1.0], np.float64).holds

    def refuses(x):
        raise ValueError(f"expected 2, got {x}")

    assert raises(ValueError, refuses, 3).holds
    assert raises(TypeError, refuses, 3).detail.startswith(
        "expected TypeError; it raises ValueError: expected 2"
    )
    assert raises(ValueError, str, 3).detail == "expected ValueError; it returned '3'"
    assert matches(np.tanh, np.sin, (np.ones(1),), "tanh").detail == "expected 0.841471, got 0.761594"
    assert matches(np.tanh, np.tanh, (np.ones(1),), "tanh", dtype=True).holds


def test_same_gradients():
    scratch = pytest.importorskip("nbcourse.scratch")
    from nbcourse.checks.properties import same_gradients

    x, rng = np.arange(3.0), np.random.default_rng(0)
    assert same_gradients(lambda t: t * t, lambda t: t * t, [x], rng, "of a square").holds
    wrong = same_gradients(lambda t: t * t.detach(), lambda t: t * t, [x], rng, "of a square")
    assert wrong.detail.startswith("gradient of argument 1: expected")
    cut = same_gradients(lambda t: t.detach() + scratch.tensor(x), lambda t: t * t, [x], rng, "of a square")
    assert not cut.holds


@pytest.mark.parametrize(
    "name, message",
    [
        ("demo/scale", "there is no exercise 'demo/scale'; did you mean 'demo/scaled'?"),
        ("neurons/poket", "there is no exercise 'neurons/poket'; did you mean 'neurons/pocket'?"),
        ("neuron/pocket", "there is no exercise 'neuron/pocket'; did you mean 'neurons/pocket'?"),
    ],
)
def test_unknown_exercise_names_the_nearest(name, message):
    with pytest.raises(KeyError) as caught:
        check(name, good)
    assert str(caught.value) == message


def test_unknown_chapter_names_the_nearest():
    with pytest.raises(KeyError, match="there is no chapter 'neuron'; did you mean 'neurons'"):
        checks.exercises("neuron")
    with pytest.raises(TypeError, match="expected the name of an exercise"):
        check(good, "demo/scaled")


def test_exercises_are_listed_by_chapter():
    chapters = checks.chapters()
    assert "neurons" in chapters and not {"registry", "properties", "progress", "answer"} & set(chapters)
    assert checks.exercises() == [name for chapter in chapters for name in checks.exercises(chapter)]
    assert all(name.startswith("neurons/") for name in checks.exercises("neurons"))
    assert checks.find("demo/scaled").summary == "An array times a factor."


def test_registration_refuses_what_a_reader_could_not_use():
    with pytest.raises(ValueError, match="needs a docstring"):
        exercise("demo/silent")(lambda answer, rng: ())

    def other(answer, rng):
        """Another one."""

    other.__module__ = "elsewhere"
    with pytest.raises(ValueError, match="two exercises are called 'demo/scaled'"):
        exercise("demo/scaled")(other)


def run_check(home, answer="lambda X, y, passes: X[0]", **environment):
    """Check an answer in a process of its own; return what it printed."""
    script = f"from nbcourse import check; check('neurons/pocket', {answer})"
    variables = {k: v for k, v in os.environ.items() if k != "NBCOURSE_PROGRESS"}
    variables |= {"NBCOURSE_HOME": str(home), "PYTHONIOENCODING": "utf-8"} | environment
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=variables, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("where", ["a_file_in_the_way", "a_folder_in_the_way"])
def test_unwritable_progress_is_one_calm_line(tmp_path, where):
    if where == "a_file_in_the_way":
        (tmp_path / "home").write_text("not a folder")
    else:
        (tmp_path / "home" / "progress.json").mkdir(parents=True)
    printed = run_check(tmp_path / "home").splitlines()
    assert printed[0].startswith("✗ neurons/pocket")
    assert printed[-1].startswith("  note: your progress could not be saved (")


def test_progress_is_recorded_in_a_process_of_its_own(tmp_path):
    run_check(tmp_path)
    run_check(tmp_path)
    run_check(tmp_path, answer="...")  # not attempted: nothing to count
    assert '"attempts": 2' in (tmp_path / "progress.json").read_text()
    assert [p.name for p in tmp_path.iterdir()] == ["progress.json"]


def test_off_records_nothing(tmp_path):
    run_check(tmp_path, NBCOURSE_PROGRESS="off")
    assert not list(Path(tmp_path).iterdir())
