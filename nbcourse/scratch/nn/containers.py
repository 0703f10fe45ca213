"""Modules made of modules or of parameters: in a row, in a list, by name."""

import collections
import itertools
import operator
from collections.abc import MutableMapping

from ..tensor import Tensor
from .module import Module
from .parameter import Parameter

__all__ = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"]


class _Numbered(Module):
    """Base of what can be used like a list of its parts, named 0, 1, 2, …."""

    def _names(self):
        return [name for name, value in vars(self).items() if isinstance(value, Module)]

    def _name(self, index):
        names, index = self._names(), operator.index(index)
        if not -len(names) <= index < len(names):
            raise IndexError(
                f"expected an index from {-len(names)} to {len(names) - 1}, got {index}"
            )
        return names[index]

    def _renumber(self, modules):
        """Make ``modules`` the parts."""
        for name in self._names():
            delattr(self, name)
        self.extend(modules)

    def __len__(self):
        return len(self._names())

    def __iter__(self):
        return iter([getattr(self, name) for name in self._names()])

    def __getitem__(self, index):
        return getattr(self, self._name(index))

    def __setitem__(self, index, module):
        setattr(self, self._name(index), _checked(module))

    def __delitem__(self, index):
        parts = list(self)
        if not isinstance(index, slice):
            self._name(index)  # raises IndexError
        del parts[index]
        self._renumber(parts)

    def __iadd__(self, modules):
        return self.extend(modules)

    def append(self, module):
        """Add a module at the end and return the container."""
        self.register_module(str(len(self)), _checked(module))
        return self

    def extend(self, modules):
        """Add several modules at the end and return the container."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index, module):
        """Put a module before position ``index`` and return the container."""
        parts = list(self)
        if not -len(parts) <= index <= len(parts):
            raise IndexError(
                f"expected an index from {-len(parts)} to {len(parts)}, got {index}"
            )
        parts.insert(index, _checked(module))
        self._renumber(parts)
        return self

    def pop(self, key):
        """Take out the module at position ``key`` and return it."""
        module = self[key]
        del self[key]
        return module


class Sequential(_Numbered):
    """The parts one after the other: ``Sequential(a, b)(x)`` is ``b(a(x))``.

    Takes modules, or one dict from names to modules.
    """

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                self.register_module(name, _checked(module))
        else:
            self.extend(args)

    def __getitem__(self, index):
        if isinstance(index, slice):
            names = self._names()[index]
            return type(self)({name: getattr(self, name) for name in names})
        return super().__getitem__(index)

    def __add__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError(f"expected a Sequential, got {type(other).__name__}")
        return Sequential(*self, *other)

    def forward(self, input):
        """Pass ``input`` through all parts in order."""
        for module in self:
            input = module(input)
        return input


class ModuleList(_Numbered):
    """A list of modules, whose parameters belong to the module that holds the list.

    It computes nothing itself.
    """

    def __init__(self, modules=None):
        super().__init__()
        self.extend(() if modules is None else modules)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(list(self)[index])
        return super().__getitem__(index)

    def __add__(self, modules):
        return ModuleList([*self, *modules])

    def _printed_parts(self):
        """Return the parts as text, equal neighbours as one: ``(0-2): 3 x ReLU()``."""
        lines, start = [], 0
        for text, same in itertools.groupby(map(repr, self)):
            n = len(list(same))
            if n == 1:
                lines.append(f"({start}): {text}")
            else:
                lines.append(f"({start}-{start + n - 1}): {n} x {text}")
            start += n
        return lines


class _ByName(Module, MutableMapping):
    """Base of what can be used like a dict; it is still compared by identity."""

    __eq__, __hash__ = object.__eq__, object.__hash__


class ModuleDict(_ByName):
    """A dict of modules, whose parameters belong to the module that holds the dict.

    Takes a dict from names to modules, or pairs. A name must not be that of a method.
    """

    def __init__(self, modules=None):
        super().__init__()
        self.update(() if modules is None else modules)

    def __getitem__(self, key):
        part = vars(self).get(key)
        if not isinstance(part, Module):
            raise KeyError(key)
        return part

    def __setitem__(self, key, module):
        self.register_module(key, _checked(module))

    def __delitem__(self, key):
        delattr(self, key)

    def __iter__(self):
        named = list(vars(self).items())
        return (name for name, value in named if isinstance(value, Module))

    def __len__(self):
        return sum(1 for _ in self)


class ParameterList(Module):
    """A list of parameters that belong to the module that holds the list.

    A Tensor becomes a `Parameter`; other values are kept as they are.
    """

    def __init__(self, values=None):
        super().__init__()
        self._size = 0
        self.extend(() if values is None else values)

    def _name(self, index):
        index = operator.index(index)
        if not -self._size <= index < self._size:
            raise IndexError(
                f"expected an index from {-self._size} to {self._size - 1}, got {index}"
            )
        return str(index % self._size)

    def __len__(self):
        return self._size

    def __iter__(self):
        return (self[i] for i in range(self._size))

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(list(self)[index])
        return getattr(self, self._name(index))

    def __setitem__(self, index, value):
        setattr(self, self._name(index), _as_parameter(value))

    def __iadd__(self, values):
        return self.extend(values)

    def append(self, value):
        """Add a value at the end and return the list."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values):
        """Add several values at the end and return the list."""
        if isinstance(values, Tensor):
            raise TypeError("ParameterList: expected several values, got one Tensor")
        for value in values:
            self.append(value)
        return self

    def extra_repr(self):
        """Return a line for each value."""
        return _listed(enumerate(self))


class ParameterDict(_ByName):
    """A dict of parameters that belong to the module that holds the dict.

    A Tensor becomes a `Parameter`; other values are kept as they are. Names from a
    plain dict are sorted, as in torch; those of an OrderedDict or of pairs are not.
    """

    def __init__(self, parameters=None):
        super().__init__()
        self._keys = {}  # a dict for its order
        self.update(() if parameters is None else parameters)

    def update(self, parameters):
        """Assign all values of a dict, or of pairs of a name and a value."""
        ordered = (collections.OrderedDict, ParameterDict)
        if isinstance(parameters, dict) and not isinstance(parameters, ordered):
            parameters = sorted(parameters.items())
        super().update(parameters)

    def __getitem__(self, key):
        if key not in self._keys:
            raise KeyError(key)
        return getattr(self, key)

    def __setitem__(self, key, value):
        if not isinstance(key, str):
            raise TypeError(f"ParameterDict: expected a name, got {type(key).__name__}")
        if key not in self._keys and hasattr(self, key):
            raise KeyError(f"attribute {key!r} already exists")
        self._keys[key] = None
        setattr(self, key, _as_parameter(value))

    def __delitem__(self, key):
        del self._keys[key]
        delattr(self, key)

    def __iter__(self):
        return iter(self._keys)

    def __len__(self):
        return len(self._keys)

    def extra_repr(self):
        """Return a line for each value."""
        return _listed(self.items())


def _checked(module):
    if not isinstance(module, Module):
        raise TypeError(f"expected a Module, got {type(module).__name__}")
    return module


def _as_parameter(value):
    made = isinstance(value, Tensor) and not isinstance(value, Parameter)
    return Parameter(value) if made else value


def _listed(named):
    """Return a line of text for each (name, value), as torch prints them."""
    lines = []
    for name, value in named:
        text = f"Object of type: {type(value).__name__}"
        if isinstance(value, Tensor):
            sizes = "x".join(map(str, value.shape))
            text = f"Parameter containing: [{value.dtype} of size {sizes}]"
        lines.append(f"  ({name}): {text}")
    return "\n".join(lines)
