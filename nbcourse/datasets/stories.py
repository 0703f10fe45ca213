"""Small stories with a question each, made by rules: people walk, take things and hand them on.

In the manner of the bAbI tasks of Weston and others (2016), with a generator and words of our own.
"""

from typing import NamedTuple

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed

PEOPLE = ("anna", "boris", "clara", "david")
STORY_PLACES = ("attic", "cellar", "garden", "kitchen", "library", "garage")
THINGS = ("apple", "book", "candle")

# where each of PEOPLE never goes in stories of known combinations, as numbers of STORY_PLACES
_NEVER = ((0, 3), (1, 4), (2, 5), (3, 1))


class Stories(NamedTuple):
    """Stories with a question each.

    `stories` is a list of lists of sentences, `questions` a list of texts; `answers` (n,) int64 are numbers
    of STORY_PLACES; `hops` (n,) int64 is 1 where a person is asked for, 2 where a thing is.
    """

    stories: list[list[str]]
    questions: list[str]
    answers: np.ndarray
    hops: np.ndarray


def stories(n: int = 1000, length: int = 8, new: bool = False, seed: int = 0) -> Stories:
    """Stories of who went where and who has what, in small letters without full stops.

    Every second question asks where a person is, and the answer stands in the last sentence that sends the
    person somewhere: one hop. The others ask where a thing is: first find who has it, then where this person
    is: two hops. A thing that was taken moves with the person who has it.

    Parameters
    ----------
    n : int
        How many stories, at least 1.
    length : int
        How many sentences each has, at least 4.
    new : bool
        False: each person has two places where it never goes. True: people go anywhere, and the person who is
        asked for, or who has the thing, is in one of its two places now.
    seed : int
        Seed of the random generator.

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its type, or a number is out of range; the message names it.
    """
    n, length = checked_count("n", n, 1), checked_count("length", length, 4)
    if not isinstance(new, bool | np.bool_):
        raise TypeError(f"expected new to be True or False, got {new!r}")
    rng = np.random.default_rng(checked_seed(seed))
    found = []
    while len(found) < n:
        hops = 1 + len(found) % 2
        sentences, at, has = _told(length, new, rng)
        asked = _question(hops, new, at, has, rng)
        if asked is not None:
            found.append((sentences, *asked, hops))
    texts, questions, answers, hops = (list(column) for column in zip(*found, strict=True))
    return Stories(texts, questions, np.array(answers, np.int64), np.array(hops, np.int64))


def _told(length, anywhere, rng):
    """Return a story's sentences, where each person is at its end {person: place}, and who has each thing."""
    sentences, at, has = [], {}, {}
    for _ in range(length):
        person = int(rng.integers(len(PEOPLE)))
        if rng.random() < 0.6:
            barred = {at.get(person)} | (set() if anywhere else set(_NEVER[person]))
            open_to = [place for place in range(len(STORY_PLACES)) if place not in barred]
            at[person] = open_to[rng.integers(len(open_to))]
            sentences.append(f"{PEOPLE[person]} went to the {STORY_PLACES[at[person]]}")
            continue
        thing = int(rng.integers(len(THINGS)))
        if thing not in has:
            sentences.append(f"{PEOPLE[person]} took the {THINGS[thing]}")
        else:
            giver = has[thing]
            person = (giver + int(rng.integers(1, len(PEOPLE)))) % len(PEOPLE)
            sentences.append(f"{PEOPLE[giver]} gave the {THINGS[thing]} to {PEOPLE[person]}")
        has[thing] = person
    return sentences, at, has


def _question(hops, new, at, has, rng):
    """Return a question and its answer, or None where the story has none of this kind."""
    who = {PEOPLE[person]: person for person in at}
    if hops == 2:
        who = {f"the {THINGS[thing]}": person for thing, person in has.items() if person in at}
    if new:
        who = {name: person for name, person in who.items() if at[person] in _NEVER[person]}
    if not who:
        return None
    asked = list(who)[rng.integers(len(who))]
    return f"where is {asked}", at[who[asked]]
