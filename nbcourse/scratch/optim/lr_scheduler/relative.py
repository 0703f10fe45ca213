"""Schedules that are a formula of the epoch t, in parts of the initial rate."""

import bisect
import collections
import types

from .scheduler import LRScheduler, RelativeLR, per_group

__all__ = [
    "ConstantLR",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "PolynomialLR",
    "StepLR",
]


class _FunctionLR(LRScheduler):
    """A schedule given by a function of the epoch, or a list of one for each group."""

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        self.lr_lambdas = per_group("lr_lambda", optimizer, lr_lambda)
        for function in self.lr_lambdas:
            if not callable(function):
                raise TypeError(
                    f"lr_lambda: expected a function, got {type(function).__name__}"
                )
        super().__init__(optimizer, last_epoch)

    def state_dict(self):
        """Return the state; of the functions, the attributes of callable objects."""
        functions = [
            None if isinstance(f, types.FunctionType) else f.__dict__.copy()
            for f in self.lr_lambdas
        ]
        return {**super().state_dict(), "lr_lambdas": functions}

    def load_state_dict(self, state_dict):
        """Take over a schedule's state, its functions' attributes included."""
        for function, saved in zip(
            self.lr_lambdas, state_dict["lr_lambdas"], strict=True
        ):
            if saved is not None:
                function.__dict__.update(saved)
        super().load_state_dict({**state_dict, "lr_lambdas": self.lr_lambdas})


class LambdaLR(_FunctionLR):
    """lr = initial lr · ``lr_lambda(t)``, whatever the rate was changed to before."""

    def get_lr(self):
        """Return each group's initial rate times its function of the epoch."""
        self._warn_outside_step()
        rates = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [lr * function(self.last_epoch) for lr, function in rates]


class MultiplicativeLR(_FunctionLR):
    """lr ← lr · ``lr_lambda(t)`` at each epoch but the first."""

    def get_lr(self):
        """Return each group's rate times its function of the epoch."""
        self._warn_outside_step()
        rates = [group["lr"] for group in self.optimizer.param_groups]
        if self._is_initial:
            return rates
        pairs = zip(rates, self.lr_lambdas, strict=True)
        return [lr * function(self.last_epoch) for lr, function in pairs]


class StepLR(RelativeLR):
    """lr ← γ · lr every ``step_size`` epochs: f(t) = γ^⌊t / step_size⌋."""

    _jumps = True

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self, t):
        return self.gamma ** (t // self.step_size)


class MultiStepLR(RelativeLR):
    """lr ← γ · lr at each of ``milestones``: f(t) = γ^(how many of them are ≤ t)."""

    _jumps = True

    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        self.milestones, self.gamma = collections.Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self, t):
        passed = bisect.bisect_right(sorted(self.milestones.elements()), t)
        return self.gamma**passed


class ConstantLR(RelativeLR):
    """``factor`` · lr until epoch ``total_iters``, then lr.

    Raises ValueError for a factor outside [0, 1].
    """

    _jumps = True

    def __init__(self, optimizer, factor=1.0 / 3, total_iters=5, last_epoch=-1):
        _within("factor", factor, 0, 1)
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self, t):
        return self.factor if t < self.total_iters else 1


class LinearLR(RelativeLR):
    """In a straight line from ``start_factor`` · lr to ``end_factor`` · lr.

    The end is reached at epoch ``total_iters`` and stays. Raises ValueError unless
    start_factor is in (0, 1], end_factor in [0, 1] and total_iters at least 1.
    """

    def __init__(
        self,
        optimizer,
        start_factor=1.0 / 3,
        end_factor=1.0,
        total_iters=5,
        last_epoch=-1,
    ):
        _within("start_factor", start_factor, 0, 1)
        _within("end_factor", end_factor, 0, 1)
        if start_factor == 0:
            raise ValueError("start_factor: expected a number above 0, got 0")
        _at_least_one("total_iters", total_iters)
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _factor(self, t):
        done = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * done


class ExponentialLR(RelativeLR):
    """lr ← γ · lr at every epoch: f(t) = γ^t."""

    def __init__(self, optimizer, gamma, last_epoch=-1):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _factor(self, t):
        return self.gamma**t


class PolynomialLR(RelativeLR):
    """Down to 0 at epoch ``total_iters``: f(t) = (1 - t / total_iters)^power.

    Raises ValueError for a total_iters below 1.
    """

    def __init__(self, optimizer, total_iters=5, power=1.0, last_epoch=-1):
        _at_least_one("total_iters", total_iters)
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def _factor(self, t):
        return (1 - min(t, self.total_iters) / self.total_iters) ** self.power


def _within(name, value, low, high):
    if not low <= value <= high:
        raise ValueError(f"{name}: expected a number in [{low}, {high}], got {value}")


def _at_least_one(name, value):
    if value < 1:  # torch takes 0, and then keeps the rate of epoch 0
        raise ValueError(f"{name}: expected at least 1, got {value}")
