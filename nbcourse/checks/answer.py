"""What can be said about an answer from outside: is it a stub, what did it raise, what did it change."""

import ast
import dis
import functools
import inspect
import linecache
import traceback

import numpy as np

_IDLE = {
    "RESUME",
    "NOP",
    "POP_TOP",
    "LOAD_CONST",
    "LOAD_NONE",
    "RETURN_CONST",
    "RETURN_VALUE",
    "COPY_FREE_VARS",
}


class NotAttempted(Exception):
    """The answer says itself that it is not written yet: its own line raises NotImplementedError."""

    @classmethod
    def raise_if(cls, error, answer):
        """Raise it when the answer's own code, not something it calls, raised NotImplementedError."""
        if isinstance(error, NotImplementedError):
            last = traceback.extract_tb(error.__traceback__)[-1]
            if last.filename in _files_of(answer):
                raise cls from error


def is_stub(answer):
    """Whether nothing was written yet: `...`, None, a function that does nothing, a class of such methods."""
    if answer is None or answer is Ellipsis:
        return True
    if isinstance(answer, tuple | list):
        return bool(answer) and all(item is Ellipsis or item is None for item in answer)
    if isinstance(answer, dict):
        return bool(answer) and all(item is Ellipsis or item is None for item in answer.values())
    if inspect.isclass(answer):
        methods = [m for m in vars(answer).values() if inspect.isfunction(m)]
        return bool(methods) and all(is_stub(m) for m in methods)
    code = getattr(answer, "__code__", None)
    return code is not None and _does_nothing(code)


def _does_nothing(code):
    """Whether a function only returns None or `...`, whatever its docstring says: judged by its bytecode."""
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE):
        return False
    for step in dis.get_instructions(code):
        if step.opname not in _IDLE:
            return False
        if step.opname in ("LOAD_CONST", "RETURN_CONST") and step.argval not in (None, Ellipsis):
            return False
    return True


def signature_problem(answer, signature):
    """What is wrong with how the answer can be called; empty when it takes what `signature` names."""
    if not callable(answer):
        return f"expected the function {signature}, got {_kind(answer)}"
    asked = ast.parse(f"def {signature}: pass").body[0].args
    required = len(asked.posonlyargs + asked.args) - len(asked.defaults)
    try:
        given = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""  # a built-in function or a ufunc: the call itself will tell
    try:
        given.bind(*range(required), **{arg.arg: None for arg in asked.kwonlyargs})
    except TypeError:
        return f"expected {signature}, got {getattr(answer, '__name__', _kind(answer))}{given}"
    return ""


def describe(error, answer):
    """What an error was, and where: `raises ZeroDivisionError: division by zero (line 2: y = x / 0)`."""
    text = " ".join(str(error).split())
    if isinstance(error, RecursionError):
        text = "it calls itself without end"
    sentence = f"raises {type(error).__name__}" + (f": {text[:200]}" if text else "")
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in _files_of(answer)]
    if not own:
        return f"{sentence} (while the check looked at what it returned)"
    frame = own[0] if isinstance(error, RecursionError) else own[-1]
    line = (frame.line or linecache.getline(frame.filename, frame.lineno)).strip()
    return f"{sentence} (line {frame.lineno}{f': {line}' if line else ''})"


def _files_of(answer):
    """The files that the answer's own code stands in (a notebook's cell is a file of its own)."""
    if inspect.isclass(answer):
        return {m.__code__.co_filename for m in vars(answer).values() if inspect.isfunction(m)}
    code = getattr(inspect.unwrap(answer) if callable(answer) else answer, "__code__", None)
    return {code.co_filename} if code else set()


class Watched:
    """A function that is given copies of its arrays, and remembers which of them it changed.

    It stands in for the reader's function while its properties are looked at, so that one forgotten
    `.copy()` is reported as what it is and does not make the other properties fail. Arguments named in
    `in_place` are passed as they are.
    """

    def __init__(self, function, in_place=()):
        functools.update_wrapper(self, function)
        self.function, self.in_place, self.changed = function, set(in_place), []

    def __call__(self, *args, **kwargs):
        """Call the function with copies; note which of them it changed."""
        given = {**dict(zip(self._names(args), args, strict=True)), **kwargs}
        copies = {k: value if k in self.in_place else _copied(value) for k, value in given.items()}
        data = {k: None if k in self.in_place else _data_of(value) for k, value in given.items()}
        positional = [copies[k] for k in list(copies)[: len(args)]]
        try:
            return self.function(*positional, **{k: copies[k] for k in kwargs})
        finally:
            for k, value in given.items():
                intact = _same(value, copies[k]) and _restored(value, data[k])
                if not intact and k not in self.changed:
                    self.changed.append(k)

    def report(self):
        """Which arguments were changed, in words."""
        return f"it changes {' and '.join(self.changed)} in place; work on a copy"

    def _names(self, args):
        """A name for each positional argument: the function's own where Python can tell."""
        try:
            own = list(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            own = []
        return [own[i] if i < len(own) else f"argument {i + 1}" for i in range(len(args))]


def _copied(value):
    """A value with copies of the arrays in it, and of the lists, tuples and dicts that hold them."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, tuple):
        items = [_copied(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return value


def _same(value, copy):
    """Whether a copy made by `_copied` is still what it was copied from."""
    if isinstance(value, np.ndarray):
        alike = value.shape == copy.shape and value.dtype == copy.dtype
        return alike and (
            value.tobytes() == copy.tobytes() if value.dtype != object else (value == copy).all()
        )
    if isinstance(value, list | tuple):
        return len(value) == len(copy) and all(map(_same, value, copy))
    if isinstance(value, dict):
        return value.keys() == copy.keys() and all(_same(value[key], copy[key]) for key in value)
    return True  # it was passed as it is; a tensor is compared by its data


def _data_of(value):
    """A copy of the array inside a tensor, which is passed as it is (a copy has no gradient); else None."""
    data = getattr(value, "data", None)
    return data.copy() if not isinstance(value, np.ndarray) and isinstance(data, np.ndarray) else None


def _restored(tensor, data):
    """Whether a tensor still holds `data`; if not, it does again afterwards."""
    if data is None or _same(tensor.data, data):
        return True
    tensor.data = data
    return False


def _kind(value):
    """`a list`, `an int`."""
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
