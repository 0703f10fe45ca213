"""A row: one call that is made on torch and on the engine, which must agree in everything."""

import dataclasses
from collections.abc import Callable

import numpy as np
import torch

from nbcourse import scratch

VALUES, GRADIENTS = 1e-9, 1e-7  # what may differ in float64: absolute or relative


def normal(rng, shape):
    """Draw from N(0, 1)."""
    return rng.standard_normal(shape)


def positive(rng, shape):
    """Draw from (0.1, …)."""
    return np.abs(rng.standard_normal(shape)) + 0.1


def unit(rng, shape):
    """Draw from (0.05, 0.95)."""
    return rng.uniform(0.05, 0.95, shape)


@dataclasses.dataclass(frozen=True)
class Row:
    """``call(lib, *inputs)`` with lib = scratch or torch, of floating-point inputs of these shapes.

    The call returns Tensors, numbers or None, or tuples, lists or dicts of them. ``draw`` makes an input,
    or is a list with one for each. ``differences`` says whether finite differences mean something;
    ``single`` is the tolerance in float32, None leaves float32 out.
    """

    call: Callable
    shapes: list = dataclasses.field(default_factory=list)
    draw: Callable | list = normal
    differences: bool = True
    single: float | None = 2e-4


@dataclasses.dataclass(frozen=True)
class ModuleRow:
    """``make(lib)`` builds a module; ``call(lib, module, *inputs)`` runs it, like the call of a `Row`."""

    make: Callable
    shapes: list
    call: Callable = lambda lib, module, *inputs: module(*inputs)
    draw: Callable | list = normal
    differences: bool = True


def draw(row, dtype="float64"):
    """The inputs of a row as arrays."""
    rng = np.random.default_rng(7)
    makers = row.draw if isinstance(row.draw, list) else [row.draw] * len(row.shapes)
    return [np.asarray(make(rng, shape), dtype) for make, shape in zip(makers, row.shapes, strict=True)]


def scattered(array):
    """The same values where neighbours do not lie side by side in memory."""
    if array.ndim == 1:
        return np.repeat(array, 2)[::2]
    return np.array(array, order="F")


def flat(outputs):
    """All that a call returned, as one list."""
    if isinstance(outputs, dict):
        return [part for key in outputs for part in flat(outputs[key])]
    if isinstance(outputs, (tuple, list)):
        return [part for output in outputs for part in flat(output)]
    return [outputs]


def check_row(row):
    """Compare values and gradients in float64, scattered in memory too, and in float32."""
    _compare(row.call, draw(row), VALUES, GRADIENTS)
    if row.shapes:
        _compare(row.call, draw(row), VALUES, GRADIENTS, arrange=scattered, times=2)
        if row.single is not None:
            _compare(row.call, draw(row, "float32"), row.single, row.single)


def check_differences(row):
    """Compare gradients with central finite differences, in float64."""
    inputs = [scratch.tensor(array, requires_grad=True) for array in draw(row)]

    def outputs(*x):
        return [
            y for y in flat(row.call(scratch, *x)) if isinstance(y, scratch.Tensor) and y.dtype.kind == "f"
        ]

    assert scratch.gradcheck(outputs, inputs)


def check_module(row):
    """Compare a module with torch's from the same state: names, values, gradients, buffers, in both modes."""
    for lib in (scratch, torch):
        lib.set_default_dtype(lib.float64)
    mine, other = row.make(scratch), row.make(torch)
    _disturb(other)
    state = other.state_dict()
    assert mine.load_state_dict({k: v.numpy().copy() for k, v in state.items()}) == ([], [])
    assert repr(mine) == repr(other)
    for training in (True, False):
        mine.train(training)
        other.train(training)
        for module in (mine, other):
            module.zero_grad()
        calls = {scratch: mine, torch: other}
        _compare(lambda lib, *x, c=calls: row.call(lib, c[lib], *x), draw(row), VALUES, GRADIENTS)
        for (name, p), (expected, q) in zip(mine.named_parameters(), other.named_parameters(), strict=True):
            assert name == expected
            same_gradient(p, q, GRADIENTS, f"gradient of {name}")
        assert list(mine.state_dict()) == list(other.state_dict())
        for (name, b), (_, c) in zip(mine.state_dict().items(), other.state_dict().items(), strict=True):
            same(b, c, VALUES, name)
    back = {k: torch.tensor(v.numpy()) for k, v in mine.state_dict().items()}
    row.make(torch).load_state_dict(back)


def _disturb(module):
    """Move torch's parameters away from zeros and ones, so that each of them matters."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for p in module.parameters():
            p += 0.3 * torch.randn(p.shape, generator=generator, dtype=p.dtype)


def _compare(call, arrays, values, gradients, arrange=np.array, times=1):
    """Make the call on both libraries and compare what comes out and what comes back.

    The gradient is sent back ``times`` times: a backward pass must leave everything as it was.
    """
    mine = [scratch.Tensor(arrange(a), requires_grad=True) for a in arrays]
    other = [torch.tensor(a, requires_grad=True) for a in arrays]
    ys, ts = flat(call(scratch, *mine)), flat(call(torch, *other))
    assert len(ys) == len(ts)
    for i, (y, t) in enumerate(zip(ys, ts, strict=True)):
        same(y, t, values, f"output {i}")
    rng = np.random.default_rng(11)
    for y, t in zip(ys, ts, strict=True):
        if isinstance(t, torch.Tensor) and t.requires_grad:
            upstream = rng.standard_normal(tuple(t.shape))
            for _ in range(times):
                y.backward(upstream, retain_graph=True)
                t.backward(torch.tensor(upstream, dtype=t.dtype), retain_graph=True)
    for i, (x, t) in enumerate(zip(mine, other, strict=True)):
        same_gradient(x, t, gradients, f"gradient of input {i}")
        np.testing.assert_array_equal(x.data, arrays[i], f"input {i} was changed")
    _own_memory(mine)


def same(y, t, tolerance, what):
    """Check that an output of ours is torch's: kind, shape, dtype, values, whether it needs a gradient."""
    if not isinstance(t, torch.Tensor):
        assert y == t or y == str(t), what
        return
    assert isinstance(y, scratch.Tensor), f"{what}: {type(y).__name__}"
    assert y.shape == tuple(t.shape), f"{what}: shape {y.shape}, torch {tuple(t.shape)}"
    assert f"torch.{y.dtype}" == str(t.dtype), f"{what}: dtype {y.dtype}, torch {t.dtype}"
    assert y.requires_grad == t.requires_grad, f"{what}: requires_grad"
    np.testing.assert_allclose(y.data, t.detach().numpy(), rtol=tolerance, atol=tolerance, err_msg=what)


def same_gradient(x, t, tolerance, what):
    """Check that both have the same gradient, or both none."""
    assert (x.grad is None) == (t.grad is None), f"{what}: only one has it"
    if t.grad is None:
        return
    assert x.grad.shape == x.shape and x.grad.dtype == x.dtype, what
    expected = t.grad.numpy()
    scale = max(1.0, np.abs(expected[np.isfinite(expected)]).max(initial=0))
    np.testing.assert_allclose(x.grad.data, expected, rtol=tolerance, atol=tolerance * scale, err_msg=what)


def _own_memory(tensors):
    arrays = [t.data for t in tensors] + [t.grad.data for t in tensors if t.grad is not None]
    for i, a in enumerate(arrays):
        for b in arrays[:i]:
            assert not np.shares_memory(a, b), "a gradient shares memory with another array"
