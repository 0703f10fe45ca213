"""What the tests of faults start as a process and kill: a recipe with a checkpoint after every step.

``python -m tests.train.killed FOLDER OUT`` goes on from what lies in FOLDER, and writes the weights and the
history to OUT at the end.
"""

import sys

import torch

from nbcourse import recipes


def main(folder, out):
    recipe = recipes.find("digits-mlp")
    settings = recipe.settings.changed(steps=150, validate_every=1, ema=0.9)
    found = {}

    def keep(event, run):
        if event == "end":
            found["weights"] = run.model.state_dict()
            found["average"] = run.average.module.state_dict()

    result = recipe.run(4, settings, device="cpu", folder=folder, resume=True, hooks=[keep])
    history = [{k: v for k, v in row.items() if k != "seconds"} for row in result["history"]]
    torch.save({**found, "history": history, "test": result["test"]}, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
