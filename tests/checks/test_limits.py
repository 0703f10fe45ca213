"""Wrong answers to the exercises of chapter 9's last part fail, each at the property that it lacks."""

import numpy as np
import pytest

from nbcourse.checks import evaluate, exercises


def signed_gaps(confidence, right, count):
    return abs(np.mean(right - confidence))


def bins_alike(confidence, right, count):
    place = np.minimum((confidence * count).astype(int), count - 1)
    gaps = [abs(np.mean(right[place == b] - confidence[place == b])) for b in np.unique(place)]
    return np.mean(gaps)


def one_falls_out(confidence, right, count):
    place = (confidence * count).astype(int)
    return sum(abs(np.sum((right - confidence)[place == b])) for b in range(count)) / len(right) + np.mean(
        place == count
    )


def always_one(logits, y):
    return 1.0


def most_accurate(logits, y):
    return 0.05


def share_only(p, old, new):
    return p * new / old


def wrong_way(p, old, new):
    ill, well = p * old / new, (1 - p) * (1 - old) / (1 - new)
    return ill / (ill + well)


def downhill(w, y, eps):
    return -y * eps * w / np.linalg.norm(w), eps * np.linalg.norm(w)


def one_label(w, y, eps):
    return -eps * np.sign(w), eps * np.abs(w).sum()


def of_all(chosen, suited, group):
    return {
        int(g): (
            suited[group == g].mean(),
            suited[(group == g) & chosen].mean(),
            (~chosen & suited)[group == g].mean(),
            (chosen & ~suited)[group == g].mean(),
        )
        for g in np.unique(group)
    }


def without_building(parameters, tokens, rate, watts, pue):
    return 6 * parameters * tokens / rate * watts / 3.6e6


def in_joules(parameters, tokens, rate, watts, pue):
    return 6 * parameters * tokens / rate * watts * pue


WRONG = [
    ("ece", signed_gaps, "do not cancel across bins"),
    ("ece", bins_alike, "is right for 200 predictions"),
    ("ece", one_falls_out, "a confidence of 1 belongs to the last bin"),
    ("temperature", always_one, "three times the temperature"),
    ("temperature", most_accurate, "no other temperature has a smaller loss"),
    ("label-shift", share_only, "what is certain stays certain"),
    ("label-shift", wrong_way, "evidence that says nothing"),
    ("linear-attack", downhill, "no change lowers it more"),
    ("linear-attack", one_label, "for y = -1"),
    ("rates", of_all, "where one of each kind stands"),
    ("energy", without_building, "the building's factor multiplies"),
    ("energy", in_joules, "about 1.3 GWh"),
]


@pytest.mark.parametrize("name, answer, lacking", WRONG, ids=[f"{n}-{f.__name__}" for n, f, _ in WRONG])
def test_a_wrong_answer_fails_where_it_is_wrong(name, answer, lacking):
    result = evaluate(f"limits/{name}", answer)
    assert result.attempted and not result.passed
    assert any(lacking in failure.sentence for failure in result.failures), str(result)


def test_every_exercise_has_a_wrong_answer_here():
    assert {f"limits/{name}" for name, *_ in WRONG} == set(exercises("limits"))
