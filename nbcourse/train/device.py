"""Where to compute, in which precision, and how to make a run repeat itself."""

import contextlib
import importlib.util
import os
import random
import shutil

import numpy as np
import torch

from nbcourse.train.errors import TrainingError

_OTHER = ("cuda", "mps")  # devices with a generator of their own
PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}


def choose_device(name="auto"):
    """Return the ``torch.device`` called `name`; "auto" is CUDA, else MPS, else the CPU.

    NBCOURSE_DEVICE says what "auto" means. Raises TrainingError for a device that is not here.
    """
    if name == "auto":
        name = os.environ.get("NBCOURSE_DEVICE") or _best()
    try:
        device = torch.device(name)
        torch.empty(1, device=device)  # fails here, not in the first step
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise TrainingError(
            f"device {name!r} is not usable here ({reason}); this machine has {_here()}"
        ) from None
    return device


def _best():
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _here():
    return "cpu" if _best() == "cpu" else f"cpu and {_best()}"


def describe(device):
    """The device in a few words, as results name it: "NVIDIA H200", or "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{device.type.upper()}, {threads} thread{'s' if threads > 1 else ''}"


def seed_everything(seed):
    """Seed the generators of Python, NumPy and PyTorch (on every device) alike."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - what a hook may draw from
    torch.manual_seed(seed)


@contextlib.contextmanager
def deterministic(wanted=True):
    """Within it, PyTorch uses deterministic algorithms only, and raises where it has none.

    On CUDA some operations are slower for it, and cuBLAS needs a workspace setting from the environment,
    which is made here if there is none.
    """
    if not wanted:
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0])
        torch.backends.cudnn.benchmark = before[1]


def autocast(device, precision):
    """Return a context in which products run in `precision`: "float32", "bfloat16" or "float16"."""
    dtype = PRECISIONS[precision]
    return torch.autocast(device.type, dtype) if dtype else contextlib.nullcontext()


def check_compiler(device):
    """Raise TrainingError if ``torch.compile`` lacks what it needs for a device: C++, or Triton on CUDA."""
    if device.type == "cuda" and importlib.util.find_spec("triton") is None:
        raise TrainingError("compile=true needs Triton on CUDA, which is not installed: use compile=false")
    compilers = [os.environ.get("CXX"), "g++", "clang++", "cl"]
    if device.type == "cpu" and not any(name and shutil.which(name) for name in compilers):
        raise TrainingError(
            "compile=true needs a C++ compiler on the CPU, and there is none (g++, clang++, cl, or CXX): "
            "install one, or use compile=false"
        )


def random_state(device):
    """The states of all random generators, as numbers and tensors that a checkpoint can hold."""
    name, keys, position, has_gauss, gauss = np.random.get_state()  # noqa: NPY002
    version, internal, spare = random.getstate()
    state = {
        "torch": torch.get_rng_state(),
        "numpy": [name, torch.from_numpy(keys.astype(np.int64)), position, has_gauss, gauss],
        "python": [version, list(internal), spare],
    }
    if device.type in _OTHER:
        state[device.type] = getattr(torch, device.type).get_rng_state()
    return state


def set_random_state(state, device):
    """Put all random generators where `random_state` found them."""
    torch.set_rng_state(state["torch"])
    name, keys, *rest = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), *rest))  # noqa: NPY002
    version, internal, spare = state["python"]
    random.setstate((version, tuple(internal), spare))
    if device.type in _OTHER and device.type in state:
        getattr(torch, device.type).set_rng_state(state[device.type])
