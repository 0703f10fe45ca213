"""The trained weights that two figures carry: small files that recipes of this course wrote.

``weights/SHA256SUMS`` has the hash of each file, and each file the command that made it.
"""

import base64
import functools
import hashlib
import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).with_name("weights")


def path(name: str) -> Path:
    """Return the file of a recipe's weights: ``weights/figure-attention.json``."""
    return FOLDER / f"{name}.json"


def hashes() -> dict[str, str]:
    """Return {file name: SHA-256} as it was entered when the files were written."""
    lines = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {file: digest for digest, file in map(str.split, lines)}


@functools.cache
def load(name: str) -> dict:
    """Return what a recipe wrote; ``["tensors"]`` is {name: [shape, base64 of half precision]}.

    Raises
    ------
    ValueError
        If the file is not the one whose hash was entered.
    """
    content, expected = path(name).read_bytes(), hashes()[path(name).name]
    if (found := hashlib.sha256(content).hexdigest()) != expected:
        raise ValueError(f"{path(name).name}: expected the SHA-256 {expected}, got {found}")
    return json.loads(content)


def unpack(tensors: dict) -> dict[str, np.ndarray]:
    """Return {name: array} in float64."""
    return {
        name: np.frombuffer(base64.b64decode(data), "<f2").astype(float).reshape(shape)
        for name, (shape, data) in tensors.items()
    }
