"""One engine and one workload in a process of their own: takes steps when told to, and says how long they took.

    python benchmarks/worker.py ENGINE MODULE SIZES

Each line of standard input is a number of steps; each is answered by a line of JSON. `engine.py` starts these.
"""

import importlib
import itertools
import json
import math
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

SEED, BATCHES = 7, 8


def weights(shapes, rng):
    """Return {name: array}: matrices scaled by their fan-in, norms' weights near 1, biases near 0."""
    values = {}
    for name, shape in shapes.items():
        drawn = rng.standard_normal(shape, dtype=np.float32)
        if len(shape) > 1:
            values[name] = drawn / np.float32(math.sqrt(math.prod(shape[1:])))
        else:
            values[name] = np.float32(0.1) * drawn + np.float32(name.endswith("weight"))
    return values


def tensor_step(lib, module, sizes):
    """Return one training step of ``module`` with torch's names, those of ``lib``."""
    model, draw, loss_of = module.make(lib, np.random.default_rng(SEED), **sizes)
    shapes = {name: tuple(x.shape) for name, x in model.state_dict().items()}
    start = weights(shapes, np.random.default_rng(SEED))
    model.load_state_dict({name: lib.tensor(x) for name, x in start.items()})
    batches = itertools.cycle([[lib.tensor(a) for a in draw()] for _ in range(BATCHES)])
    optimizer = getattr(lib.optim, os.environ.get("OPTIMIZER", "Adam"))(model.parameters())

    def step():
        optimizer.zero_grad()
        loss = loss_of(*next(batches))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def scratch_step(module, sizes):
    from nbcourse import scratch

    return tensor_step(scratch, module, sizes)


def torch_step(module, sizes):
    import torch

    return tensor_step(torch, module, sizes)


def scalar_step(module, sizes):
    from nbcourse.scratch.scalar import Value

    return module.make(Value, np.random.default_rng(SEED), **sizes)


def micrograd_step(module, sizes):
    from micrograd.engine import Value

    sys.setrecursionlimit(10**6)  # its sort is recursive
    return module.make(Value, np.random.default_rng(SEED), **sizes)


STEPS = {
    "scratch": scratch_step,
    "torch": torch_step,
    "scalar": scalar_step,
    "micrograd": micrograd_step,
}


def memory():
    """Return the MiB of this process that are in memory now, and the most that ever were."""
    status = Path("/proc/self/status")
    if not status.exists():  # not Linux: only the peak is known, on macOS in bytes
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        return peak, peak
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def forget_peak():
    """Let the peak start again from what is in memory now, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def main():
    """Build the step, then do as many as each line of input says."""
    engine, name, sizes = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    step = STEPS[engine](importlib.import_module(name), sizes)
    if engine == "scratch" and "torch" in sys.modules:
        sys.exit("torch is in the process of the course's own engine: the times would not be its own")
    forget_peak()
    before, _ = memory()
    for line in sys.stdin:
        times, losses = [], []
        for _ in range(int(line)):
            start = time.perf_counter()
            losses.append(step())
            times.append(time.perf_counter() - start)
        added = memory()[1] - before
        print(json.dumps({"times": times, "losses": losses, "memory": added}), flush=True)


if __name__ == "__main__":
    main()
