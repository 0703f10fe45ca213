"""Convolutions, transposed ones, and their layers."""

import pytest

from nbcourse import scratch
from nbcourse.scratch import nn
from nbcourse.scratch.nn import functional as F

from ..rows import ModuleRow, Row


def conv(name, shapes, *settings, **named):
    """A row of shapes [input, weight, bias or none]."""

    def call(lib, x, w, b=None):
        return getattr(lib.nn.functional, name)(x, w, b, *settings, **named)

    return Row(call, shapes)


def conv1d(*shapes, **named):
    return conv("conv1d", list(shapes), **named)


def conv2d(*shapes, **named):
    return conv("conv2d", list(shapes), **named)


def transpose1d(*shapes, **named):
    return conv("conv_transpose1d", list(shapes), **named)


def transpose2d(*shapes, **named):
    return conv("conv_transpose2d", list(shapes), **named)


def partly(lib, x, w, b):
    """Gradients only for some of the three."""
    f = lib.nn.functional.conv2d
    return [
        f(x.detach(), w, b),
        f(x, w.detach(), b.detach()),
        f(x, w, b.detach()),
        f(x.detach(), w.detach(), b),
    ]


def partly_transposed(lib, x, w, b):
    f = lib.nn.functional.conv_transpose2d
    return [f(x.detach(), w, b), f(x, w.detach(), b.detach()), f(x.detach(), w.detach(), b)]


X, W, B = (2, 4, 5, 6), (6, 4, 3, 2), (6,)
XT, WT = (2, 4, 3, 4), (4, 6, 3, 2)

