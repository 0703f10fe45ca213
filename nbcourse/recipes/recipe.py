"""What a recipe is: data, model, settings, and the number that it must reach."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from nbcourse.train import Settings, TrainingError, choose_device, fit, seed_everything


@dataclass(frozen=True)
class Target:
    """A number to reach, and where it comes from: ``Target(99.4, "our own bound")``.

    ``Target(2.45, "a paper", 2)`` was published with two decimals: what rounds to it, 2.4514, is as good.
    """

    value: float
    source: str
    decimals: int | None = None

    def lead(self, value, largest):
        """Return by how much `value` is better; 0 for a worse one that rounds to the published number."""
        ahead = round(value - self.value, 9)  # 97.80000000000001 is no more than 97.8
        ahead = ahead if largest else -ahead
        if self.decimals is not None and -0.5 * 10**-self.decimals < ahead < 0:
            return 0.0
        return ahead


@dataclass
class Task:
    """One run of a recipe, ready to start: what `fit` needs, and how the result is scored at the end.

    ``test(model)`` returns {name: number} on the test part. It is called once, after training. ``notes`` are
    words that the result keeps besides, {name: text}, such as how a score is counted.
    """

    model: torch.nn.Module
    batches: Callable
    loss: Callable
    validate: Callable
    test: Callable
    monitor: str = "loss"
    largest: bool = False
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """A result that anyone can repeat.

    Attributes
    ----------
    name, title : str
        What it is called on the command line; what it is.
    make : callable
        ``make(settings, seed, device)`` returns the `Task`; randomness follows from the seed alone.
    settings : Settings
        How to train, unless the command line says otherwise.
    metric, unit : str
        Which of the numbers that the test returns is the result, and its unit.
    largest : bool
        Whether a large value is the better one.
    target : Target, optional
        The number to reach.
    instead : str
        What a table says where there is none.
    data : tuple of str
        The published data sets that it needs; see ``nbcourse data list``.
    seeds : int
        How many runs make a result.
    over : str
        What differs from run to run: "seeds", or "folds" where each run is tested on another part.
    best : bool
        Whether the weights of the best look are tested, or the last ones.
    minutes : float
        About how long one run takes on two cores; 0 means that it is for a GPU.
    """

    name: str
    title: str
    make: Callable
    settings: Settings
    metric: str = "accuracy"
    unit: str = "%"
    largest: bool = True
    target: Target | None = None
    instead: str = "no published number"
    data: tuple[str, ...] = ()
    seeds: int = 3
    over: str = "seeds"
    best: bool = False
    minutes: float = 1.0

    def recorded(self, settings):
        """Return the settings that a result keeps: all of them."""
        return asdict(settings)

    def run(self, seed, settings=None, *, device="auto", folder=None, resume=False, hooks=()):
        """Train once with this seed and score the test part.

        Returns {"seed", "metric", "test", "notes", "steps", "best_step", "seconds", "history"}; the metric is
        that of the test. Checkpoints go to ``folder/seed-0``.
        """
        place = None if folder is None else Path(folder) / f"seed-{seed}"
        task, run = self.train(seed, settings, device=device, folder=place, resume=resume, hooks=hooks)
        scores = run.measure(task.test)
        return {
            "seed": seed,
            "metric": scores[self.metric],
            "test": scores,
            "notes": task.notes,
            "steps": run.progress.step,
            "best_step": run.progress.best_step,
            "seconds": round(run.progress.seconds, 2),
            "history": run.progress.history,
        }

    def train(self, seed, settings=None, *, device="auto", folder=None, resume=False, hooks=()):
        """Train once with this seed; return the `Task` and the `Run`, which has the weights to be tested."""
        settings = self.settings if settings is None else settings
        device = choose_device(device)
        seed_everything(seed)
        task = self._task(settings, seed, device)
        run = fit(
            task.model,
            task.batches,
            task.loss,
            settings,
            validate=task.validate,
            monitor=task.monitor,
            largest=task.largest,
            device=str(device),
            folder=folder,
            resume=resume,
            hooks=hooks,
        )
        if self.best:
            run.load_best()
        return task, run

    def _task(self, settings, seed, device):
        """Return the `Task`; a changed setting for models that this one never reads is an error."""
        watched = _Watched(settings)
        task = self.make(watched, seed, device)
        for name in ("dropout", "label_smoothing"):
            if name not in watched.read and getattr(settings, name) != getattr(self.settings, name):
                raise TrainingError(f"{self.name} has no {name}: changing it would change nothing")
        return task


class _Watched:
    """Settings that note which of them are read."""

    def __init__(self, settings):
        self.settings, self.read = settings, set()

    def __getattr__(self, name):
        self.read.add(name)
        return getattr(self.settings, name)
