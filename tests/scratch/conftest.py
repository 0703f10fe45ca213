"""Every test of the engine starts from the same random state and leaves the default dtype as it was."""

import pytest
import torch

from nbcourse import scratch


@pytest.fixture(autouse=True)
def fresh_state():
    scratch.manual_seed(0)
    torch.manual_seed(0)
    yield
    scratch.set_default_dtype(scratch.float32)
    torch.set_default_dtype(torch.float32)
