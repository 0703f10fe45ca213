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
        How often a model with dropout drops, from 0 to 1; -1 keeps the model's own value.
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
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str) and field.type is not str:
                raise _wrong_type(field.name, value, field.type)
            object.__setattr__(self, field.name, converted(field.name, value, field.type))
        if bool(self.epochs) == bool(self.steps):
            raise TrainingError(
                f"expected either epochs or steps above 0, got epochs={self.epochs}, steps={self.steps}"
            )
        for name, known in _CHOICES.items():
            value = getattr(self, name)
            if value not in known:
                raise TrainingError(
                    f"expected {name} to be one of {', '.join(known)}; got {value!r}{nearest(value, known)}"
                )
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise TrainingError(f"expected {name} from {least} to {most}, got {value}")
        for name in ("momentum", "beta2", "ema"):
            if getattr(self, name) == 1:
                raise TrainingError(f"expected {name} below 1, got 1: nothing would ever change")
        if -1 < self.dropout < 0:
            raise TrainingError(
                f"expected dropout from 0 to 1, or -1 for the model's own, got {self.dropout}"
            )

    def changed(self, **settings):
        """Return settings in which some are different; an unknown name or a wrong type is an error.

        Texts are read as the type that the setting has: ``changed(lr="0.01")``. Of epochs and steps, the one
        that is named puts the other to 0.
        """
        types = {field.name: field.type for field in dataclasses.fields(self)}
        unknown = [name for name in settings if name not in types]
        if unknown:
            named = ", ".join(f"no setting {name!r}{nearest(name, types)}" for name in unknown)
            raise TrainingError(f"{named} (known: {', '.join(types)})")
        settings = {name: converted(name, value, types[name]) for name, value in settings.items()}
        for one, other in (("epochs", "steps"), ("steps", "epochs")):
            if settings.get(one) and other not in settings:
                settings[other] = 0
        return dataclasses.replace(self, **settings)


_CHOICES = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES, "precision": tuple(PRECISIONS)}
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


def converted(name, value, kind):
    """Return `value` as a `kind`; texts are read, 1 may stand for 1.0, nothing else is bent."""
    if isinstance(value, str) and kind is bool and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, str) and kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            raise _wrong_type(name, value, kind) from None
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is kind:
        return value
    raise _wrong_type(name, value, kind)


def _wrong_type(name, value, kind):
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "a word"}
    choices = f", one of {', '.join(_CHOICES[name])}" if name in _CHOICES else ""
    return TrainingError(f"expected {name} to be {words[kind]}{choices}; got {value!r}")
