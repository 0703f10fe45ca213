"""Times the recipe for tiny Shakespeare on a CPU against nanoGPT's 2,000 steps, side by side.

    python benchmarks/shakespeare.py [--steps N] [--write]

Both train from their first step to their last in one process and take turns of a few steps, so that whatever
else the machine does falls on both. The recipe runs in the package's own loop; nanoGPT's configuration is
written out in ``workloads/nanogpt.py``. Looks at the validation part are apart from both times. The threads
are those of OMP_NUM_THREADS. ``--write`` stores the numbers in ``benchmarks/results/shakespeare.json``.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy
import torch
from engine import spread
from machine import machine
from workloads import nanogpt

from nbcourse import recipes
from nbcourse.datasets import Characters, texts
from nbcourse.train import fit, seed_everything

RESULTS = Path(__file__).parent / "results" / "shakespeare.json"
RECIPE, TURN = "shakespeare-cpu", 25  # steps of a turn
LOSS_MUST, TIME_MUST = 1.85, 1.0  # the recipe's loss, and its training time divided by nanoGPT's


class Turns:
    """A hook of `fit`: times each step of the recipe, and after every turn lets the other take as many."""

    def __init__(self, other, clock):
        self.other, self.clock = other, clock  # the other's step(i)
        self.own, self.others = [], []  # seconds of each step
        self.since = clock()

    def __call__(self, event, run):
        """Note the step that has just ended; what follows a look begins anew."""
        if event == "step":
            self.own.append(self.clock() - self.since)
            if len(self.own) % TURN == 0 or run.finished:
                self.take(len(self.own) - len(self.others))
        self.since = self.clock()

    def take(self, steps):
        """Let the other take its steps."""
        for _ in range(steps):
            start = self.clock()
            self.other(len(self.others))
            self.others.append(self.clock() - start)


def measure(settings, sizes, clock=time.perf_counter, seed=0):
    """Train both; return {"recipe", "nanogpt"}: (seconds of each step, loss on the whole validation part)."""
    seed_everything(seed)
    text = texts.shakespeare()
    characters = Characters(text.train)
    reference, step = nanogpt.make(sizes, characters.encode(text.train), len(characters))
    task = recipes.find(RECIPE).make(settings, seed, torch.device("cpu"))
    turns = Turns(step, clock)
    run = fit(
        task.model, task.batches, task.loss, settings, validate=task.validate, device="cpu", hooks=[turns]
    )
    turns.take(sizes.steps - len(turns.others))
    with torch.no_grad():
        losses = [task.test(model.eval())["loss"] for model in (run.measured, reference)]
    return dict(zip(("recipe", "nanogpt"), zip((turns.own, turns.others), losses, strict=True), strict=True))


def row(found):
    """Return the numbers of both, and the ratio of their times: of a step, turn by turn, and of them all."""
    turns = [
        [statistics.median(seconds[i : i + TURN]) for i in range(0, len(seconds), TURN)]
        for seconds, _ in found.values()
    ]
    ratios = [ours / theirs for ours, theirs in zip(*turns, strict=False)]
    each = {
        name: {
            "steps": len(seconds),
            "milliseconds": round(1e3 * statistics.median(seconds), 2),
            "seconds": round(sum(seconds), 1),
            "loss": round(loss, 4),
        }
        for name, (seconds, loss) in found.items()
    }
    whole = sum(found["recipe"][0]) / sum(found["nanogpt"][0])
    return each | {"step": spread(ratios), "training": round(whole, 4)}


def missed(results):
    """Return a sentence for every must that is not reached."""
    found = [
        ("loss of the recipe", results["recipe"]["loss"], results["must"]["loss"]),
        ("time of training / nanoGPT's", results["training"], results["must"]["training"]),
    ]
    return [f"{what}: {is_:.3g}, must be ≤ {must:.3g}" for what, is_, must in found if is_ > must]


def table(results):
    """Return the measurements as lines of text."""
    form = "{:10} {:>6} {:>8} {:>10} {:>7}"
    lines = [form.format("", "steps", "ms/step", "training s", "loss")]
    for name in ("recipe", "nanogpt"):
        r = results[name]
        lines.append(form.format(name, r["steps"], r["milliseconds"], r["seconds"], f"{r['loss']:.3f}"))
    low, high = results["step"]["quartiles"]
    step = f"recipe / nanoGPT: a step {results['step']['ratio']:.3f} ({low:.3f}–{high:.3f})"
    return "\n".join([*lines, f"{step}, all of training {results['training']:.3f}"])


def measure_all(settings, sizes):
    """Return everything that is measured, and on what."""
    threads = torch.get_num_threads()
    clock = time.process_time if threads == 1 else time.perf_counter
    return {
        "command": "python benchmarks/shakespeare.py --write",
        **machine(),
        "threads": threads,
        "clock": "processor time" if threads == 1 else "time that passes",
        "versions": {
            "python": sys.version.split()[0],
            "numpy": numpy.__version__,
            "torch": f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}",
        },
        "must": {"loss": LOSS_MUST, "training": TIME_MUST},
        **row(measure(settings, sizes, clock)),
    }


def main():
    """Measure, print, and end with exit code 1 when a must is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, help="of both (those of the recipe, and nanoGPT's 2,000)")
    parser.add_argument("--write", action="store_true", help="store the numbers in benchmarks/results/")
    arguments = parser.parse_args()
    if arguments.write and arguments.steps:
        parser.error("--write stores whole runs: leave out --steps")
    settings, sizes = recipes.find(RECIPE).settings, nanogpt.Sizes()
    if arguments.steps:
        settings, sizes = settings.changed(steps=arguments.steps), nanogpt.Sizes(steps=arguments.steps)
    results = measure_all(settings, sizes)
    print(table(results))
    if arguments.write:
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if not arguments.steps and (failed := missed(results)):
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
