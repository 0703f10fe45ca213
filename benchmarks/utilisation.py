"""Measures which share of a device's arithmetic a GPT's training step uses: model-FLOPs utilisation.

    python benchmarks/utilisation.py [--device NAME] [--batch N] [--context N] [--layers N] [--width N]
                                     [--write]

The step (forward, loss, backward, AdamW) and a plain product of large matrices take turns, so that both see
the same clock and the same neighbours. Utilisation is the operations that the model needs, 6 for each weight
and token and 12 · layers · context · width for each token's attention (Chowdhery et al., 2022, appendix B),
over those that the products did in the same time. bfloat16 and `torch.compile` on a GPU,
float32 on a CPU. ``--write`` stores the numbers in ``benchmarks/results/utilisation-DEVICE.json``.
"""

import argparse
import datetime
import json
import statistics
import time
from pathlib import Path

import torch
from engine import machine
from torch.nn import functional as F

from nbcourse.files import write_whole
from nbcourse.models import GPT
from nbcourse.train import choose_device, describe

RESULTS = Path(__file__).parent / "results"
MUST = 0.45  # of an H200's measured bfloat16 rate
HEADS, VOCABULARY = 12, 50_304  # GPT-2's, its vocabulary rounded up to a multiple of 64
TURNS, PRODUCTS = 12, 10


def operations_of_step(model, tokens):
    """Return the floating-point operations that one step over so many tokens needs."""
    width, layers = model.embedding.embedding_dim, len(model.blocks)
    weights = sum(p.numel() for name, p in model.named_parameters() if name != "position.weight")
    return tokens * (6 * weights + 12 * layers * model.context * width)


def training_step(model, batch, device, precision):
    """Return a function that takes one step on a batch of random tokens."""
    shape = (batch, model.context + 1)
    tokens = torch.randint(VOCABULARY, shape, generator=torch.Generator().manual_seed(0)).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=device.type == "cuda")
    run = torch.compile(model) if device.type == "cuda" else model

    def step():
        optimizer.zero_grad()
        with torch.autocast(device.type, precision, enabled=precision != torch.float32):
            scores = run(tokens[:, :-1])
            loss = F.cross_entropy(scores.flatten(0, 1), tokens[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        return loss

    return step


def products(size, device, precision):
    """Return a function that multiplies matrices (size, size) a few times, and its operations."""
    a, b = (torch.randn(size, size, device=device, dtype=precision) for _ in range(2))

    def multiply():
        for _ in range(PRODUCTS):
            torch.mm(a, b)

    return multiply, PRODUCTS * 2 * size**3


def seconds(function, device):
    """Return the seconds that a call takes until the device has done its work."""
    synchronize = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    synchronize()
    start = time.perf_counter()
    function()
    synchronize()
    return time.perf_counter() - start


def measure(device, batch, context, layers, width, turns=TURNS, size=None):
    """Return utilisation with its spread, the rates and times it follows from, and what was measured."""
    precision = torch.bfloat16 if device.type == "cuda" else torch.float32
    torch.manual_seed(0)
    model = GPT(VOCABULARY, context, layers, HEADS, width).to(device)
    step = training_step(model, batch, device, precision)
    multiply, multiplied = products(size or (8192 if device.type == "cuda" else 1024), device, precision)
    for _ in range(3):  # compile, and choose kernels
        step(), multiply()
    taken = [(seconds(step, device), seconds(multiply, device)) for _ in range(turns)]
    needed = operations_of_step(model, batch * context)
    shares = sorted((needed / own) / (multiplied / other) for own, other in taken)
    return {
        "utilisation": round(statistics.median(shares), 4),
        "spread": [round(shares[len(shares) // 10], 4), round(shares[-1 - len(shares) // 10], 4)],
        "must": MUST if device.type == "cuda" else None,
        "milliseconds": round(1e3 * statistics.median(own for own, _ in taken), 2),
        "dense_teraflops": round(multiplied / statistics.median(other for _, other in taken) / 1e12, 3),
        "parameters": sum(p.numel() for p in model.parameters()),
        "sizes": {"batch": batch, "context": context, "layers": layers, "heads": HEADS, "width": width},
        "precision": str(precision).removeprefix("torch."),
        "device": describe(device),
    }


def main():
    """Read the command line, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--device", default="auto")
    for name, value in (("batch", 16), ("context", 1024), ("layers", 12), ("width", 768)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--write", action="store_true", help="store the numbers")
    asked = parser.parse_args()
    device = choose_device(asked.device)
    found = measure(device, asked.batch, asked.context, asked.layers, asked.width)
    found |= {"machine": machine(), "torch": torch.__version__, "date": datetime.date.today().isoformat()}
    print(json.dumps(found, indent=1))
    if asked.write:
        path = RESULTS / f"utilisation-{device.type}.json"
        write_whole(path, json.dumps(found, indent=1) + "\n")
        print(f"Written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path.name}")


if __name__ == "__main__":
    main()
