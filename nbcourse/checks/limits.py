"""The exercises of chapter 9's last part: calibration, shift, attacks, rates by group, energy."""

import numpy as np

from nbcourse.checks.properties import equal, holds, matches, same_shape
from nbcourse.checks.registry import exercise


@exercise("limits/ece", signature="ece(confidence, right, count)")
def ece(answer, rng):
    """The expected calibration error in bins of equal width."""

    def reference(confidence, right, count):
        place = np.minimum((confidence * count).astype(int), count - 1)
        gaps = np.bincount(place, weights=right - confidence, minlength=count)
        return np.abs(gaps).sum() / len(confidence)

    one = np.array([0.75, 0.75, 0.75, 0.75])
    yield equal(
        answer(one, np.array([1, 1, 1, 0]), 10), 0, "0.75 that is right in 3 of 4 cases costs nothing", 1e-12
    )
    yield equal(answer(one, np.zeros(4), 10), 0.75, "0.75 that is never right costs 0.75", 1e-12)
    two = np.array([0.55, 0.95])
    yield equal(
        answer(two, np.array([1, 0]), 10), 0.7, "errors of opposite sign do not cancel across bins", 1e-12
    )
    yield equal(answer(two, np.array([1, 0]), 1), 0.25, "in a single bin they do", 1e-12)
    yield equal(answer(np.ones(3), np.ones(3), 5), 0, "a confidence of 1 belongs to the last bin", 1e-12)
    confidence = rng.uniform(0.1, 1, size=200)
    right = (rng.random(200) < 0.6).astype(float)
    for count in (1, 7, 10):
        yield matches(
            answer, reference, (confidence, right, count), f"is right for 200 predictions, {count} bins"
        )


@exercise("limits/temperature", signature="temperature(logits, y)")
def temperature(answer, rng):
    """The temperature with the smallest loss on the data given."""
    logits = 2 * rng.normal(size=(400, 5))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    y = np.array([rng.choice(5, p=row) for row in p])
    found = float(answer(logits, y))
    yield holds(0.05 <= found <= 20, "lies between 0.05 and 20")
    best = min(_loss(logits / T, y) for T in np.geomspace(0.05, 20, 2001))
    yield holds(_loss(logits / found, y) <= best + 1e-5, "no other temperature has a smaller loss")
    twice = float(answer(3 * logits, y))
    yield equal(
        twice, 3 * found, "logits three times as large need three times the temperature", 0.01 * twice
    )
    many = np.r_[logits, logits]
    yield equal(float(answer(many, np.r_[y, y])), found, "the same data twice change nothing", 0.01 * found)


def _loss(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])


@exercise("limits/label-shift", signature="posterior(p, old, new)")
def label_shift(answer, rng):
    """A probability for another share of the ill."""
    p = rng.uniform(0, 1, size=(3, 4))
    yield equal(answer(p, 0.3, 0.3), p, "with the same share it changes nothing", 1e-12)
    yield same_shape(answer(p, 0.3, 0.01), p, "keeps the shape of an array")
    yield equal(answer(np.array([0.0, 1.0]), 0.3, 0.1), [0, 1], "what is certain stays certain", 1e-12)
    yield equal(answer(0.5, 0.5, 0.2), 0.2, "evidence that says nothing leaves the new share", 1e-12)
    back = answer(answer(p, 0.4, 0.07), 0.07, 0.4)
    yield equal(back, p, "there and back is where it began", 1e-9)
    odds = 0.9 / 0.1 * (0.01 / 0.99) / (0.3 / 0.7)
    yield equal(
        answer(0.9, 0.3, 0.01), odds / (1 + odds), "the odds change by the ratio of the shares' odds", 1e-12
    )


@exercise("limits/linear-attack", signature="worst_change(w, y, eps)")
def linear_attack(answer, rng):
    """The change within eps of each input that lowers a linear margin most."""
    w, eps = rng.normal(size=30), 0.07
    for y in (1, -1):
        delta, fall = answer(w, y, eps)
        yield same_shape(delta, w, "the change has the shape of the input")
        yield holds(np.all(np.abs(delta) <= eps + 1e-15), "no input changes by more than eps")
        yield equal(-y * (w @ delta), fall, f"the margin falls by what it says, for y = {y}", 1e-9)
        yield equal(fall, eps * np.abs(w).sum(), f"no change lowers it more, for y = {y}", 1e-9)


@exercise("limits/rates", signature="rates(chosen, suited, group)")
def rates(answer, rng):
    """Share suited, PPV, FNR and FPR of each group."""
    chosen = np.array([1, 1, 0, 0, 1, 0, 0, 1], bool)
    suited = np.array([1, 0, 1, 0, 1, 1, 1, 0], bool)
    group = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    found = answer(chosen, suited, group)
    yield holds(sorted(found) == [0, 1], "has one entry for each group")
    yield equal(found[0], [0.5, 0.5, 0.5, 0.5], "is right where one of each kind stands", 1e-12)
    yield equal(found[1], [0.75, 0.5, 2 / 3, 1], "is right for unequal shares", 1e-12)
    n = 400
    chosen, suited = rng.random(n) < 0.5, rng.random(n) < 0.4
    group = rng.integers(3, 6, size=n)
    for g, (p, ppv, fnr, fpr) in answer(chosen, suited, group).items():
        right = p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)
        yield equal(fpr, right, f"the four fit together for group {g}", 1e-9)
        inside = group == g
        yield equal(
            fnr, np.mean(~chosen[inside & suited]), f"missed are counted among the suited of {g}", 1e-12
        )


@exercise("limits/energy", signature="energy_kwh(parameters, tokens, rate, watts, pue)")
def energy(answer, rng):
    """The energy of a training run in kilowatt-hours."""
    kwh = answer(175e9, 300e9, 24.6e12, 330, 1.1)
    yield holds(1.2e6 < kwh < 1.4e6, "GPT-3: 175 billion parameters, 300 billion tokens, about 1.3 GWh")
    n, d, r, w = rng.uniform(1, 9, size=4) * [1e8, 1e9, 1e13, 100]
    yield equal(answer(n, d, r, w, 1.0), 6 * n * d / r * w / 3.6e6, "is right for another run", 1e-6)
    yield equal(
        answer(n, d, 2 * r, w, 1.2), answer(n, d, r, w, 1.2) / 2, "twice the rate, half the energy", 1e-6
    )
    yield equal(
        answer(n, d, r, w, 1.5), 1.5 * answer(n, d, r, w, 1.0), "the building's factor multiplies", 1e-6
    )
