"""A schedule that looks at results: smaller steps when a metric no longer improves."""

import math

from ...tensor.arguments import not_built
from .scheduler import LRScheduler, per_group

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(LRScheduler):
    """lr ← factor · lr after more than ``patience`` epochs without improvement.

    Parameters
    ----------
    mode : {"min", "max"}
        Whether the metric should fall or rise.
    factor : float
        Below 1.
    patience : int
        How many epochs without improvement are tolerated.
    threshold, threshold_mode : float, {"rel", "abs"}
        How much better than the best counts: by this share of it, or by this much.
    cooldown : int
        For so many epochs after a reduction none is counted as bad.
    min_lr : float, or list of one for each group
        No rate goes below.
    eps : float
        A reduction by no more than this is not made.
    """

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0,
        eps=1e-8,
    ):
        if factor >= 1:
            raise ValueError(f"factor: expected a number below 1, got {factor}")
        for name, value, known in (
            ("mode", mode, ("min", "max")),
            ("threshold_mode", threshold_mode, ("rel", "abs")),
        ):
            if value not in known:
                raise ValueError(
                    f"{name}: expected {known[0]!r} or {known[1]!r}, got {value!r}"
                )
        self.min_lrs = per_group("min_lr", optimizer, min_lr)
        self.optimizer, self.mode, self.factor = optimizer, mode, factor
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.patience, self.cooldown, self.eps = patience, cooldown, eps
        self.default_min_lr = None if isinstance(min_lr, (list, tuple)) else min_lr
        self.mode_worse = math.inf if mode == "min" else -math.inf
        self.best, self.last_epoch = self.mode_worse, 0
        self.num_bad_epochs = self.cooldown_counter = 0
        self._last_lr = [group["lr"] for group in optimizer.param_groups]

    def step(self, metrics, epoch=None):
        """Look at the epoch's metric, a number or a Tensor of one element."""
        not_built("step", epoch=epoch)
        self.last_epoch += 1
        metric = float(metrics)
        if self._is_better(metric, self.best):
            self.best, self.num_bad_epochs = metric, 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce_lr()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    @property
    def in_cooldown(self):
        """Whether bad epochs are not counted at the moment."""
        return self.cooldown_counter > 0

    def _is_better(self, metric, best):
        """Return whether ``metric`` is better than ``best`` by the threshold."""
        margin = -self.threshold if self.mode == "min" else self.threshold
        relative = self.threshold_mode == "rel"
        bound = best * (1 + margin) if relative else best + margin
        return metric < bound if self.mode == "min" else metric > bound

    def _reduce_lr(self):
        groups = self.optimizer.param_groups
        added = len(self.min_lrs) != len(groups)
        if added and self.default_min_lr is not None:
            self.min_lrs = [self.default_min_lr] * len(groups)
        if len(self.min_lrs) != len(groups):
            raise RuntimeError(
                f"min_lrs: expected one for each of {len(groups)} groups, "
                f"got {len(self.min_lrs)}; a group was added since"
            )
        for group, least in zip(groups, self.min_lrs, strict=True):
            reduced = max(group["lr"] * self.factor, least)
            if group["lr"] - reduced > self.eps:
                group["lr"] = reduced
