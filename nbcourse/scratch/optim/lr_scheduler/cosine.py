"""Schedules along half a cosine wave: down once, or again and again."""

import math

from .scheduler import LRScheduler, RelativeLR

__all__ = ["CosineAnnealingLR", "CosineAnnealingWarmRestarts"]


class CosineAnnealingLR(RelativeLR):
    """From lr down to η_min in ``T_max`` epochs, along a cosine; going on, up again.

    lr = η_min + (lr_0 - η_min) · c(t) with c(t) = (1 + cos(π t / T_max)) / 2
    (Loshchilov and Hutter, 2017), where η_min is ``eta_min``. Only the change from
    c(t - 1) to c(t) is applied, so a rate that was changed in between is carried on
    from.
    """

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """Return η_min + (lr - η_min) · c(t) / c(t - 1) for each group."""
        self._warn_outside_step()
        t, low = self.last_epoch, self.eta_min
        rates = [group["lr"] for group in self.optimizer.param_groups]
        if self._is_initial or t == 0:
            return rates
        now, before = self._factor(t), self._factor(t - 1)
        if before == 0:  # at the bottom lr = η_min, and no factor leads up from there
            pairs = zip(rates, self.base_lrs, strict=True)
            return [lr + (start - low) * now for lr, start in pairs]
        return [low + (lr - low) * now / before for lr in rates]

    def _factor(self, t):
        return (1 + math.cos(math.pi * t / self.T_max)) / 2


class CosineAnnealingWarmRestarts(LRScheduler):
    """From lr down to η_min along a cosine, then at once back to lr, and so on.

    lr = η_min + (lr_0 - η_min) · (1 + cos(π T_cur / T_i)) / 2 (Loshchilov and Hutter,
    2017), T_cur epochs after the last restart; changes from outside are overwritten.

    Parameters
    ----------
    T_0 : int
        The epochs until the first restart, at least 1.
    T_mult : int
        By how much each cycle is longer than the one before, at least 1.
    eta_min : float
        η_min.
    """

    def __init__(self, optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1):
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"{name}: expected an integer of at least 1, got {value!r}"
                )
        if not isinstance(eta_min, (float, int)):
            raise ValueError(f"eta_min: expected a number, got {eta_min!r}")
        self.T_0 = self.T_i = T_0
        self.T_mult, self.eta_min = T_mult, eta_min
        self.T_cur = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """Return the height of the cosine at T_cur for each group."""
        self._warn_outside_step()
        height = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (lr - self.eta_min) * height for lr in self.base_lrs]

    def step(self, epoch=None):
        """Set the rates of the next epoch, or of ``epoch``, which may have a fraction.

        ``step(epoch + i / batches)`` after batch i makes the curve smooth. Raises
        ValueError for a negative epoch.
        """
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        else:
            self._find_cycle(epoch)
        self.last_epoch = math.floor(epoch)
        self._update_lr()

    def _find_cycle(self, epoch):
        """Set T_cur and T_i: n cycles take T_0 (mⁿ - 1) / (m - 1) epochs together."""
        if epoch < 0:
            raise ValueError(f"step: expected an epoch of at least 0, got {epoch}")
        m = self.T_mult
        if epoch < self.T_0:
            self.T_i, self.T_cur = self.T_0, epoch
        elif m == 1:
            self.T_cur = epoch % self.T_0
        else:
            n = int(math.log(epoch / self.T_0 * (m - 1) + 1, m))
            self.T_i = self.T_0 * m**n
            self.T_cur = epoch - self.T_0 * (m**n - 1) / (m - 1)
