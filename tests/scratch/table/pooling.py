"""Poolings and their layers."""

import numpy as np

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row


def few(rng, shape):
    """Few different values: many are equal."""
    return rng.integers(0, 3, shape)


def odd(rng, shape):
    """NaN, -inf and numbers."""
    return rng.choice([np.nan, -np.inf, 1.0, 2.0], shape)


def lowest(rng, shape):
    """Nothing but -inf."""
    return np.full(shape, -np.inf)


def pool(name, shape, *settings, **named):
    """A row of a pooling."""
    return Row(lambda lib, x: getattr(lib.nn.functional, name)(x, *settings, **named), [shape])


def hard(name, shape, *settings, **named):
    """Rows on equal elements, NaN and infinities, where finite differences mean nothing."""

    def call(lib, x):
        return getattr(lib.nn.functional, name)(x, *settings, **named)

    draws = {"equal": few, "odd": odd, "lowest": lowest}
    return {label: Row(call, [shape], draw, differences=False) for label, draw in draws.items()}


def max1d(*args, **named):
    return pool("max_pool1d", *args, **named)


def max2d(*args, **named):
    return pool("max_pool2d", *args, **named)


def avg1d(*args, **named):
    return pool("avg_pool1d", *args, **named)


def avg2d(*args, **named):
    return pool("avg_pool2d", *args, **named)


def of_last_channels(lib, x):
    """The input is transposed: its channels are last in memory."""
    return lib.nn.functional.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1) * 2


X = (2, 3, 6, 7)

ROWS = {
    "max_pool1d": max1d((2, 3, 7), 2),
    "max_pool1d-one": max1d((3, 7), 3, 1),
    "max_pool1d-keywords": Row(
        lambda lib, x: lib.nn.functional.max_pool1d(
            input=x,
            kernel_size=(3,),
            stride=(2,),
            padding=(1,),
            dilation=(2,),
            ceil_mode=True,
            return_indices=True,
        ),
        [(2, 3, 8)],
    ),
    "max_pool2d": max2d(X, 2),
    "max_pool2d-positions": max2d(X, (3, 2), (2, 1), (1, 0), (1, 2), True, True),
    "max_pool2d-keywords": Row(
        lambda lib, x: lib.nn.functional.max_pool2d(
            input=x, kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True, return_indices=True
        ),
        [(2, 3, 8, 9)],
    ),
    "max_pool2d-one": max2d((3, 6, 7), 2, return_indices=True),
    "max_pool2d-pixel": max2d(X, 1),
    "max_pool2d-all": max2d(X, (6, 7)),
    "max_pool2d-overlap": max2d(X, 3, 1),
    "max_pool2d-apart": max2d(X, 2, 3),
    "max_pool2d-wide": max2d(X, (1, 3), return_indices=True),
    "max_pool2d-padding": max2d(X, 3, 1, 1, return_indices=True),
    "max_pool2d-dilation": max2d(X, 2, 1, dilation=(3, 2), return_indices=True),
    "max_pool2d-dilation-apart": max2d(X, 2, (4, 3), dilation=2),
    "max_pool2d-ceil": max2d((1, 2, 5, 5), 2, ceil_mode=True, return_indices=True),
    "max_pool2d-ceil-padding": max2d((1, 2, 5, 6), 2, 2, 1, ceil_mode=True, return_indices=True),
    "max_pool2d-large": max2d((1, 1, 17, 17), (17, 16), 1, return_indices=True),  # over 255 in a window
    "max_pool2d-no-images": max2d((0, 3, 6, 7), 2, return_indices=True),
    "max_pool2d-channels-last": Row(of_last_channels, [(2, 6, 4, 3)]),
    "max_pool2d-infinite-gradient": Row(
        lambda lib, x: [
            lib.nn.functional.max_pool2d(x, 2) * float("inf"),
            lib.nn.functional.max_pool2d(x[:1], 3, 1) * float("-inf"),
        ],
        [X],
        differences=False,
    ),
    "max_pool2d-integers": Row(
        lambda lib: lib.nn.functional.max_pool2d(
            -lib.arange(24).reshape(1, 4, 6), 2, padding=1, return_indices=True
        )
    ),
    "avg_pool1d": avg1d((2, 3, 7), 2),
    "avg_pool1d-one": avg1d((3, 7), 3, 1),
    "avg_pool1d-keywords": Row(
        lambda lib, x: lib.nn.functional.avg_pool1d(
            input=x, kernel_size=(3,), stride=(2,), padding=(1,), ceil_mode=True, count_include_pad=False
        ),
        [(2, 3, 8)],
    ),
    "avg_pool2d": avg2d(X, 2),
    "avg_pool2d-positions": avg2d(X, (3, 2), (2, 1), (1, 0), True, False, 5),
    "avg_pool2d-keywords": Row(
        lambda lib, x: lib.nn.functional.avg_pool2d(
            input=x,
            kernel_size=3,
            stride=2,
            padding=1,
            ceil_mode=True,
            count_include_pad=False,
            divisor_override=-2,
        ),
        [X],
    ),
    "avg_pool2d-one": avg2d((3, 6, 7), 2),
    "avg_pool2d-overlap": avg2d(X, 3, 1),
    "avg_pool2d-apart": avg2d(X, 2, 3),
    "avg_pool2d-padding": avg2d(X, 3, 2, 1),
    "avg_pool2d-padding-apart": avg2d(X, 3, 2, 1, count_include_pad=False),
    "avg_pool2d-ceil": avg2d((1, 2, 5, 5), 3, 2, 1, ceil_mode=True),
    "avg_pool2d-ceil-beyond": avg2d((1, 2, 5, 6), (1, 4), (1, 3), (0, 2), ceil_mode=True),
    "avg_pool2d-no-images": avg2d((0, 3, 6, 7), 2),
    "avg_pool2d-integers": Row(
        lambda lib: lib.nn.functional.avg_pool2d(lib.arange(-12, 12).reshape(1, 4, 6), 2)
    ),
    "adaptive_avg_pool1d": pool("adaptive_avg_pool1d", (2, 3, 7), 3),
    "adaptive_avg_pool1d-keywords": Row(
        lambda lib, x: lib.nn.functional.adaptive_avg_pool1d(input=x, output_size=(5,)), [(3, 7)]
    ),
    "adaptive_avg_pool2d": pool("adaptive_avg_pool2d", X, 1),
    "adaptive_avg_pool2d-keywords": Row(
        lambda lib, x: lib.nn.functional.adaptive_avg_pool2d(input=x, output_size=(4, 3)), [(3, 6, 7)]
    ),
    "adaptive_avg_pool2d-even": pool("adaptive_avg_pool2d", (2, 3, 6, 8), (3, 4)),
    "adaptive_avg_pool2d-larger": pool("adaptive_avg_pool2d", X, (8, 9)),
    "adaptive_avg_pool2d-as-it-is": pool("adaptive_avg_pool2d", X, (None, 2)),
    "adaptive_avg_pool2d-no-images": pool("adaptive_avg_pool2d", (0, 3, 6, 7), 2),
    "adaptive_max_pool1d": pool("adaptive_max_pool1d", (2, 3, 7), 3),
    "adaptive_max_pool1d-keywords": Row(
        lambda lib, x: lib.nn.functional.adaptive_max_pool1d(input=x, output_size=(5,), return_indices=True),
        [(3, 7)],
    ),
    "adaptive_max_pool2d": pool("adaptive_max_pool2d", X, 1),
    "adaptive_max_pool2d-keywords": Row(
        lambda lib, x: lib.nn.functional.adaptive_max_pool2d(
            input=x, output_size=(4, 3), return_indices=True
        ),
        [(3, 6, 7)],
    ),
    "adaptive_max_pool2d-larger": pool("adaptive_max_pool2d", X, (8, 9), return_indices=True),
    "adaptive_max_pool2d-as-it-is": pool("adaptive_max_pool2d", X, (2, None)),
    "adaptive_max_pool2d-no-images": pool("adaptive_max_pool2d", (0, 3, 6, 7), 2),
}
for _name, _settings in {
    "max_pool1d": ((2, 3, 8), 3, 2, 1),
    "max_pool2d": (X, 2),
    "avg_pool2d": (X, 3, 2, 1),
    "adaptive_avg_pool2d": (X, (4, 3)),
}.items():
    ROWS |= {f"{_name}-{label}": row for label, row in hard(_name, *_settings).items()}
