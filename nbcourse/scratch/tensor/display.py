"""How a tensor prints: the same digits, columns and line breaks as torch."""

import math

import numpy as np

__all__ = ["tensor_repr"]

PRECISION = 4  # digits behind the point
THRESHOLD = 1000  # a tensor of more elements is summarised
EDGE = 3  # what a summary shows at each end of a dimension
WIDTH = 80  # characters in a line


def tensor_repr(data, suffixes=(), prefix="tensor("):
    """Return the text for the array ``data``, with ``suffixes`` at its end.

    A suffix is, for example, ``requires_grad=True``.
    """
    if not data.size:
        suffixes = [f"size={data.shape}"] * (data.ndim != 1) + list(suffixes)
        return _add_suffixes(prefix + "[]", suffixes, len(prefix))
    summarise = data.size > THRESHOLD
    formatter = _formatter(_edges(data) if summarise else data)
    text = _nested(data, len(prefix), summarise, formatter)
    return _add_suffixes(prefix + text, suffixes, len(prefix))


def _edges(data):
    """Return the values of ``data`` that a summary shows."""
    for axis, n in enumerate(data.shape):
        if n > 2 * EDGE:
            data = np.take(data, [*range(EDGE), *range(n - EDGE, n)], axis)
    return data


def _formatter(values):
    """Return a function from number to text of the width that suits all ``values``."""
    if values.dtype.kind != "f":
        width = max(len(str(v)) for v in values.ravel().tolist())
        return lambda v: str(v).rjust(width)
    finite = values[np.isfinite(values) & (values != 0)].astype(np.float64)
    whole = bool((finite == np.ceil(finite)).all())
    size = np.abs(finite)
    low, high = (size.min(), size.max()) if size.size else (1, 1)
    if high / low > 1000 or high > 1e8 or low < 1e-4:
        spec = f".{PRECISION}e"
    else:
        spec = ".0f" if whole else f".{PRECISION}f"

    def text(v):
        point = "." if spec == ".0f" and math.isfinite(v) else ""
        return format(v, spec) + point

    width = max((len(text(v)) for v in finite.tolist()), default=1)
    return lambda v: text(v).rjust(width)


def _nested(data, indent, summarise, text):
    """Return ``data`` in brackets: rows below each other, matrices further apart."""
    if data.ndim == 0:
        return text(data.item())
    cut = summarise and len(data) > 2 * EDGE
    shown = [*data[:EDGE], *data[-EDGE:]] if cut else list(data)
    parts = [_nested(part, indent + 1, summarise, text) for part in shown]
    if cut:
        parts.insert(EDGE, " ..." if data.ndim == 1 else "...")
    if data.ndim == 1:
        per_line = max(1, (WIDTH - indent) // (len(parts[0]) + 2))
        starts = range(0, len(parts), per_line)
        lines = [", ".join(parts[i : i + per_line]) for i in starts]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    return "[" + ("," + "\n" * (data.ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def _add_suffixes(text, suffixes, indent):
    column = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > WIDTH:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"
