"""Padding, resizing, windows as columns, and their layers."""

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row


def pad(shape, *settings, **named):
    return Row(lambda lib, x: lib.nn.functional.pad(x, *settings, **named), [shape])


def resize(shape, *settings, **named):
    return Row(lambda lib, x: lib.nn.functional.interpolate(x, *settings, **named), [shape])


def unfold(shape, *settings, **named):
    return Row(lambda lib, x: lib.nn.functional.unfold(x, *settings, **named), [shape])


def fold(shape, *settings, **named):
    return Row(lambda lib, x: lib.nn.functional.fold(x, *settings, **named), [shape])


X = (2, 3, 4, 5)

ROWS = {
    "pad": pad(X, (1, 2)),
    "pad-keywords": Row(
        lambda lib, x: lib.nn.functional.pad(input=x, pad=[1, 0, 2, 1], mode="constant", value=2.5), [X]
    ),
    "pad-value": pad((5,), (1, 1), value=-3),
    "pad-all": pad((2, 3), (1, 0, 0, 2)),
    "pad-negative": pad(X, (-1, 2, 1, -3)),
    "pad-negative-all": pad((2, 3), (-1, -2)),
    "pad-nothing": pad(X, ()),
    "pad-zeros": pad(X, (0, 0, 0, 0)),
    "pad-no-elements": pad((0, 3), (1, 1)),
    "pad-integers": Row(lambda lib: lib.nn.functional.pad(lib.arange(4), (1, 2), value=7)),
    "pad-truth": Row(lambda lib: lib.nn.functional.pad(lib.arange(4) > 1, (1, 2), value=True)),
    "interpolate-size": resize(X, (7, 3)),
    "interpolate-keywords": Row(
        lambda lib, x: lib.nn.functional.interpolate(
            input=x, scale_factor=1.3, mode="nearest", recompute_scale_factor=True
        ),
        [X],
    ),
    "interpolate-factor": resize(X, scale_factor=2),
    "interpolate-factors": resize(X, scale_factor=(1.5, 0.7)),
    "interpolate-signal": resize((2, 3, 4), size=9),
    "interpolate-volume": resize((1, 2, 2, 3, 2), scale_factor=2.0),
    "interpolate-no-images": resize((0, 2, 3), 4),
    "unfold": unfold(X, 2),
    "unfold-keywords": Row(
        lambda lib, x: lib.nn.functional.unfold(
            input=x, kernel_size=(2, 3), dilation=(1, 2), padding=(1, 2), stride=(2, 1)
        ),
        [X],
    ),
    "unfold-positions": unfold(X, 2, 2, 1, 2),
    "unfold-one": unfold((3, 4, 5), (3, 2)),
    "unfold-all": unfold(X, (4, 5)),
    "unfold-no-images": unfold((0, 3, 4, 5), 2),
    "fold": fold((2, 12, 12), (4, 5), 2),
    "fold-keywords": Row(
        lambda lib, x: lib.nn.functional.fold(
            input=x, output_size=(4, 5), kernel_size=(2, 3), dilation=(1, 2), padding=(1, 2), stride=(2, 1)
        ),
        [(2, 18, 15)],
    ),
    "fold-positions": fold((1, 8, 9), 5, 2, 1, 1, 2),
    "fold-one": fold((12, 12), (4, 5), 2),
    "fold-no-images": fold((0, 12, 12), (4, 5), 2),
    "fold-unfold": Row(
        lambda lib, x: lib.nn.functional.fold(
            lib.nn.functional.unfold(x, 3, padding=1), (4, 5), 3, padding=1
        ),
        [X],
    ),
}
for _mode in ("reflect", "replicate", "circular"):
    ROWS |= {
        f"pad-{_mode}": pad((3, 5), (1, 2), _mode),
        f"pad-{_mode}-batch": pad((2, 3, 5), (3, 4), _mode),
        f"pad-{_mode}-image": pad((3, 4, 5), (1, 2, 0, 3), _mode),
        f"pad-{_mode}-images": pad(X, (2, 1, 3, 1), _mode),
        f"pad-{_mode}-volume": pad((2, 2, 3, 3), (1, 1, 0, 2, 1, 1), _mode),
        f"pad-{_mode}-volumes": pad((1, 2, 2, 3, 3), (1, 1, 0, 2, 1, 0), _mode),
        f"pad-{_mode}-negative": pad((3, 5), (-2, 1), _mode),
        f"pad-{_mode}-negative-end": pad(X, (1, -1, 0, -2), _mode, value=0),
        f"pad-{_mode}-no-images": pad((0, 3, 5), (1, 2), _mode),
        f"pad-{_mode}-integers": Row(
            lambda lib, mode=_mode: lib.nn.functional.pad(lib.arange(8).reshape(2, 4), (2, 1), mode)
        ),
    }

