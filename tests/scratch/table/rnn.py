"""Recurrent layers and cells, with every setting."""

from nbcourse import scratch
from nbcourse.scratch import nn

from ..rows import ModuleRow

X, BATCH_FIRST, ALONE = (5, 2, 3), (2, 5, 3), (5, 3)  # T = 5 steps, n = 2 sequences, 3 features


def layer(kind, *args, shapes=(X,), **kwargs):
    """A module row: a layer of 3 → 4 with these settings, called without an initial state."""
    return ModuleRow(lambda lib: getattr(lib.nn, kind)(3, 4, *args, **kwargs), list(shapes))


def started(kind, count, *args, x=X, n=(2,), size=4, **kwargs):
    """A module row: a layer called with initial states, (count, n, size) and for an LSTM (count, n, 4)."""

    def call(lib, module, x, h, c=None):
        return module(input=x, hx=h if c is None else (h, c))

    states = [(count, *n, size), (count, *n, 4)][: 1 + (kind == "LSTM")]
    return ModuleRow(lambda lib: getattr(lib.nn, kind)(3, 4, *args, **kwargs), [x, *states], call)


def in_float64(kind, shape):
    """A module row: a layer or cell of that dtype, whatever the default is."""
    return ModuleRow(
        lambda lib: getattr(lib.nn, kind)(3, 4, device="cpu", dtype=lib.float64),
        [],
        lambda lib, module: module(lib.ones(*shape, dtype=lib.float64)),
    )


def settings(kind):
    """The rows of one kind of layer."""
    return {
        kind: layer(kind),
        f"{kind}-started": started(kind, 1),
        f"{kind}-no-bias": layer(kind, bias=False),
        f"{kind}-three-layers": started(kind, 3, num_layers=3),
        f"{kind}-both-directions": started(kind, 2, bidirectional=True),
        f"{kind}-batch-first": started(kind, 1, x=BATCH_FIRST, batch_first=True),
        f"{kind}-alone": layer(kind, shapes=[ALONE]),
        f"{kind}-alone-started": started(kind, 4, 2, x=ALONE, n=(), batch_first=True, bidirectional=True),
        f"{kind}-everything": started(
            kind, 4, 2, x=BATCH_FIRST, bias=False, batch_first=True, bidirectional=True
        ),
        f"{kind}-all-dropped": layer(kind, num_layers=2, dropout=1),
        f"{kind}-nothing-dropped": layer(kind, num_layers=2, dropout=0.0, bidirectional=True),
        f"{kind}-one-step": started(kind, 1, x=(1, 2, 3)),
        f"{kind}-one-sequence": started(kind, 1, x=(5, 1, 3), n=(1,)),
        f"{kind}-no-sequence": started(kind, 2, 2, x=(5, 0, 3), n=(0,)),
        f"{kind}-dtype": in_float64(kind, X),
        f"{kind}-parameters": ModuleRow(
            lambda lib: getattr(lib.nn, kind)(3, 4, 2, bidirectional=True),
            [X],
            lambda lib, module, x: [p for weights in module.all_weights for p in weights],
        ),
    }


def cell(kind, *args, x=(2, 3), **kwargs):
    """A module row: a cell of 3 → 4, called without a state."""
    return ModuleRow(lambda lib: getattr(lib.nn, kind)(3, 4, *args, **kwargs), [x])


def stepped(kind, *args, n=(2,), **kwargs):
    """A module row: a cell that takes two steps from a state."""

    def call(lib, module, x, y, h, c=None):
        state = module(x, h if c is None else (h, c))
        return module(input=y, hx=state)

    states = [(*n, 4)] * (1 + (kind == "LSTMCell"))
    return ModuleRow(
        lambda lib: getattr(lib.nn, kind)(3, 4, *args, **kwargs), [(*n, 3), (*n, 3), *states], call
    )


