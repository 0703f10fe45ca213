"""Synthetic words: what is said about a recording is true of its samples."""

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.datasets import RATE, WORDS


def spectrum(sound):
    """Frequencies in Hz and the power at each."""
    return np.fft.rfftfreq(len(sound), 1 / RATE), abs(np.fft.rfft(sound)) ** 2


def test_types_ranges_and_balance():
    sounds, labels, speakers = said = datasets.keywords(speakers=3, each=2)
    assert sounds.shape == (36, RATE // 2) and sounds.dtype == np.float32
    assert abs(sounds).max() <= 1
    assert labels.dtype == np.int64 and said.labels is labels
    pairs, count = np.unique(np.stack([labels, speakers]), axis=1, return_counts=True)
    assert pairs.shape == (2, 3 * len(WORDS)) and set(count) == {2}


def test_seed_decides_everything():
    a, b, c = (datasets.keywords(2, 1, seed=seed) for seed in (3, 3, 4))
    assert all(np.array_equal(p, q) for p, q in zip(a, b, strict=True))
    assert not np.array_equal(a.sounds, c.sounds)
    assert not np.array_equal(a.labels, np.sort(a.labels)), "the order must be random"


def test_two_words_of_the_same_sounds_differ_in_their_order():
    said = datasets.keywords(6, 2, noise=0)
    for word, falls in (("stop", True), ("pots", False)):  # the hiss lies high, at one end or the other
        for sound in said.sounds[said.labels == WORDS.index(word)]:
            heard = np.flatnonzero(abs(sound) > 0.02)
            middle = (heard[0] + heard[-1]) // 2
            centre = [(f * p).sum() / p.sum() for f, p in map(spectrum, (sound[:middle], sound[middle:]))]
            assert (centre[0] > centre[1]) == falls


def test_the_vowel_of_tea_has_its_resonances_where_the_table_says():
    said = datasets.keywords(20, 1, noise=0, seed=1)
    for sound in said.sounds[said.labels == WORDS.index("tea")]:
        f, power = spectrum(sound)
        low = power[(f > 150) & (f < 550)].sum()
        between = power[(f > 900) & (f < 1600)].sum()
        high = power[(f > 1900) & (f < 3700)].sum()
        assert low > 10 * between and high > 10 * between


def test_noise_has_the_size_that_is_asked_for():
    quiet, loud = (datasets.keywords(2, 2, noise=s, seed=5) for s in (0, 0.1))
    assert np.array_equal(quiet.labels, loud.labels)
    assert np.std(loud.sounds - quiet.sounds) == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (dict(speakers=0), "speakers ≥ 1, got 0"),
        (dict(each=0), "each ≥ 1, got 0"),
        (dict(noise=-1), "noise ≥ 0 and finite, got -1"),
        (dict(noise="loud"), "noise ≥ 0 and finite, got 'loud'"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        datasets.keywords(**arguments)
