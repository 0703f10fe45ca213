"""Batches in an order that follows from seed and epoch alone, so that a run can go on where it stopped."""

import math

import torch

from nbcourse.train.errors import TrainingError


class Batches:
    """Shuffled batches of examples: ``for X, y in batches(epoch)``, ``len(batches)`` of them in an epoch.

    Parameters
    ----------
    tensors : Tensor
        With one first size n: inputs, targets. Batches are made where they lie, on the CPU or on a GPU.
    batch_size : int
        Examples in a batch.
    seed : int
        The order of epoch e follows from (seed, e).
    transform : callable, optional
        ``transform(X, generator)`` changes the inputs of a batch, as augmentation does, with randomness from
        the given CPU generator only.
    drop_last : bool
        Whether to leave out a last batch that is smaller than the others.
    """

    def __init__(self, *tensors, batch_size, seed=0, transform=None, drop_last=False):
        sizes = {len(tensor) for tensor in tensors}
        if len(sizes) != 1 or 0 in sizes:
            raise TrainingError(
                f"expected tensors of one first size of at least 1, got sizes {sorted(sizes)}"
            )
        at_least_one(batch_size=batch_size)
        self.tensors, self.batch_size, self.seed = tensors, batch_size, seed
        self.transform = transform
        self.n = len(tensors[0])
        if drop_last:
            if self.n < batch_size:
                raise TrainingError(f"expected at least {batch_size} examples for one batch, got {self.n}")
            self.n -= self.n % batch_size

    def __len__(self):
        return math.ceil(self.n / self.batch_size)

    def __call__(self, epoch):
        """Yield the batches of one epoch, as tuples of tensors."""
        generator = epoch_generator(self.seed, epoch)
        order = torch.randperm(len(self.tensors[0]), generator=generator)[: self.n]
        order = order.to(self.tensors[0].device)
        for rows in order.split(self.batch_size):
            first, *others = (tensor[rows] for tensor in self.tensors)
            if self.transform is not None:
                first = self.transform(first, generator)
            yield (first, *others)


class Windows:
    """Windows of a long sequence at random places: inputs (b, length), and targets one place further on.

    An epoch is as many batches as cover the sequence once.
    """

    def __init__(self, sequence, length, *, batch_size, seed=0):
        at_least_one(length=length, batch_size=batch_size)
        if len(sequence) <= length:
            raise TrainingError(f"expected a sequence longer than {length}, got {len(sequence)}")
        self.sequence, self.length, self.batch_size, self.seed = sequence, length, batch_size, seed

    def __len__(self):
        return max(1, len(self.sequence) // (self.length * self.batch_size))

    def __call__(self, epoch):
        """Yield the batches of one epoch."""
        generator = epoch_generator(self.seed, epoch)
        offsets = torch.arange(self.length + 1, device=self.sequence.device)
        for _ in range(len(self)):
            starts = torch.randint(
                len(self.sequence) - self.length, (self.batch_size, 1), generator=generator
            )
            windows = self.sequence[starts.to(offsets.device) + offsets]  # (b, length + 1)
            yield windows[:, :-1], windows[:, 1:]


def at_least_one(**sizes):
    """Raise TrainingError, with its name, for a size below 1."""
    for name, size in sizes.items():
        if size < 1:
            raise TrainingError(f"expected {name} of at least 1, got {size}")


def epoch_generator(seed, epoch):
    """A generator on the CPU for one epoch of a run."""
    return torch.Generator().manual_seed((seed * 1_000_003 + epoch) % 2**63)
