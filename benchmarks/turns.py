"""Engines that take turns: each in a process of its own, a few steps at a time, and only if they agree."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

WORKER = Path(__file__).parent / "worker.py"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
# What chooses the kernels of NumPy's and torch's libraries: taken away, so that each chooses its own.
KERNELS = ("OPENBLAS_", "MKL_", "ONEDNN_", "DNNL_", "ATEN_", "NPY_", "KMP_", "GOMP_")
CHECKED = 5  # first losses that are compared
TOLERANCE = 1e-4  # between losses: float32, sums in another order, Adam's square roots
TURN, TURNS = 0.25, 8  # seconds of a turn, and turns; a turn is at least one step and at most 50
PEERS_EVERY = 4  # turns; the first two engines run in every turn


class Disagreement(SystemExit):
    """Two engines do not compute the same: what they took for it is not reported."""


class Runner:
    """An engine's process with one workload, which takes steps when it is told to."""

    def __init__(self, engine, module, sizes, threads):
        self.engine = engine
        self.process = subprocess.Popen(
            [sys.executable, WORKER, engine, module, json.dumps(sizes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(threads),
        )

    def answer(self):
        """Return the next thing that it says."""
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.engine}: its process ended with exit code {self.process.wait()}, see above")
        return json.loads(line)

    def run(self, steps):
        """Let it take ``steps``; return their times and losses, and the memory added until now."""
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        return self.answer()

    def stop(self):
        """End the process."""
        self.process.kill()
        self.process.communicate()


def take_turns(workload, engines, threads=1, turns=TURNS, **sizes):
    """Start the engines' processes and let them take turns.

    Returns three things: for each turn {engine: seconds of a step}, {engine: MiB added by training}, and
    {what: its version} of all that took part. Raises Disagreement if the first losses differ.
    """
    runners = [Runner(engine, workload.module, workload.sizes | sizes, threads) for engine in engines]
    try:
        versions = {}
        for runner in runners:
            versions |= runner.answer()
        first = {r.engine: r.run(CHECKED) for r in runners}
        check_agreement(
            workload.title, {engine: found["losses"] for engine, found in first.items() if engine != "floor"}
        )
        steps = {engine: steps_of_a_turn(found["times"]) for engine, found in first.items()}
        seconds, memory = [], {}
        for turn in range(turns):
            taking = runners if turn % PEERS_EVERY == 0 else runners[:2]
            found = {r.engine: r.run(steps[r.engine]) for r in taking}
            seconds.append({engine: statistics.median(f["times"]) for engine, f in found.items()})
            memory |= {engine: f["memory"] for engine, f in found.items()}
    finally:
        for runner in runners:
            runner.stop()
    return seconds, memory, versions


def environment(threads):
    """Return the environment of an engine's process: the number of threads, and no choice of kernels."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(KERNELS)}
    return own | dict.fromkeys(THREADS, str(threads))


def steps_of_a_turn(times):
    """Return how many steps like those that took ``times`` fill a turn."""
    return max(1, min(50, round(TURN / statistics.median(times))))


def check_agreement(title, losses):
    """Raise Disagreement unless all engines report the same first losses."""
    (first, expected), *others = losses.items()
    for engine, found in others:
        for i, (a, b) in enumerate(zip(expected, found, strict=True)):
            if not abs(a - b) <= TOLERANCE * max(1, abs(b)):  # NaN agrees with nothing
                raise Disagreement(f"{title}: loss {i} is {a:.8g} in {first} and {b:.8g} in {engine}")


def ratios(turns, engine, reference):
    """Return the ratio of the times of two engines, for each turn that both took."""
    return [turn[engine] / turn[reference] for turn in turns if engine in turn]
