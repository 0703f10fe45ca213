"""Batches: every example once an epoch, in an order that follows from seed and epoch alone."""

import pytest
import torch

from nbcourse import train


def rows(batches, epoch):
    return [batch[0].flatten().tolist() for batch in batches(epoch)]


@pytest.mark.parametrize("n, size, drop_last, sizes", [
    (10, 4, False, [4, 4, 2]),
    (10, 4, True, [4, 4]),
    (8, 4, False, [4, 4]),
    (3, 4, False, [3]),
    (1, 1, False, [1]),
])  # fmt: skip
def test_an_epoch_has_every_example_once(n, size, drop_last, sizes):
    x = torch.arange(n)[:, None]
    batches = train.Batches(x, x + 100, batch_size=size, drop_last=drop_last)
    assert len(batches) == len(sizes)
    for epoch in range(3):
        found = rows(batches, epoch)
        assert [len(batch) for batch in found] == sizes
        seen = [x for batch in found for x in batch]
        assert len(set(seen)) == len(seen) and set(seen) <= set(range(n))
    for first, second in batches(0):
        assert torch.equal(first + 100, second)


def test_the_order_follows_from_seed_and_epoch_alone():
    x = torch.arange(40)[:, None]
    one, other = train.Batches(x, batch_size=7), train.Batches(x, batch_size=7, seed=1)
    torch.manual_seed(5)
    first = rows(one, 3)
    torch.manual_seed(6)
    assert rows(one, 3) == first != rows(one, 4)
    assert rows(other, 3) != first


def test_augmentation_draws_from_the_generator_of_the_epoch():
    x = torch.zeros(9, 2)
    noisy = train.Batches(x, batch_size=4, transform=lambda x, g: x + torch.rand(x.shape, generator=g))
    assert rows(noisy, 1) == rows(noisy, 1) != rows(noisy, 2)


def test_windows_are_one_place_apart():
    windows = train.Windows(torch.arange(100), 9, batch_size=5)
    assert len(windows) == 2
    found = list(windows(0))
    for inputs, targets in found:
        assert inputs.shape == targets.shape == (5, 9)
        assert torch.equal(inputs + 1, targets)
    assert torch.equal(found[0][0], next(iter(windows(0)))[0])
    shortest = train.Windows(torch.arange(10), 9, batch_size=2)
    assert all(inputs[:, 0].eq(0).all() for inputs, _ in shortest(0))


@pytest.mark.parametrize("make, message", [
    (lambda: train.Batches(torch.zeros(3), torch.zeros(4), batch_size=2), r"one first size.*\[3, 4\]"),
    (lambda: train.Batches(torch.zeros(0), batch_size=2), r"at least 1, got sizes \[0\]"),
    (lambda: train.Batches(batch_size=2), "expected tensors of one first size"),
    (lambda: train.Batches(torch.zeros(3), batch_size=4, drop_last=True), "at least 4 examples.*got 3"),
    (lambda: train.Batches(torch.zeros(3), batch_size=-1), "batch_size of at least 1, got -1"),
    (lambda: train.Windows(torch.zeros(9), 9, batch_size=1), "longer than 9, got 9"),
    (lambda: train.Windows(torch.zeros(9), 0, batch_size=1), "length of at least 1, got 0"),
    (lambda: train.Windows(torch.zeros(9), 2, batch_size=0), "batch_size of at least 1, got 0"),
])  # fmt: skip
def test_wrong_sizes(make, message):
    with pytest.raises(train.TrainingError, match=message):
        make()