ROWS = {
    "conv1d": conv1d((2, 3, 7), (4, 3, 3), (4,)),
    "conv1d-no-bias": conv1d((2, 3, 7), (4, 3, 3)),
    "conv1d-keywords": Row(
        lambda lib, x, w, b: lib.nn.functional.conv1d(
            input=x, weight=w, bias=b, stride=(2,), padding=(1,), dilation=(2,), groups=2
        ),
        [(2, 4, 9), (6, 2, 3), (6,)],
    ),
    "conv1d-one": conv1d((4, 7), (2, 4, 4), (2,), padding=3),
    "conv1d-pointwise": conv1d((2, 3, 7), (4, 3, 1), (4,)),
    "conv1d-same": conv1d((2, 3, 7), (4, 3, 4), (4,), padding="same"),
    "conv1d-long": conv1d((1, 1, 40), (1, 1, 3)),  # fewer elements in a window than windows
    "conv2d": conv2d(X, W, B),
    "conv2d-positions": conv("conv2d", [(2, 4, 7, 8), (6, 2, 3, 2), B], (2, 1), (1, 2), (1, 2), 2),
    "conv2d-keywords": Row(
        lambda lib, x, w, b: lib.nn.functional.conv2d(
            input=x, weight=w, bias=b, stride=2, padding=1, dilation=2, groups=2
        ),
        [(2, 4, 7, 8), (6, 2, 3, 2), B],
    ),
    "conv2d-one-image": conv2d((4, 5, 6), W, B, padding=1),
    "conv2d-one-channel": conv2d((3, 1, 5, 6), (2, 1, 3, 3), (2,)),
    "conv2d-pointwise": conv2d(X, (6, 4, 1, 1), B),
    "conv2d-pointwise-steps": conv2d(X, (6, 4, 1, 1), B, stride=(3, 2)),
    "conv2d-whole": conv2d(X, (3, 4, 5, 6), (3,)),  # one window
    "conv2d-even": conv2d(X, (2, 4, 2, 2), (2,), padding=1),
    "conv2d-wide": conv2d(X, (2, 4, 1, 5), (2,), padding=(0, 2)),
    "conv2d-steps": conv2d(X, W, B, stride=(2, 1)),
    "conv2d-steps-between": conv2d(X, (6, 4, 1, 2), B, stride=3),  # pixels that no window meets
    "conv2d-padding": conv2d(X, W, B, padding=(2, 3)),
    "conv2d-dilation": conv2d(X, W, B, dilation=(2, 3)),
    "conv2d-dilation-steps": conv2d((1, 2, 9, 9), (3, 2, 3, 3), (3,), dilation=2, stride=2, padding=2),
    "conv2d-groups": conv2d(X, (6, 2, 3, 2), B, groups=2),
    "conv2d-depthwise": conv2d(X, (4, 1, 3, 3), (4,), groups=4, padding=1),
    "conv2d-depthwise-twice": conv2d(X, (8, 1, 3, 3), (8,), groups=4, stride=2),
    "conv2d-same": conv2d(X, W, B, padding="same"),
    "conv2d-same-even": conv2d(X, (2, 4, 4, 2), (2,), padding="same", dilation=(1, 2)),
    "conv2d-valid": conv2d(X, W, B, padding="valid", stride=2),
    "conv2d-no-images": conv2d((0, 4, 5, 6), W, B),
    "conv2d-many-images": conv2d((67, 2, 4, 4), (3, 2, 3, 3), (3,), padding=1),
    "conv2d-partly": Row(partly, [X, W, B], differences=False),
    "conv2d-twice": Row(
        lambda lib, x, w: lib.nn.functional.conv2d(lib.nn.functional.conv2d(x, w, padding=1).relu(), w),
        [(2, 3, 5, 5), (3, 3, 3, 3)],
    ),
    "conv2d-integers": Row(
        lambda lib: lib.nn.functional.conv2d(
            lib.arange(48).reshape(2, 2, 3, 4), lib.arange(24).reshape(3, 2, 2, 2), lib.arange(3)
        )
    ),
    "conv2d-infinite": Row(
        lambda lib, x, w: lib.nn.functional.conv2d(x / lib.tensor([0.0, 1.0, 1.0, 1.0]).to(x.dtype), w),
        [(1, 1, 2, 4), (1, 1, 1, 2)],
        differences=False,
    ),
    "conv_transpose1d": transpose1d((2, 3, 5), (3, 4, 3), (4,)),
    "conv_transpose1d-no-bias": transpose1d((2, 3, 5), (3, 4, 3)),
    "conv_transpose1d-keywords": Row(
        lambda lib, x, w, b: lib.nn.functional.conv_transpose1d(
            input=x,
            weight=w,
            bias=b,
            stride=(3,),
            padding=(1,),
            output_padding=(2,),
            groups=2,
            dilation=(2,),
        ),
        [(2, 4, 3), (4, 3, 3), (6,)],
    ),
    "conv_transpose1d-one": transpose1d((3, 5), (3, 4, 3), (4,), stride=2),
    "conv_transpose2d": transpose2d(XT, WT, B),
    "conv_transpose2d-positions": conv(
        "conv_transpose2d", [XT, (4, 3, 3, 2), B], (2, 3), (1, 0), (1, 2), 2, (1, 2)
    ),
    "conv_transpose2d-keywords": Row(
        lambda lib, x, w, b: lib.nn.functional.conv_transpose2d(
            input=x, weight=w, bias=b, stride=2, padding=1, output_padding=1, groups=2, dilation=2
        ),
        [XT, (4, 3, 3, 2), B],
    ),
    "conv_transpose2d-one-image": transpose2d((4, 3, 4), WT, B, stride=2),
    "conv_transpose2d-pointwise": transpose2d(XT, (4, 6, 1, 1), B, stride=2),
    "conv_transpose2d-cut": transpose2d(XT, WT, B, padding=(2, 1)),
    "conv_transpose2d-beyond": transpose2d(XT, WT, B, output_padding=(1, 0), dilation=(2, 1)),
    "conv_transpose2d-depthwise": transpose2d(XT, (4, 1, 3, 3), (4,), groups=4, stride=2),
    "conv_transpose2d-no-images": transpose2d((0, 4, 3, 4), WT, B),
    "conv_transpose2d-many-images": transpose2d((41, 2, 3, 3), (2, 3, 3, 3), (3,)),
    "conv_transpose2d-partly": Row(partly_transposed, [XT, WT, B], differences=False),
}


