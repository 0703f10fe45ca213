"""Trains the model of an interactive figure and writes its weights beside the figure.

    python -m nbcourse.recipes.weights figure-attention

The file holds the command, what the model reached, its sizes, and each weight in half precision. Its hash
goes to ``SHA256SUMS`` in the same folder. The same seed gives the same file on the same machine with the same
versions and one thread (OMP_NUM_THREADS=1); elsewhere the weights differ in their last digits, and so does
the hash.
"""

import argparse
import base64
import hashlib
import json

import torch

from nbcourse.recipes import find
from nbcourse.widgets import weights


def packed(model):
    """Return {name: [shape, data]} of a model's weights: half precision, little-endian, as base64."""
    named = {name: value for name, value in model.state_dict().items() if name != "head.weight"}
    if getattr(model.head, "weight", None) is not model.embedding.weight:  # not tied: it has its own
        named["head.weight"] = model.head.weight
    arrays = {name: value.detach().numpy().astype("<f2") for name, value in named.items()}
    return {
        name: [list(array.shape), base64.b64encode(array.tobytes()).decode()]
        for name, array in arrays.items()
    }


def content(name):
    """Train recipe `name` once with seed 0; return what its file holds."""
    recipe = find(name)
    task, run = recipe.train(0, device="cpu")
    with torch.no_grad():
        scores = task.validate(run.measured.eval())
    return {
        "command": f"python -m nbcourse.recipes.weights {name}",
        "recipe": name,
        "seed": 0,
        "torch": torch.__version__,
        "validation": {metric: round(value, 4) for metric, value in scores.items()},
        "tensors": packed(run.measured),
    }


def _main():
    """Train, write the file, and enter its hash."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="figure-characters or figure-attention")
    name = parser.parse_args().name
    path = weights.path(name)
    path.write_text(json.dumps(content(name), indent=1) + "\n", encoding="utf-8")
    sums = weights.hashes() | {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    lines = "".join(f"{digest}  {file}\n" for file, digest in sorted(sums.items()))
    (weights.FOLDER / "SHA256SUMS").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    _main()
