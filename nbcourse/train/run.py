"""A run: a model in training, with all that changes on the way and how far it has come."""

import copy
import math
import time
from dataclasses import asdict, dataclass, field

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


class Run:
    """A model, its optimiser, schedule, loss scaling and running average, and their progress.

    Hooks get it. ``losses`` are those since the last look; ``folder`` is where checkpoints go, or None.
    """

    def __init__(self, model, settings, total, device, folder=None):
        self.model, self.settings, self.total = model, settings, total
        self.device, self.folder = device, folder
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
        self._since = time.perf_counter()

    # --- looking

    def check_losses(self):
        """Raise NonFiniteLoss, with the step, if one of the losses since the last look is not finite."""
        values = torch.stack(self.losses)
        wrong = (~values.isfinite()).nonzero()
        if not len(wrong):
            return
        step = self.progress.step - len(self.losses) + int(wrong[0]) + 1
        saved = f"; the checkpoints in {self.folder} are from before" if self.folder else ""
        raise NonFiniteLoss(
            f"the loss is {values[wrong[0]].item()} at step {step} (epoch {self.progress.epoch + 1}){saved}. "
            "Try a smaller lr, a longer warmup, clip=1, or precision=float32"
        )

    def look(self, validate, monitor, largest):
        """Measure the model, note a row of history, and say whether it is the best so far."""
        progress = self.progress
        row = {
            "step": progress.step,
            "epoch": progress.epoch,
            "train_loss": float(torch.stack(self.losses).mean()),
            "lr": self.scheduler.get_last_lr()[0],
        }
        progress.seconds += time.perf_counter() - self._since
        row["seconds"] = progress.seconds
        if validate is not None:
            row |= self.measure(validate)
        progress.history.append(row)
        self.losses = []
        if validate is not None:
            self._judge(row, monitor, largest)
        self._since = time.perf_counter()

    def measure(self, validate):
        """Return ``validate(model)``: in evaluation mode, without gradients, of the running average."""
        model = self.model if self.average is None else self.average.module
        before = model.training
        model.eval()
        with torch.no_grad():
            found = validate(model)
        model.train(before)
        return found

    def _judge(self, row, monitor, largest):
        if monitor not in row:
            raise TrainingError(f"expected validate() to return {monitor!r}, got {sorted(row)}")
        value, progress = float(row[monitor]), self.progress
        better = progress.best is None or (value > progress.best if largest else value < progress.best)
        if better and math.isfinite(value):
            progress.best, progress.best_step, progress.waited = value, progress.step, 0
            weights = self.model if self.average is None else self.average.module
            self.best_weights = copy.deepcopy(weights.state_dict())
        else:
            progress.waited += 1
            progress.stopped = 0 < self.settings.patience <= progress.waited

    def load_best(self):
        """Give the model the weights of the best look."""
        weights = self.best_weights
        if weights is None and self.folder is not None:
            found = checkpoint.load(self.folder, "best", self.device)
            weights = found and found["parts"].get("average", found["parts"]["model"])
        if weights is None:
            raise TrainingError("expected a look at the validation part before load_best(), there was none")
        self.model.load_state_dict(weights)

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
        if distributed.rank() == 0:
            content = {
                "parts": {name: part.state_dict() for name, part in self._parts().items()},
                "progress": asdict(self.progress),
                "random": random_state(),
                "threads": torch.get_num_threads(),
            }
            step = self.progress.step
            checkpoint.save(self.folder, step, content, best=step == self.progress.best_step)
        distributed.barrier()

    def restore(self):
        """Go on from the newest checkpoint of the folder, if there is one."""
        found = checkpoint.load(self.folder, map_location=self.device)
        if found is None:
            return
        if set(found["parts"]) != set(self._parts()):
            raise CheckpointError(f"the checkpoint in {self.folder} belongs to a run with other settings")
        checkpoint.warn_about_threads(found["threads"])
        try:
            for name, part in self._parts().items():
                part.load_state_dict(found["parts"][name])
        except (RuntimeError, ValueError) as error:
            raise CheckpointError(f"the checkpoint in {self.folder} is of another model: {error}") from None
        self.progress = Progress(**found["progress"])
        set_random_state(found["random"])
