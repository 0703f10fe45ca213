"""Modules made of modules: one after the other, or in a list."""

import itertools
import operator

from .module import Module

__all__ = ["ModuleList", "Sequential"]


class _Numbered(Module):
    """Parts that are named 0, 1, 2, … and can be used like a list."""

    def _parts(self):
        return [value for value in vars(self).values() if isinstance(value, Module)]

    def _names(self):
        return [name for name, value in vars(self).items() if isinstance(value, Module)]

    def _renumber(self, modules):
        """Make ``modules`` the parts."""
        for name in self._names():
            delattr(self, name)
        for i, module in enumerate(modules):
            setattr(self, str(i), _checked(module))

    def _name(self, index):
        names = self._names()
        index = operator.index(index)
        if not -len(names) <= index < len(names):
            raise IndexError(
                f"expected an index from {-len(names)} to {len(names) - 1}, got {index}"
            )
        return names[index]

    def __len__(self):
        return len(self._parts())

    def __iter__(self):
        return iter(self._parts())

    def __getitem__(self, index):
        return getattr(self, self._name(index))

    def __setitem__(self, index, module):
        setattr(self, self._name(index), _checked(module))

    def __delitem__(self, index):
        parts = self._parts()
        del parts[index]
        self._renumber(parts)

    def append(self, module):
        """Add a module at the end and return the container."""
        setattr(self, str(len(self)), _checked(module))
        return self

    def extend(self, modules):
        """Add several modules at the end and return the container."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index, module):
        """Put a module before position ``index``."""
        parts = self._parts()
        parts.insert(index, _checked(module))
        self._renumber(parts)
        return self


class Sequential(_Numbered):
    """The parts one after the other: ``Sequential(a, b)(x)`` is ``b(a(x))``.

    Takes modules, or one dict from names to modules.
    """

    def __init__(self, *modules):
        super().__init__()
        if len(modules) == 1 and isinstance(modules[0], dict):
            for name, module in modules[0].items():
                setattr(self, name, _checked(module))
        else:
            self.extend(modules)

    def __getitem__(self, index):
        if isinstance(index, slice):
            names = self._names()[index]
            return type(self)({name: getattr(self, name) for name in names})
        return super().__getitem__(index)

    def forward(self, input):
        """Pass ``input`` through all parts in order."""
        for module in self:
            input = module(input)
        return input


class ModuleList(_Numbered):
    """A list of modules, whose parameters belong to the module that holds the list.

    It computes nothing itself.
    """

    def __init__(self, modules=()):
        super().__init__()
        self.extend(modules)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(self._parts()[index])
        return super().__getitem__(index)

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


def _checked(module):
    if not isinstance(module, Module):
        raise TypeError(f"expected a Module, got {type(module).__name__}")
    return module
