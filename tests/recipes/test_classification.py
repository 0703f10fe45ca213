"""What classifiers share: pictures as tensors, and changes of them that are exact and follow from a seed."""

import math
from functools import partial

import numpy as np
import pytest
import torch

from nbcourse.recipes import classification, images
from nbcourse.recipes.classification import mirrored, shifted, warped


def drawn(seed=0):
    return torch.Generator().manual_seed(seed)


def noise(n=40, channels=2, h=6, w=9):
    return torch.rand(n, channels, h, w, generator=drawn(5)) + 1  # nowhere 0


def moved(picture, down, right):
    """The picture (c, h, w) moved on paper, by index: what comes from outside is 0."""
    _, h, w = picture.shape
    out = torch.zeros_like(picture)
    for row in range(h):
        for column in range(w):
            if 0 <= row - down < h and 0 <= column - right < w:
                out[:, row, column] = picture[:, row - down, column - right]
    return out


@pytest.mark.parametrize("most", [1, 2])
def test_a_shift_moves_whole_pictures_and_brings_in_paper(most):
    x = noise()
    places = [(i, j) for i in range(-most, most + 1) for j in range(-most, most + 1)]
    found = set()
    for picture, out in zip(x, shifted(x, drawn(), most), strict=True):
        matches = [place for place in places if torch.equal(out, moved(picture, *place))]
        assert len(matches) == 1
        found |= set(matches)
    assert len(found) > len(places) / 2 and shifted(x, drawn(), most).shape == x.shape


def test_half_of_the_pictures_are_mirrored():
    x = noise(n=400)
    out = mirrored(x, drawn())
    same = torch.tensor([torch.equal(a, b) for a, b in zip(x, out, strict=True)])
    turned = torch.tensor([torch.equal(a.flip(-1), b) for a, b in zip(x, out, strict=True)])
    assert bool((same ^ turned).all()) and 150 < int(turned.sum()) < 250


def test_a_warp_of_nothing_is_nothing():
    x = noise()
    assert torch.allclose(warped(x, drawn(), most=0, degrees=0, share=0), x, atol=1e-5)


def test_a_warp_that_only_moves_stays_within_its_pixels():
    """The centre of a blob moves by at most 2 pixels, and by parts of a pixel too."""
    x = torch.zeros(200, 1, 28, 28)
    x[:, :, 12:16, 12:16] = 1
    out = warped(x, drawn(), most=2, degrees=0, share=0)
    at = torch.arange(28.0)
    moves = torch.stack([(out.sum(d) * at).sum((1, 2)) / 16 - 13.5 for d in (2, 3)])  # (2, 200)
    assert moves.abs().max() < 2.001 and moves.abs().max() > 1.9
    assert (moves - moves.round()).abs().max() > 0.3


def bars(n=300):
    x = torch.zeros(n, 1, 41, 41)
    x[:, :, 20, 10:31] = 1  # 21 pixels, level
    return x


def angles(x):
    """How far, in degrees, the bars of x (n, 1, 41, 41) are turned from level, from their halves' centres."""
    rows, parts = torch.arange(41.0)[:, None], (x[:, 0, :, 10:20], x[:, 0, :, 21:31])
    left, right = ((part * rows).sum((1, 2)) / part.sum((1, 2)) for part in parts)
    return torch.rad2deg(torch.atan((right - left) / 11))


def test_a_warp_turns_what_is_level_and_what_is_upright_alike():
    level = angles(warped(bars(), drawn(), most=0, degrees=10, share=0))
    upright = angles(warped(bars().mT, drawn(), most=0, degrees=10, share=0).mT)
    assert 9 < level.max() < 11 and -11 < level.min() < -9
    assert torch.allclose(level, -upright, atol=0.5)


def test_a_warp_stretches_by_its_share_along_each_axis():
    wide = warped(bars(), drawn(), most=0, degrees=0, share=0.2)[:, 0, 20].sum(1) / 21
    high = warped(bars().mT, drawn(), most=0, degrees=0, share=0.2)[:, 0, :, 20].sum(1) / 21
    for found in (wide, high):
        assert 1 / 1.25 < found.min() < 0.87 and 1.15 < found.max() < 1.3
    assert (wide - high).abs().max() > 0.2


CHANGES = {
    "shifted": shifted,
    "warped": warped,
    "mirrored": mirrored,
    "both": partial(images.moved, most=2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_follows_from_the_generator_and_leaves_its_input_alone(change):
    x = noise()
    before, one = x.clone(), change(x, drawn(1))
    torch.rand(7)  # the global generator has no influence
    assert torch.equal(one, change(x, drawn(1))) and not torch.equal(one, change(x, drawn(2)))
    assert torch.equal(x, before) and one.shape == x.shape and one.dtype == x.dtype


def test_pictures_as_tensors():
    bytes_ = np.array([[[0, 255], [51, 102]]], np.uint8)
    assert torch.equal(classification.as_images(bytes_, "cpu"), torch.tensor([[[[0, 1], [0.2, 0.4]]]]))
    assert classification.as_images(np.zeros((5, 3, 4, 6), np.uint8), "cpu").shape == (5, 3, 4, 6)


def test_standardised_by_the_training_pictures_alone():
    x = torch.rand(50, 3, 4, 4) * torch.tensor([1.0, 2.0, 3.0]).view(3, 1, 1)
    y = torch.zeros(50)
    parts = images.standardised({"train": (x, y), "test": (x + 1, y)})
    assert parts["train"][0].mean((0, 2, 3)).abs().max() < 1e-5
    assert torch.allclose(parts["train"][0].std((0, 2, 3)), torch.ones(3), atol=1e-4)
    moved_by = (parts["test"][0] - parts["train"][0]).mean((0, 2, 3))
    assert torch.allclose(moved_by, 1 / x.std((0, 2, 3)), atol=1e-4) and parts["test"][1] is y


def test_what_is_measured():
    scores = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
    found = classification.measured(scores, torch.tensor([0, 1, 1]))
    expected = (math.log1p(math.exp(-2)) + math.log1p(math.exp(-1)) + math.log1p(math.exp(3))) / 3
    assert found["loss"] == pytest.approx(expected) and found["errors"] == 1
    assert found["accuracy"] == pytest.approx(200 / 3)
