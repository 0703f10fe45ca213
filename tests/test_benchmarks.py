"""The benchmark of the engine, with small sizes and few steps, through its real processes."""

import dataclasses
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))  # scripts, not a package

import engine  # noqa: E402
import turns  # noqa: E402
from workloads import WORKLOADS, Growth  # noqa: E402

SMALL = {
    "W1": {"batch": 4, "features": 20, "hidden": 5},
    "W2": {"batch": 3, "side": 12, "filters": 4},
    "W3": {"batch": 3, "length": 5, "features": 12, "hidden": 6},
    "W4": {"batch": 2, "length": 70, "width": 12, "heads": 3, "layers": 2, "vocabulary": 11},
    "W5": {"points": 8, "hidden": 4},
}


def small(name, **changes):
    return dataclasses.replace(WORKLOADS[name], sizes=SMALL[name], **changes)


def engines_of(workload):
    return [e for e in (workload.own, workload.reference, *workload.peers) if engine.installed(e)]


@pytest.fixture
def own_file(tmp_path, monkeypatch):
    """Put a workload's file, like W1's but for one line, where the processes find it."""

    def write(line):
        source = (ROOT / "benchmarks" / "workloads" / "mlp.py").read_text(encoding="utf-8")
        changed = source.replace("    nn = lib.nn\n", f"    nn = lib.nn\n    {line}\n")
        assert changed != source
        (tmp_path / "changed.py").write_text(changed, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
        return small("W1", module="changed", peers=())

    return write


@pytest.mark.parametrize("name", SMALL)
def test_engines_agree_and_take_turns(name):
    workload = small(name)
    engines = engines_of(workload)
    if workload.reference not in engines:
        engines = [workload.own]
    seconds, memory, versions = turns.take_turns(workload, engines, turns=2)
    assert [set(turn) for turn in seconds] == [set(engines), set(engines[:2])]
    assert all(s > 0 for turn in seconds for s in turn.values())
    assert set(memory) == set(engines)
    assert {"python", "numpy", "blas"} <= set(versions)


def test_a_row_a_table_and_what_is_missed():
    row, versions = engine.measure(small("W1", peers=("no-such-library",)), rounds=1, turns=2)
    assert row["ratio"] > 0 and row["peers"] == {}
    assert set(row["MiB"]) == set(row["milliseconds"]) == {"scratch", "torch"}
    assert {"python", "numpy", "blas", "malloc", "torch"} == set(versions)
    growing = small("W1", growth=Growth("batch", (2, 4), must=9, aim_at_the_largest=0.5))
    row["growth"] = engine.measure_growth(growing, rounds=1, turns=2)
    assert list(row["growth"]["ratios"]) == [2, 4] and set(row["growth"]["slopes"]) == {"scratch", "torch"}
    results = {"workloads": {"W1": row}, "import": engine.measure_import(pairs=2)}
    assert row["title"] in engine.table(results) and "slope over batch" in engine.table(results)
    row.update(ratio=0.5, MiB={"scratch": 1, "torch": 2})
    results["import"]["ratio"] = 1.2
    assert engine.missed(results) == []
    row.update(ratio=0.81, MiB={"scratch": 3, "torch": 2})
    row["growth"]["slopes"]["scratch"] = 9.5
    results["import"]["ratio"] = 1.7
    assert engine.missed(results) == [
        "import: ratio 1.7, must be ≤ 1.6",
        "W1: ratio 0.81, must be ≤ 0.8",
        "W1: MiB added 3, must be ≤ 2",
        "W1: slope 9.5, must be ≤ 9",
    ]


def test_engines_that_do_not_agree_are_not_timed(own_file):
    broken = own_file("s.hidden += lib.__name__ == 'torch'")
    with pytest.raises(turns.Disagreement, match=r"loss 0 is .* in scratch and .* in torch"):
        engine.measure(broken, rounds=1, turns=2)


def test_torch_in_the_engines_own_process_is_refused(own_file, capfd):
    with pytest.raises(SystemExit, match="scratch: its process ended with exit code 1"):
        engine.measure(own_file("import torch"), rounds=1, turns=2)
    assert "scratch: torch is in its process" in capfd.readouterr().err


def test_libraries_choose_their_own_kernels(monkeypatch):
    for name in ("OPENBLAS_CORETYPE", "MKL_NUM_THREADS", "ATEN_CPU_CAPABILITY", "PATH_TO_THIS"):
        monkeypatch.setenv(name, "prescott")
    found = {name for name, value in turns.environment(3).items() if value == "prescott"}
    assert found == {"PATH_TO_THIS"}
    assert turns.environment(3)["MKL_NUM_THREADS"] == "3"


@pytest.mark.parametrize("other", [math.nan, 2.3 * 1.001, -2.3])
def test_agreement_is_about_numbers(other):
    turns.check_agreement("W", {"a": [2.3, 2.2], "b": [2.3000001, 2.2]})
    with pytest.raises(turns.Disagreement):
        turns.check_agreement("W", {"a": [2.3, 2.3], "b": [2.3, other]})
    with pytest.raises(turns.Disagreement):
        turns.check_agreement("W", {"a": [2.3, other], "b": [2.3, 2.3]})


def test_slope_is_the_exponent():
    assert engine.slope({n: 3 * n**1.5 for n in (1, 2, 4, 8)}) == pytest.approx(1.5)


def command(*arguments):
    script = ROOT / "benchmarks" / "engine.py"
    return subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, cwd=ROOT)


def test_only_one_run_of_everything_is_stored():
    done = command("--only", "W1", "--write")
    assert done.returncode == 2 and "leave out --only" in done.stderr
    assert command("--only", "W9").returncode == 2


@pytest.mark.skipif(not engine.RESULTS.exists(), reason="nothing is stored yet: make bench")
def test_stored_numbers_reach_what_they_must():
    results = json.loads(engine.RESULTS.read_text(encoding="utf-8"))
    assert list(results["workloads"]) == list(WORKLOADS)
    assert engine.missed(results) == []
    assert {name: row["must"] for name, row in results["workloads"].items()} == {
        name: workload.must for name, workload in WORKLOADS.items()
    }
