"""Times training steps of the course's own engine against torch.

    python benchmarks/engine.py [--only W1 W4 …] [--rounds N] [--threads N] [--write]

Each engine has a process of its own. They take turns of a few steps, so that whatever else the machine does
falls on all of them, and only ratios of times are compared: of processor time with one thread, which waits
for no other process; of time that passes with several. They start from the same weights, see the same
batches, and must agree on the first losses, or nothing is reported. ``--write`` stores the numbers in
``benchmarks/results/engine.json``.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from machine import machine
from turns import TURNS, ratios, take_turns
from workloads import IMPORT_MUST, WORKLOADS

RESULTS = Path(__file__).parent / "results" / "engine.json"
PARTS = (*WORKLOADS, "growth", "import")
IMPORTS = 25  # pairs of processes
TIME_IMPORT = "import time; start = time.process_time(); import {}; print(time.process_time() - start)"


def measure(workload, rounds, threads=1, turns=TURNS):
    """Return a workload's row, from fresh processes in each round, and the versions of what took part."""
    own, reference = workload.own, workload.reference
    engines = [own, reference, *filter(installed, workload.peers)]
    found = [take_turns(workload, engines, threads, turns) for _ in range(rounds)]
    seconds = [turn for in_round, _, _ in found for turn in in_round]
    times = {engine: [turn[engine] for turn in seconds if engine in turn] for engine in engines}
    memory = {engine: [added[engine] for _, added, _ in found] for engine in engines}
    row = {
        "title": workload.title,
        "engine": own,
        "reference": reference,
        **spread(ratios(seconds, own, reference)),
        "must": workload.must,
        "aim": workload.aim,
        "MiB": {engine: round(statistics.median(m), 1) for engine, m in memory.items()},
        "MiB_aim": workload.memory_aim,
        "peers": {e: round(statistics.median(ratios(seconds, e, reference)), 3) for e in engines[2:]},
        "milliseconds": {engine: round(1e3 * statistics.median(t), 2) for engine, t in times.items()},
    }
    return row, found[0][2]


def measure_growth(workload, rounds, threads=1, turns=TURNS):
    """Return how the time of a step grows with a size, and the ratio of times at each value of it."""
    growth, engines = workload.growth, (workload.own, workload.reference)
    slopes, found = {engine: [] for engine in engines}, {n: [] for n in growth.values}
    for _ in range(rounds):
        taken = {
            n: take_turns(workload, engines, threads, turns, **{growth.size: n})[0] for n in growth.values
        }
        for engine in engines:
            times = {n: statistics.median(turn[engine] for turn in taken[n]) for n in growth.values}
            slopes[engine].append(slope(times))
        for n in growth.values:
            found[n] += ratios(taken[n], *engines)
    return {
        "size": growth.size,
        "slopes": {engine: round(statistics.median(s), 3) for engine, s in slopes.items()},
        "must": growth.must,
        "ratios": {n: round(statistics.median(r), 3) for n, r in found.items()},
        "aim_at_the_largest": growth.aim_at_the_largest,
    }


def slope(times):
    """Return the least-squares slope of log y over log x, for {x: y}."""
    return statistics.linear_regression(
        [math.log(x) for x in times], [math.log(y) for y in times.values()]
    ).slope


