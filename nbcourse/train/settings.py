"""The settings of a run, checked before it starts."""

import dataclasses

from nbcourse.messages import nearest
from nbcourse.train.device import PRECISIONS
from nbcourse.train.errors import TrainingError

OPTIMIZERS = ("adamw", "sgd")
SCHEDULES = ("constant", "cosine", "one-cycle")


@dataclasses.dataclass(frozen=True)
class Settings:
    """How to train: length, step size, precision, when to look and when to stop.

    Attributes
    ----------
    epochs, steps : int
        How long: passes over the data, or steps of the optimiser. One of them is 0 and does not count.
    batch_size : int
        Examples in one step.
    optimizer : str
        "adamw" (Loshchilov and Hutter, 2019) or "sgd" with Nesterov's momentum.
    lr, weight_decay, momentum : float
        The highest learning rate; the decay of weights (not of biases and norms); SGD's momentum, or
        Adam's β₁.
    beta2 : float
        Adam's second decay rate.
    schedule : str
        "constant"; "cosine" down to a tenth of `lr`; "one-cycle" up to `lr` and down to 0 (Smith, 2018).
    warmup : float
        The share of the run, or with 1 and more the number of steps, in which the rate rises from 0.
    clip : float
        The longest gradient, in the Euclidean norm; 0 means no limit.
    accumulate : int
        In how many parts a batch is computed, one after the other: the same step with less memory.
    label_smoothing : float
        The share of the target that is spread over all classes.
    dropout : float
        How often a model with dropout drops; -1 keeps the model's own value.
    ema : float
        The decay of a running average of the weights, which is then what is validated; 0 means none.
    precision : str
        "float32", "bfloat16" or "float16" (with loss scaling).
    compile : bool
        Whether to hand the model to ``torch.compile``.
    validate_every : int
        Steps between two looks at the validation part; 0 means once an epoch.
    patience : int
        Looks without improvement after which to stop; 0 means never.
    deterministic : bool
        Whether only deterministic algorithms may run.
    """

    epochs: int = 0
    steps: int = 0
    batch_size: int = 64
    optimizer: str = "adamw"
    lr: float = 1e-3
    weight_decay: float = 0.01
    momentum: float = 0.9
    beta2: float = 0.999
    schedule: str = "one-cycle"
    warmup: float = 0.1
    clip: float = 0.0
    accumulate: int = 1
    label_smoothing: float = 0.0
    dropout: float = -1.0
    ema: float = 0.0
    precision: str = "float32"
    compile: bool = False
    validate_every: int = 0
    patience: int = 0
    deterministic: bool = False

    def __post_init__(self):
        if bool(self.epochs) == bool(self.steps):
            raise TrainingError(
                f"expected either epochs or steps above 0, got epochs={self.epochs}, steps={self.steps}"
            )
        for name, known in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("precision", PRECISIONS)):
            value = getattr(self, name)
            if value not in known:
                raise TrainingError(
                    f"expected {name} to be one of {', '.join(known)}; got {value!r}{nearest(value, known)}"
                )
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise TrainingError(f"expected {name} from {least} to {most}, got {value}")

    def changed(self, **settings):
        """Return settings in which some are different; an unknown name or a wrong type is an error.

        Texts are read as the type that the setting has: ``changed(lr="0.01")``.
        """
        return change(self, settings)


_LARGE = 10**9
_RANGES = {
    "epochs": (0, _LARGE),
    "steps": (0, _LARGE),
    "batch_size": (1, _LARGE),
    "lr": (0, 1000),
    "weight_decay": (0, 1000),
    "momentum": (0, 1),
    "beta2": (0, 1),
    "warmup": (0, _LARGE),
    "clip": (0, float("inf")),
    "accumulate": (1, _LARGE),
    "label_smoothing": (0, 1),
    "dropout": (-1, 1),
    "ema": (0, 1),
    "validate_every": (0, _LARGE),
    "patience": (0, _LARGE),
}


def change(dataclass, settings):
    """Return `dataclass` with other values in the fields that `settings` names, of the types they have."""
    fields = {f.name: f.type for f in dataclasses.fields(dataclass)}
    unknown = [name for name in settings if name not in fields]
    if unknown:
        raise TrainingError(
            f"no setting {unknown[0]!r}{nearest(unknown[0], fields)} (known: {', '.join(fields)})"
        )
    converted = {
        name: _converted(name, value, type(getattr(dataclass, name))) for name, value in settings.items()
    }
    return dataclasses.replace(dataclass, **converted)


def _converted(name, value, kind):
    """Return `value` as a `kind`; texts are read, 1 may stand for 1.0, nothing else is bent."""
    if isinstance(value, str) and kind is bool and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, str) and kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    elif kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    elif type(value) is kind:
        return value
    raise TrainingError(f"expected {name} to be of type {kind.__name__}, got {value!r}")
