"""Spoken words that no one said: a buzz or a hiss through a few resonances, by speakers made up here."""

from typing import NamedTuple

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed

RATE = 8000  # samples a second
_SAMPLES = 4000  # half a second

# A sound: buzz or hiss, its resonances in Hz, how loud. Vowels: the men of Peterson and Barney (1952).
_SOUNDS = {
    "ee": ("buzz", (270, 2290, 3010), 1.0),
    "a": ("buzz", (730, 1090, 2440), 1.0),
    "o": ("buzz", (570, 840, 2410), 1.0),
    "oo": ("buzz", (300, 870, 2240), 0.8),
    "n": ("buzz", (250, 1500, 2500), 0.5),
    "s": ("hiss", (2700, 3300), 0.6),
    "t": ("hiss", (2500, 3200), 0.7),
    "p": ("hiss", (700, 1200), 0.6),
    "-": ("hiss", (1000,), 0.0),  # a stop: the mouth is closed
}
_WORDS = {  # sounds and how long they last, in ms: three pairs, the same sounds in another order
    "no": (("n", 90), ("o", 120), ("oo", 80)),
    "own": (("o", 120), ("oo", 80), ("n", 90)),
    "stop": (("s", 110), ("-", 40), ("t", 20), ("a", 110), ("-", 40), ("p", 25)),
    "pots": (("p", 25), ("a", 110), ("-", 40), ("t", 20), ("s", 110)),
    "tea": (("t", 25), ("ee", 170)),
    "eat": (("ee", 170), ("-", 40), ("t", 25)),
}
WORDS = tuple(_WORDS)


class Keywords(NamedTuple):
    """Recordings of single words; entry i of each array belongs to recording i."""

    sounds: np.ndarray
    labels: np.ndarray
    speakers: np.ndarray


Keywords.sounds.__doc__ = (
    "Sound pressure from −1 to 1, (n, 4000) float32: half a second, `RATE` samples a second."
)
Keywords.labels.__doc__ = "The word, (n,) int64: an index into `WORDS`."
Keywords.speakers.__doc__ = "Who says it, (n,) int64, from 0."


def keywords(speakers: int = 12, each: int = 4, noise: float = 0.05, seed: int = 0) -> Keywords:
    """Synthesise six words, each said several times by every speaker.

    The words come in pairs of the same sounds in another order: *no* and *own*, *stop* and *pots*, *tea* and
    *eat*. A voice is a train of pulses, a hiss is white noise; either passes two or three resonances, the
    formants of the mouth. A speaker has a pitch of about 90 to 220 Hz and a mouth whose resonances lie 0.9 to
    1.15 times as high as the table's. Each recording has its own pitch (± 10 %), speed (0.8 to 1.2), loudness
    and start. They are made here, so no licence binds them.

    Parameters
    ----------
    speakers : int
        How many speakers, at least 1.
    each : int
        How often each of them says each word, at least 1.
    noise : float
        Standard deviation of white noise that lies over everything, 0 or more; a word peaks at 0.3 to 0.8.
    seed : int
        Seed of the random generator. Speakers of one seed have nothing to do with those of another.

    Returns
    -------
    Keywords
        `sounds`, `labels` and `speakers`, in random order; n = 6 · speakers · each.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number of its kind or lies out of range; the message names it.
    """
    speakers, each = checked_count("speakers", speakers, 1), checked_count("each", each, 1)
    if not (isinstance(noise, int | float | np.number) and 0 <= noise < np.inf):
        raise ValueError(f"expected noise ≥ 0 and finite, got {noise!r}")
    rng = np.random.default_rng(checked_seed(seed))
    size = rng.uniform(0, 1, speakers)  # a small speaker speaks higher and has a smaller mouth
    pitch, mouth = 220 - 130 * size + rng.normal(0, 8, speakers), 1.15 - 0.25 * size
    order = rng.permutation(speakers * len(WORDS) * each)
    who, labels = order % speakers, order // speakers % len(WORDS)
    sounds = np.stack([_said(WORDS[k], pitch[s], mouth[s], rng) for s, k in zip(who, labels, strict=True)])
    sounds = np.clip(sounds + noise * rng.standard_normal(sounds.shape), -1, 1)
    return Keywords(sounds.astype(np.float32), labels, who)


def _said(word, pitch, mouth, rng):
    """One recording without noise: the word's sounds, each fading into the next. (4000,)"""
    pitch, slow = pitch * rng.uniform(0.9, 1.1), rng.uniform(0.8, 1.2)
    fall = np.linspace(1.1, 0.9, _SAMPLES)  # a voice falls toward the end of a word
    buzz = np.diff(np.floor(np.cumsum(fall * pitch / RATE)), prepend=0)  # a 1 as each period begins
    sources = {"buzz": buzz, "hiss": rng.standard_normal(_SAMPLES)}
    lengths = np.array([slow * ms / 1000 for _, ms in _WORDS[word]])  # in seconds
    ends = rng.uniform(0, _SAMPLES / RATE - lengths.sum()) + np.cumsum(lengths)
    said = np.zeros(_SAMPLES)
    for (name, _), start, end in zip(_WORDS[word], ends - lengths, ends, strict=True):
        kind, resonances, loud = _SOUNDS[name]
        sound = _resonated(sources[kind], mouth * np.array(resonances))
        said += loud * _fade(start, end) * sound / sound.std()
    return said * rng.uniform(0.3, 0.8) / abs(said).max()


def _resonated(source, frequencies):
    """Pass a sound through resonances, one after the other: y[t] = x[t] + 2r cos θ y[t−1] − r² y[t−2]."""
    from scipy.signal import lfilter

    for f in frequencies:
        r = np.exp(-np.pi * (60 + 0.04 * f) / RATE)  # the bandwidth is 60 Hz and more
        source = lfilter([1.0], [1.0, -2 * r * np.cos(2 * np.pi * f / RATE), r * r], source)
    return source


def _fade(start, end):
    """An envelope that is 1 from start to end, in seconds, and rises and falls within about 10 ms."""
    t = np.arange(_SAMPLES) / RATE
    return 1 / (1 + np.exp(-(t - start) / 0.0025)) / (1 + np.exp((t - end) / 0.0025))
