"""A run: a model in training, with all that changes on the way and how far it has come."""

import copy
import dataclasses
import math
import time
import warnings
from dataclasses import dataclass, field

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from nbcourse.train import checkpoint, distributed
from nbcourse.train.device import random_state, set_random_state
from nbcourse.train.errors import CheckpointError, NonFiniteLoss, TrainingError
from nbcourse.train.optimization import make_optimizer, make_scheduler


@dataclass
class Progress:
    """How far a run has come.

    ``history`` has a row for each look at the validation part: the step, the epoch, the training loss since
    the row before, the learning rate, the seconds of training so far, and what `validate` returned.
    """

    step: int = 0  # of the optimiser, done
    epoch: int = 0
    batch: int = 0  # of this epoch, the next to take
    seconds: float = 0.0
    best: float | None = None
    best_step: int = 0
    waited: int = 0  # looks since the best
    stopped: bool = False  # patience has ended
    history: list = field(default_factory=list)


# How a step is computed and when to look, not what is learned: a resumed run may change these.
FREE = ("accumulate", "compile", "patience", "validate_every")


class Run:
    """A model, its optimiser, schedule, loss scaling and running average, and their progress.

    Hooks get it. ``losses`` are those since the last look; ``folder`` is where checkpoints go, or None;
    ``world`` is the number of processes.
    """

    def __init__(self, model, settings, total, device, folder=None):
        self.model, self.settings, self.total = model, settings, total
        self.device, self.folder = device, folder
        self.world = distributed.world()
        self.optimizer = make_optimizer(model, settings)
        self.scheduler = make_scheduler(self.optimizer, total, settings)
        self.scaler = torch.amp.GradScaler(device.type, enabled=settings.precision == "float16")
        self.average = None
        if settings.ema:
            self.average = AveragedModel(
                model, multi_avg_fn=get_ema_multi_avg_fn(settings.ema), use_buffers=True
            )
        self.progress = Progress()
        self.losses = []
        self.best_weights = None
        self._alone = False  # whether the next checkpoint replaces those of a run before
        self._since = time.perf_counter()

    @property
    def finished(self):
        """Whether all steps are done, or patience has ended."""
        return self.progress.stopped or self.progress.step >= self.total

    @property
    def measured(self):
        """The model that is validated and tested: the running average, where there is one."""
        return self.model if self.average is None else self.average.module

    # --- looking

    def check_losses(self):
        """Return the losses since the last look; raise NonFiniteLoss, with the step, if one is not finite."""
        values = distributed.mean(torch.stack(self.losses))
        wrong = (~values.isfinite()).nonzero()
        if len(wrong):
            step = self.progress.step - len(self.losses) + int(wrong[0]) + 1
            self._refuse_to_go_on(f"the loss is {values[wrong[0]].item()} at step {step}")
        return values

    def check_weights(self):
        """Raise NonFiniteLoss if a weight is not finite: a finite loss may have had an infinite gradient."""
        parts = [getattr(p, "to_local", lambda p=p: p)() for p in self.model.parameters()]
        fine = bool(torch.stack([part.isfinite().all() for part in parts]).all()) if parts else True
        if not all(distributed.gathered(fine)):
            self._refuse_to_go_on(f"a weight is infinite or not a number after step {self.progress.step}")

    def _refuse_to_go_on(self, what):
        looked = self.folder is not None and self.progress.history
        saved = f"; the checkpoints in {self.folder} are from before" if looked else ""
        raise NonFiniteLoss(
            f"{what} (epoch {self.progress.epoch + 1}){saved}. "
            "Try a smaller lr, a longer warmup, clip=1, or precision=float32"
        )

    def look(self, validate, monitor, largest):
        """Measure the model, note a row of history, and say whether it is the best so far."""
        losses = self.check_losses()
        self.check_weights()
        progress = self.progress
        progress.seconds += time.perf_counter() - self._since
        row = {
            "step": progress.step,
            "epoch": progress.epoch,
            "train_loss": float(losses.mean()),
            "lr": self.scheduler.get_last_lr()[0],
            "seconds": progress.seconds,
        }
        if validate is not None:
            row |= {name: _number(value) for name, value in self.measure(validate).items()}
        row = distributed.first(row)  # every process stops at the same step
        progress.history.append(row)
        self.losses = []
        if validate is not None:
            self._judge(row, monitor, largest)
        self._since = time.perf_counter()

    def measure(self, function):
        """Return ``function(model)``: in evaluation mode, without gradients, of the running average."""
        model = self.measured
        before = model.training
        model.eval()
        with torch.no_grad():
            found = function(model)
        model.train(before)
        return found

    def _judge(self, row, monitor, largest):
        if monitor not in row:
            raise TrainingError(f"expected validate() to return {monitor!r}, got {sorted(row)}")
        value, progress = float(row[monitor]), self.progress
        better = progress.best is None or (value > progress.best if largest else value < progress.best)
        if better and math.isfinite(value):
            progress.best, progress.best_step, progress.waited = value, progress.step, 0
            self.best_weights = copy.deepcopy(distributed.whole(self.measured.state_dict()))
        else:
            progress.waited += 1
            progress.stopped = 0 < self.settings.patience <= progress.waited

    def load_best(self):
        """Give the model, and its running average, the weights of the best look."""
        if self.progress.best is None:
            raise TrainingError("expected a look at the validation part before load_best(), there was none")
        weights = self.best_weights
        if weights is None:  # the best look was before the run was resumed
            step = self.progress.best_step
            found = checkpoint.load(self.folder, step)
            if found is None:
                raise CheckpointError(
                    f"the checkpoint of the best look, step {step}, is gone from {self.folder}"
                )
            weights = found["measured"] if self.average is not None else found["parts"]["model"]
        load_weights(self.model, weights)
        if self.average is not None:
            load_weights(self.average.module, weights)

    # --- stopping and going on

    def _parts(self):
        parts = {
            "model": self.model,
            "optimizer": self.optimizer,
            "scheduler": self.scheduler,
            "scaler": self.scaler,
        }
        return parts if self.average is None else {**parts, "average": self.average}

    def save(self):
        """Write a checkpoint, if there is a folder; with several processes, the first one does."""
        if self.folder is None:
            return
        content = {
            "parts": {name: distributed.whole(part.state_dict()) for name, part in self._parts().items()},
            "settings": dataclasses.asdict(self.settings),
            "total": self.total,
            "finished": self.finished,
            "progress": dataclasses.asdict(self.progress),
            "random": distributed.gathered(random_state(self.device)),
            "threads": torch.get_num_threads(),
        }
        if self.average is not None:
            content["measured"] = distributed.whole(self.average.module.state_dict())
        if distributed.rank() == 0:
            progress = self.progress
            checkpoint.save(self.folder, progress.step, content, (progress.best_step,), self._alone)
        self._alone = False
        distributed.barrier()

    def begin(self, resume):
        """Go on from the newest checkpoint of the folder; or start, if there is none or it is not wanted.

        A finished run is replaced when the first checkpoint of this one is written.
        """
        found = None if self.folder is None else checkpoint.load(self.folder)
        steps = distributed.gathered(None if found is None else found["progress"]["step"])
        if len(set(steps)) > 1:
            raise CheckpointError(f"the processes do not see the same checkpoints in {self.folder}: {steps}")
        if found is None:
            return
        if resume:
            self._restore(found)
        elif not found["finished"]:
            raise CheckpointError(
                f"{self.folder} holds a run that is not finished, at step {steps[0]} of {found['total']}: "
                "resume it, or delete the folder to start again"
            )
        self._alone = not resume

    def _restore(self, found):
        self._check_settings(found)
        _check_weights_fit(self.model, found["parts"]["model"], self.folder)
        _warn_about_difference("threads", found["threads"], torch.get_num_threads())
        _warn_about_difference("processes", len(found["random"]), self.world)
        for name, part in self._parts().items():
            state = found["parts"][name]
            if name in ("model", "average"):
                load_weights(part, state)
            elif name == "optimizer":
                part.load_state_dict(_spread_like(part, state))
            else:
                part.load_state_dict(state)
        self.progress = Progress(**found["progress"])
        set_random_state(found["random"][distributed.rank() % len(found["random"])], self.device)
        self._since = time.perf_counter()

    def _check_settings(self, found):
        saved, mine = found["settings"], dataclasses.asdict(self.settings)
        other = [
            f"{name}={saved.get(name)} there, {mine[name]} here"
            for name in mine
            if name not in FREE and saved.get(name) != mine[name]
        ]
        if not other and found["total"] != self.total:
            other = [f"{found['total']} steps there, {self.total} here: the data have another size"]
        if other:
            raise CheckpointError(
                f"the checkpoint in {self.folder} belongs to a run with other settings ({'; '.join(other)}): "
                "resume with its settings, or delete the folder to start again"
            )