def steps(kind):
    """The rows of one kind of cell."""
    return {
        kind: cell(kind),
        f"{kind}-started": stepped(kind),
        f"{kind}-no-bias": stepped(kind, bias=False),
        f"{kind}-alone": cell(kind, x=(3,)),
        f"{kind}-alone-started": stepped(kind, n=()),
        f"{kind}-no-sequence": stepped(kind, n=(0,)),
        f"{kind}-dtype": in_float64(kind, (2, 3)),
        f"{kind}-no-features": ModuleRow(lambda lib: getattr(lib.nn, kind)(0, 4), [(2, 0)]),
    }


KINDS, CELLS = ("RNN", "LSTM", "GRU"), ("RNNCell", "LSTMCell", "GRUCell")

MODULES = {label: row for kind in KINDS for label, row in settings(kind).items()}
MODULES |= {label: row for kind in CELLS for label, row in steps(kind).items()}
MODULES |= {
    "RNN-relu": started("RNN", 2, 2, nonlinearity="relu"),
    "RNN-positional": layer("RNN", 2, "relu", False, True, 0.0, True, shapes=[BATCH_FIRST]),
    "LSTM-positional": layer("LSTM", 2, False, True, 0.0, True, 2, shapes=[BATCH_FIRST]),
    "GRU-positional": layer("GRU", 2, False, True, 0.0, True, shapes=[BATCH_FIRST]),
    "LSTM-projected": started("LSTM", 1, size=2, proj_size=2),
    "LSTM-projected-everything": started(
        "LSTM", 4, 2, x=BATCH_FIRST, size=3, proj_size=3, bias=False, batch_first=True, bidirectional=True
    ),
    "LSTM-projected-alone": layer("LSTM", proj_size=1, shapes=[ALONE]),
    "RNNCell-relu": stepped("RNNCell", nonlinearity="relu"),
    "RNNCell-positional": stepped("RNNCell", False, "relu"),
}


def made(kind, *args, **kwargs):
    return lambda: getattr(nn, kind)(*args, **kwargs)


def called(kind, *args, **kwargs):
    """A call of a layer or cell of 3 → 4."""
    return lambda: getattr(nn, kind)(3, 4)(*args, **kwargs)


ones = scratch.ones
NOT_BUILT = {f"{kind}-device": (made(kind, 3, 4, device="cuda"), "device") for kind in KINDS + CELLS}
NOT_BUILT |= {f"{kind}-packed": (called(kind, (ones(5, 3), [2, 3])), "input=tuple") for kind in KINDS}

BAD = {}
for kind in KINDS:
    BAD |= {
        f"{kind}-input_size": (
            made(kind, 0, 4),
            ValueError,
            f"{kind}: expected input_size of at least 1, got 0",
        ),
        f"{kind}-hidden_size": (made(kind, 3, 4.0), TypeError, "hidden_size to be an integer, got 4.0"),
        f"{kind}-num_layers": (made(kind, 3, 4, 0), ValueError, "num_layers of at least 1, got 0"),
        f"{kind}-bias": (made(kind, 3, 4, bias=1), TypeError, "bias to be True or False, got 1"),
        f"{kind}-batch_first": (made(kind, 3, 4, batch_first=2), TypeError, "batch_first .* got 2"),
        f"{kind}-bidirectional": (made(kind, 3, 4, bidirectional=2), TypeError, "bidirectional .* got 2"),
        f"{kind}-dropout": (made(kind, 3, 4, dropout=1.5), ValueError, "dropout from 0 to 1, got 1.5"),
        f"{kind}-dropout-bool": (made(kind, 3, 4, dropout=True), ValueError, "from 0 to 1, got True"),
        f"{kind}-array": (called(kind, ones(5, 2, 3).data), TypeError, "input to be a Tensor, got ndarray"),
        f"{kind}-features": (
            called(kind, ones(5, 2, 4)),
            ValueError,
            r"\(T, n, 3\) or \(T, 3\), got \(5, 2, 4\)",
        ),
        f"{kind}-dimensions": (called(kind, ones(3)), ValueError, r"got \(3,\)"),
        f"{kind}-no-step": (called(kind, ones(0, 2, 3)), ValueError, r"at least one step, got \(0, 2, 3\)"),
        f"{kind}-dtype": (
            called(kind, ones(5, 2, 3).double()),
            TypeError,
            "input float64, weight_ih_l0 float32",
        ),
        f"{kind}-state-array": (called(kind, ones(5, 2, 3), ones(1, 2, 4).data), TypeError, "hx to be a"),
        f"{kind}-state-list": (called(kind, ones(5, 2, 3), [ones(1, 2, 4)] * 3), TypeError, "hx to be a"),
    }
