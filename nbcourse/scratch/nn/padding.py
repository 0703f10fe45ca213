"""Padding and upsampling as layers; the mathematics is in `functional`."""

from . import functional as F
from .module import Module

__all__ = [
    "CircularPad1d",
    "CircularPad2d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "Upsample",
    "ZeroPad1d",
    "ZeroPad2d",
]


class _Pad(Module):
    """Base: pads the last ``dims`` dimensions; ``mode`` is one of `functional.pad`.

    ``padding`` is one number for all ends, or (before, after) of the last dimension,
    then of the one before it; negative numbers take elements away.
    """

    dims, mode = 0, ""

    def __init__(self, padding):
        super().__init__()
        several = isinstance(padding, (tuple, list))
        self.padding = tuple(padding) if several else (padding,) * (2 * self.dims)

    def forward(self, input):
        """Return the padded input."""
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self):
        """Return the padding."""
        return f"{self.padding}"


class _ConstantPad(_Pad):
    """Base: puts ``value`` at the ends."""

    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = value

    def forward(self, input):
        """Return the padded input."""
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self):
        """Return padding and value, as torch prints them."""
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPad):
    """Puts ``value`` at both ends of the last dimension."""

    dims = 1


class ConstantPad2d(_ConstantPad):
    """Puts ``value`` around images."""

    dims = 2


class ZeroPad1d(_Pad):
    """Puts zeros at both ends of the last dimension."""

    dims, mode, value = 1, "constant", 0.0


class ZeroPad2d(_Pad):
    """Puts zeros around images."""

    dims, mode, value = 2, "constant", 0.0


class ReflectionPad1d(_Pad):
    """Mirrors a signal at both ends, without the last element."""

    dims, mode = 1, "reflect"


class ReflectionPad2d(_Pad):
    """Mirrors images at their edges, without the edge itself."""

    dims, mode = 2, "reflect"


class ReplicationPad1d(_Pad):
    """Repeats the first and the last element of a signal."""

    dims, mode = 1, "replicate"


class ReplicationPad2d(_Pad):
    """Repeats the edges of images."""

    dims, mode = 2, "replicate"


class _CircularPad(_Pad):
    """Base: goes on at the other end."""

    mode = "circular"

    def forward(self, input):
        """Return the padded input."""
        if input.ndim - self.dims not in (1, 2):
            expected = f"{self.dims + 1}D or {self.dims + 2}D"
            raise ValueError(
                f"{type(self).__name__}: expected {expected} input, got {input.shape}"
            )
        return super().forward(input)


class CircularPad1d(_CircularPad):
    """Goes on at the other end of a signal."""

    dims = 1


class CircularPad2d(_CircularPad):
    """Goes on at the opposite edge of images."""

    dims = 2


class Upsample(Module):
    """Enlarges signals or images to ``size``, or by ``scale_factor``.

    Mode "nearest" is built; see `functional.interpolate`.
    """

    def __init__(
        self,
        size=None,
        scale_factor=None,
        mode="nearest",
        align_corners=None,
        recompute_scale_factor=None,
    ):
        super().__init__()
        if isinstance(scale_factor, tuple):
            scale_factor = tuple(float(s) for s in scale_factor)
        elif scale_factor is not None:
            scale_factor = float(scale_factor)
        self.size, self.scale_factor, self.mode = size, scale_factor, mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input):
        """Return the enlarged input."""
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            self.recompute_scale_factor,
        )

    def extra_repr(self):
        """Return size or factor, and mode, as torch prints them."""
        if self.scale_factor is not None:
            return f"scale_factor={self.scale_factor!r}, mode={self.mode!r}"
        return f"size={self.size!r}, mode={self.mode!r}"
