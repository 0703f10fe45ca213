"""The one place where operations become methods and operators of `Tensor`.

The name of an operation's first parameter says what it is, as in torch's own
documentation: ``input`` is a function and a method, ``self`` a method only, and any
other a function only.
"""

import numbers

import numpy as np

from ..names import public
from . import (
    arithmetic,
    comparison,
    contraction,
    conversion,
    division,
    elementwise,
    extremes,
    grids,
    indexing,
    inplace,
    joining,
    limits,
    new,
    picking,
    powers,
    probability,
    products,
    reductions,
    rounding,
    scans,
    shape,
    sorting,
    triangles,
    trigonometric,
)
from .conversion import operands
from .core import Tensor

__all__ = ["FAMILIES", "first_parameter"]

FAMILIES = (
    *(arithmetic, division, powers, elementwise, trigonometric, rounding, limits),
    *(comparison, conversion, new),
    *(reductions, extremes, probability, scans, sorting, products, contraction),
    *(shape, joining, indexing, picking, triangles, grids, inplace),
)


def first_parameter(function):
    """Return the name of a function's first parameter, or None if it has none."""
    while hasattr(function, "__wrapped__"):  # beneath its decorators
        function = function.__wrapped__
    names = function.__code__.co_varnames
    return names[0] if names else None


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
    "__truediv__": division.div,
    "__rtruediv__": _reflected(division.div),
    "__floordiv__": division.floor_divide,
    "__rfloordiv__": _reflected(division.floor_divide),
    "__mod__": division.remainder,
    "__rmod__": _reflected(division.remainder),
    "__pow__": powers.pow,
    "__rpow__": _reflected(powers.pow),
    "__matmul__": products.matmul,
    "__rmatmul__": _reflected(products.matmul),
    "__neg__": arithmetic.neg,
    "__pos__": arithmetic.positive,
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
    "__rand__": _reflected(comparison.bitwise_and),
    "__ror__": _reflected(comparison.bitwise_or),
    "__rxor__": _reflected(comparison.bitwise_xor),
    "__lshift__": comparison.bitwise_left_shift,
    "__rshift__": comparison.bitwise_right_shift,
    "__getitem__": indexing.getitem,
    "__setitem__": inplace.setitem,
    "__iadd__": inplace.iadd,
    "__isub__": inplace.isub,
    "__imul__": inplace.imul,
    "__itruediv__": inplace.idiv,
    "__ifloordiv__": inplace.ifloordiv,
    "__imod__": inplace.imod,
    "__ipow__": inplace.ipow,
    "__iand__": inplace.iand,
    "__ior__": inplace.ior,
    "__ixor__": inplace.ixor,
}

OTHERWISE = {  # methods whose arguments differ from the function's
    "split": joining.split_method,
    "where": limits.where_method,
}

for _name, _function in public(*FAMILIES).items():
    if first_parameter(_function) in ("input", "self"):
        setattr(Tensor, _name, _function)
for _name, _function in (OPERATORS | OTHERWISE).items():
    setattr(Tensor, _name, _function)

Tensor.T = property(shape.t, doc="The transposed matrix.")
Tensor.mT = property(
    lambda self: shape.transpose(self, -2, -1), doc="The last two dimensions swapped."
)
