"""Results as files: what was run, how, with which seeds, and what came out."""

import json
import math
import platform
import statistics
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from nbcourse.files import write_whole
from nbcourse.train import choose_device, describe, distributed


def summary(values):
    """Return {"mean", "sd", "smallest", "largest"} over the seeds; one run has no deviation: None."""
    return {
        "mean": statistics.fmean(values),
        "sd": statistics.stdev(values) if len(values) > 1 else None,
        "smallest": min(values),
        "largest": max(values),
    }


def result(recipe, settings, runs, device, command):
    """Return the result of a recipe as a dictionary that JSON can hold."""
    changed = {k: v for k, v in asdict(settings).items() if v != asdict(recipe.settings)[k]}
    return {
        "recipe": recipe.name,
        "title": recipe.title,
        "metric": recipe.metric,
        "unit": recipe.unit,
        "largest_is_best": recipe.largest,
        "target": None if recipe.target is None else asdict(recipe.target),
        **({"instead": recipe.instead} if recipe.target is None else {}),
        "over": recipe.over,
        **{recipe.metric: summary([run["metric"] for run in runs])},
        "seconds": summary([run["seconds"] for run in runs]),
        "runs": [{k: v for k, v in run.items() if k != "history"} for run in runs],
        "settings": recipe.recorded(settings),
        "changed": changed,
        "command": command,
        "processes": distributed.world(),
        **origin(device),
    }


def origin(device, **versions):
    """Return where a result comes from: device, versions (further ones by name), commit, date."""
    return {
        "device": describe(choose_device(device)),
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            **versions,
        },
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
    }


def write(path, content):
    """Write a result, whole or not at all; a number that is not finite is an error."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def reached(recipe, mean):
    """Whether the mean reaches the target, to the digits that were published."""
    if recipe.target is None or not math.isfinite(mean):
        return False
    return recipe.target.lead(mean, recipe.largest) >= 0


def commit():
    """The commit that the package was run from, with "+" if files were changed since; None outside git."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"], cwd=here, capture_output=True, text=True, check=True
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--", "."], cwd=here, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")
