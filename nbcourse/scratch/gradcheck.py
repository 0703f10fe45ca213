"""Is a derivative right?  Compare backward with finite differences."""

import numpy as np

from .tensor import Tensor, no_grad

__all__ = ["gradcheck"]


def gradcheck(function, inputs, eps=1e-6, atol=1e-5, rtol=1e-3):
    """Compare a gradient with central differences, (f(x + ε) - f(x - ε)) / 2ε.

    Parameters
    ----------
    function : callable
        Takes the inputs and returns a Tensor (of any shape) or several, always the
        same for the same inputs.
    inputs : Tensor or sequence
        Those that require a gradient must be float64; all their elements are checked.
    eps, atol, rtol : float
        The step ε, and the difference allowed: atol + rtol · |numerical value|.

    Returns
    -------
    bool
        True: a wrong gradient is an error.

    Raises
    ------
    AssertionError
        If a gradient is wrong; the message names the input, the index and both values.
    ValueError
        If no input requires a gradient, or one that does is not float64.
    """
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    checked = [
        i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad
    ]
    if not checked or any(inputs[i].dtype != np.float64 for i in checked):
        tensors = [x for x in inputs if isinstance(x, Tensor)]
        kinds = [f"{x.dtype}, requires_grad={x.requires_grad}" for x in tensors]
        raise ValueError(
            f"gradcheck: expected float64 inputs that require a gradient, got {kinds}"
        )
    copies = [
        Tensor(x.data.copy(), x.requires_grad) if isinstance(x, Tensor) else x
        for x in inputs
    ]
    outputs = _outputs(function, copies)
    # one number stands for all outputs: their sum with random weights, Σ upstream · y
    rng = np.random.default_rng(0)
    upstream = [rng.standard_normal(y.shape) for y in outputs]
    for y, v in zip(outputs, upstream, strict=True):
        if y.requires_grad:
            y.backward(v, retain_graph=True)
    for i in checked:
        grad = copies[i].grad
        analytic = np.zeros(copies[i].shape) if grad is None else grad.data
        numerical = _numerical(function, copies, i, upstream, eps)
        _compare(i, analytic, numerical, atol, rtol)
    return True


def _outputs(function, inputs):
    """Return what ``function`` makes of ``inputs``, as a tuple of Tensors."""
    outputs = function(*inputs)
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def _numerical(function, inputs, i, upstream, eps):
    """Return the derivative of Σ upstream · function(inputs) by input ``i``."""
    x = inputs[i].data
    result = np.empty_like(x)

    def value():
        return sum(
            float((v * y.data).sum())
            for v, y in zip(upstream, _outputs(function, inputs), strict=True)
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
    """Raise AssertionError with the first element in which the gradients differ."""
    wrong = np.argwhere(~np.isclose(analytic, numerical, rtol=rtol, atol=atol))
    if len(wrong):
        index = tuple(int(n) for n in wrong[0])
        raise AssertionError(
            f"gradcheck: input {i}, index {index}: "
            f"backward gives {analytic[index]:.9g}, "
            f"finite differences {numerical[index]:.9g} "
            f"({len(wrong)} of {analytic.size} elements differ)"
        )
