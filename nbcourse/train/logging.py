"""What a run tells on its way: hooks for `fit` that show a bar, write lines, and feed TensorBoard."""

import os
import sys

from nbcourse.train.errors import TrainingError


class Bar:
    """A progress bar on stderr, gone at the end; none if it is not `shown`, or with NBCOURSE_PROGRESS=off.

    ``write(text)`` prints a line above it, on stdout.
    """

    def __init__(self, description, shown=True):
        from tqdm import tqdm

        off = not shown or os.environ.get("NBCOURSE_PROGRESS", "").lower() == "off"
        self.bar = tqdm(desc=description, unit="step", leave=False, file=sys.stderr, disable=off)

    def __call__(self, event, run):
        """Move on by a step."""
        self.bar.total = run.total
        if event == "step":
            self.bar.update(run.progress.step - self.bar.n)
        elif event == "end":
            self.bar.close()

    def write(self, text):
        """Print a line above the bar."""
        self.bar.write(text, file=sys.stdout)
        sys.stdout.flush()  # what reads a pipe sees it now

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bar.close()


class Lines:
    """One line for each look: ``write(text)`` gets the step, the losses and what was measured."""

    def __init__(self, write):
        self.write = write

    def __call__(self, event, run):
        """Write the newest row of the history."""
        if event == "look":
            self.write(line(run.progress.history[-1], run.total))


def line(row, total):
    """A row of the history in one line: ``step 120 of 480 · train loss 0.12 · loss 0.15 · 3.2 s``."""
    hidden = ("step", "epoch", "train_loss", "lr", "seconds")
    measured = [f"{name} {value:.4g}" for name, value in row.items() if name not in hidden]
    return " · ".join(
        [
            f"step {row['step']:>{len(str(total))}} of {total}",
            f"train loss {row['train_loss']:.4g}",
            *measured,
            f"{row['seconds']:.1f} s",
        ]
    )


class TensorBoard:
    """Write each look to `folder`, for ``tensorboard --logdir FOLDER``.

    Raises TrainingError, when it is made, if TensorBoard is not installed.
    """

    def __init__(self, folder):
        check_tensorboard()
        from torch.utils.tensorboard import SummaryWriter

        self.writer = SummaryWriter(str(folder))

    def __call__(self, event, run):
        """Write what the newest row of the history says, or close at the end."""
        if event == "look":
            row = run.progress.history[-1]
            for name, value in row.items():
                if name not in ("step", "seconds"):
                    self.writer.add_scalar(name, value, row["step"])
        elif event == "end":
            self.writer.close()


def check_tensorboard():
    """Raise TrainingError if TensorBoard is not installed."""
    try:
        import torch.utils.tensorboard  # noqa: F401
    except ImportError as error:
        raise TrainingError(
            f"--tensorboard needs TensorBoard, which is not here ({error}): pip install tensorboard"
        ) from None
