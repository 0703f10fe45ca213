"""Convolution as layers; the mathematics is in `functional`."""

import math

from ..tensor import empty
from ..tensor.arguments import cpu_only
from . import functional as F
from . import init
from .functional.convolution import named_padding
from .functional.folding import integers
from .module import Module
from .parameter import Parameter

__all__ = ["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d"]


class _Layer(Module):
    """Base: settings, weight and bias for windows over ``dims`` dimensions.

    Weight and bias start evenly spread over ± 1/√fan_in, where fan_in is
    weight.shape[1] times the elements of the window.
    """

    dims, output_padding = 0, 0

    def _keep(self, in_channels, out_channels, groups, device, **windows):
        """Check and keep settings; those of ``windows`` are integers by dimension."""
        name = type(self).__name__
        cpu_only(name, device)
        (self.in_channels,) = integers(name, 1, 0, in_channels=in_channels)
        (self.out_channels,) = integers(name, 1, 0, out_channels=out_channels)
        (self.groups,) = integers(name, 1, 1, groups=groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: expected in_channels and out_channels to be multiples of "
                f"groups={groups}, got {in_channels} and {out_channels}"
            )
        for key, value in windows.items():
            least = 0 if "padding" in key else 1
            setattr(self, key, integers(name, self.dims, least, **{key: value}))

    def _make_parameters(self, first, second, bias, dtype):
        shape = first, second // self.groups, *self.kernel_size
        self.weight = Parameter(empty(shape, dtype=dtype))
        self.bias = Parameter(empty(self.out_channels, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias anew."""
        fan_in = math.prod(self.weight.shape[1:])
        bound = 1 / math.sqrt(fan_in) if fan_in else 0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def extra_repr(self):
        """Return the settings, as torch prints them: the usual ones left out."""
        text = f"{self.in_channels}, {self.out_channels}, "
        text += f"kernel_size={self.kernel_size}, stride={self.stride}"
        usual = {
            "padding": (0,) * self.dims,
            "dilation": (1,) * self.dims,
            "output_padding": (0,) * self.dims,
            "groups": 1,
            "bias": True,
            "padding_mode": "zeros",
        }
        for name, default in usual.items():
            value = self.bias is not None if name == "bias" else getattr(self, name)
            text += f", {name}={value}" * (value != default)
        return text


class _Conv(_Layer):
    """Base of convolutions."""

    convolve = None  # the function

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__()
        windows = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation}
        if not isinstance(padding, str):
            windows["padding"] = padding
        self._keep(in_channels, out_channels, groups, device, **windows)
        self.output_padding = (0,) * self.dims
        if isinstance(padding, str):
            self.padding = padding
        self.padding_mode = padding_mode
        self._pads = self._ends()
        self._make_parameters(out_channels, in_channels, bias, dtype)

    def _ends(self):
        """Return the padding as `functional.pad` takes it, the last dimension first."""
        modes = ("zeros", "reflect", "replicate", "circular")
        if self.padding_mode not in modes:
            raise ValueError(
                f"{type(self).__name__}: expected padding_mode one of {modes}, "
                f"got {self.padding_mode!r}"
            )
        if isinstance(self.padding, str):
            lie = self.kernel_size, self.stride, self.dilation
            pairs = named_padding(type(self).__name__, self.padding, *lie)
        else:
            pairs = [(p, p) for p in self.padding]
        return [p for pair in reversed(pairs) for p in pair]

    def forward(self, input):
        """Return the convolution of ``input`` with the weight, plus the bias."""
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = F.pad(input, self._pads, mode=self.padding_mode), 0
        settings = self.stride, padding, self.dilation, self.groups
        return self.convolve(input, self.weight, self.bias, *settings)


class Conv1d(_Conv):
    """A small window of weights moved along a signal: (N, C, L) → (N, O, L').

    The settings are those of `functional.conv2d`. ``padding_mode`` "reflect",
    "replicate" or "circular" pads as `functional.pad` does instead of with zeros. The
    weight is (O, C / groups, k).
    """

    dims, convolve = 1, staticmethod(F.conv1d)


class Conv2d(_Conv):
    """A small window of weights moved over an image: (N, C, H, W) → (N, O, H', W').

    The settings are those of `functional.conv2d`. ``padding_mode`` "reflect",
    "replicate" or "circular" pads as `functional.pad` does instead of with zeros. The
    weight is (O, C / groups, kH, kW).
    """

    dims, convolve = 2, staticmethod(F.conv2d)


class _ConvTranspose(_Layer):
    """Base of transposed convolutions."""

    convolve = None

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__()
        if padding_mode != "zeros":
            raise ValueError(
                f"{type(self).__name__}: expected padding_mode 'zeros', "
                f"got {padding_mode!r}"
            )
        self.padding_mode = padding_mode
        windows = {"kernel_size": kernel_size, "stride": stride, "dilation": dilation}
        windows |= {"padding": padding, "output_padding": output_padding}
        self._keep(in_channels, out_channels, groups, device, **windows)
        self._make_parameters(in_channels, out_channels, bias, dtype)

    def forward(self, input, output_size=None):
        """Return ``input`` spread through the weight, plus the bias.

        With stride s up to s sizes of image have a convolution of the input's size;
        ``output_size`` says which it shall be.
        """
        added = self.output_padding
        if output_size is not None:
            added = self._missing(input, output_size)
        settings = self.stride, self.padding, added, self.groups, self.dilation
        return self.convolve(input, self.weight, self.bias, *settings)

    def _missing(self, input, output_size):
        """Return the output padding that leads to ``output_size``."""
        lead = input.ndim - self.dims
        wanted = tuple(output_size)
        wanted = wanted[lead:] if len(wanted) == input.ndim else wanted
        least = [
            (n - 1) * s - 2 * p + d * (k - 1) + 1
            for n, k, s, p, d in zip(
                input.shape[lead:],
                self.kernel_size,
                self.stride,
                self.padding,
                self.dilation,
                strict=True,
            )
        ]
        most = [n + s - 1 for n, s in zip(least, self.stride, strict=True)]
        if len(wanted) != self.dims or not all(
            a <= n <= b for a, n, b in zip(least, wanted, most, strict=True)
        ):
            raise ValueError(
                f"{type(self).__name__}: expected output_size from {least} to {most}, "
                f"got {tuple(output_size)}"
            )
        return tuple(n - a for n, a in zip(wanted, least, strict=True))


class ConvTranspose1d(_ConvTranspose):
    """A signal spread through a window of weights: (N, C, L) → (N, O, L').

    The settings are those of `functional.conv_transpose2d`; the weight is
    (C, O / groups, k).
    """

    dims, convolve = 1, staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_ConvTranspose):
    """An image spread through a window of weights: (N, C, H, W) → (N, O, H', W').

    The settings are those of `functional.conv_transpose2d`; the weight is
    (C, O / groups, kH, kW).
    """

    dims, convolve = 2, staticmethod(F.conv_transpose2d)
