"""Pooling as layers; the mathematics is in `functional`."""

from . import functional as F
from .functional.folding import integers
from .module import Module

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "MaxPool1d",
    "MaxPool2d",
]


class _MaxPool(Module):
    """Base of poolings that keep the largest element of every window."""

    pool = None  # the function

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding=0,
        dilation=1,
        return_indices=False,
        ceil_mode=False,
    ):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input):
        """Return the largest elements, and with ``return_indices`` where they stand."""
        return self.pool(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
            self.return_indices,
        )

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}, dilation={self.dilation}, "
            f"ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """The largest element of every window of a signal: (N, C, L) → (N, C, L').

    The settings are those of `functional.max_pool2d`.
    """

    pool = staticmethod(F.max_pool1d)


class MaxPool2d(_MaxPool):
    """The largest element of every window of an image: (N, C, H, W) → (N, C, H', W').

    The settings are those of `functional.max_pool2d`.
    """

    pool = staticmethod(F.max_pool2d)


class AvgPool1d(Module):
    """The mean of every window of a signal: (N, C, L) → (N, C, L').

    The settings are those of `functional.avg_pool2d`.
    """

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding=0,
        ceil_mode=False,
        count_include_pad=True,
    ):
        super().__init__()
        stride = kernel_size if stride is None else stride
        self.kernel_size = integers("AvgPool1d", 1, 1, kernel_size=kernel_size)
        self.stride = integers("AvgPool1d", 1, 1, stride=stride)
        self.padding = integers("AvgPool1d", 1, 0, padding=padding)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input):
        """Return the means."""
        windows = self.kernel_size, self.stride, self.padding
        return F.avg_pool1d(input, *windows, self.ceil_mode, self.count_include_pad)

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}"
        )


class AvgPool2d(Module):
    """The mean of every window of an image: (N, C, H, W) → (N, C, H', W').

    The settings are those of `functional.avg_pool2d`.
    """

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding=0,
        ceil_mode=False,
        count_include_pad=True,
        divisor_override=None,
    ):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input):
        """Return the means."""
        return F.avg_pool2d(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, "
            f"padding={self.padding}"
        )


class _AdaptiveAvgPool(Module):
    """Base of means over as many windows as wanted."""

    pool = None

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, input):
        """Return the means."""
        return self.pool(input, self.output_size)

    def extra_repr(self):
        """Return the size."""
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The means of ``output_size`` windows that cover a signal, of any length."""

    pool = staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The means of ``output_size`` windows that cover an image, of any size.

    See `functional.adaptive_avg_pool2d`; 1 takes the mean of each channel.
    """

    pool = staticmethod(F.adaptive_avg_pool2d)


class _AdaptiveMaxPool(Module):
    """Base of largest elements of as many windows as wanted."""

    pool = None

    def __init__(self, output_size, return_indices=False):
        super().__init__()
        self.output_size, self.return_indices = output_size, return_indices

    def forward(self, input):
        """Return the largest elements, and with ``return_indices`` where they stand."""
        return self.pool(input, self.output_size, self.return_indices)

    def extra_repr(self):
        """Return the size."""
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """The largest elements of ``output_size`` windows that cover a signal."""

    pool = staticmethod(F.adaptive_max_pool1d)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """The largest elements of ``output_size`` windows that cover an image."""

    pool = staticmethod(F.adaptive_max_pool2d)
