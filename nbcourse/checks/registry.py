"""The registry of exercises: each is a generator of properties that an answer must have.

A chapter's exercises stand in ``nbcourse/checks/<chapter>.py``, so that "neurons/pocket" is found without
an index::

    from nbcourse.checks.properties import equal, matches, same_shape
    from nbcourse.checks.registry import exercise


    @exercise("neurons/relu", signature="relu(x)")
    def relu(answer, rng):
        \"\"\"The rectified linear unit of an array, element by element.\"\"\"
        x = rng.normal(size=(3, 4))
        yield same_shape(answer(x), x, "keeps the shape of its input")
        yield equal(answer(x), np.maximum(x, 0), "is max(0, x)", tolerance=1e-12)
        yield "relu(0) is 0", answer(np.zeros(1))[0] == 0
        yield "takes an empty array", lambda: answer(np.zeros(0)).shape == (0,)

Each ``yield`` is a sentence that says *which* property, and whether it holds (optionally a third item:
the detail to print when it does not). A function without arguments in place of the truth value is called
by the machinery: when it
raises, that property fails and the next ones are still looked at. An error anywhere else ends the check.

Arrays that are passed to `answer` are watched: one that it changes in place is put back, and reported as
a failing property. An exercise whose task is to change an argument names it: ``exercise(...,
in_place=("w",))``. An exercise without a signature asks for a value instead of a function (its stub is
``...``).
"""

import contextlib
import inspect
import io
import pkgutil
import zlib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from nbcourse.checks.answer import NotAttempted, Watched, describe, is_stub, signature_problem
from nbcourse.checks.properties import Property
from nbcourse.messages import nearest

_MACHINERY = {"answer", "progress", "properties", "registry"}
_EXERCISES = {}


@dataclass(frozen=True)
class Exercise:
    """One exercise: its name, the signature that it asks for, what it asks in one line, its properties."""

    name: str
    signature: str
    summary: str
    properties: object
    in_place: tuple = ()


@dataclass(frozen=True)
class Result:
    """What a check found; `str(result)` is what `check` prints."""

    name: str
    attempted: bool
    passed: bool = False
    failures: tuple = ()
    total: int = 0
    stopped: bool = False  # an error ended the check before all properties were looked at
    printed: int = 0  # lines that the answer itself printed; they are not shown

    def __str__(self):
        if not self.attempted:
            return f"{self.name}: not attempted yet"
        held = self.total - len(self.failures)
        if self.passed:
            lines = [f"✓ {self.name}: {held} of {self.total} properties hold"]
        elif self.stopped:
            lines = [f"✗ {self.name}: {held} of {self.total} properties hold; an error ended the check"]
        else:
            lines = [f"✗ {self.name}: {held} of {self.total} properties hold"]
        lines += [f"  ✗ {p.sentence}: {p.detail}" if p.detail else f"  ✗ {p.sentence}" for p in self.failures]
        if self.printed and not self.passed:
            lines.append(
                f"  note: your code printed {self.printed} lines during the check; they are not shown"
            )
        return "\n".join(lines)


def exercise(name, signature="", in_place=()):
    """Register the decorated generator of properties as the exercise `name` ("chapter/exercise").

    Parameters
    ----------
    name : str
    signature : str
        What the reader is asked to define, as "pocket(X, y, epochs)"; empty when a value is asked for.
    in_place : tuple of str
        Names of the arguments that a right answer changes.
    """

    def register(properties):
        if name in _EXERCISES and _EXERCISES[name].properties.__module__ != properties.__module__:
            raise ValueError(f"two exercises are called {name!r}")
        summary = (inspect.getdoc(properties) or "").partition("\n")[0]
        if not summary:
            raise ValueError(f"the exercise {name!r} needs a docstring that says in one line what it asks")
        _EXERCISES[name] = Exercise(name, signature, summary, properties, tuple(in_place))
        return properties

    return register


def chapters():
    """The names of the chapters that have exercises, sorted."""
    folder = str(Path(__file__).parent)
    return sorted(m.name for m in pkgutil.iter_modules([folder]) if m.name not in _MACHINERY)


