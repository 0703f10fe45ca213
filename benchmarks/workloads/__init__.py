"""The benchmarks' training steps, one file each, and what they must reach.

A file defines ``make(lib, rng, **sizes)``: the model, a function that draws a batch (NumPy arrays) and one that
computes the loss of a batch. It is written once; ``lib`` is torch or the course's own engine.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Workload:
    """A training step in two engines: its file, its sizes, and the largest ratio of times that is accepted."""

    title: str
    module: str
    must: float
    aim: float
    sizes: dict = field(default_factory=dict)  # other than the file's own
    engines: tuple = ("scratch", "torch")  # what is measured, and what it is divided by
    peers: tuple = ()
    memory_aim: float | None = None  # MiB added by training
    growth: tuple | None = None  # a size, its values, the largest slope


WORKLOADS = {
    "W1": Workload("MLP 784-128-10, batch 64", "workloads.mlp", must=0.80, aim=0.70),
    "W2": Workload(
        "CNN 1-32-64, 28×28, batch 64",
        "workloads.cnn",
        must=1.15,
        aim=0.95,
        memory_aim=50,
        growth=("batch", (16, 32, 64, 128, 256), 1.08),
    ),
    "W2c": Workload(
        "CNN 3-32-64, 32×32, batch 64",
        "workloads.cnn",
        must=1.15,
        aim=0.95,
        sizes={"channels": 3, "side": 32},
    ),
    "W3": Workload("LSTM 32-128, 64 steps, batch 32", "workloads.lstm", must=1.40, aim=1.25),
    "W4": Workload(
        "GPT 128 wide, 4 layers, T=128, batch 16",
        "workloads.gpt",
        must=1.10,
        aim=0.97,
        memory_aim=150,
        growth=("length", (64, 128, 256, 512), 1.25),
    ),
    "W5": Workload(
        "scalars: MLP 2-16-16-1, 100 points",
        "workloads.scalars",
        must=1 / 8,
        aim=1 / 25,
        engines=("scalar", "micrograd"),
    ),
}
