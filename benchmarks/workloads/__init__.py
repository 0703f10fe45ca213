"""The benchmarks' training steps, one file each, and what each must reach.

A file of tensors has ``Sizes``; ``draw(rng, s)``, a batch as NumPy arrays; and ``make(lib, s)``, the model
and the loss of a batch, written once with torch's names, for torch and for the course's own engine. `hips`
has the same models for HIPS autograd, which has no layers, and `floor` their matrix products alone. `scalars`
is built from single numbers.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Growth:
    """How time grows with a size: the slope in a plot with two logarithmic axes."""

    size: str
    values: tuple
    must: float  # the largest slope
    aim_at_the_largest: float | None = None  # ratio of times there


@dataclass(frozen=True)
class Workload:
    """A training step, the engine it is measured in and the one its time is divided by."""

    title: str
    module: str
    must: float  # the largest ratio of times
    aim: float
    sizes: dict = field(default_factory=dict)  # other than the file's own
    own: str = "scratch"
    reference: str = "torch"
    peers: tuple = ("floor", "autograd")
    memory_aim: float | None = None  # MiB that training adds; the must is the reference's
    growth: Growth | None = None


IMPORT_MUST = 1.6  # the time to import nbcourse.scratch, divided by that to import NumPy
WORKLOADS = {
    "W1": Workload("MLP 784-128-10, batch 64", "workloads.mlp", must=0.80, aim=0.70),
    "W2": Workload(
        "CNN 1-32-64, 28×28, batch 64",
        "workloads.cnn",
        must=1.15,
        aim=0.95,
        memory_aim=50,
        growth=Growth("batch", (16, 32, 64, 128, 256), must=1.08),
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
        "GPT, 4 layers of 128, 128 characters, batch 16",
        "workloads.gpt",
        must=1.10,
        aim=0.97,
        memory_aim=150,
        growth=Growth("length", (64, 128, 256, 512), must=1.25, aim_at_the_largest=0.85),
    ),
    "W5": Workload(
        "single numbers: MLP 2-16-16-1, 100 points",
        "workloads.scalars",
        must=1 / 8,
        aim=1 / 25,
        own="scalar",
        reference="micrograd",
        peers=(),
    ),
}
