"""Sentences made by two small grammars, whose rules are known: opinions with negation, and people with roles.

What a model finds in them can be held against the rules that made them. All words are written for this
course; the same arguments always give the same sentences.
"""

from typing import NamedTuple

import numpy as np

from nbcourse.datasets.splits import checked_count, checked_seed

_WORDS = {
    "subject": "soup bread coffee supper breakfast film play concert music book story ending talk lesson "
    "hotel room garden market journey guide waiter singer painting museum",
    "praise": "good great lovely superb charming funny warm fresh clever honest bright gentle delightful "
    "excellent pleasant brilliant splendid wonderful lively perfect",
    "blame": "bad poor awful dull bland boring cold stale silly clumsy dreadful rude noisy weak dreary "
    "terrible horrid tedious ugly disappointing",
}
_DEGREES = ["", "", "very ", "really ", "quite ", "rather ", "simply "]

OPINION_KINDS = ("plain", "near", "far", "contrast")

# s the subject, a an adjective that is meant, n one that is denied, d how much
_FORMS = {
    "plain": [
        "the {s} was {d}{a}",
        "i found the {s} {d}{a}",
        "my word , how {a} the {s} was",
        "the {s} seemed {d}{a}",
    ],
    "near": ["the {s} was not {n}", "the {s} was never {n}", "i found the {s} not {n} at all"],
    "far": [
        "nobody could call the {s} {d}{n}",
        "i would not say that the {s} was {d}{n}",
        "the {s} was not by any means {d}{n}",
        "never did the {s} seem {d}{n} to me",
    ],
    "contrast": [
        "the {s} was {d}{a} , not {n}",
        "the {s} was not {n} but {d}{a}",
        "i found the {s} {a} and never {n}",
        "they said the {s} was {n} , no , it was {a}",
    ],
}


class Opinions(NamedTuple):
    """Sentences `texts`; `y` (n,) int64, 1 for praise, 0 for blame; `kind` (n,), one of OPINION_KINDS."""

    texts: list[str]
    y: np.ndarray
    kind: np.ndarray


def opinions(n: int = 1000, seed: int = 0) -> Opinions:
    """Short opinions on soups, films and hotels, in small letters, no two alike.

    A quarter each is *plain* ("the soup was bland"), denies an adjective right after a "not" (*near*) or some
    words later (*far*), or sets one adjective against another (*contrast*: "bland , not good", "good , not
    bland"). Praise and blame are even within each kind.

    Parameters
    ----------
    n : int
        How many sentences, a multiple of 8, at least 8 and at most 4,000.
    seed : int
        Seed of the random generator.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer of its range.
    """
    if checked_count("n", n, 8) % 8 or n > 4000:
        raise ValueError(f"expected n to be a multiple of 8 up to 4,000, got {n}")
    rng = np.random.default_rng(checked_seed(seed))
    found = {}  # text -> (y, kind), in the order drawn
    for i in range(n):
        kind, y = OPINION_KINDS[i % 4], i // 4 % 2
        while (text := _opinion(kind, y, rng)) in found:
            pass
        found[text] = (y, kind)
    order = rng.permutation(n)
    texts, labels = list(found), list(found.values())
    y, kind = (np.array([labels[i][column] for i in order]) for column in (0, 1))
    return Opinions([texts[i] for i in order], y.astype(np.int64), kind)


def _opinion(kind, praise, rng):
    meant, denied = (_WORDS[key] for key in (("praise", "blame") if praise else ("blame", "praise")))
    words = {"s": _WORDS["subject"].split(), "d": _DEGREES, "a": meant.split(), "n": denied.split()}
    drawn = {name: choices[rng.integers(len(choices))] for name, choices in words.items()}
    return _FORMS[kind][rng.integers(len(_FORMS[kind]))].format(**drawn)


# a man's word, a woman's, and three things that only these two have to do with
_ROLES = """king queen crown throne sceptre
prince princess pony pearl cradle
father mother family letter kitchen
son daughter school lesson kite
actor actress stage script applause
waiter waitress tray menu tip
wizard witch wand spell cauldron
host hostess guest toast candle
monk nun prayer abbey bell
uncle aunt present postcard visit
duke duchess carriage estate hunt
nephew niece marble puzzle swing
hero heroine sword quest dragon
man woman coat hat umbrella"""

_ONE = [
    "the {noun} took {his} {thing}",
    "this {noun} is proud of {his} {thing}",
    "one {noun} lost {his} {thing} and {he} wept",
    "the {noun} said that {he} likes the {thing}",
]
_MANY = [
    "the {noun} took their {thing}",
    "these {noun} are proud of their {thing}",
    "many {noun} lost their {thing} and they wept",
    "all these {noun} are {people} who like the {thing}",
]


class Person(NamedTuple):
    """What a noun says: `role` (0 to 13), `gender` ("m" or "f"), `number` ("one" or "many")."""

    role: int
    gender: str
    number: str


class People(NamedTuple):
    """Sentences `texts`, and `nouns`: a dict from each of 56 nouns to what it says, a `Person`."""

    texts: list[str]
    nouns: dict[str, Person]


def people(n: int = 4000, seed: int = 0) -> People:
    """Sentences about kings, actresses and nephews: 14 roles, two genders, one or many.

    The three show independently: a role in the things that go with it, a gender in pronouns (of one) or
    in "are men", "are women" (of many), a number in "this is" and "these are". Repeats occur.

    Parameters
    ----------
    n : int
        How many sentences, at least 1.
    seed : int
        Seed of the random generator.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer of its range.
    """
    n, rng = checked_count("n", n, 1), np.random.default_rng(checked_seed(seed))
    rows = [line.split() for line in _ROLES.splitlines()]
    nouns = {}
    for role, row in enumerate(rows):
        for gender, noun in zip("mf", row, strict=False):
            nouns[noun] = Person(role, gender, "one")
            nouns[_plural(noun)] = Person(role, gender, "many")
    texts = []
    for i in rng.integers(len(nouns), size=n):
        noun = list(nouns)[i]
        texts.append(_about(noun, nouns[noun], rows[nouns[noun].role][2:], rng))
    return People(texts, nouns)


def _about(noun, person, things, rng):
    his, he, people = ("his", "he", "men") if person.gender == "m" else ("her", "she", "women")
    form = (_ONE if person.number == "one" else _MANY)[rng.integers(4)]
    return form.format(noun=noun, thing=things[rng.integers(3)], his=his, he=he, people=people)


def _plural(noun):
    if noun.endswith("man"):
        return noun[:-2] + "en"
    return noun + ("es" if noun.endswith(("s", "ch", "o")) else "s")
