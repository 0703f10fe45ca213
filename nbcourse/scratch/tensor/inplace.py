"""Writing into a tensor: allowed where no gradient could be lost by it.

Under `no_grad` a tensor is written in place. Elsewhere a leaf that requires a gradient
refuses, as in torch. On other recorded tensors ``y += x`` means ``y = y + x``, so that
nothing that was saved for the backward pass changes; another name of the old ``y``
keeps its values, where torch's would change. Methods such as ``add_`` are not built
there.
"""

import numpy as np

from .. import random
from . import arithmetic, division, dtypes, elementwise, limits, modes, powers, writes
from .arguments import not_built
from .comparison import bitwise_and, bitwise_or, bitwise_xor
from .core import Tensor
from .indexing import in_two_steps
from .trigonometric import tanh

__all__ = [
    "abs_",
    "add_",
    "addcdiv_",
    "addcmul_",
    "bernoulli_",
    "clamp_",
    "clamp_max_",
    "clamp_min_",
    "copy_",
    "div_",
    "exp_",
    "fill_",
    "lerp_",
    "log_",
    "masked_fill_",
    "mul_",
    "neg_",
    "normal_",
    "pow_",
    "reciprocal_",
    "relu_",
    "sigmoid_",
    "sqrt_",
    "square_",
    "sub_",
    "tanh_",
    "uniform_",
    "zero_",
]


def _recorded(target, *values):
    """Return whether this write would be recorded; raise if ``target`` refuses it."""
    if not modes.is_grad_enabled():
        return False
    if target.is_leaf and target.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place "
            "operation; write to it inside `with no_grad():`"
        )
    return any(isinstance(x, Tensor) and x.requires_grad for x in (target, *values))


def _not_recorded(name, instead, target, *values):
    """Raise NotImplementedError, with what to do ``instead``, if this is recorded."""
    if _recorded(target, *values):
        raise NotImplementedError(
            f"{name}: writing into a tensor while gradients are recorded is not built; "
            f"{instead}"
        )


def _check_fits(target, dtype, shape):
    """Raise unless a result of this dtype and shape can be written into ``target``."""
    kinds = "bif"  # truth values, integers, floating-point: never back
    kind, own = (d.kind.replace("u", "i") for d in (dtype, target.dtype))
    if kinds.index(kind) > kinds.index(own):
        raise RuntimeError(
            f"a result of {dtype} cannot be written into a tensor of {target.dtype}"
        )
    if shape != target.shape and np.broadcast_shapes(target.shape, shape) != (
        target.shape
    ):
        raise ValueError(
            f"expected a value that broadcasts to shape {target.shape}, "
            f"got shape {shape}"
        )


def _write(target, ufunc, value):
    """Do ``target = ufunc(target, value)`` in the target's memory."""
    value = value.data if isinstance(value, Tensor) else value
    wanted = dtypes.result_type(target, value)
    if ufunc is np.divide:  # a quotient is a float
        wanted = dtypes.result_type(target, value, 1.0)
    _check_fits(target, wanted, np.shape(value))
    value = np.asarray(value, dtype=target.dtype)
    with np.errstate(all="ignore"):
        ufunc(target.data, value, out=target.data)
    writes.note(target.data)
    return target


def _put(target, result):
    """Overwrite ``target`` with the result of an operation."""
    _check_fits(target, result.dtype, result.shape)
    target.data[...] = result.data
    writes.note(target.data)
    return target


def _applied(name, function, target, *arguments, **keywords):
    """Do ``target = function(target, …)`` in the target's memory."""
    _not_recorded(name, f"write y = y.{name[:-1]}(…)", target, *arguments)
    with modes.no_grad():
        return _put(target, function(target, *arguments, **keywords))


# --- operators


def iadd(self, value):
    """target += value."""
    if _recorded(self, value):
        return arithmetic.add(self, value)
    return _write(self, np.add, value)


def isub(self, value):
    """target -= value."""
    arithmetic.check_numbers("sub", self, value)
    if _recorded(self, value):
        return arithmetic.sub(self, value)
    return _write(self, np.subtract, value)


def imul(self, value):
    """target *= value."""
    if _recorded(self, value):
        return arithmetic.mul(self, value)
    return _write(self, np.multiply, value)


def idiv(self, value):
    """target /= value."""
    if _recorded(self, value):
        return division.div(self, value)
    return _write(self, np.divide, value)


def _augmented(function):
    """Return the method for an operator such as ``**=``."""

    def method(self, value):
        recorded = _recorded(self, value)
        result = function(self, value)
        return result if recorded else _put(self, result)

    return method


ifloordiv = _augmented(division.floor_divide)
imod = _augmented(division.remainder)
ipow = _augmented(powers.pow)
iand = _augmented(bitwise_and)
ior = _augmented(bitwise_or)
ixor = _augmented(bitwise_xor)


def setitem(self, index, value):
    """x[index] = value, converted to the dtype of x."""
    join = "collect the parts and join them with stack() or cat(), or use no_grad()"
    _not_recorded("x[index] = value", join, self, value)
    first, second = in_two_steps(index, self.ndim)
    _overwrite(self.data[first], second or ..., value)  # of a view


