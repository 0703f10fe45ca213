"""What can go wrong in a training run, said so that the person who started it can mend it."""


class TrainingError(RuntimeError):
    """A run cannot start or go on; the message says at which step, why, and what to do."""


class NonFiniteLoss(TrainingError):
    """The loss became infinite or NaN; nothing was saved after the last good step."""


class OutOfMemory(TrainingError):
    """The device has no memory left for a step of this size."""


class CheckpointError(TrainingError):
    """A checkpoint is missing, damaged, or belongs to another run."""
