"""Training with PyTorch, from a laptop to several GPUs: one readable loop and what stands around it.

Read in this order: `settings`, `loop`, `run`; then `batches`, `optimization`, `device`, `checkpoint`,
`distributed`, `logging`.
"""

from nbcourse.train.batches import Batches, Windows
from nbcourse.train.device import choose_device, describe, seed_everything
from nbcourse.train.errors import CheckpointError, LostProcess, NonFiniteLoss, OutOfMemory, TrainingError
from nbcourse.train.loop import fit
from nbcourse.train.run import Progress, Run
from nbcourse.train.settings import Settings

__all__ = [
    "Batches",
    "CheckpointError",
    "LostProcess",
    "NonFiniteLoss",
    "OutOfMemory",
    "Progress",
    "Run",
    "Settings",
    "TrainingError",
    "Windows",
    "choose_device",
    "describe",
    "fit",
    "seed_everything",
]