def exercises(chapter=None):
    """The names of all exercises, or of one chapter's, in the order in which the chapter defines them.

    Raises KeyError naming the nearest chapter when there is none of this name.
    """
    names = chapters() if chapter is None else [chapter]
    for each in names:
        _load(each)
    return [name for each in names for name in _EXERCISES if name.partition("/")[0] == each]


def find(name):
    """The `Exercise` of this name. Raises KeyError naming the nearest exercise or chapter."""
    if not isinstance(name, str):
        raise TypeError(f'expected the name of an exercise, as "neurons/pocket"; got {type(name).__name__}')
    if name not in _EXERCISES:
        chapter = name.partition("/")[0]
        if chapter in chapters():
            _load(chapter)
    if name not in _EXERCISES:
        raise Unknown("exercise", name, sorted({*exercises(), *_EXERCISES}))
    return _EXERCISES[name]


class Unknown(KeyError):
    """No exercise or chapter of this name; the message suggests the nearest that exists."""

    def __init__(self, kind, name, known):
        hint = nearest(name, known, cutoff=0.3) or f"; there are: {', '.join(known) or 'none'}"
        self.message = f"there is no {kind} {name!r}{hint}"
        super().__init__(self.message)

    def __str__(self):
        return self.message  # KeyError would print its repr, in quotes


def evaluate(name, answer, *, seed=None):
    """Look at every property of an answer; print nothing, record nothing, let no error of the answer through.

    Parameters
    ----------
    name : str
    answer : function or value
    seed : int, optional
        Of the generator that the properties draw their inputs from; by default one that depends on the
        name, so that the same answer is given the same verdict.

    Returns
    -------
    Result
    """
    asked = find(name)
    if is_stub(answer):
        return Result(name, attempted=False)
    if asked.signature:
        problem = signature_problem(answer, asked.signature)
        if problem:
            return Result(name, True, False, (Property("has the signature asked for", False, problem),), 1)
    rng = np.random.default_rng(zlib.crc32(name.encode()) if seed is None else seed)
    output = io.StringIO()
    state = np.random.get_state()  # noqa: NPY002 - the answer may draw from it; the notebook's stream goes on
    try:
        with contextlib.redirect_stdout(output):
            found, stopped, watched = _examine(asked, answer, rng)
    except NotAttempted:
        return Result(name, attempted=False)
    finally:
        np.random.set_state(state)  # noqa: NPY002
    if watched is not None and watched.changed:
        found.append(Property("leaves its inputs as they were", False, watched.report()))
    failures = tuple(p for p in found if not p.holds)
    printed = len(output.getvalue().splitlines())
    return Result(name, True, not failures, failures, len(found), stopped, printed)


def _examine(asked, answer, rng):
    """All properties of one answer, whether an error ended it early, and the watched answer."""
    watched = Watched(answer, asked.in_place) if asked.signature and not inspect.isclass(answer) else None
    found, stopped = [], False
    generator = asked.properties(answer if watched is None else watched, rng)
    while True:
        try:
            item = next(generator)
        except StopIteration:
            break
        except (Exception, SystemExit) as error:
            NotAttempted.raise_if(error, answer)
            found.append(Property(describe(error, answer), False))
            stopped = True
            break
        found.append(_settled(item, answer))
    if not found:
        raise RuntimeError(f"the exercise {asked.name!r} has no properties")
    return found, stopped, watched


def _settled(item, answer):
    """A `Property` from what the generator yielded, calling it when it is still a question."""
    sentence, holds, *detail = item
    if not callable(holds):
        return Property(sentence, bool(holds), *detail)
    try:
        outcome = holds()
    except (Exception, SystemExit) as error:
        NotAttempted.raise_if(error, answer)
        return Property(sentence, False, f"it {describe(error, answer)}")
    if isinstance(outcome, tuple):  # from a helper: (sentence, holds, detail)
        return Property(sentence, bool(outcome[1]), *outcome[2:])
    return Property(sentence, bool(outcome), *detail)


def _load(chapter):
    """Import one chapter's exercises. Raises KeyError naming the nearest chapter."""
    if chapter not in chapters():
        raise Unknown("chapter", chapter, chapters())
    import_module(f"nbcourse.checks.{chapter}")