def measure_import(pairs=IMPORTS):
    """Return the ratio of the times to import the engine and to import NumPy alone."""
    with tempfile.TemporaryDirectory() as cache:
        compiled = os.environ | {"PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}

        def seconds(module):
            command = [sys.executable, "-c", TIME_IMPORT.format(module)]
            return float(subprocess.check_output(command, env=compiled))

        found = [seconds("nbcourse.scratch") / seconds("numpy") for _ in range(pairs + 1)]
    return {**spread(found[1:]), "must": IMPORT_MUST}  # the first pair compiled the files


def spread(found):
    """Return the median and the quartiles of some ratios."""
    low, middle, high = (round(q, 4) for q in statistics.quantiles(found, n=4))
    return {"ratio": middle, "quartiles": [low, high]}


def missed(results):
    """Return a sentence for every must that is not reached."""
    found = [("import", "ratio", results["import"]["ratio"], IMPORT_MUST)] if "import" in results else []
    for name, row in results["workloads"].items():
        found.append((name, "ratio", row["ratio"], row["must"]))
        found.append((name, "MiB added", row["MiB"][row["engine"]], row["MiB"][row["reference"]]))
        if growth := row.get("growth"):
            found.append((name, "slope", growth["slopes"][row["engine"]], growth["must"]))
    return [
        f"{name}: {what} {is_:.3g}, must be ≤ {must:.3g}" for name, what, is_, must in found if is_ > must
    ]


def table(results):
    """Return the measurements as lines of text."""
    form = "{:4} {:46} {:>6} {:>13} {:>6} {:>6} {:>9}  {}"
    lines = [form.format("", "training step", "ratio", "quartiles", "must", "aim", "MiB added", "peers")]
    for name, row in results["workloads"].items():
        memory = " / ".join(f"{row['MiB'][row[e]]:.0f}" for e in ("engine", "reference"))
        peers = ", ".join(f"{engine} {ratio:.3g}" for engine, ratio in row["peers"].items())
        quartiles = "–".join(f"{q:.3f}" for q in row["quartiles"])
        numbers = (f"{row[key]:.3f}" for key in ("must", "aim"))
        lines.append(
            form.format(name, row["title"], f"{row['ratio']:.3f}", quartiles, *numbers, memory, peers)
        )
        if growth := row.get("growth"):
            slopes = " / ".join(f"{s:.2f}" for s in growth["slopes"].values())
            by_size = ", ".join(f"{n}: {r:.2f}" for n, r in growth["ratios"].items())
            lines.append(
                f"     slope over {growth['size']} {slopes}, must {growth['must']}; ratios {by_size}"
            )
    if found := results.get("import"):
        quartiles = "–".join(f"{q:.3f}" for q in found["quartiles"])
        title = "import nbcourse.scratch / import numpy"
        lines.append(
            form.format("", title, f"{found['ratio']:.3f}", quartiles, f"{IMPORT_MUST:.3f}", "", "", "")
        )
    return "\n".join(line.rstrip() for line in lines)


def installed(engine):
    """Return whether the library of an engine is there; the course's own are."""
    try:
        return engine in ("scratch", "scalar", "floor") or bool(metadata.version(engine))
    except metadata.PackageNotFoundError:
        return False


def measure_all(parts, rounds, threads):
    """Return everything that is measured, and on what."""
    results = {
        "command": "python benchmarks/engine.py --write",
        **machine(),
        "threads": threads,
        "clock": "processor time" if threads == 1 else "time that passes",
        "rounds": rounds,
        "versions": {},
        "workloads": {},
    }
    for name, workload in WORKLOADS.items():
        if name in parts:
            row, versions = measure(workload, rounds, threads)
            if workload.growth and "growth" in parts:
                row["growth"] = measure_growth(workload, max(1, rounds // 2), threads)
            results["workloads"][name] = row
            results["versions"] |= versions
    if "import" in parts:
        results["import"] = measure_import()
    return results


def main():
    """Measure, print, and end with exit code 1 when a must is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=" ".join(PARTS)
    )
    parser.add_argument("--rounds", type=int, default=5, help="fresh processes of each engine (5)")
    parser.add_argument("--threads", type=int, default=1, help="threads of each engine (1)")
    parser.add_argument("--write", action="store_true", help="store the numbers in benchmarks/results/")
    arguments = parser.parse_args()
    if arguments.write and arguments.only != PARTS:
        parser.error("--write stores one run of everything: leave out --only")
    chosen = [workload for name, workload in WORKLOADS.items() if name in arguments.only]
    needed = {engine for w in chosen for engine in (w.reference, *(w.peers if arguments.write else ()))}
    if absent := sorted(engine for engine in needed if not installed(engine)):
        sys.exit(f"not installed: {', '.join(absent)}; pip install -r benchmarks/requirements.txt")
    results = measure_all(arguments.only, arguments.rounds, arguments.threads)
    print(table(results))
    if arguments.write:
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if failed := missed(results):
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
