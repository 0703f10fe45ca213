"""Texts written for this course, which need no network: names of English places."""

from importlib.resources import files

from nbcourse.datasets.texts import Words, cut_words

_SOURCE = "written down for this course, under its MIT licence"


def places(seed: int = 0) -> Words:
    """English towns, villages and districts in small letters: 1,090 names of 5 to 9 letters, a to z.

    80 % to train, 10 % to validate, 10 % to test, cut at random; no name is in two parts.

    Parameters
    ----------
    seed : int
        Which cut into three parts. The names are always the same.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not an integer from 0 to 2³² − 1.
    """
    words = files("nbcourse.datasets").joinpath("places.txt").read_text(encoding="utf-8").split()
    return cut_words(words, seed, f"Names of places, {_SOURCE}")
