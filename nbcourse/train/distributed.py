"""Several processes as one: each takes its share of every batch, and the gradients are averaged.

``torchrun --nproc-per-node 2 -m nbcourse train NAME`` starts them; nothing else changes. With equal weights
and equal batches, the gradients are those of a single process.
"""

import contextlib
import os

import torch
from torch import distributed

from nbcourse.train.errors import TrainingError


def launched():
    """Whether ``torchrun`` started this process."""
    return "RANK" in os.environ and "WORLD_SIZE" in os.environ


def rank():
    """The number of this process, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def world():
    """How many processes there are."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


@contextlib.contextmanager
def group(device):
    """Join the processes that ``torchrun`` started; yield the device of this one.

    Alone, it does nothing. Leaves the group at the end, also after an error.
    """
    if not launched():
        yield device
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield device
    finally:
        distributed.destroy_process_group()


def share(batch):
    """Return this process's part of a batch (tensors with one first size), and its share of the examples.

    Raises TrainingError for a batch with fewer examples than there are processes.
    """
    if world() == 1:
        return batch, 1.0
    n = len(batch[0])
    if n < world():
        raise TrainingError(
            f"expected at least {world()} examples in a batch for {world()} processes, got {n}"
        )
    part = tuple(torch.tensor_split(tensor, world())[rank()] for tensor in batch)
    return part, len(part[0]) / n


def wrap(model, device, sharded=False):
    """Return the model so that its gradients are averaged over the processes (DDP).

    With `sharded` each process keeps only its share of the parameters (FSDP), for models that outgrow a
    device.
    """
    if world() == 1:
        return model
    if sharded:
        from torch.distributed.fsdp import fully_shard

        for block in model.children():
            if any(True for _ in block.parameters()):
                fully_shard(block)
        return fully_shard(model)
    ids = [device.index] if device.type == "cuda" else None
    return torch.nn.parallel.DistributedDataParallel(model, device_ids=ids)


def not_yet(network):
    """A context in which gradients are not yet averaged: more of the same batch is to come."""
    no_sync = getattr(network, "no_sync", None)
    return contextlib.nullcontext() if no_sync is None else no_sync()


def barrier():
    """Wait until all processes are here."""
    if distributed.is_initialized():
        distributed.barrier()