MODULES = {
    "ConstantPad1d": ModuleRow(lambda lib: lib.nn.ConstantPad1d(padding=(2, -1), value=3.5), [(3, 5)]),
    "ConstantPad2d": ModuleRow(lambda lib: lib.nn.ConstantPad2d(padding=1, value=-1), [X]),
    "Upsample-size": ModuleRow(lambda lib: lib.nn.Upsample((7, 3)), [X]),
    "Upsample-keywords": ModuleRow(
        lambda lib: lib.nn.Upsample(
            size=None, scale_factor=(1.3, 2), mode="nearest", recompute_scale_factor=True
        ),
        [X],
        lambda lib, module, x: module(input=x),
    ),
    "Upsample-factor": ModuleRow(lambda lib: lib.nn.Upsample(scale_factor=2), [(2, 3, 4)]),
    "Unfold": ModuleRow(lambda lib: lib.nn.Unfold(2), [X]),
    "Unfold-settings": ModuleRow(
        lambda lib: lib.nn.Unfold(kernel_size=(2, 3), dilation=(1, 2), padding=(1, 2), stride=2),
        [X],
        lambda lib, module, x: module(input=x),
    ),
    "Fold": ModuleRow(lambda lib: lib.nn.Fold((4, 5), 2), [(2, 12, 12)]),
    "Fold-settings": ModuleRow(
        lambda lib: lib.nn.Fold(
            output_size=(4, 5), kernel_size=(2, 3), dilation=(1, 2), padding=(1, 2), stride=2
        ),
        [(2, 18, 9)],
        lambda lib, module, x: module(input=x),
    ),
}
for _name in ("ZeroPad1d", "ReflectionPad1d", "ReplicationPad1d", "CircularPad1d"):
    MODULES |= {
        _name: ModuleRow(lambda lib, name=_name: getattr(lib.nn, name)(2), [(2, 3, 5)]),
        f"{_name}-sides": ModuleRow(
            lambda lib, name=_name: getattr(lib.nn, name)(padding=(2, -1)),
            [(3, 5)],
            lambda lib, module, x: module(input=x),
        ),
    }
for _name in ("ZeroPad2d", "ReflectionPad2d", "ReplicationPad2d", "CircularPad2d"):
    MODULES |= {
        _name: ModuleRow(lambda lib, name=_name: getattr(lib.nn, name)(2), [X]),
        f"{_name}-sides": ModuleRow(
            lambda lib, name=_name: getattr(lib.nn, name)(padding=(2, -1, 1, 3)),
            [(3, 4, 5)],
            lambda lib, module, x: module(input=x),
        ),
    }
for _name in ("ConstantPad1d", "ConstantPad2d"):
    MODULES[f"{_name}-keyword"] = ModuleRow(
        lambda lib, name=_name: getattr(lib.nn, name)(1, 2.0), [X], lambda lib, module, x: module(input=x)
    )

NOT_BUILT = {
    "interpolate-mode": (lambda: F.interpolate(scratch.ones(1, 1, 2, 2), 3, mode="bilinear"), "mode"),
    "interpolate-corners": (
        lambda: F.interpolate(scratch.ones(1, 1, 2, 2), 3, mode="bilinear", align_corners=True),
        "bilinear",
    ),
    "interpolate-antialias": (
        lambda: F.interpolate(scratch.ones(1, 1, 2, 2), 3, mode="bilinear", antialias=True),
        "bilinear",
    ),
    "Upsample-corners": (
        lambda: nn.Upsample(3, mode="bilinear", align_corners=True)(scratch.ones(1, 1, 2, 2)),
        "bilinear",
    ),
}


def ones(*shape):
    return scratch.ones(shape)


