"""What schedules of the learning rate share: the count of epochs, and the state."""

import warnings

from ...tensor.arguments import not_built
from ..optimizer import Optimizer

__all__ = ["LRScheduler"]


class LRScheduler:
    """Base of schedules: each `step` sets ``group["lr"]`` of the optimiser's groups.

    A subclass defines ``get_lr()``, which returns the groups' rates at ``last_epoch``.
    What is counted is calls of `step`, be they epochs or batches.

    Parameters
    ----------
    optimizer : Optimizer
        Its groups' rates now are the initial ones; "initial_lr" remembers them.
    last_epoch : int
        -1 begins; another number resumes after that epoch, and the groups must have
        "initial_lr" then (KeyError).
    """

    _get_lr_called_within_step = False
    _is_initial = False  # while __init__ makes the first step

    def __init__(self, optimizer, last_epoch=-1):
        require_optimizer(optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"expected 'initial_lr' in param_groups[{i}] to resume after "
                    f"last_epoch={last_epoch}; load the optimiser's state first"
                )
        self.optimizer = optimizer
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        optimizer._opt_called = False  # from here on, see _check_order
        self._initial_step()

    def _initial_step(self):
        """Begin: go from ``last_epoch`` to the next, as a step does."""
        self._step_count = 0
        self._is_initial = True
        self.step()
        self._is_initial = False

    def step(self, epoch=None):
        """Set the rates of the next epoch; call it after the optimiser's ``step``.

        ``epoch``, which torch deprecates, is not built.
        """
        not_built("step", epoch=epoch)
        self._check_order()
        self._step_count += 1
        self.last_epoch += 1
        self._update_lr()

    def _check_order(self):
        """Warn at the first step if the optimiser made none yet."""
        counts = type(self.optimizer).step is Optimizer.step
        if self._step_count == 1 and counts and not self.optimizer._opt_called:
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`: "
                "the first rate of the schedule is skipped",
                stacklevel=3,
            )

    def _update_lr(self):
        """Give every group its rate at ``last_epoch``."""
        self._get_lr_called_within_step = True
        try:
            rates = self.get_lr()
        finally:
            self._get_lr_called_within_step = False
        for group, lr in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = lr
        self._last_lr = list(rates)

    def _restart(self):
        """Begin at epoch 0; `SequentialLR` does it when a schedule's turn comes."""
        self.last_epoch = 0
        self._update_lr()

    def get_lr(self):
        """Compute the groups' rates at ``last_epoch``; every subclass says how."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected the subclass to define get_lr()"
        )

    def _warn_outside_step(self):
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, "
                "please use `get_last_lr()`.",
                stacklevel=3,
            )

    def get_last_lr(self):
        """Return the groups' rates that the last step set."""
        return self._last_lr

    def state_dict(self):
        """Return everything but the optimiser, by torch's names."""
        return {k: v for k, v in self.__dict__.items() if k != "optimizer"}

    def load_state_dict(self, state_dict):
        """Take over a schedule's state; the rates are in the optimiser's."""
        self.__dict__.update(state_dict)


class RelativeLR(LRScheduler):
    """Base of schedules that multiply: lr ← lr · f(t) / f(t - 1) at epoch t.

    f(t), the ``_factor`` of a subclass, is the rate in parts of the initial one. Only
    its change is applied, so a rate that was changed in between, by hand or by another
    schedule, is carried on from.
    """

    _jumps = False

    def get_lr(self):
        """Return the groups' rates, changed as f changes from the last epoch to this.

        Where f was 0 nothing is left to multiply, and they stay. They also stay on
        resuming, for the optimiser's state holds them; only a schedule of jumps makes
        one that is due, as torch's does.
        """
        self._warn_outside_step()
        t, change = self.last_epoch, 1
        if t == 0:
            change = self._factor(0)
        elif (not self._is_initial or self._jumps) and self._factor(t - 1):
            change = self._factor(t) / self._factor(t - 1)
        return [group["lr"] * change for group in self.optimizer.param_groups]

    def _factor(self, t):
        raise NotImplementedError

    def _restart(self):
        for group, lr in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = lr
        super()._restart()


def per_group(name, optimizer, value):
    """Return ``value`` as a list with one entry for each group of an Optimizer.

    Raises ValueError for a list of another length.
    """
    require_optimizer(optimizer)
    n = len(optimizer.param_groups)
    values = list(value) if isinstance(value, (list, tuple)) else [value] * n
    if len(values) != n:
        raise ValueError(
            f"{name}: expected one for each of {n} groups, got {len(values)}"
        )
    return values


def require_optimizer(optimizer):
    """Raise TypeError unless ``optimizer`` is one."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer: expected an Optimizer, got {type(optimizer).__name__}"
        )
