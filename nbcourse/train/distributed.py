"""Several processes as one: each takes its share of every batch, and the gradients are averaged.

``torchrun --nproc-per-node 2 -m nbcourse train NAME`` starts them; nothing else changes. With equal weights
and equal batches, the gradients are those of a single process. (Batch norm is the exception: each process
normalises with the statistics of its own share.)
"""

import contextlib
import os

import torch
from torch import distributed


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

    Alone, it does nothing. The outermost one leaves the group at its end, also after an error.
    """
    if launched() and device.type == "cuda":
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    if not launched() or distributed.is_initialized():
        yield device
        return
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield device
    finally:
        distributed.destroy_process_group()


def share(batch):
    """Return this process's part of a batch (tensors with one first size), and its share of the examples.

    Where there are more processes than examples, some compute the first example for nothing: their share
    is 0, and no process has to wait for one that has no work.
    """
    if world() == 1:
        return batch, 1.0
    n = len(batch[0])
    if rank() >= n:
        return tuple(tensor[:1] for tensor in batch), 0.0
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


def separate_randomness():
    """Let each process draw its own random numbers, so that dropout is not the same in all of them."""
    if world() > 1:
        torch.manual_seed((torch.initial_seed() + rank()) % 2**63)


# --- what the processes tell one another


def mean(tensor):
    """The mean of a tensor over the processes; not a number if it is that in one of them."""
    if world() == 1:
        return tensor
    total = tensor.clone()
    distributed.all_reduce(total)
    return total / world()


def gathered(value):
    """The list of every process's `value`."""
    if world() == 1:
        return [value]
    values = [None] * world()
    distributed.all_gather_object(values, value)
    return values


def first(value):
    """The `value` of the first process, for all of them."""
    if world() == 1:
        return value
    box = [value]
    distributed.broadcast_object_list(box, src=0)
    return box[0]


# --- parameters that are spread over the processes


def whole(state):
    """Return a state dict in which tensors that are spread over the processes are put together."""
    if _is_spread(state):
        return state.full_tensor()
    if isinstance(state, dict):
        return {key: whole(value) for key, value in state.items()}
    return type(state)(map(whole, state)) if isinstance(state, (list, tuple)) else state


def spread(tensor, like):
    """Return a whole tensor spread over the processes as `like` is, if that is."""
    if _is_spread(like) and isinstance(tensor, torch.Tensor) and tensor.shape == like.shape:
        from torch.distributed.tensor import distribute_tensor

        return distribute_tensor(tensor.to(like.device), like.device_mesh, like.placements)
    return tensor


def _is_spread(tensor):
    """Whether it is a DTensor; asked without the class, whose import takes as long as half of torch."""
    return isinstance(tensor, torch.Tensor) and hasattr(tensor, "full_tensor")


def barrier():
    """Wait until all processes are here."""
    if distributed.is_initialized():
        distributed.barrier()
