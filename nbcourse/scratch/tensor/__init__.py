"""Tensors with reverse-mode differentiation.

Read in this order: `core` (the class), `engine` (how gradients flow back), then the
operations by family; `methods` binds them to the class. What is public here is what the
files list in ``__all__``, less what is a method only.
"""

from ..names import public
from . import constants, core, creation, dtypes, methods, modes, sampling

_functions = {
    name: function
    for name, function in public(*methods.FAMILIES).items()
    if methods.first_parameter(function) != "self"
}
_others = public(core, creation, sampling, dtypes, constants, modes)

__all__ = [*_functions, *_others]

globals().update(_functions | _others)
