"""What the engine offers: every public callable with its parameters, and which of them a call has used."""

import contextlib
import inspect
import sys
from pathlib import Path

import numpy as np

from nbcourse import scratch
from nbcourse.scratch.names import public
from nbcourse.scratch.tensor.methods import FAMILIES, first_parameter

TABLE = str(Path(__file__).parent / "table")
# frames between a call in the table and the function itself: decorators, operators, Module.__call__
BETWEEN = (
    str(Path(np.__file__).parent),  # np.errstate as a decorator
    contextlib.__file__,  # no_grad as a decorator
    *(
        str(Path(scratch.__file__).parent / name)
        for name in (
            "tensor/arguments.py",
            "tensor/methods.py",
            "tensor/modes.py",
            "nn/module.py",
            "nn/hooks.py",
        )
    ),
)
METHODS = ("__init__", "forward", "__enter__")  # by which a class is used


def places():
    """(prefix, namespace) of everything that torch's users import from."""
    nn, optim = scratch.nn, scratch.optim
    return [
        ("", scratch),
        ("autograd.", scratch.autograd),
        ("nn.", nn),
        ("nn.functional.", nn.functional),
        ("nn.init.", nn.init),
        ("nn.utils.", nn.utils),
        ("optim.", optim),
        ("optim.lr_scheduler.", optim.lr_scheduler),
    ]


def public_callables():
    """{public name: function or class}; the methods that are no functions too are named Tensor.view."""
    found = {
        prefix + name: value
        for prefix, place in places()
        for name in place.__all__
        if callable(value := getattr(place, name)) and not isinstance(value, np.dtype)
    }
    methods = {
        f"Tensor.{name}": function
        for name, function in public(*FAMILIES).items()
        if first_parameter(function) == "self"
    }
    return found | methods


def parameters(value):
    """{name: default} of a function, or of a class's `__init__` and `forward` as ``__init__.name``."""
    if not inspect.isclass(value):
        return _parameters(value)
    found = {}
    for method in ("__init__", "forward"):
        if inspect.isfunction(inspect.unwrap(getattr(value, method, None))):
            inner = _parameters(getattr(value, method))
            inner.pop("self", None)
            found |= {f"{method}.{name}": default for name, default in inner.items()}
    return found


def _parameters(function):
    return {p.name: p.default for p in inspect.signature(function).parameters.values()}


@contextlib.contextmanager
def recording():
    """Within this context, note in the set it gives which (name, parameter) calls from the table use.

    A parameter is used where a call gives it another value than its default.
    """
    functions, classes = _codes()
    used = set()

    def notice(frame, event, argument):
        code = frame.f_code
        if event != "call" or (code not in functions and code.co_name not in METHODS):
            return
        if not _from_table(frame.f_back):
            return
        owners, prefix = functions.get(code), ""
        if owners is None:
            owners, prefix = classes.get(_owner(frame), ()), f"{code.co_name}."
        for name, value in owners:
            used.add((name, None))
            for parameter, default in parameters(value).items():
                short = parameter.removeprefix(prefix)
                given = frame.f_locals.get(short, default) if parameter.startswith(prefix) else default
                if _differs(given, default):
                    used.add((name, parameter))

    sys.setprofile(notice)
    try:
        yield used
    finally:
        sys.setprofile(None)


def _owner(frame):
    """The class whose own method this frame runs, or None."""
    code = frame.f_code
    owner = type(frame.f_locals.get(code.co_varnames[0])) if code.co_argcount else None
    method = inspect.unwrap(getattr(owner, code.co_name, None))
    return owner if getattr(method, "__code__", None) is code else None


def _codes():
    functions, classes = {}, {}
    for name, value in public_callables().items():
        if inspect.isclass(value):
            classes.setdefault(value, []).append((name, value))
        else:
            code = inspect.unwrap(value).__code__
            functions.setdefault(code, []).append((name, value))
    return functions, classes


def _from_table(frame):
    while frame is not None and frame.f_code.co_filename.startswith(BETWEEN):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(TABLE)


def _differs(value, default):
    if value is default:
        return False
    if default is inspect.Parameter.empty:
        return not (isinstance(value, (tuple, dict)) and not value)
    if isinstance(value, (scratch.Tensor, np.ndarray)) or isinstance(default, np.dtype):
        return value is not default
    return type(value) is not type(default) or value != default
