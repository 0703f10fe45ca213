"""The exercises of chapter 9's first half."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("applications/top-k", signature="top_k(logits, labels, k)")
def top_k(answer, rng):
    """The share of rows whose class is among the k largest logits."""

    def reference(logits, labels, k):
        best = np.argsort(-logits, axis=1)[:, :k]
        return (best == labels[:, None]).any(axis=1).mean()

    logits, labels = rng.normal(size=(50, 8)), rng.integers(0, 8, 50)
    for k in (1, 3):
        yield matches(answer, reference, (logits, labels, k), f"is right for k = {k}")
    yield equal(answer(logits, labels, 8), 1, "is 1 when k is the number of classes", 1e-12)
    two = np.array([[5.0, 1.0, 0.0], [0.0, 1.0, 5.0]])
    yield equal(answer(two, np.array([1, 0]), 2), 0.5, "second is within two, third is not", 1e-12)
    level = np.zeros((4, 3))
    yield equal(answer(level, np.array([0, 1, 2, 0]), 1), 1, "equal logits count in favour", 1e-12)


@exercise("applications/giou", signature="giou(a, b)")
def giou(answer, rng):
    """Generalised intersection over union of boxes, row by row."""
    corner = rng.uniform(0, 10, (20, 2))
    a = np.concatenate([corner, corner + rng.uniform(1, 5, (20, 2))], axis=1)
    yield same_shape(answer(a, a), (20,), "returns one number for each pair")
    yield equal(answer(a, a), np.ones(20), "is 1 for equal boxes", 1e-9)
    inner = np.array([[0.0, 0.0, 4.0, 4.0]]), np.array([[1.0, 1.0, 3.0, 3.0]])
    yield equal(answer(*inner), [0.25], "is the IoU where one box holds the other", 1e-9)
    apart = np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([[3.0, 0.0, 4.0, 1.0]])
    yield equal(answer(*apart), [-0.5], "is negative for boxes that do not meet", 1e-9)
    diagonal = np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([[2.0, 2.0, 3.0, 3.0]])
    yield equal(answer(*diagonal), [-7 / 9], "… also where they are apart in both directions", 1e-9)
    corners = np.array([[0.0, 0.0, 2.0, 2.0]]), np.array([[1.0, 1.0, 3.0, 3.0]])
    yield equal(answer(*corners), [1 / 7 - 2 / 9], "subtracts what the smallest frame holds besides", 1e-9)
    b = a[::-1].copy()
    yield equal(answer(a, b), answer(b, a), "does not depend on the order", 1e-9)


@exercise("applications/dice", signature="dice_loss(p, t)")
def dice_loss(answer, rng):
    """The soft Dice loss of a batch of pictures."""
    p, t = rng.uniform(0, 1, (3, 4, 5)), (rng.uniform(size=(3, 4, 5)) < 0.4).astype(float)

    def reference(p, t):
        both = np.einsum("nhw,nhw->n", p, t)
        return np.mean(1 - 2 * both / (np.einsum("nhw,nhw->n", p, p) + np.einsum("nhw,nhw->n", t, t)))

    yield equal(answer(t, t), 0, "is 0 for a perfect answer", 1e-9)
    yield equal(answer(1 - t, t), 1, "is 1 where nothing overlaps", 1e-9)
    yield matches(answer, reference, (p, t), "is right for probabilities, picture by picture", 1e-9)
    rare = np.zeros((1, 10, 10))
    rare[0, 0, 0] = 1
    yield equal(answer(np.zeros((1, 10, 10)), rare), 1, "always background costs 1, however rare", 1e-9)
    with np.errstate(all="ignore"):
        nothing = answer(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)))
    yield equal(nothing, 0, "nothing to find and nothing found: 0", 1e-9)


@exercise("applications/triplet", signature="triplet_loss(anchor, positive, negative, margin)")
def triplet_loss(answer, rng):
    """The mean triplet loss of n triplets of embeddings."""

    def reference(anchor, positive, negative, margin):
        near = np.sqrt(((anchor - positive) ** 2).sum(axis=1))
        far = np.sqrt(((anchor - negative) ** 2).sum(axis=1))
        return np.where(near + margin > far, near + margin - far, 0.0).mean()

    a, p, q = rng.normal(size=(3, 30, 4))
    yield matches(answer, reference, (a, p, q, 0.2), "is right for 30 triplets")
    at = np.array([[0.0, 0.0]])
    far = np.array([[3.0, 4.0]])
    yield equal(answer(at, at, far, 1.0), 0, "is 0 where the negative is far enough", 1e-12)
    yield equal(answer(at, far, at, 1.0), 6, "a positive at 5, a negative at 0, margin 1: 6", 1e-12)
    yield equal(answer(at, at, at, 0.3), 0.3, "all in one point: the margin", 1e-12)
    both = np.concatenate([at, at]), np.concatenate([at, far]), np.concatenate([far, at])
    yield equal(answer(*both, 0.0), 2.5, "a triplet that is fine does not pay for another", 1e-12)


@exercise("applications/overlap-add", signature="overlap_add(frames, hop)")
def overlap_add(answer, rng):
    """Frames laid down one after the other, added where they overlap."""

    def reference(frames, hop):
        count, w = frames.shape
        place = np.arange(count)[:, None] * hop + np.arange(w)
        return np.bincount(place.ravel(), frames.ravel(), minlength=(count - 1) * hop + w)

    frames = rng.normal(size=(5, 8))
    yield same_shape(answer(frames, 4), (24,), "5 frames of 8 with hop 4 make 24 samples")
    yield matches(answer, reference, (frames, 4), "is right when two frames overlap", 1e-9)
    yield matches(answer, reference, (frames, 2), "is right when four frames overlap", 1e-9)
    yield equal(answer(frames, 8), frames.ravel(), "without overlap it puts frames in a row", 1e-12)
    yield equal(answer(frames[:1], 3), frames[0], "one frame stays as it is", 1e-12)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(8) / 8)
    summed = answer(np.tile(window, (6, 1)), 4)
    yield equal(summed[4:-4], np.ones(len(summed) - 8), "Hann windows at half a frame add up to 1", 1e-9)


@exercise("applications/ddim", signature="ddim_step(x, noise, kept, kept_next)")
def ddim_step(answer, rng):
    """One step back without new noise."""
    clean, noise = rng.normal(size=(2, 4, 6))

    def mixed(kept):
        return np.sqrt(kept) * clean + np.sqrt(1 - kept) * noise

    yield same_shape(answer(mixed(0.5), noise, 0.5, 0.8), (4, 6), "keeps the shape")
    yield equal(answer(mixed(0.5), noise, 0.5, 1.0), clean, "to ᾱ = 1: all noise is gone", 1e-9)
    yield equal(answer(mixed(0.3), noise, 0.3, 0.3), mixed(0.3), "to the same ᾱ: nothing changes", 1e-9)
    yield equal(
        answer(mixed(0.2), noise, 0.2, 0.7), mixed(0.7), "right noise leads to the right mixture", 1e-9
    )
    halfway = answer(mixed(0.2), noise, 0.2, 0.5)
    yield equal(answer(halfway, noise, 0.5, 0.9), mixed(0.9), "two steps are as good as one", 1e-9)
    other = answer(mixed(0.25), 0 * noise, 0.25, 0.64)
    yield equal(other, mixed(0.25) * 1.6, "uses the guessed noise, not the true one", 1e-9)
    again = answer(mixed(0.5), noise, 0.5, 0.8)
    yield holds(np.array_equal(again, answer(mixed(0.5), noise, 0.5, 0.8)), "draws nothing at random")
