"""Nothing public goes untested: every name, and every parameter of it, has a row in the table."""

import contextlib
import inspect
import re

import pytest
import torch

from nbcourse import scratch

from .public import parameters, public_callables, recording
from .rows import draw
from .test_table import FAMILIES

# names that torch does not have, or has elsewhere
OWN = {"nn.utils.count_parameters", "gradcheck"}
# what torch's documentation names, and is no parameter here, with the reason
DIFFERENT = {
    "Tensor.copy_": {"src"},  # its name in older versions
    "Tensor.div_": {"value"},
    "Tensor.mul_": {"value"},
    "Tensor.to": {"copy", "device", "dtype", "memory_format", "non_blocking", "other"},  # *args, **kwargs
    "Tensor.type_as": {"tensor"},
    "Tensor.uniform_": {"from"},  # no name in Python
    "einsum": {"args"},  # operands
    "nn.functional.one_hot": {"tensor"},
    "pow": {"self"},  # its name where a number is the base
    "result_type": {"tensor1", "tensor2"},
    "searchsorted": {"values"},
    "set_default_dtype": {"d"},
    "tensor_split": {"indices", "sections"},
    "true_divide": {"dividend", "divisor"},
}
# of these torch takes one value alone; a row in BAD shows that another raises ValueError
ONE_VALUE = {("nn.ConvTranspose1d", "__init__.padding_mode"), ("nn.ConvTranspose2d", "__init__.padding_mode")}
PASSED_ON = {"args", "kwargs", "__init__.args", "__init__.kwargs"}  # to the function that says more


def run_table():
    """Make every call of the table on the engine."""
    for family in FAMILIES.values():
        for row in getattr(family, "ROWS", {}).values():
            row.call(scratch, *[scratch.tensor(a, requires_grad=True) for a in draw(row)])
        for row in getattr(family, "MODULES", {}).values():
            inputs = [scratch.tensor(a, requires_grad=True) for a in draw(row, "float32")]
            row.call(scratch, row.make(scratch), *inputs)
        for call, _ in getattr(family, "NOT_BUILT", {}).values():
            with contextlib.suppress(NotImplementedError):
                call()
        for _, call in getattr(family, "calls", list)():
            call()


@pytest.fixture(scope="module")
def used():
    with recording() as found:
        run_table()
    return found


@pytest.mark.parametrize("name", public_callables())
def test_every_parameter_has_a_row(name, used):
    missing = [p for p in parameters(public_callables()[name]) if (name, p) not in used | ONE_VALUE]
    assert (name, None) in used, f"{name}: no row calls it"
    assert not missing, f"{name}: no row uses {missing}"


def theirs(name):
    """The same thing of torch's, or None."""
    place = torch.Tensor if name.startswith("Tensor.") else torch
    for part in name.removeprefix("Tensor.").split("."):
        place = getattr(place, part, None)
    return place


def torch_parameters(value):
    """The names of the parameters of one of torch's callables."""
    if not inspect.isbuiltin(value):  # of one that is, Python 3.13 knows that it takes an "object"
        with contextlib.suppress(ValueError, TypeError):
            return set(parameters(value))
    # built in: the documentation shows calls
    calls = re.findall(re.escape(value.__name__) + r"\((.*?)\) *->", value.__doc__ or "")
    pieces = [piece for call in calls for piece in re.sub(r"\[.*?\]|\(.*?\)", "", call).split(",")]
    names = [re.split("[:=]", piece)[0].split() for piece in pieces]  # "Tensor input = None" → input
    return {name[-1].lstrip("\\*") for name in names if name} - {"", "/"}


@pytest.mark.parametrize("name", public_callables())
def test_the_parameters_are_torchs(name):
    expected = theirs(name)
    if name in OWN:
        assert expected is None, f"{name}: torch has it; say why it differs"
        return
    assert expected is not None, f"{name}: torch has no such name"
    known, mine = torch_parameters(expected), set(parameters(public_callables()[name]))
    missing = known - mine - DIFFERENT.get(name, set()) - PASSED_ON - {"out"}
    assert not missing, f"{name}: torch also takes {sorted(missing)}"


@pytest.mark.parametrize("name", [n for n, f in public_callables().items() if hasattr(f, "__wrapped__")])
def test_out_is_refused(name):
    function = public_callables()[name]
    if "out" in inspect.signature(function, follow_wrapped=False).parameters:
        with pytest.raises(NotImplementedError, match="out"):
            function(scratch.ones(2), out=scratch.ones(2))
