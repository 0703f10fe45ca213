"""Is a derivative right?  Compare backward with finite differences."""

import numpy as np

from .tensor import Tensor, no_grad

__all__ = ["gradcheck"]


def gradcheck(function, inputs, eps=1e-6, atol=1e-5, rtol=1e-3):
    """Compare the gradient of ``function`` with central differences, (f(x + ε) - f(x - ε)) / 2ε.

    Parameters
    ----------
    function : callable
        Takes the inputs, returns a Tensor (of any shape) or several; it must be deterministic.
    inputs : Tensor or sequence
        Tensors that require a gradient must be float64; every one of their elements is checked.
    eps, atol, rtol : float
        The step ε, and the difference allowed: atol + rtol · |numerical value|.

    Returns
    -------
    bool
        True. A gradient that is wrong raises AssertionError, which names the input, the index and both
        values.

    Raises
    ------
    ValueError
        If no input requires a gradient, or one that does is not float64.
    """
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    checked = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    if not checked or any(inputs[i].dtype != np.float64 for i in checked):
        kinds = [f"{x.dtype}, requires_grad={x.requires_grad}" for x in inputs if isinstance(x, Tensor)]
        raise ValueError(f"gradcheck: expected float64 inputs that require a gradient, got {kinds}")
    copies = [Tensor(x.data.copy(), x.requires_grad) if isinstance(x, Tensor) else x for x in inputs]
    weights = np.random.default_rng(0)  # a random weighted sum of the outputs stands for all of them
    outputs = _outputs(function, copies)
    upstream = [weights.standard_normal(y.shape) for y in outputs]
    for y, v in zip(outputs, upstream, strict=True):
        if y.requires_grad:
            y.backward(v, retain_graph=True)
    for i in checked:
        grad = copies[i].grad
        analytic = np.zeros(copies[i].shape) if grad is None else grad.data
        _compare(i, analytic, _numerical(function, copies, i, upstream, eps), atol, rtol)
    return True


def _outputs(function, inputs):
    outputs = function(*inputs)
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def _numerical(function, inputs, i, upstream, eps):
    """Return the derivative of Σ upstream · function(inputs) with respect to input ``i``."""
    x = inputs[i].data
    result = np.empty_like(x)

    def value():
        return sum(
            float((v * y.data).sum()) for v, y in zip(upstream, _outputs(function, inputs), strict=True)
        )

    with no_grad():
        for index in np.ndindex(x.shape):
            centre = x[index]
            x[index] = centre + eps
            above = value()
            x[index] = centre - eps
            result[index] = (above - value()) / (2 * eps)
            x[index] = centre
    return result


def _compare(i, analytic, numerical, atol, rtol):
    wrong = np.argwhere(~np.isclose(analytic, numerical, rtol=rtol, atol=atol))
    if len(wrong):
        index = tuple(int(n) for n in wrong[0])
        raise AssertionError(
            f"gradcheck: input {i}, index {index}: backward gives {analytic[index]:.9g}, "
            f"finite differences {numerical[index]:.9g} ({len(wrong)} of {analytic.size} elements differ)"
        )
