"""Helpers that a chapter's checks yield: each compares, and says in one line what was expected and what came.

Every helper returns a `Property`, a named tuple (sentence, holds, detail). A value may be a number, a
list, an array or a tensor of either stack. The helpers that take a function call it themselves, so that
an error inside it becomes the detail of that one property and the check goes on.
"""

from typing import NamedTuple

import numpy as np

from nbcourse.checks.answer import NotAttempted, describe
from nbcourse.messages import short
from nbcourse.report import to_array


class Property(NamedTuple):
    """One property of an answer: the sentence that states it, whether it holds, else what was seen."""

    sentence: str
    holds: bool
    detail: str = ""


def holds(condition, what, detail=""):
    """`what` holds when `condition` is true; `detail` is shown when it is not."""
    return Property(what, bool(condition), detail)


def equal(got, expected, what, tolerance=0.0):
    """Same shape, every element within `tolerance` (absolute). NaN equals NaN; infinities agree in sign."""
    shape = np.shape(to_array(expected))
    problem = _kind_problem(got) or _shape_problem(got, shape) or _value_problem(got, expected, tolerance)
    return Property(what, not problem, problem)


def same_shape(got, expected, what="has the right shape"):
    """`got` has the shape `expected`: a tuple, or an array whose shape is meant."""
    shape = expected if isinstance(expected, tuple) else np.shape(to_array(expected))
    problem = _kind_problem(got) or _shape_problem(got, shape)
    return Property(what, not problem, problem)


def same_dtype(got, expected, what="has the right dtype"):
    """`got` has the dtype `expected`: a dtype, or an array whose dtype is meant."""
    problem = _kind_problem(got)
    if not problem:
        dtype = (
            expected.dtype if isinstance(getattr(expected, "dtype", None), np.dtype) else np.dtype(expected)
        )
        found = to_array(got).dtype
        problem = "" if found == dtype else f"expected dtype {dtype}, got {found}"
    return Property(what, not problem, problem)


def is_type(got, types, what):
    """`got` is an instance of a type, or of one of a tuple of types."""
    names = " or ".join(t.__name__ for t in (types if isinstance(types, tuple) else (types,)))
    fine = isinstance(got, types)
    return Property(what, fine, "" if fine else f"expected {names}, got {type(got).__name__}")


def raises(exception, function, *arguments, what=None):
    """Calling `function` raises `exception`."""
    what = what or f"raises {exception.__name__} when it must"
    try:
        got = function(*arguments)
    except exception:
        return Property(what, True)
    except (Exception, SystemExit) as error:
        return Property(what, False, f"expected {exception.__name__}; it {describe(error, function)}")
    return Property(what, False, f"expected {exception.__name__}; it returned {short(got)}")


def matches(answer, reference, arguments, what, tolerance=1e-12, dtype=False):
    """`answer(*arguments)` and `reference(*arguments)` agree in shape and values (and dtype, if asked)."""
    expected = reference(*arguments)
    try:
        got = answer(*arguments)
    except (Exception, SystemExit) as error:
        NotAttempted.raise_if(error, answer)
        return Property(what, False, f"it {describe(error, answer)}")
    compared = equal(got, expected, what, tolerance)
    if compared.holds and dtype:
        return same_dtype(got, to_array(expected).dtype, what)
    return compared


def same_gradients(answer, reference, arrays, rng, what, tolerance=1e-9):
    """The gradients of `answer` and of `reference`, functions of scratch tensors, agree for every array.

    Both get fresh tensors that require gradients, and the same random upstream gradient drawn from `rng`.
    """
    expected, upstream = _gradients(reference, arrays, rng=rng)
    try:
        got, _ = _gradients(answer, arrays, upstream)
    except (Exception, SystemExit) as error:
        NotAttempted.raise_if(error, answer)
        return Property(what, False, f"it {describe(error, answer)}")
    for i, (a, b) in enumerate(zip(got, expected, strict=True)):
        if a is None:
            return Property(what, False, f"argument {i + 1} received no gradient")
        compared = equal(a, b, what, tolerance)
        if not compared.holds:
            return compared._replace(detail=f"gradient of argument {i + 1}: {compared.detail}")
    return Property(what, True)


def _gradients(function, arrays, upstream=None, rng=None):
    """Gradients of a function of scratch tensors, and the upstream gradient used (drawn if not given)."""
    from nbcourse import scratch

    tensors = [scratch.tensor(np.array(a), requires_grad=True) for a in arrays]
    out = function(*tensors)
    if upstream is None:
        upstream = rng.normal(size=out.shape).astype(out.dtype)
    out.backward(scratch.tensor(upstream))
    return [t.grad for t in tensors], upstream


def _kind_problem(got):
    """What is wrong when `got` is not numbers at all."""
    if got is None:
        return "it returned None (is a `return` missing?)"
    try:
        array = to_array(got)
    except (TypeError, ValueError) as error:
        return f"expected numbers, got {short(got)} ({error})"
    return f"expected numbers, got {short(got)}" if array.dtype.kind not in "biufc" else ""


def _shape_problem(got, shape):
    found = to_array(got).shape
    return "" if found == tuple(shape) else f"expected shape {tuple(shape)}, got {found}"


def _value_problem(got, expected, tolerance):
    """The worst element, when one is further away than `tolerance`."""
    a, b = np.atleast_1d(to_array(got)), np.atleast_1d(to_array(expected))
    kind = complex if np.iscomplexobj(a) or np.iscomplexobj(b) else float
    a, b = a.astype(kind), b.astype(kind)
    with np.errstate(invalid="ignore"):
        distance = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
    distance = np.where(np.isnan(distance), np.inf, distance)
    if not distance.size or distance.max() <= tolerance:
        return ""
    worst = np.unravel_index(distance.argmax(), distance.shape)
    where = "" if distance.size == 1 else f" at {list(map(int, worst))}"
    return f"expected {b[worst]:.6g}{where}, got {a[worst]:.6g}"
