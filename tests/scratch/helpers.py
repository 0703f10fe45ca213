"""The checks of the table for calls that a test makes up, and one for a single tensor."""

import numpy as np

from nbcourse import scratch

from .rows import Row, check_row, normal
from .rows import positive as above_zero


def assert_matches(ours, theirs, shapes, *, positive=False, **kwargs):
    """Check a function and torch's as a row of the table: inputs of these shapes, then keywords."""

    def call(lib, *inputs):
        return (ours if lib is scratch else theirs)(*inputs, **kwargs)

    check_row(Row(call, list(shapes), draw=above_zero if positive else normal))


def assert_same(x, t, tolerance=1e-12, what="tensor"):
    """Check that scratch tensor ``x`` and torch tensor ``t`` have the same shape, dtype and values."""
    assert isinstance(x.data, np.ndarray)
    assert x.shape == tuple(t.shape), f"{what}: shape {x.shape}, torch {tuple(t.shape)}"
    assert f"torch.{x.dtype}" == str(t.dtype), f"{what}: dtype {x.dtype}, torch {t.dtype}"
    expected = t.detach().numpy()
    np.testing.assert_allclose(x.data, expected, rtol=tolerance, atol=tolerance, err_msg=what)
