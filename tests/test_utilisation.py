"""The measurement of utilisation, with a small model on the CPU: operations counted, shares plausible."""

import subprocess
import sys
from pathlib import Path

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))  # scripts, not a package

import utilisation  # noqa: E402

from nbcourse.models import GPT  # noqa: E402


def test_the_operations_are_those_that_torch_counts():
    """All products are counted: those of the weights, and attention's as if it were not causal."""
    model = GPT(utilisation.VOCABULARY, 16, 2, 12, 48)
    step = utilisation.training_step(model, 3, torch.device("cpu"), torch.float32)
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        step()
    small = sum(p.numel() for name, p in model.named_parameters() if "norm" in name)
    assert utilisation.operations_of_step(model, 48) - 48 * 6 * small == counter.get_total_flops()


def test_it_measures_on_a_cpu():
    found = utilisation.measure(torch.device("cpu"), 1, 8, 1, 24, turns=3, size=64)
    low, high = found["spread"]
    assert 0 < low <= found["utilisation"] <= high
    assert found["must"] is None and found["precision"] == "float32" and found["sizes"]["width"] == 24


def test_a_width_that_heads_do_not_divide_is_named():
    command = [sys.executable, ROOT / "benchmarks" / "utilisation.py", "--device", "cpu", "--width", "25"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0 and "25" in done.stderr.splitlines()[-1]