for _name, _settings in {"max_pool2d": (X, 3, 2, 1), "adaptive_max_pool2d": (X, (4, 3))}.items():
    _rows = hard(_name, *_settings, return_indices=True)
    ROWS |= {f"{_name}-where-{label}": row for label, row in _rows.items()}

MODULES = {
    "MaxPool1d": ModuleRow(lambda lib: lib.nn.MaxPool1d(2), [(2, 3, 7)]),
    "MaxPool1d-settings": ModuleRow(
        lambda lib: lib.nn.MaxPool1d(
            kernel_size=3, stride=(2,), padding=1, dilation=2, return_indices=True, ceil_mode=True
        ),
        [(3, 8)],
        lambda lib, module, x: module(input=x),
    ),
    "MaxPool2d": ModuleRow(lambda lib: lib.nn.MaxPool2d((2, 3)), [X]),
    "MaxPool2d-settings": ModuleRow(
        lambda lib: lib.nn.MaxPool2d(
            kernel_size=3, stride=(2, 1), padding=1, dilation=2, return_indices=True, ceil_mode=True
        ),
        [X],
        lambda lib, module, x: module(input=x),
    ),
    "AvgPool1d": ModuleRow(lambda lib: lib.nn.AvgPool1d(2), [(2, 3, 7)]),
    "AvgPool1d-settings": ModuleRow(
        lambda lib: lib.nn.AvgPool1d(
            kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False
        ),
        [(3, 8)],
        lambda lib, module, x: module(input=x),
    ),
    "AvgPool2d": ModuleRow(lambda lib: lib.nn.AvgPool2d((2, 3)), [X]),
    "AvgPool2d-settings": ModuleRow(
        lambda lib: lib.nn.AvgPool2d(
            kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False, divisor_override=3
        ),
        [X],
        lambda lib, module, x: module(input=x),
    ),
    "AdaptiveAvgPool1d": ModuleRow(lambda lib: lib.nn.AdaptiveAvgPool1d(output_size=3), [(2, 3, 7)]),
    "AdaptiveAvgPool2d": ModuleRow(lambda lib: lib.nn.AdaptiveAvgPool2d(output_size=(None, 3)), [X]),
    "AdaptiveMaxPool1d": ModuleRow(
        lambda lib: lib.nn.AdaptiveMaxPool1d(output_size=3, return_indices=True), [(2, 3, 7)]
    ),
    "AdaptiveMaxPool2d": ModuleRow(
        lambda lib: lib.nn.AdaptiveMaxPool2d(output_size=(2, 3), return_indices=True), [X]
    ),
}
for _name in ("AdaptiveAvgPool1d", "AdaptiveMaxPool1d"):
    MODULES[f"{_name}-one"] = ModuleRow(
        lambda lib, name=_name: getattr(lib.nn, name)(2), [(3, 7)], lambda lib, m, x: m(input=x)
    )
