"""nbcourse: the support package of the course, each idea once from scratch and once in PyTorch.

``from nbcourse import show, check, band, agree`` gives a notebook its four tools. Everything else is imported
from its own module. ``import nbcourse`` loads neither NumPy nor torch nor matplotlib.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a clone meets any Python; this file parses on old ones
    _error = (
        SystemExit if sys.argv[:1] == ["-m"] else ImportError
    )  # `python -m nbcourse` ends without traceback
    raise _error(
        "nbcourse needs Python 3.11 or newer; this is Python %d.%d (%s). "  # noqa: UP031
        "Make an environment with a newer one, for example: python3.12 -m venv .venv"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

# At once, because function and module share the name: a later `import nbcourse.show` would hide the function.
from nbcourse.show import show

__version__ = "0.1.0"
__all__ = ["__version__", "agree", "band", "check", "show"]

_HOMES = {"agree": "nbcourse.report", "band": "nbcourse.report", "check": "nbcourse.checks"}


def __getattr__(name):
    """Import `check`, `band` and `agree` when they are first asked for."""
    if name not in _HOMES:
        raise AttributeError("module 'nbcourse' has no attribute {!r}".format(name))  # noqa: UP032
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
