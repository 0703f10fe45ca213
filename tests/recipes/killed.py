"""What a test starts as a process and kills: an ensemble with a checkpoint after every step.

``python -m tests.recipes.killed FOLDER`` goes on from what lies in FOLDER.
"""

import sys

from nbcourse.recipes import digits
from nbcourse.recipes.ensemble import Ensemble
from nbcourse.train import Settings


def toy(steps=30, **changes):
    """Three perceptrons on the 8 × 8 digits."""
    settings = Settings(steps=steps, batch_size=32, lr=3e-3, validate_every=1).changed(**changes)
    return Ensemble("toy-ensemble", "A toy", digits.make_mlp, settings, members=3)


def without_clock(result):
    """The result without what a clock says."""
    history = [{k: v for k, v in row.items() if k != "seconds"} for row in result["history"]]
    return {**result, "seconds": 0, "history": history}


if __name__ == "__main__":
    toy().run(2, device="cpu", folder=sys.argv[1], resume=True)
