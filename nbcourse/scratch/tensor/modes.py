"""Whether operations are recorded for differentiation: `no_grad` and its relatives."""

import contextlib
import threading

__all__ = ["enable_grad", "is_grad_enabled", "no_grad", "set_grad_enabled"]


class _State(threading.local):
    enabled = True  # each thread begins with recording on


_state = _State()


def is_grad_enabled():
    """Return whether operations are being recorded in this thread."""
    return _state.enabled


class _Mode(contextlib.ContextDecorator):
    """A mode for a ``with`` block or, as a decorator, for every call of a function."""

    enabled = True

    def __new__(cls, function=None):
        mode = super().__new__(cls)
        mode.previous = []
        return mode if function is None else mode(function)

    def __enter__(self):
        self.previous.append(_state.enabled)
        _state.enabled = self.enabled

    def __exit__(self, *error):
        _state.enabled = self.previous.pop()

    def _recreate_cm(self):
        return type(self)()


class no_grad(_Mode):
    """Record nothing inside: results require no gradient, parameters may be written."""

    enabled = False


class enable_grad(_Mode):
    """Record inside, also within `no_grad`."""


class set_grad_enabled:
    """Switch recording on or off at once; the end of a ``with`` block restores it."""

    def __init__(self, mode):
        self.previous = _state.enabled
        _state.enabled = bool(mode)

    def __enter__(self):
        return None

    def __exit__(self, *error):
        _state.enabled = self.previous