def _overwrite(array, index, value):
    value = value.data if isinstance(value, Tensor) else np.asarray(value)
    with np.errstate(all="ignore"):
        array[index] = value
    writes.note(array)


# --- two operands


def add_(self, other, *, alpha=1):
    """Add alpha · other in place."""
    _not_recorded("add_", "write y = y + x", self, other)
    return _write(self, np.add, other if alpha == 1 else other * alpha)


def sub_(self, other, *, alpha=1):
    """Subtract alpha · other in place."""
    arithmetic.check_numbers("sub_", self, other)
    _not_recorded("sub_", "write y = y - x", self, other)
    return _write(self, np.subtract, other if alpha == 1 else other * alpha)


def mul_(self, other):
    """Multiply in place."""
    _not_recorded("mul_", "write y = y * x", self, other)
    return _write(self, np.multiply, other)


def div_(self, other, *, rounding_mode=None):
    """Divide in place."""
    _not_recorded("div_", "write y = y / x", self, other)
    if rounding_mode is None:
        return _write(self, np.divide, other)
    return _put(self, division.div(self, other, rounding_mode=rounding_mode))


def pow_(self, exponent):
    """Raise to a power in place."""
    return _applied("pow_", powers.pow, self, exponent)


def addcmul_(self, tensor1, tensor2, *, value=1):
    """Add value · tensor1 · tensor2 in place."""
    return _applied("addcmul_", arithmetic.addcmul, self, tensor1, tensor2, value=value)


def addcdiv_(self, tensor1, tensor2, *, value=1):
    """Add value · tensor1 / tensor2 in place."""
    return _applied("addcdiv_", division.addcdiv, self, tensor1, tensor2, value=value)


def lerp_(self, end, weight):
    """Move by ``weight`` of the way to ``end`` in place."""
    return _applied("lerp_", arithmetic.lerp, self, end, weight)


# --- each element on its own


def abs_(self):
    """Take the absolute value in place."""
    return _applied("abs_", elementwise.abs, self)


def exp_(self):
    """Replace x by e^x."""
    return _applied("exp_", elementwise.exp, self)


def log_(self):
    """Take the natural logarithm in place."""
    return _applied("log_", elementwise.log, self)


def neg_(self):
    """Change the sign in place."""
    return _applied("neg_", arithmetic.neg, self)


def reciprocal_(self):
    """Replace x by 1 / x."""
    return _applied("reciprocal_", division.reciprocal, self)


def relu_(self):
    """Set negative elements to 0."""
    return _applied("relu_", elementwise.relu, self)


def sigmoid_(self):
    """Replace x by sigmoid(x)."""
    return _applied("sigmoid_", elementwise.sigmoid, self)


def sqrt_(self):
    """Take the square root in place."""
    return _applied("sqrt_", powers.sqrt, self)


def square_(self):
    """Square in place."""
    return _applied("square_", powers.square, self)


def tanh_(self):
    """Replace x by tanh(x)."""
    return _applied("tanh_", tanh, self)


def clamp_(self, min=None, max=None):
    """Limit to [min, max] in place."""
    return _applied("clamp_", limits.clamp, self, min, max)


def clamp_min_(self, min):
    """Limit from below in place."""
    return _applied("clamp_min_", limits.clamp_min, self, min)


def clamp_max_(self, max):
    """Limit from above in place."""
    return _applied("clamp_max_", limits.clamp_max, self, max)


def masked_fill_(self, mask, value):
    """Set the elements where the mask holds to ``value``."""
    return _applied("masked_fill_", limits.masked_fill, self, mask, value)


# --- new values


def copy_(self, other, non_blocking=False):
    """Overwrite all values with ``other``, which is broadcast and converted."""
    return _filled("copy_", self, other)


def fill_(self, value):
    """Set every element to the number ``value``."""
    return _filled("fill_", self, value)


def zero_(self):
    """Set every element to 0."""
    return _filled("zero_", self, 0)


def normal_(self, mean=0, std=1, *, generator=None):
    """Fill with draws from the normal distribution N(mean, std²)."""
    not_built("normal_", generator=generator)
    return _filled("normal_", self, random.normal(mean, std, self.shape, self.dtype))


def uniform_(self, from_=0, to=1, *, generator=None):
    """Fill with values spread evenly over [from, to)."""
    not_built("uniform_", generator=generator)
    return _filled("uniform_", self, random.uniform(from_, to, self.shape, self.dtype))


def bernoulli_(self, p=0.5, *, generator=None):
    """Set each element to 1 with probability ``p``, a number or a tensor, else to 0."""
    not_built("bernoulli_", generator=generator)
    chance = p.data if isinstance(p, Tensor) else p
    draws = random.uniform(0, 1, self.shape, np.float64) < chance
    return _filled("bernoulli_", self, draws)


def _filled(name, target, values):
    _not_recorded(name, "make a new tensor", target, values)
    _overwrite(target.data, ..., values)
    return target
