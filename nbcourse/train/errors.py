"""What can go wrong in a training run, said so that the person who started it can mend it."""

import contextlib

import torch


class TrainingError(RuntimeError):
    """A run cannot start or go on; the message says at which step, why, and what to do."""


class NonFiniteLoss(TrainingError):
    """The loss or a weight became infinite or NaN; nothing was saved after the last good step."""


class OutOfMemory(TrainingError):
    """The device has no memory left for a step of this size."""


class CheckpointError(TrainingError):
    """A checkpoint cannot be written, is missing, damaged, or belongs to another run."""


class LostProcess(TrainingError):
    """Another process of the run has ended; this one cannot go on without it."""


_MEMORY = ("out of memory", "not enough memory", "can't allocate memory")  # MPS; the CPU on Windows, Linux
_LOST = ("gloo", "nccl", "connection closed", "connection reset", "broken pipe")


@contextlib.contextmanager
def explained(run):
    """Turn an error of the device, or of the connection to other processes, into one that says what to do."""
    try:
        yield
    except TrainingError:
        raise
    except (RuntimeError, MemoryError) as error:
        step, text = run.progress.step + 1, str(error).lower()
        lacks_memory = isinstance(error, (torch.OutOfMemoryError, MemoryError))
        if lacks_memory or any(words in text for words in _MEMORY):
            raise OutOfMemory(
                f"{run.device} has no memory left at step {step} with batch_size={run.settings.batch_size}, "
                f"accumulate={run.settings.accumulate}: try a larger accumulate, which changes nothing else, "
                "a smaller batch_size, or precision=bfloat16"
            ) from error
        if run.world > 1 and any(words in text for words in _LOST):
            saved = "" if run.folder is None else f"; resume goes on from the checkpoint in {run.folder}"
            raise LostProcess(
                f"another process of this run ended, or cannot be reached, at step {step}{saved}"
            ) from error
        raise
