"""The one place where operations become methods and operators of `Tensor`."""

import numbers

import numpy as np

from . import (
    arithmetic,
    comparison,
    conversion,
    elementwise,
    indexing,
    inplace,
    probability,
    products,
    reductions,
    shape,
)
from .conversion import operands
from .core import Tensor

__all__ = []

NAMED = (
    *(arithmetic.add, arithmetic.sub, arithmetic.mul, arithmetic.div),
    *(arithmetic.neg, arithmetic.pow, arithmetic.square, products.matmul),
    *(elementwise.exp, elementwise.log, elementwise.sqrt),
    *(elementwise.abs, elementwise.sign, elementwise.clamp),
    *(elementwise.maximum, elementwise.minimum),
    *(elementwise.tanh, elementwise.sigmoid, elementwise.relu),
    *(probability.softmax, probability.log_softmax),
    *(reductions.sum, reductions.mean, reductions.var, reductions.std),
    *(reductions.max, reductions.min, reductions.amax, reductions.amin),
    *(reductions.argmax, reductions.argmin),
    *(shape.reshape, shape.view, shape.flatten, shape.squeeze, shape.unsqueeze),
    *(shape.permute, shape.transpose, shape.t, shape.expand, shape.contiguous),
    *(comparison.eq, comparison.ne, comparison.lt),
    *(comparison.le, comparison.gt, comparison.ge),
    *(comparison.all, comparison.any, comparison.equal, comparison.allclose),
    *(comparison.isnan, comparison.isfinite),
    *(conversion.to, conversion.float, conversion.double),
    *(conversion.long, conversion.int, conversion.bool, conversion.clone),
    *(inplace.add_, inplace.sub_, inplace.mul_, inplace.div_),
    *(inplace.copy_, inplace.fill_, inplace.zero_),
)


def _reflected(operation):
    """Return ``operation`` with operands swapped, for a number or array on the left."""

    def method(self, other):
        left, right = operands(other, self)
        return operation(left, right)

    return method


def _or_unequal(comparison):
    """Return ``comparison``, but leave other kinds of object to Python.

    So ``tensor == None`` is False.
    """

    def method(self, other):
        known = isinstance(other, (Tensor, numbers.Number, np.ndarray, np.generic))
        return comparison(self, other) if known else NotImplemented

    return method


OPERATORS = {
    "__add__": arithmetic.add,
    "__radd__": _reflected(arithmetic.add),
    "__sub__": arithmetic.sub,
    "__rsub__": arithmetic.rsub,
    "__mul__": arithmetic.mul,
    "__rmul__": _reflected(arithmetic.mul),
    "__truediv__": arithmetic.div,
    "__rtruediv__": _reflected(arithmetic.div),
    "__pow__": arithmetic.pow,
    "__rpow__": _reflected(arithmetic.pow),
    "__matmul__": products.matmul,
    "__rmatmul__": _reflected(products.matmul),
    "__neg__": arithmetic.neg,
    "__abs__": elementwise.abs,
    "__eq__": _or_unequal(comparison.eq),
    "__ne__": _or_unequal(comparison.ne),
    "__lt__": comparison.lt,
    "__le__": comparison.le,
    "__gt__": comparison.gt,
    "__ge__": comparison.ge,
    "__and__": comparison.bitwise_and,
    "__or__": comparison.bitwise_or,
    "__xor__": comparison.bitwise_xor,
    "__invert__": comparison.bitwise_not,
    "__getitem__": indexing.getitem,
    "__setitem__": inplace.setitem,
    "__iadd__": inplace.iadd,
    "__isub__": inplace.isub,
    "__imul__": inplace.imul,
    "__itruediv__": inplace.idiv,
}

for _function in NAMED:
    setattr(Tensor, _function.__name__, _function)
for _name, _function in OPERATORS.items():
    setattr(Tensor, _name, _function)

Tensor.T = property(shape.t, doc="The transposed matrix.")
Tensor.mT = property(
    lambda self: shape.transpose(self, -2, -1), doc="The last two dimensions swapped."
)
