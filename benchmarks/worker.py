"""One engine and one workload in a process of their own: takes steps when told to, and times them.

    python benchmarks/worker.py ENGINE MODULE SIZES

It first prints its versions as a line of JSON. Each line of standard input is a number of steps and is
answered by a line of JSON: seconds and loss of each step, and the MiB added until then. `turns.py` starts it.
"""

import importlib
import itertools
import json
import math
import os
import sys
import time
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

SEED, BATCHES = 7, 8


def weight(name, shape):
    """Return the first value of a weight, the same for every engine.

    Matrices are scaled by their fan-in, weights of norms are near 1, biases near 0.
    """
    drawn = np.random.default_rng([SEED, *name.encode()]).standard_normal(shape, dtype=np.float32)
    if len(shape) > 1:
        return drawn / np.float32(math.sqrt(math.prod(shape[1:])))
    return np.float32(0.1) * drawn + np.float32(name.endswith("weight"))


def batches(module, s):
    """Return the batches that training goes through, again and again."""
    rng = np.random.default_rng(SEED)
    return [module.draw(rng, s) for _ in range(BATCHES)]


def tensor_step(lib, module, sizes):
    """Return one training step of ``module`` with torch's names, those of ``lib``."""
    s = module.Sizes(**sizes)
    model, loss_of = module.make(lib, s)
    start = {name: lib.tensor(weight(name, tuple(x.shape))) for name, x in model.state_dict().items()}
    model.load_state_dict(start)
    optimizer = lib.optim.Adam(model.parameters())
    tensors = itertools.cycle([[lib.tensor(array) for array in batch] for batch in batches(module, s)])

    def step():
        optimizer.zero_grad()
        loss = loss_of(*next(tensors))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def autograd_step(module, sizes):
    """Return the same step in HIPS autograd; its own Adam wants one flat vector, so Adam is here."""
    from autograd import value_and_grad
    from workloads import hips

    s = module.Sizes(**sizes)
    shapes, loss_of = getattr(hips, module.__name__.rpartition(".")[2])(s)
    w = {name: weight(name, shape) for name, shape in shapes.items()}
    loss_and_gradients = value_and_grad(loss_of)
    data, state = itertools.cycle(batches(module, s)), {name: (0.0, 0.0) for name in w}
    count = itertools.count(1)

    def step():
        loss, gradients = loss_and_gradients(w, *next(data))
        t = next(count)
        for name, g in gradients.items():
            m, v = state[name]
            m, v = state[name] = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            w[name] = w[name] - 1e-3 / (1 - 0.9**t) * m / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        return float(loss)

    return step


def floor_step(module, sizes):
    """Return a step of the matrix products alone, which has no loss."""
    from workloads import floor

    rng, work = np.random.default_rng(SEED), []
    for times, m, k, n in getattr(floor, module.__name__.rpartition(".")[2])(module.Sizes(**sizes)):
        a, b = (rng.standard_normal(shape, dtype=np.float32) for shape in ((m, k), (k, n)))
        work.append((times, a, b, np.empty((m, n), np.float32)))

    def step():
        for times, a, b, out in work:
            for _ in range(times):
                np.dot(a, b, out)

    return step


def build(engine, module, sizes):
    """Return the training step of ``module`` in ``engine``."""
    if engine in ("scratch", "torch"):
        name = "nbcourse.scratch" if engine == "scratch" else engine
        return tensor_step(importlib.import_module(name), module, sizes)
    if engine in ("autograd", "floor"):
        return {"autograd": autograd_step, "floor": floor_step}[engine](module, sizes)
    if engine == "micrograd":
        sys.setrecursionlimit(10**6)  # its sort is recursive
    name = {"scalar": "nbcourse.scratch.scalar", "micrograd": "micrograd.engine"}[engine]
    return module.make(importlib.import_module(name).Value, np.random.default_rng(SEED), **sizes)


def about(engine):
    """Return what the numbers depend on, after checking that no engine has another's process."""
    others = {"torch", "autograd", "micrograd", "scipy"} & set(sys.modules)
    if engine in ("scratch", "scalar") and others:
        sys.exit(f"{engine}: {', '.join(others)} is in its process: the times would not be its own")
    found = {"python": sys.version.split()[0], "numpy": np.__version__}
    if engine == "torch":
        import torch

        if str(torch.get_num_threads()) != os.environ.get("OMP_NUM_THREADS"):
            sys.exit(f"torch: expected OMP_NUM_THREADS={torch.get_num_threads()}, the threads that it takes")
        found["torch"] = f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}"
    elif engine in ("scratch", "scalar"):
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        kernels = {library.get("architecture", "") for library in threadpool_info()}
        found["blas"] = " ".join((blas["name"], blas["version"], *kernels)).strip()
        allocator = sys.modules.get("nbcourse.scratch.allocator")
        found["malloc"] = "tuned" if allocator and allocator.tuned else "as it is"
    elif engine != "floor":
        found[engine] = metadata.version(engine)
    return found


def memory():
    """Return the MiB of this process that are in memory now, and the most that ever were."""
    status = Path("/proc/self/status")
    if not status.exists():  # not Linux: only the peak is known, on macOS in bytes
        import resource

        unit = 2**20 if sys.platform == "darwin" else 2**10
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        return peak, peak
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def main():
    """Build the step, then do as many as each line of input says."""
    engine, name, sizes = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    step = build(engine, importlib.import_module(name), sizes)
    print(json.dumps(about(engine)), flush=True)
    with suppress(OSError):  # the peak starts again from what is in memory now, where Linux allows it
        Path("/proc/self/clear_refs").write_text("5")
    before = memory()[0]
    # With one thread, processor time is the time that passes without what other processes took of it.
    clock = time.process_time if os.environ.get("OMP_NUM_THREADS") == "1" else time.perf_counter
    for line in sys.stdin:
        times, losses = [], []
        for _ in range(int(line)):
            start = clock()
            losses.append(step())
            times.append(clock() - start)
        answer = {"times": times, "losses": losses, "memory": memory()[1] - before}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
