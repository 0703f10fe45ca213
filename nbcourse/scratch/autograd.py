"""Gradients that are returned instead of being added to ``.grad``."""

from .tensor import Tensor, zeros_like
from .tensor.engine import run_backward

__all__ = ["grad"]


def grad(
    outputs,
    inputs,
    grad_outputs=None,
    retain_graph=None,
    create_graph=False,
    only_inputs=True,
    allow_unused=None,
    is_grads_batched=False,
    materialize_grads=False,
):
    """Return the gradients of ``outputs`` by ``inputs``, a tuple with one for each.

    Parameters
    ----------
    outputs : Tensor or sequence
        Their sum is differentiated.
    inputs : Tensor or sequence
        Leaves or results of operations; no ``.grad`` changes.
    grad_outputs : Tensor or sequence, optional
        How the elements of each output are weighted; None for an output of one element.
    retain_graph : bool
        Whether the graph is kept for another pass.
    allow_unused, materialize_grads : bool
        Whether an input that no output came from has the gradient None, or zeros,
        instead of raising RuntimeError.
    """
    _check_built(create_graph, only_inputs, is_grads_batched)
    outputs, inputs = _several(outputs), _several(inputs)
    if not inputs:
        raise RuntimeError("grad: expected at least one tensor in inputs, got none")
    wanted = {x._origin() for x in inputs}
    roots = {}
    for output, gradient in zip(outputs, _weights(outputs, grad_outputs), strict=True):
        origin, upstream = output._origin(), output._upstream(gradient)
        roots[origin] = roots[origin] + upstream if origin in roots else upstream
    found = run_backward(roots, retain_graph, wanted)
    gradients = []
    for i, x in enumerate(inputs):
        part = found.get(x._origin())
        if part is None and not (allow_unused or materialize_grads):
            raise RuntimeError(
                f"grad: no output came from the input at index {i}; "
                "allow_unused=True gives None for it"
            )
        gradients.append(None if part is None else Tensor(part.copy()))
    if materialize_grads:
        pairs = zip(gradients, inputs, strict=True)
        gradients = [zeros_like(x) if g is None else g for g, x in pairs]
    return tuple(gradients)


def _check_built(create_graph, only_inputs, is_grads_batched):
    for name, given, built in (
        ("create_graph", create_graph, False),
        ("only_inputs", only_inputs, True),
        ("is_grads_batched", is_grads_batched, False),
    ):
        if given is not built:
            raise NotImplementedError(f"grad: {name}={given} is not built")


def _several(tensors):
    return (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)


def _weights(outputs, grad_outputs):
    """Return a gradient, or None, for each output."""
    if grad_outputs is None:
        return (None,) * len(outputs)
    weights = _several(grad_outputs)
    if len(weights) != len(outputs):
        raise RuntimeError(
            f"grad: expected {len(outputs)} grad_outputs, got {len(weights)}"
        )
    return weights
