"""One checker for every operation: the same call on torch and on the engine must agree in everything."""

import numpy as np
import torch

from nbcourse import scratch

TOLERANCES = {"float64": 1e-10, "float32": 2e-4}


def assert_matches(ours, theirs, shapes, *, positive=False, **kwargs):
    """Check forward, shape, dtype and gradients of ``ours`` against ``theirs`` in float64 and float32.

    ``shapes`` are those of the positional tensor arguments, filled at random (above 0.1 if ``positive``);
    the upstream gradient is random too. Gradients must own their memory.
    """
    for dtype, tolerance in TOLERANCES.items():
        rng = np.random.default_rng(7)
        arrays = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
        if positive:
            arrays = [np.asarray(np.abs(a) + 0.1, dtype) for a in arrays]
        mine = [scratch.tensor(a, requires_grad=True) for a in arrays]
        other = [torch.tensor(a, requires_grad=True) for a in arrays]
        _compare(ours(*mine, **kwargs), theirs(*other, **kwargs), rng, tolerance)
        for i, (x, t) in enumerate(zip(mine, other, strict=True)):
            assert (x.grad is None) == (t.grad is None), f"only one has a gradient for input {i}"
            if t.grad is not None:
                assert_same(x.grad, t.grad, tolerance, f"gradient of input {i}")
        _assert_own_memory(mine)


def _compare(y, t, rng, tolerance):
    """Compare outputs (a tensor or several) and send the same random gradient back through both."""
    ys = (y,) if isinstance(y, scratch.Tensor) else tuple(y)
    ts = (t,) if isinstance(t, torch.Tensor) else tuple(t)
    assert len(ys) == len(ts)
    for part, expected in zip(ys, ts, strict=True):
        assert_same(part, expected, tolerance, "output")
        assert part.requires_grad == expected.requires_grad
        if expected.requires_grad:
            upstream = rng.standard_normal(tuple(expected.shape))
            part.backward(upstream, retain_graph=True)
            expected.backward(torch.tensor(upstream, dtype=expected.dtype), retain_graph=True)


def assert_same(x, t, tolerance=1e-12, what="tensor"):
    """Check that scratch tensor ``x`` and torch tensor ``t`` have the same shape, dtype and values."""
    assert isinstance(x.data, np.ndarray)
    assert x.shape == tuple(t.shape), f"{what}: shape {x.shape}, torch {tuple(t.shape)}"
    assert f"torch.{x.dtype}" == str(t.dtype), f"{what}: dtype {x.dtype}, torch {t.dtype}"
    expected = t.detach().numpy()
    np.testing.assert_allclose(x.data, expected, rtol=tolerance, atol=tolerance, err_msg=what)


def _assert_own_memory(tensors):
    arrays = [t.data for t in tensors] + [t.grad.data for t in tensors if t.grad is not None]
    for i, a in enumerate(arrays):
        for b in arrays[:i]:
            assert not np.shares_memory(a, b), "a gradient shares memory with another array"
