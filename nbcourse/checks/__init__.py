"""Checks of the reader's exercises: `check("neurons/pocket", pocket)` says which properties hold.

`check` prints and records; `evaluate` is its pure half. The exercises of a chapter are registered in
`nbcourse/checks/<chapter>.py` and loaded when one of them is first asked for.
"""

from nbcourse.checks import progress
from nbcourse.checks.registry import Exercise, Result, chapters, evaluate, exercises, find

__all__ = ["Exercise", "Result", "chapters", "check", "evaluate", "exercises", "find"]


def check(name, answer, *, record=True):
    """Check an answer to the exercise `name` ("chapter/exercise") and print what was found.

    One line when the exercise was not attempted yet, or when every property holds; else one line for each
    property that fails. Whatever the answer does, no error leaves `check`.

    Parameters
    ----------
    name : str
    answer : function or value that the exercise asks for
    record : bool
        Whether the outcome counts as the reader's progress (the book's own solutions pass `record=False`).

    Raises
    ------
    KeyError
        When no exercise has this name; the message suggests the nearest one.
    """
    result = evaluate(name, answer)
    print(result)
    if record and result.attempted:
        try:
            progress.record(name, result.passed)
        except OSError as error:
            print(f"  note: your progress could not be saved ({error.strerror or error})")