def load_weights(model, weights):
    """Load whole tensors into a model, also where its own are spread over processes."""
    current = model.state_dict()
    model.load_state_dict({name: distributed.spread(t, current.get(name)) for name, t in weights.items()})


def _spread_like(optimizer, state):
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    slots = {
        i: {name: distributed.spread(value, parameters[i]) for name, value in slot.items()}
        for i, slot in state["state"].items()
    }
    return {**state, "state": slots}


def _check_weights_fit(model, saved, folder):
    """Raise CheckpointError, naming the first weight that differs, before anything is overwritten."""
    mine = {name: tuple(t.shape) for name, t in model.state_dict().items()}
    theirs = {name: tuple(t.shape) for name, t in saved.items()}
    for name in [*mine, *theirs]:
        if mine.get(name) != theirs.get(name):
            raise CheckpointError(
                f"the checkpoint in {folder} is of another model: {name} is {theirs.get(name, 'not there')} "
                f"in it, {mine.get(name, 'not there')} here"
            )


def _warn_about_difference(what, there, here):
    """Warn that sums will be rounded otherwise than in the run that is resumed."""
    if there != here:
        warnings.warn(
            f"the checkpoint was made with {there} {what}, this run has {here}: "
            "it goes on, but not bit for bit as the first one would have",
            stacklevel=5,
        )


def _number(value):
    """A plain number, which a checkpoint can hold, of what a validation returned."""
    return value if isinstance(value, (bool, int)) else float(value)
