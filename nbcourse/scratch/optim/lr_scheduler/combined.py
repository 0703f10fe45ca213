"""Schedules made of schedules: one after the other, or all at once."""

import bisect

from ...tensor.arguments import not_built
from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler

__all__ = ["ChainedScheduler", "SequentialLR"]


class _Combined(LRScheduler):
    """Several schedules of one optimiser, whose states are saved together."""

    def _check(self, optimizer, schedulers):
        """Raise unless ``schedulers`` are such, of this optimiser, and at least one."""
        if not schedulers:
            raise ValueError("schedulers: expected at least one, got none")
        for i, s in enumerate(schedulers):
            if not isinstance(s, LRScheduler):
                raise TypeError(
                    f"schedulers[{i}]: expected an LRScheduler, got {type(s).__name__}"
                )
            if isinstance(s, ReduceLROnPlateau):
                raise ValueError(
                    f"schedulers[{i}]: expected one that steps without metrics, "
                    "got ReduceLROnPlateau"
                )
            if s.optimizer is not optimizer:
                raise ValueError(
                    f"schedulers[{i}]: expected a schedule of the same optimizer, "
                    "got one of another"
                )

    def state_dict(self):
        """Return everything but the optimiser, with the schedules' own states."""
        states = [scheduler.state_dict() for scheduler in self._schedulers]
        return {**super().state_dict(), "_schedulers": states}

    def load_state_dict(self, state_dict):
        """Take over the state of this and of its schedules."""
        states = state_dict["_schedulers"]
        for scheduler, state in zip(self._schedulers, states, strict=True):
            scheduler.load_state_dict(state)
        super().load_state_dict({**state_dict, "_schedulers": self._schedulers})


class SequentialLR(_Combined):
    """One schedule after the other: the next begins at each of ``milestones``.

    There is one milestone fewer than schedules. Each schedule begins at its own epoch
    0, most of them with the initial rates; `MultiplicativeLR` goes on from what it
    finds. ``last_epoch`` is not built: `load_state_dict` resumes.
    """

    def __init__(self, optimizer, schedulers, milestones, last_epoch=-1):
        if last_epoch != -1:  # torch begins the first schedule anew, whatever it says
            not_built("SequentialLR", last_epoch=last_epoch)
        self._check(optimizer, schedulers)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"milestones: expected {len(schedulers) - 1} between "
                f"{len(schedulers)} schedulers, got {len(milestones)}"
            )
        self._schedulers, self._milestones = schedulers, milestones
        self.optimizer, self.last_epoch = optimizer, 0
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        _undo(self)  # every schedule made its first step, but only one's turn has come
        first = schedulers[bisect.bisect_right(milestones, 0)]
        first._initial_step()
        self._last_lr = first.get_last_lr()

    def step(self):
        """Let the schedule whose turn it is make a step."""
        self.last_epoch += 1
        turn = bisect.bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[turn]
        if turn > 0 and self._milestones[turn - 1] == self.last_epoch:
            scheduler._restart()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


def _undo(scheduler):
    """Take back the first step of the schedules within, at any depth."""
    if isinstance(scheduler, _Combined):
        for part in scheduler._schedulers:
            _undo(part)
    else:
        scheduler.last_epoch -= 1


class ChainedScheduler(_Combined):
    """All schedules at once: each step is a step of every one, in order.

    So the effects multiply where each changes the rate that it finds.
    """

    def __init__(self, schedulers, optimizer=None):
        if optimizer is None and schedulers:
            optimizer = getattr(schedulers[0], "optimizer", None)
        self._check(optimizer, schedulers)
        self._schedulers, self.optimizer = schedulers, optimizer
        self._last_lr = [group["lr"] for group in optimizer.param_groups]

    def step(self):
        """Let every schedule make a step."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]
