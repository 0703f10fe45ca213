"""Clipping: gradients that are too large become smaller, all by one factor or each."""

import types
import warnings

import numpy as np

from ...tensor import Tensor, no_grad, tensor
from ...tensor.arguments import not_built
from ...tensor.writes import note

__all__ = [
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
]


def clip_grad_norm_(
    parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None
):
    """Scale all gradients, in place, so that their norm is at most ``max_norm``.

    g ← g · min(1, max_norm / (norm + 10⁻⁶)), with the norm of all gradients as one
    vector, so their direction stays (Pascanu, Mikolov and Bengio, 2013). Returns the
    norm before. ``parameters`` is a Tensor or an iterable of such. Raises RuntimeError
    for a norm that is NaN or infinite if ``error_if_nonfinite``.
    """
    empty = isinstance(parameters, types.GeneratorType)  # if nothing comes out of it
    parameters = _listed("clip_grad_norm_", parameters)
    if empty and not parameters:
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur.",
            stacklevel=2,
        )
    gradients = [p.grad for p in parameters if p.grad is not None]
    norm = get_total_norm(gradients, norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(parameters, max_norm, norm, foreach)
    return norm


def get_total_norm(tensors, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """Return the norm of the norms of all ``tensors``, a 0-d Tensor.

    For p = ``norm_type`` a norm is (Σ |x|^p)^(1/p), which makes all tensors one vector;
    max |x| for infinity (also "inf"), min |x| for -infinity, and for 0 how many
    elements are not 0. Without tensors it is 0. Raises RuntimeError as
    `clip_grad_norm_` does.
    """
    not_built("get_total_norm", foreach=foreach)
    p = float(norm_type)
    tensors = _listed("get_total_norm", tensors)
    if not tensors:
        return tensor(0.0)
    for t in tensors:
        if t.dtype.kind != "f":
            raise RuntimeError(
                f"get_total_norm: expected floating-point tensors, got {t.dtype}"
            )
    with np.errstate(all="ignore"):
        norms = np.stack([np.linalg.norm(t.data.reshape(-1), p) for t in tensors])
        norm = Tensor(np.asarray(np.linalg.norm(norms, p), dtype=norms.dtype))
    if error_if_nonfinite and not np.isfinite(norm.data):
        raise RuntimeError(
            f"the total norm of order {p} for gradients is {norm.item()}, so it cannot "
            "be clipped; error_if_nonfinite=False scales by it anyway"
        )
    return norm


def clip_grads_with_norm_(parameters, max_norm, total_norm, foreach=None):
    """Scale all gradients in place by min(1, max_norm / (total_norm + 10⁻⁶))."""
    not_built("clip_grads_with_norm_", foreach=foreach)
    factor = float(max_norm) / (total_norm + 1e-6)
    if factor >= 1:  # false for NaN, which goes on to the gradients, as in torch
        return
    for p in _listed("clip_grads_with_norm_", parameters):
        if p.grad is not None:
            with no_grad():
                p.grad.mul_(factor)


def clip_grad_value_(parameters, clip_value, foreach=None):
    """Limit each element of the gradients, in place, to [-clip_value, clip_value]."""
    not_built("clip_grad_value_", foreach=foreach)
    limit = float(clip_value)
    for p in _listed("clip_grad_value_", parameters):
        if p.grad is not None:
            gradient = p.grad.data
            np.clip(gradient, -limit, limit, out=gradient)
            note(gradient)


def _listed(function, tensors):
    """Return one Tensor or an iterable of Tensors as a list."""
    tensors = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    for t in tensors:
        if not isinstance(t, Tensor):
            raise TypeError(f"{function}: expected Tensors, got {type(t).__name__}")
    return tensors