for _name in ("AdaptiveAvgPool2d", "AdaptiveMaxPool2d"):
    MODULES[f"{_name}-one"] = ModuleRow(
        lambda lib, name=_name: getattr(lib.nn, name)(2), [(3, 6, 7)], lambda lib, m, x: m(input=x)
    )


def ones(*shape):
    return scratch.ones(shape)


BAD = {
    "max_pool2d-dims": (lambda: F.max_pool2d(ones(4, 4), 2), ValueError, r"\(N, C, H, W\) or \(C, H, W\)"),
    "max_pool1d-dims": (lambda: F.max_pool1d(ones(4), 2), ValueError, r"\(N, C, L\) or \(C, L\)"),
    "max_pool2d-no-channels": (lambda: F.max_pool2d(ones(2, 0, 4, 4), 2), ValueError, "with elements"),
    "max_pool2d-no-pixels": (lambda: F.max_pool2d(ones(2, 1, 0, 4), 2, padding=1), ValueError, "elements"),
    "max_pool2d-truth": (lambda: F.max_pool2d(ones(1, 4, 4) > 0, 2), TypeError, "numbers, got bool"),
    "max_pool2d-kernel": (lambda: F.max_pool2d(ones(1, 4, 4), 0), ValueError, "kernel_size of at least 1"),
    "max_pool2d-large-kernel": (
        lambda: F.max_pool2d(ones(1, 4, 4), 3, dilation=2),
        ValueError,
        r"at least as large as the window \(3, 3\) with dilation \(2, 2\), got \(4, 4\)",
    ),
    "max_pool2d-stride": (lambda: F.max_pool2d(ones(1, 4, 4), 2, 0), ValueError, "stride of at least 1"),
    "max_pool2d-padding": (
        lambda: F.max_pool2d(ones(1, 4, 4), 2, padding=2),
        ValueError,
        r"at most half the kernel \(2, 2\), got \(2, 2\)",
    ),
    "max_pool2d-padding-negative": (
        lambda: F.max_pool2d(ones(1, 4, 4), 2, padding=-1),
        ValueError,
        "padding of at least 0",
    ),
    "max_pool2d-dilation": (lambda: F.max_pool2d(ones(1, 4, 4), 2, dilation=0), ValueError, "dilation"),
    "max_pool2d-sizes": (lambda: F.max_pool2d(ones(1, 4, 4), (2, 2, 2)), TypeError, "an integer or 2"),
    "avg_pool1d-padding": (
        lambda: F.avg_pool1d(ones(1, 4), 3, padding=2),
        ValueError,
        "at most half the kernel",
    ),
    "avg_pool2d-divisor": (
        lambda: F.avg_pool2d(ones(1, 4, 4), 2, divisor_override=0),
        ValueError,
        "divisor_override other than 0",
    ),
    "adaptive_avg_pool1d-none": (lambda: F.adaptive_avg_pool1d(ones(1, 4), None), TypeError, "got None"),
    "adaptive_max_pool1d-none": (lambda: F.adaptive_max_pool1d(ones(1, 4), None), TypeError, "got None"),
    "adaptive_avg_pool2d-negative": (
        lambda: F.adaptive_avg_pool2d(ones(1, 4, 4), -1),
        ValueError,
        "output_size of at least 0",
    ),
    "adaptive_avg_pool2d-three": (
        lambda: F.adaptive_avg_pool2d(ones(1, 4, 4), (1, 2, 3)),
        TypeError,
        r"an integer or 2 of them, got \(1, 2, 3\)",
    ),
    "adaptive_avg_pool2d-dims": (lambda: F.adaptive_avg_pool2d(ones(4, 4), 1), ValueError, "N, C, H, W"),
    "adaptive_max_pool2d-integers": (
        lambda: F.adaptive_max_pool2d(ones(1, 4, 4).long(), 1),
        TypeError,
        "floating-point dtype, got int64",
    ),
    "AvgPool1d-kernel": (lambda: nn.AvgPool1d(0), ValueError, "kernel_size of at least 1"),
}
