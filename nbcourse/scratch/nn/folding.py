"""Windows as columns, and back, as layers; the mathematics is in `functional`."""

from . import functional as F
from .module import Module

__all__ = ["Fold", "Unfold"]


class Unfold(Module):
    """Copies every window to a column: (N, C, H, W) → (N, C·kH·kW, windows)."""

    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, input):
        """Return the columns."""
        windows = self.kernel_size, self.dilation, self.padding, self.stride
        return F.unfold(input, *windows)

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"kernel_size={self.kernel_size}, dilation={self.dilation}, "
            f"padding={self.padding}, stride={self.stride}"
        )


class Fold(Module):
    """Adds columns up in an image: (N, C·kH·kW, windows) → (N, C, *output_size)."""

    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.output_size = output_size
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, input):
        """Return the image."""
        windows = self.kernel_size, self.dilation, self.padding, self.stride
        return F.fold(input, self.output_size, *windows)

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"output_size={self.output_size}, kernel_size={self.kernel_size}, "
            f"dilation={self.dilation}, padding={self.padding}, stride={self.stride}"
        )
