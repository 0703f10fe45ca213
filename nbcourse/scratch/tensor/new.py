"""New tensors with the dtype of one at hand, methods only: ``x.new_zeros(2, 3)``."""

from .arguments import sized
from .creation import empty, full, ones, plainly, tensor, zeros

__all__ = ["new_empty", "new_full", "new_ones", "new_tensor", "new_zeros"]


def new_tensor(
    self,
    data,
    *,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
):
    """Return a new tensor with a copy of ``data`` and the dtype of ``self``."""
    plainly("new_tensor", device, layout=layout, pin_memory=pin_memory)
    dtype = self.dtype if dtype is None else dtype
    return tensor(data, dtype=dtype, requires_grad=requires_grad)


def new_full(
    self,
    size,
    fill_value,
    *,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
):
    """Return a tensor of shape ``size`` full of ``fill_value``, in self's dtype."""
    plainly("new_full", device, layout=layout, pin_memory=pin_memory)
    dtype = self.dtype if dtype is None else dtype
    return full(size, fill_value, dtype=dtype, requires_grad=requires_grad)


@sized
def new_zeros(
    self,
    *size,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
):
    """Return a tensor of zeros, in self's dtype."""
    plainly("new_zeros", device, layout=layout, pin_memory=pin_memory)
    dtype = self.dtype if dtype is None else dtype
    return zeros(*size, dtype=dtype, requires_grad=requires_grad)


@sized
def new_ones(
    self,
    *size,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
):
    """Return a tensor of ones, in self's dtype."""
    plainly("new_ones", device, layout=layout, pin_memory=pin_memory)
    dtype = self.dtype if dtype is None else dtype
    return ones(*size, dtype=dtype, requires_grad=requires_grad)


@sized
def new_empty(
    self,
    *size,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
):
    """Return a tensor of whatever was in memory, in self's dtype."""
    plainly("new_empty", device, layout=layout, pin_memory=pin_memory)
    dtype = self.dtype if dtype is None else dtype
    return empty(*size, dtype=dtype, requires_grad=requires_grad)
