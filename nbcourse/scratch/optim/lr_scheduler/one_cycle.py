"""One cycle: up to a high rate, then down below the first, and momentum opposite."""

import math

from .scheduler import LRScheduler, per_group, require_optimizer

__all__ = ["OneCycleLR"]


class OneCycleLR(LRScheduler):
    """Up from max_lr / div_factor to max_lr, then down to a rate far below the first.

    The last rate is the first divided by ``final_div_factor``. Momentum, or β₁ of Adam,
    goes the other way (Smith and Topin, 2018). A step is a batch here, and changes from
    outside are overwritten.

    Raises ValueError for other settings, without a number of steps, for an optimiser
    without momentum, and for a step after the last one.

    Parameters
    ----------
    max_lr : float, or list of one for each group
        The highest rate.
    total_steps : int
        The steps of the cycle; or give ``epochs`` and ``steps_per_epoch``.
    pct_start : float
        The share of the steps that go up, in [0, 1].
    anneal_strategy : {"cos", "linear"}
        Along half a cosine wave, or straight.
    cycle_momentum : bool
        Whether momentum goes from ``max_momentum`` to ``base_momentum`` and back, each
        a number or a list of one for each group.
    three_phase : bool
        Come down to the first rate in as many steps as up, then on to the last one.
    """

    def __init__(
        self,
        optimizer,
        max_lr,
        total_steps=None,
        epochs=None,
        steps_per_epoch=None,
        pct_start=0.3,
        anneal_strategy="cos",
        cycle_momentum=True,
        base_momentum=0.85,
        max_momentum=0.95,
        div_factor=25.0,
        final_div_factor=1e4,
        three_phase=False,
        last_epoch=-1,
    ):
        require_optimizer(optimizer)
        _check(pct_start, anneal_strategy)
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        self._schedule_phases = _phases(pct_start, self.total_steps, three_phase)
        self._anneal_func_type = anneal_strategy
        self.cycle_momentum = cycle_momentum
        ends = {"max_lr": max_lr}
        if cycle_momentum:
            self.use_beta1 = _uses_beta1(optimizer)
            ends |= {"max_momentum": max_momentum, "base_momentum": base_momentum}
        ends = {name: per_group(name, optimizer, value) for name, value in ends.items()}
        if last_epoch == -1:  # the groups remember their ends
            for i, group in enumerate(optimizer.param_groups):
                group.update({name: values[i] for name, values in ends.items()})
                group["initial_lr"] = group["max_lr"] / div_factor
                group["min_lr"] = group["initial_lr"] / final_div_factor
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        """Return the groups' rates, and set their momentum or β₁."""
        self._warn_outside_step()
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"step: expected at most {self.total_steps} steps, "
                f"got {self.last_epoch}"
            )
        phase, share = self._position()
        groups = self.optimizer.param_groups
        if self.cycle_momentum:
            for group in groups:
                self._set_momentum(
                    group, self._between(group, phase, "momentum", share)
                )
        return [self._between(group, phase, "lr", share) for group in groups]

    def _position(self):
        """Return the phase of the cycle and which share of it has passed."""
        start = 0.0
        for phase in self._schedule_phases:
            end = phase["end_step"]
            if self.last_epoch <= end or phase is self._schedule_phases[-1]:
                return phase, (self.last_epoch - start) / (end - start)
            start = end

    def _between(self, group, phase, what, share):
        """Return the group's lr or momentum where ``share`` of the phase has passed."""
        start, end = group[phase[f"start_{what}"]], group[phase[f"end_{what}"]]
        if self._anneal_func_type == "cos":
            return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
        return start + (end - start) * share

    def _set_momentum(self, group, value):
        if self.use_beta1:
            group["betas"] = (value, *group["betas"][1:])
        else:
            group["momentum"] = value


def _uses_beta1(optimizer):
    """Return whether momentum is called β₁; raise if the optimiser has none."""
    if not {"betas", "momentum"} & set(optimizer.defaults):
        raise ValueError(
            "cycle_momentum: expected an optimizer with momentum or betas, "
            f"got {type(optimizer).__name__}"
        )
    return "betas" in optimizer.defaults


def _check(pct_start, anneal_strategy):
    """Raise ValueError for settings of the wrong kind."""
    if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
        raise ValueError(f"pct_start: expected a float from 0 to 1, got {pct_start!r}")
    if anneal_strategy not in ("cos", "linear"):
        raise ValueError(
            f"anneal_strategy: expected 'cos' or 'linear', got {anneal_strategy!r}"
        )


def _total(total_steps, epochs, steps_per_epoch):
    """Return the steps of the cycle, as given or epochs · steps_per_epoch."""
    given = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    if total_steps is not None:
        given = {"total_steps": total_steps}
    elif None in given.values():
        raise ValueError("expected total_steps, or both epochs and steps_per_epoch")
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ValueError(f"{name}: expected an integer above 0, got {value!r}")
    return math.prod(given.values())


def _phases(pct_start, total, three_phase):
    """Return the phases: their last step, and the names of the values at their ends."""
    top = float(pct_start * total) - 1
    up = _phase(top, ("initial_lr", "max_lr"), ("max_momentum", "base_momentum"))
    if not three_phase:
        down = ("max_lr", "min_lr"), ("base_momentum", "max_momentum")
        return [up, _phase(total - 1, *down)]
    down = ("max_lr", "initial_lr"), ("base_momentum", "max_momentum")
    off = ("initial_lr", "min_lr"), ("max_momentum", "max_momentum")
    second = float(2 * pct_start * total) - 2
    return [up, _phase(second, *down), _phase(total - 1, *off)]


def _phase(end_step, lr, momentum):
    return {
        "end_step": end_step,
        "start_lr": lr[0],
        "end_lr": lr[1],
        "start_momentum": momentum[0],
        "end_momentum": momentum[1],
    }
