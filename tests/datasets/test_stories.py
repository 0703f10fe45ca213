"""Stories are answered by code that follows them, and known combinations stay apart from new ones."""

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.datasets.stories import PEOPLE, THINGS


def followed(sentences, question):
    """The answer by the rules: where the person, or the one who has the thing, went last."""
    at, has = {}, {}
    for words in map(str.split, sentences):
        if words[1] == "went":
            at[words[0]] = words[-1]
        elif words[1] == "took":
            has[words[-1]] = words[0]
        else:
            assert has[words[3]] == words[0], "somebody gives what somebody else has"
            has[words[3]] = words[-1]
    asked = question.split()[-1]
    person = has.get(asked, asked)
    return at[person], person


@pytest.mark.parametrize("new", [False, True])
def test_answers_follow_from_the_story(new):
    found = datasets.stories(300, length=7, new=new, seed=1)
    assert found.answers.dtype == found.hops.dtype == np.int64
    for sentences, question, answer in zip(found.stories, found.questions, found.answers, strict=True):
        assert len(sentences) == 7
        assert followed(sentences, question)[0] == datasets.STORY_PLACES[answer]


def test_the_supporting_sentences_hold_what_is_needed():
    found = datasets.stories(200, seed=5)
    for i, (first, second) in enumerate(found.support):
        sentences, asked = found.stories[i], found.questions[i].split()[-1]
        place, person = followed(sentences, found.questions[i])
        assert sentences[second] == f"{person} went to the {place}"
        assert (first == second) == (found.hops[i] == 1)
        assert {asked, person} <= set(sentences[first].split())
        assert not any(" went " in s and s.startswith(person) for s in sentences[second + 1 :])


def test_the_place_named_last_is_little_better_than_a_guess():
    found = datasets.stories(1500, length=6, seed=6)
    last = [[w for w in " ".join(s).split() if w in datasets.STORY_PLACES][-1] for s in found.stories]
    assert 0.1 < np.mean(np.array(last) == np.array(datasets.STORY_PLACES)[found.answers]) < 0.35


def test_hops_alternate_and_say_what_is_asked():
    found = datasets.stories(100, seed=2)
    assert list(found.hops) == [1, 2] * 50
    for question, hops in zip(found.questions, found.hops, strict=True):
        assert question.split()[-1] in (PEOPLE if hops == 1 else THINGS)


def test_new_answers_are_combinations_that_known_stories_never_hold():
    def combinations(found):
        return {(w.split()[0], w.split()[-1]) for s in found.stories for w in s if " went " in w}

    known = combinations(datasets.stories(1500, seed=3))
    assert len(known) == 4 * 4  # each of four people has four places out of six
    new = datasets.stories(300, new=True, seed=4)
    for sentences, question in zip(new.stories, new.questions, strict=True):
        place, person = followed(sentences, question)
        assert (person, place) not in known


def test_every_place_is_an_answer_in_both_kinds():
    for new in (False, True):
        assert set(datasets.stories(400, new=new).answers) == set(range(6))


def test_the_seed_makes_the_stories():
    assert datasets.stories(5, seed=7).stories == datasets.stories(5, seed=7).stories
    assert datasets.stories(5, seed=7).stories != datasets.stories(5, seed=8).stories


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"n": 0}, ValueError, "n ≥ 1"),
        ({"length": 3}, ValueError, "length ≥ 4"),
        ({"new": 1}, TypeError, "True or False"),
        ({"n": 2.0}, TypeError, "integer"),
        ({"seed": -1}, ValueError, "seed ≥ 0"),
    ],
)
def test_bad_arguments_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        datasets.stories(**arguments)
