"""Wrong answers to the exercises of chapter 9's first half fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def only_the_first(logits, labels, k):
    return (logits.argmax(axis=1) == labels).mean()


def ties_against(logits, labels, k):
    right = logits[np.arange(len(labels)), labels]
    return ((logits >= right[:, None]).sum(axis=1) <= k).mean()


def one_too_many(logits, labels, k):
    right = logits[np.arange(len(labels)), labels]
    return ((logits > right[:, None]).sum(axis=1) <= k).mean()


def areas(a, b, clip=True):
    def area(low, high):
        sides = high - low
        return (sides.clip(0) if clip else sides).prod(axis=-1)

    shared = area(np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:]))
    union = area(a[:, :2], a[:, 2:]) + area(b[:, :2], b[:, 2:]) - shared
    return shared, union, area(np.minimum(a[:, :2], b[:, :2]), np.maximum(a[:, 2:], b[:, 2:]))


def plain_iou(a, b):
    shared, union, _ = areas(a, b)
    return shared / union


def unclipped_giou(a, b):
    shared, union, around = areas(a, b, clip=False)
    return shared / union - (around - union) / around


def divided_by_union(a, b):
    shared, union, around = areas(a, b)
    return shared / union - (around - union) / union


def whole_batch(p, t):
    return 1 - 2 * (p * t).sum() / ((p**2).sum() + (t**2).sum())


def without_squares(p, t):
    shared, total = 2 * (p * t).sum((1, 2)), p.sum((1, 2)) + t.sum((1, 2))
    return 1 - np.mean(np.divide(shared, total, out=np.ones(len(p)), where=total > 0))


def the_overlap_itself(p, t):
    return 1 - whole_batch(p, t)


def squared_distances(anchor, positive, negative, margin):
    near, far = ((anchor - positive) ** 2).sum(1), ((anchor - negative) ** 2).sum(1)
    return np.maximum(near - far + margin, 0).mean()


def not_cut_off(anchor, positive, negative, margin):
    near = np.linalg.norm(anchor - positive, axis=1)
    return (near - np.linalg.norm(anchor - negative, axis=1) + margin).mean()


def cut_after_the_mean(anchor, positive, negative, margin):
    return max(not_cut_off(anchor, positive, negative, margin), 0)


def overwritten(frames, hop):
    count, w = frames.shape
    samples = np.zeros((count - 1) * hop + w)
    for t, frame in enumerate(frames):
        samples[t * hop : t * hop + w] = frame
    return samples


def too_long(frames, hop):
    count, w = frames.shape
    samples = np.zeros(count * hop + w)
    for t, frame in enumerate(frames):
        samples[t * hop : t * hop + w] += frame
    return samples


def only_half_overlaps(frames, hop):
    w = frames.shape[1]
    return np.bincount(((np.arange(len(frames)) * (w // 2))[:, None] + np.arange(w)).ravel(), frames.ravel())


def clean_guess(x, noise, kept, kept_next):
    return (x - np.sqrt(1 - kept) * noise) / np.sqrt(kept)


def without_roots(x, noise, kept, kept_next):
    return kept_next * (x - (1 - kept) * noise) / kept + (1 - kept_next) * noise


def with_fresh_noise(x, noise, kept, kept_next):
    clean = (x - np.sqrt(1 - kept) * noise) / np.sqrt(kept)
    fresh = np.random.default_rng(0).standard_normal(x.shape)
    return np.sqrt(kept_next) * clean + np.sqrt(1 - kept_next) * fresh


WRONG = [
    ("top-k", only_the_first, "is right for k = 3"),
    ("top-k", ties_against, "equal logits count in favour"),
    ("top-k", one_too_many, "is right for k = 1"),
    ("giou", plain_iou, "is negative for boxes that do not meet"),
    ("giou", unclipped_giou, "… also where they are apart in both directions"),
    ("giou", divided_by_union, "subtracts what the smallest frame holds besides"),
    ("dice", whole_batch, "is right for probabilities, picture by picture"),
    ("dice", without_squares, "is right for probabilities, picture by picture"),
    ("dice", the_overlap_itself, "is 0 for a perfect answer"),
    ("triplet", squared_distances, "is right for 30 triplets"),
    ("triplet", not_cut_off, "is 0 where the negative is far enough"),
    ("triplet", cut_after_the_mean, "a triplet that is fine does not pay for another"),
    ("overlap-add", overwritten, "is right when two frames overlap"),
    ("overlap-add", too_long, "5 frames of 8 with hop 4 make 24 samples"),
    ("overlap-add", only_half_overlaps, "is right when four frames overlap"),
    ("ddim", clean_guess, "to the same ᾱ: nothing changes"),
    ("ddim", without_roots, "right noise leads to the right mixture"),
    ("ddim", with_fresh_noise, "two steps are as good as one"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(WRONG)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"applications/{name}", answer)
    assert result.attempted and not result.passed
    assert lacking in [failure.sentence for failure in result.failures], str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"applications/{name}" for name, *_ in WRONG} == set(exercises("applications"))