SHORT, LONG, PAIR = ones(1, 1, 4), ones(2, 2, 4), (ones(1, 2, 4), ones(1, 3, 4))
BAD |= {
    "RNN-state": (
        called("RNN", ones(5, 2, 3), SHORT),
        ValueError,
        r"hx of shape \(1, 2, 4\), got \(1, 1, 4\)",
    ),
    "GRU-state": (
        called("GRU", ones(5, 2, 3), LONG),
        ValueError,
        r"hx of shape \(1, 2, 4\), got \(2, 2, 4\)",
    ),
    "LSTM-state": (
        called("LSTM", ones(5, 2, 3), PAIR),
        ValueError,
        r"c_0 of shape \(1, 2, 4\), got \(1, 3, 4\)",
    ),
    "LSTM-alone-state": (
        called("LSTM", ones(5, 3), PAIR),
        ValueError,
        r"h_0 of shape \(1, 4\), got \(1, 2, 4\)",
    ),
    "GRU-state-dtype": (
        called("GRU", ones(5, 2, 3), ones(1, 2, 4).double()),
        TypeError,
        "input float32, hx float64",
    ),
    "RNN-nonlinearity": (made("RNN", 3, 4, nonlinearity="sin"), ValueError, "'tanh' or 'relu', got 'sin'"),
    "RNNCell-nonlinearity": (made("RNNCell", 3, 4, nonlinearity=None), ValueError, "RNNCell: .* got None"),
    "LSTM-proj_size": (made("LSTM", 3, 4, proj_size=4), ValueError, "proj_size below hidden_size 4, got 4"),
    "LSTM-proj_size-negative": (
        made("LSTM", 3, 4, proj_size=-1),
        ValueError,
        "proj_size of at least 0, got -1",
    ),
}
for kind in CELLS:
    BAD |= {
        f"{kind}-input_size": (
            made(kind, -1, 4),
            ValueError,
            f"{kind}: expected input_size of at least 0, got -1",
        ),
        f"{kind}-hidden_size": (made(kind, 3, "4"), TypeError, "hidden_size to be an integer, got '4'"),
        f"{kind}-features": (called(kind, ones(2, 4)), ValueError, r"\(n, 3\) or \(3\), got \(2, 4\)"),
        f"{kind}-dimensions": (called(kind, ones(5, 2, 3)), ValueError, r"got \(5, 2, 3\)"),
        f"{kind}-array": (called(kind, ones(2, 3).data), TypeError, "input to be a Tensor, got ndarray"),
        f"{kind}-dtype": (called(kind, ones(2, 3).double()), TypeError, "float64"),
    }
BAD |= {
    "RNNCell-state": (
        called("RNNCell", ones(2, 3), ones(4)),
        ValueError,
        r"hx of shape \(2, 4\), got \(4,\)",
    ),
    "GRUCell-state": (
        called("GRUCell", ones(3), ones(1, 4)),
        ValueError,
        r"hx of shape \(4,\), got \(1, 4\)",
    ),
    "LSTMCell-state": (
        called("LSTMCell", ones(2, 3), ones(2, 4)),
        TypeError,
        r"pair of Tensors .* got \['Tensor'\]",
    ),
}