BAD = {
    "pad-odd": (lambda: F.pad(ones(4), (1,)), ValueError, "two numbers for each"),
    "pad-dims": (lambda: F.pad(ones(4), (1, 1, 1, 1)), ValueError, r"dimensions of shape \(4,\)"),
    "pad-number": (lambda: F.pad(ones(4), 1), TypeError, "sequence of integers, got 1"),
    "pad-float": (lambda: F.pad(ones(4), (1.0, 2)), TypeError, "sequence of integers"),
    "pad-negative": (lambda: F.pad(ones(4), (-3, -2)), ValueError, r"at most all of shape \(4,\)"),
    "pad-negative-first": (lambda: F.pad(ones(4), (-5, 3)), ValueError, "at most all"),
    "pad-mode": (lambda: F.pad(ones(2, 4), (1, 1), "mirror"), ValueError, "got 'mirror'"),
    "pad-mode-value": (
        lambda: F.pad(ones(2, 4), (1, 1), "reflect", 1.0),
        ValueError,
        "no value for mode 'reflect', got 1.0",
    ),
    "pad-mode-few-dims": (lambda: F.pad(ones(4), (1, 1), "reflect"), ValueError, "all dimensions"),
    "pad-mode-many-dims": (lambda: F.pad(ones(2, 2, 4, 4), (1, 1), "circular"), ValueError, "all dimensions"),
    "pad-mode-nothing": (lambda: F.pad(ones(1, 2, 0), (1, 1), "replicate"), ValueError, "to repeat"),
    "pad-reflect": (lambda: F.pad(ones(2, 4), (4, 0), "reflect"), ValueError, "at most 3, got"),
    "pad-circular": (lambda: F.pad(ones(2, 4), (5, 0), "circular"), ValueError, "at most 4, got"),
    "pad-replicate": (lambda: F.pad(ones(2, 4), (-2, -2), "replicate"), ValueError, "leave something of 4"),
    "CircularPad1d-dims": (
        lambda: nn.CircularPad1d(1)(ones(1, 2, 3, 4)),
        ValueError,
        "CircularPad1d: expected 2D or 3D input",
    ),
    "CircularPad2d-dims": (lambda: nn.CircularPad2d(1)(ones(3, 4)), ValueError, "expected 3D or 4D input"),
    "interpolate-both": (
        lambda: F.interpolate(ones(1, 1, 2), 3, 2.0),
        ValueError,
        "either size or scale_factor",
    ),
    "interpolate-neither": (lambda: F.interpolate(ones(1, 1, 2)), ValueError, "either size or scale_factor"),
    "interpolate-dims": (lambda: F.interpolate(ones(1, 2), 3), ValueError, "3 to 5 dimensions"),
    "interpolate-sizes": (lambda: F.interpolate(ones(1, 1, 2), (3, 4)), ValueError, "one number or 1"),
    "interpolate-nothing": (
        lambda: F.interpolate(ones(1, 1, 2), scale_factor=0.1),
        ValueError,
        "sizes of at least 1",
    ),
    "interpolate-corners": (
        lambda: F.interpolate(ones(1, 1, 2), 3, align_corners=True),
        ValueError,
        "align_corners=None",
    ),
    "interpolate-antialias": (
        lambda: F.interpolate(ones(1, 1, 2), 3, antialias=True),
        ValueError,
        "antialias=False",
    ),
    "unfold-dims": (lambda: F.unfold(ones(3, 4), 2), ValueError, r"\(N, C, H, W\) or \(C, H, W\)"),
    "unfold-no-channels": (lambda: F.unfold(ones(1, 0, 3, 4), 2), ValueError, "with elements"),
    "unfold-integers": (lambda: F.unfold(ones(1, 3, 4).long(), 2), TypeError, "floating-point"),
    "unfold-large": (lambda: F.unfold(ones(1, 1, 3, 4), 5), ValueError, r"window \(5, 5\)"),
    "unfold-kernel": (lambda: F.unfold(ones(1, 1, 3, 4), 0), ValueError, "kernel_size of at least 1"),
    "unfold-stride": (lambda: F.unfold(ones(1, 1, 3, 4), 2, stride=0), ValueError, "stride of at least 1"),
    "unfold-padding": (lambda: F.unfold(ones(1, 1, 3, 4), 2, padding=-1), ValueError, "padding"),
    "unfold-dilation": (lambda: F.unfold(ones(1, 1, 3, 4), 2, dilation=0), ValueError, "dilation"),
    "fold-rows": (lambda: F.fold(ones(1, 5, 6), (3, 4), 2), ValueError, r"\(N, C·4, 6\)"),
    "fold-columns": (lambda: F.fold(ones(1, 4, 5), (3, 4), 2), ValueError, r"got \(1, 4, 5\)"),
    "fold-no-rows": (lambda: F.fold(ones(1, 0, 6), (3, 4), 2), ValueError, r"got \(1, 0, 6\)"),
    "fold-dims": (lambda: F.fold(ones(1, 1, 4, 6), (3, 4), 2), ValueError, r"got \(1, 1, 4, 6\)"),
    "fold-large": (lambda: F.fold(ones(1, 4, 6), (1, 4), 2), ValueError, "at least as large"),
    "fold-integers": (lambda: F.fold(ones(1, 4, 6).long(), (3, 4), 2), TypeError, "floating-point"),
}
