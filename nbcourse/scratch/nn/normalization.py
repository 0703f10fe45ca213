"""Normalisation as layers; the mathematics is in `functional`."""

import warnings

from ..tensor import get_default_dtype, ones, squeeze, tensor, unsqueeze, zeros
from ..tensor.arguments import cpu_only
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = [
    "BatchNorm1d",
    "BatchNorm2d",
    "GroupNorm",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "LocalResponseNorm",
]


def _affine(module, size, affine, bias, dtype):
    """Give the module a weight of ones and a bias of zeros, or None."""
    dtype = get_default_dtype() if dtype is None else dtype
    module.weight = Parameter(ones(size, dtype=dtype)) if affine else None
    module.bias = Parameter(zeros(size, dtype=dtype)) if affine and bias else None


class _Norm(Module):
    """Base of normalisation by batch and by image: parameters and running statistics.

    ``dims`` are the numbers of dimensions that an input may have.
    """

    dims = ()

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=True,
        track_running_stats=True,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__()
        cpu_only(type(self).__name__, device)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        _affine(self, num_features, affine, bias, dtype)
        for name in ("running_mean", "running_var", "num_batches_tracked"):
            self.register_buffer(name, None)
        if track_running_stats:
            dtype = get_default_dtype() if dtype is None else dtype
            self.running_mean = zeros(num_features, dtype=dtype)
            self.running_var = ones(num_features, dtype=dtype)
            self.num_batches_tracked = tensor(0)

    def reset_running_stats(self):
        """Start again from mean 0, variance 1 and no batches."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def _check(self, input):
        if input.ndim not in self.dims:
            expected = " or ".join(f"{n}D" for n in self.dims)
            raise ValueError(
                f"{type(self).__name__}: expected {expected} input, got {input.shape}"
            )

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


class _BatchNorm(_Norm):
    """Normalises with the batch while training, with the running statistics after it.

    The running mean and variance move towards those of each batch by the share
    ``momentum``; with None they are the plain average over all batches. Without
    ``track_running_stats`` the batch is used always.
    """

    def forward(self, input):
        """Return the normalised input; see `functional.batch_norm`."""
        self._check(input)
        tracked = self.training and self.track_running_stats
        momentum = 0.0 if self.momentum is None else self.momentum
        if tracked:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                momentum = 1 / self.num_batches_tracked.item()
        running = self.running_mean, self.running_var
        if self.training and not tracked:
            running = None, None
        own = self.training or self.running_mean is None
        return F.batch_norm(
            input, *running, self.weight, self.bias, own, momentum, self.eps
        )


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of (N, C) or (N, C, L), channel by channel.

    Mean and variance are those of the batch in training, running averages otherwise.
    """

    dims = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of images (N, C, H, W), channel by channel.

    Mean and variance are those of the batch in training, running averages otherwise.
    """

    dims = (4,)


class _InstanceNorm(_Norm):
    """Normalises each channel of each image on its own, with or without a batch."""

    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=False,
        track_running_stats=False,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        settings = affine, track_running_stats, device, dtype
        super().__init__(num_features, eps, momentum, *settings, bias=bias)

    def forward(self, input):
        """Return the normalised input; see `functional.instance_norm`."""
        self._check(input)
        if input.ndim == min(self.dims):  # one image, no batch
            return squeeze(self.forward(unsqueeze(input, 0)), 0)
        self._check_channels(input)
        return F.instance_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )

    def _check_channels(self, input):
        if input.shape[1] == self.num_features:
            return
        message = (
            f"{type(self).__name__}: expected {self.num_features} channels, "
            f"got {input.shape[1]}"
        )
        if self.affine:
            raise ValueError(message)
        warnings.warn(f"{message}; without affine=True it has no effect", stacklevel=4)


class InstanceNorm1d(_InstanceNorm):
    """Instance normalisation of (N, C, L) or (C, L)."""

    dims = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """Instance normalisation of (N, C, H, W) or (C, H, W)."""

    dims = (3, 4)


class GroupNorm(Module):
    """Normalises ``num_groups`` groups of channels of each image: (N, C, …)."""

    def __init__(
        self,
        num_groups,
        num_channels,
        eps=1e-5,
        affine=True,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__()
        cpu_only("GroupNorm", device)
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(
                "GroupNorm: expected num_channels to be a multiple of num_groups, got "
                f"{num_channels} and {num_groups}"
            )
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        _affine(self, num_channels, affine, bias, dtype)

    def forward(self, input):
        """Return the normalised input; see `functional.group_norm`."""
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, "
            f"affine={self.affine}, bias={self.bias is not None}"
        )


class LocalResponseNorm(Module):
    """Divides each pixel's channels by the strength of their neighbours: (N, C, …)."""

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0):
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input):
        """Return the input less strong; see `functional.local_response_norm`."""
        settings = self.size, self.alpha, self.beta, self.k
        return F.local_response_norm(input, *settings)

    def extra_repr(self):
        """Return the settings, as torch prints them."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