def sized(*size):
    """Ask a transposed convolution for an output of this size."""
    return lambda lib, module, x: [module(x), module(input=x, output_size=size)]


MODULES = {
    "Conv1d": ModuleRow(lambda lib: lib.nn.Conv1d(3, 4, 3), [(2, 3, 7)]),
    "Conv1d-tuple": ModuleRow(lambda lib: lib.nn.Conv1d(3, 4, (3,), padding=2), [(3, 7)]),
    "Conv1d-settings": ModuleRow(
        lambda lib: lib.nn.Conv1d(
            in_channels=4,
            out_channels=6,
            kernel_size=4,
            stride=2,
            padding=1,
            dilation=2,
            groups=2,
            bias=False,
            padding_mode="reflect",
        ),
        [(2, 4, 9)],
        lambda lib, module, x: module(input=x),
    ),
    "Conv1d-same": ModuleRow(
        lambda lib: lib.nn.Conv1d(3, 4, 4, padding="same", padding_mode="circular"), [(2, 3, 7)]
    ),
    "Conv1d-dtype": ModuleRow(
        lambda lib: lib.nn.Conv1d(3, 4, 3, dtype=lib.float32),
        [(2, 3, 7)],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "Conv2d": ModuleRow(lambda lib: lib.nn.Conv2d(3, 4, 3), [(2, 3, 5, 6)]),
    "Conv2d-one-image": ModuleRow(lambda lib: lib.nn.Conv2d(3, 4, (2, 3), padding=(1, 0)), [(3, 5, 6)]),
    "Conv2d-settings": ModuleRow(
        lambda lib: lib.nn.Conv2d(
            in_channels=4,
            out_channels=6,
            kernel_size=(3, 2),
            stride=(2, 1),
            padding=(1, 2),
            dilation=(1, 2),
            groups=2,
            bias=False,
            padding_mode="replicate",
        ),
        [(2, 4, 5, 6)],
        lambda lib, module, x: module(input=x),
    ),
    "Conv2d-valid": ModuleRow(lambda lib: lib.nn.Conv2d(3, 4, 3, padding="valid"), [(2, 3, 5, 6)]),
    "Conv2d-same": ModuleRow(
        lambda lib: lib.nn.Conv2d(3, 4, (4, 3), padding="same", padding_mode="reflect"), [(2, 3, 5, 6)]
    ),
    "Conv2d-circular": ModuleRow(
        lambda lib: lib.nn.Conv2d(3, 4, 3, padding=(1, 2), padding_mode="circular"), [(3, 5, 6)]
    ),
    "Conv2d-dtype": ModuleRow(
        lambda lib: lib.nn.Conv2d(3, 4, 3, dtype=lib.float32),
        [(2, 3, 5, 6)],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "ConvTranspose1d": ModuleRow(lambda lib: lib.nn.ConvTranspose1d(3, 4, 3), [(2, 3, 5)]),
    "ConvTranspose1d-settings": ModuleRow(
        lambda lib: lib.nn.ConvTranspose1d(
            in_channels=4,
            out_channels=6,
            kernel_size=3,
            stride=2,
            padding=1,
            output_padding=1,
            groups=2,
            bias=False,
            dilation=3,
        ),
        [(4, 5)],
    ),
    "ConvTranspose1d-sized": ModuleRow(
        lambda lib: lib.nn.ConvTranspose1d(3, 4, 3, stride=3, padding=1), [(2, 3, 5)], sized(14)
    ),
    "ConvTranspose1d-dtype": ModuleRow(
        lambda lib: lib.nn.ConvTranspose1d(3, 4, 3, dtype=lib.float32),
        [(2, 3, 5)],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
    "ConvTranspose2d": ModuleRow(lambda lib: lib.nn.ConvTranspose2d(3, 4, 3), [(2, 3, 4, 5)]),
    "ConvTranspose2d-settings": ModuleRow(
        lambda lib: lib.nn.ConvTranspose2d(
            in_channels=4,
            out_channels=6,
            kernel_size=(3, 2),
            stride=(2, 3),
            padding=(1, 0),
            output_padding=(1, 2),
            groups=2,
            bias=False,
            dilation=(1, 2),
        ),
        [(2, 4, 3, 4)],
    ),
    "ConvTranspose2d-sized": ModuleRow(
        lambda lib: lib.nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, dilation=2),
        [(2, 3, 3, 4)],
        sized(8, 9),
    ),
    "ConvTranspose2d-all-sizes": ModuleRow(
        lambda lib: lib.nn.ConvTranspose2d(3, 4, 3, stride=2), [(3, 3, 4)], sized(4, 8, 9)
    ),
    "ConvTranspose2d-dtype": ModuleRow(
        lambda lib: lib.nn.ConvTranspose2d(3, 4, 3, dtype=lib.float32),
        [(2, 3, 4, 5)],
        lambda lib, module, x: module.to(x.dtype)(x),
    ),
}

NOT_BUILT = {
    "Conv1d-device": (lambda: nn.Conv1d(1, 1, 1, device="cuda"), "device"),
    "Conv2d-device": (lambda: nn.Conv2d(1, 1, 1, device="cuda"), "device"),
    "ConvTranspose1d-device": (lambda: nn.ConvTranspose1d(1, 1, 1, device="cuda"), "device"),
    "ConvTranspose2d-device": (lambda: nn.ConvTranspose2d(1, 1, 1, device="cuda"), "device"),
}


def calls():
    """What transposed convolutions take in one way only; see BAD."""
    for layer in (nn.ConvTranspose1d, nn.ConvTranspose2d):
        yield f"{layer.__name__}-padding-mode", lambda layer=layer: refused(layer)


def refused(layer):
    with pytest.raises(ValueError, match="padding_mode 'zeros', got 'reflect'"):
        layer(3, 4, 3, padding_mode="reflect")


def ones(*shape):
    return scratch.ones(shape)


BAD = {
    "conv2d-dims": (lambda: F.conv2d(ones(4, 4), ones(1, 1, 2, 2)), ValueError, r"input \(N, C, H, W\)"),
    "conv1d-dims": (lambda: F.conv1d(ones(1, 1, 4, 4), ones(1, 1, 2)), ValueError, r"input \(N, C, L\)"),
    "conv2d-weight-dims": (lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2)), ValueError, r"kH, kW\)"),
    "conv2d-weight": (lambda: F.conv2d(ones(1, 1, 4, 4), [1.0]), TypeError, "weight to be a Tensor"),
    "conv2d-input": (lambda: F.conv2d([1.0], ones(1, 1, 2, 2)), TypeError, "input to be a Tensor"),
    "conv2d-channels": (
        lambda: F.conv2d(ones(1, 3, 4, 4), ones(1, 1, 2, 2)),
        ValueError,
        r"got input \(1, 3, 4, 4\)",
    ),
    "conv2d-no-results": (lambda: F.conv2d(ones(1, 1, 4, 4), ones(0, 1, 2, 2)), ValueError, "weight"),
    "conv2d-bias": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(2, 1, 2, 2), ones(3)),
        ValueError,
        r"bias \(3,\)",
    ),
    "conv2d-groups": (
        lambda: F.conv2d(ones(1, 4, 4, 4), ones(3, 2, 2, 2), groups=2),
        ValueError,
        "multiples of groups",
    ),
    "conv2d-no-groups": (
        lambda: F.conv2d(ones(1, 4, 4, 4), ones(3, 2, 2, 2), groups=0),
        ValueError,
        "groups of at least 1, got 0",
    ),
    "conv2d-dtypes": (lambda: F.conv2d(ones(1, 1, 4, 4).double(), ones(1, 1, 2, 2)), TypeError, "one dtype"),
    "conv2d-large-kernel": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 3, 3), dilation=2),
        ValueError,
        r"at least as large as the window \(3, 3\)",
    ),
    "conv2d-no-kernel": (lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 0, 2)), ValueError, "window"),
    "conv2d-no-pixels": (
        lambda: F.conv2d(ones(1, 1, 0, 4), ones(1, 1, 2, 2), padding=1),
        ValueError,
        r"got \(0, 4\)",
    ),
    "conv2d-stride": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), stride=0),
        ValueError,
        "stride of at least 1, got 0",
    ),
    "conv2d-stride-float": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), stride=2.0),
        TypeError,
        "stride to be an integer or 2 of them",
    ),
    "conv2d-stride-three": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), stride=(1, 1, 1)),
        TypeError,
        r"got \(1, 1, 1\)",
    ),
    "conv2d-padding": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), padding=-1),
        ValueError,
        "padding of at least 0",
    ),
    "conv2d-padding-name": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), padding="full"),
        ValueError,
        "'same', 'valid' or numbers, got 'full'",
    ),
    "conv2d-same-steps": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), padding="same", stride=2),
        ValueError,
        "stride 1 with padding='same'",
    ),
    "conv2d-dilation": (
        lambda: F.conv2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), dilation=(1, 0)),
        ValueError,
        "dilation of at least 1",
    ),
    "conv_transpose2d-channels": (
        lambda: F.conv_transpose2d(ones(1, 3, 4, 4), ones(4, 1, 2, 2)),
        ValueError,
        r"weight \(C, O / groups, kH, kW\)",
    ),
    "conv_transpose2d-bias": (
        lambda: F.conv_transpose2d(ones(1, 4, 4, 4), ones(4, 3, 2, 2), ones(4)),
        ValueError,
        r"bias \(4,\)",
    ),
    "conv_transpose2d-padding": (
        lambda: F.conv_transpose2d(ones(1, 1, 4, 4), ones(1, 1, 2, 2), padding="same"),
        TypeError,
        "padding to be an integer",
    ),
    "conv_transpose2d-cut": (
        lambda: F.conv_transpose2d(ones(1, 1, 1, 1), ones(1, 1, 2, 2), padding=1),
        ValueError,
        "result has pixels",
    ),
    "conv_transpose1d-output-padding": (
        lambda: F.conv_transpose1d(ones(1, 1, 4), ones(1, 1, 2), output_padding=1),
        ValueError,
        r"output_padding below stride \(1,\) or dilation \(1,\), got \(1,\)",
    ),
    "Conv2d-groups": (lambda: nn.Conv2d(3, 4, 3, groups=2), ValueError, "multiples of groups=2, got 3 and 4"),
    "Conv2d-no-groups": (lambda: nn.Conv2d(3, 4, 3, groups=0), ValueError, "groups of at least 1"),
    "Conv2d-channels": (lambda: nn.Conv2d(-1, 4, 3), ValueError, "in_channels of at least 0"),
    "Conv2d-same-steps": (lambda: nn.Conv2d(3, 4, 3, 2, "same"), ValueError, "stride 1"),
    "Conv2d-padding": (lambda: nn.Conv2d(3, 4, 3, padding="full"), ValueError, "'same', 'valid'"),
    "Conv2d-padding-mode": (
        lambda: nn.Conv2d(3, 4, 3, padding_mode="constant"),
        ValueError,
        "padding_mode one of .*'reflect'.*, got 'constant'",
    ),
    "ConvTranspose2d-padding-mode": (
        lambda: nn.ConvTranspose2d(3, 4, 3, padding_mode="reflect"),
        ValueError,
        "padding_mode 'zeros', got 'reflect'",
    ),
    "ConvTranspose2d-size": (
        lambda: nn.ConvTranspose2d(3, 4, 3, 2)(ones(1, 3, 4, 4), output_size=(11, 9)),
        ValueError,
        r"output_size from \[9, 9\] to \[10, 10\], got \(11, 9\)",
    ),
    "ConvTranspose2d-sizes": (
        lambda: nn.ConvTranspose2d(3, 4, 3, 2)(ones(1, 3, 4, 4), output_size=(9,)),
        ValueError,
        r"got \(9,\)",
    ),
}
