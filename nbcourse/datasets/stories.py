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
    of STORY_PLACES; `hops` (n,) int64 is 1 where a person is asked for, 2 where a thing is. `support` (n, 2)
    int64 are the numbers of the sentences that say who has the thing and where this person is; where a person
    is asked for, both are the latter.
    """

    stories: list[list[str]]
    questions: list[str]
    answers: np.ndarray
    hops: np.ndarray
    support: np.ndarray


def stories(n: int = 1000, length: int = 8, new: bool = False, seed: int = 0) -> Stories:
    """Stories of who went where and who has what, in small letters without full stops.

    Every second question asks where a person is, and the answer stands in the last sentence that sends the
    person somewhere: one hop. The others ask where a thing is: first find who has it, then where this person
    is: two hops. A thing that was taken moves with the person who has it. Stories whose answer would be the
    place that is named last are kept only one time in four, so that to name it is little better than a guess.

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
    texts, questions, answers, support, hops = (list(column) for column in zip(*found, strict=True))
    return Stories(texts, questions, *(np.array(c, np.int64) for c in (answers, hops, support)))


def _told(length, anywhere, rng):
    """Return sentences, and at the end {person: (place, sentence)} and {thing: (person, sentence)}."""
    sentences, at, has = [], {}, {}
    for i in range(length):
        person, thing = int(rng.integers(len(PEOPLE))), int(rng.integers(len(THINGS)))
        if rng.random() < 0.6:
            barred = {at.get(person, (None,))[0]} | (set() if anywhere else set(_NEVER[person]))
            open_to = [place for place in range(len(STORY_PLACES)) if place not in barred]
            place = open_to[rng.integers(len(open_to))]
            sentences.append(f"{PEOPLE[person]} went to the {STORY_PLACES[place]}")
            at[person] = place, i
            continue
        if thing in has:
            giver = has[thing][0]
            person = (giver + int(rng.integers(1, len(PEOPLE)))) % len(PEOPLE)
            sentences.append(f"{PEOPLE[giver]} gave the {THINGS[thing]} to {PEOPLE[person]}")
        else:
            sentences.append(f"{PEOPLE[person]} took the {THINGS[thing]}")
        has[thing] = person, i
    return sentences, at, has


def _question(hops, new, at, has, rng):
    """Return a question, its answer and the two sentences behind it, or None where there is none to ask."""
    if hops == 1:
        asked = {PEOPLE[person]: (person, at[person][1]) for person in at}
    else:
        asked = {f"the {THINGS[thing]}": got for thing, got in has.items() if got[0] in at}
    last = max((i, place) for place, i in at.values())[1] if at else None
    asked = {
        name: (person, i)
        for name, (person, i) in asked.items()
        if (not new or at[person][0] in _NEVER[person]) and (at[person][0] != last or rng.random() < 0.25)
    }
    if not asked:
        return None
    name = list(asked)[rng.integers(len(asked))]
    person, i = asked[name]
    place, j = at[person]
    return f"where is {name}", place, (i, j)
