"""Reads quiz files: TOML, checked strictly, so that a slip is named before a reader meets it.

A file is a list of ``[[question]]``: `id`, `kind` (single, several or numeric), `text`; numeric ones have
`answer`, `explanation`, `nudge` (shown after a wrong answer), and optionally `tolerance`, `verify` and
`hints` (known wrong answers, met within the same tolerance, and what is shown instead); the others a list of
``[[question.choice]]`` with `text`, `correct` and `explanation`, and optionally an `explanation` of the
whole, which is shown after a right answer; a choice's own is shown when it was chosen.
"""

import difflib
import math
import re
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "quizzes"
COMMON = {"id": str, "kind": str, "text": str}
NUMERIC = {
    **COMMON,
    **{"answer": float, "explanation": str, "tolerance": float, "verify": str, "hints": list, "nudge": str},
}
CHOICES = {**COMMON, "choice": list, "explanation": str}
FIELDS = {"single": CHOICES, "several": CHOICES, "numeric": NUMERIC}
CHOICE = {"text": str, "correct": bool, "explanation": str}
HINT = {"value": float, "text": str}
OPTIONAL = frozenset({"tolerance", "verify", "hints"})
WORDS = {str: "a text", float: "a finite number", bool: "true or false", list: "a list"}


class QuizError(ValueError):
    """A quiz that cannot be used; names the quiz, the question, the field, what was expected, what came."""


def load(name: str, folder: Path = FOLDER) -> list[dict]:
    """Return the questions of ``folder/NAME.toml``.

    Raises QuizError for an unknown name (with the nearest one), a file that is not TOML, and any bad field.
    """
    path = Path(folder) / f"{name}.toml"
    if not path.is_file():
        known = sorted(file.stem for file in Path(folder).glob("*.toml"))
        near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"known quizzes: {', '.join(known) or 'none'}"
        raise QuizError(f"unknown quiz {name!r}: {hint}")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise QuizError(f"quiz {name!r}: {path.name} is not valid TOML: {error}") from None
    unknown = [key for key in content if key != "question"]
    if unknown:
        raise QuizError(f"quiz {name!r}: expected only [[question]], got {unknown[0]!r}")
    return validate(name, content.get("question", []))


def validate(name: str, questions: list[dict]) -> list[dict]:
    """Return `questions` unchanged, or raise QuizError for the first thing wrong with them."""
    where = f"quiz {name!r}"
    if not isinstance(questions, list) or not questions:
        raise QuizError(f"{where}: expected at least one [[question]], got {questions!r}")
    seen: set[str] = set()
    for number, question in enumerate(questions, 1):
        if not isinstance(question, dict):
            raise QuizError(f"{where}, question {number}: expected a table, got {question!r}")
        here = f"{where}, question {question.get('id', number)!r}"
        kind = question.get("kind")
        if not isinstance(kind, str) or kind not in FIELDS:
            raise QuizError(f"{here}, field 'kind': expected single, several or numeric, got {kind!r}")
        _fields(here, question, FIELDS[kind])
        if question["id"] in seen:
            raise QuizError(f"{here}, field 'id': expected an id that no other question has, got it twice")
        seen.add(question["id"])
        (_numeric if kind == "numeric" else _choices)(here, question)
    return questions


def _fields(where: str, table: dict, fields: dict[str, type]) -> None:
    """Raise unless `table` has exactly the expected fields, each of its type and no text empty."""
    for key in table:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise QuizError(f"{where}: unexpected field {key!r}, expected {', '.join(fields)}{hint}")
    for key, kind in fields.items():
        if key not in table:
            if key in OPTIONAL or (fields is CHOICES and key == "explanation"):
                continue
            raise QuizError(f"{where}, field {key!r}: expected {WORDS[kind]}, but it is missing")
        value = table[key]
        if not _is(value, kind):
            raise QuizError(f"{where}, field {key!r}: expected {WORDS[kind]}, got {value!r}")
        if kind is str:
            _text(f"{where}, field {key!r}", value)


def _is(value, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, kind)


def _text(where: str, text: str) -> None:
    if not text.strip():
        raise QuizError(f"{where}: expected a text, got an empty one")
    if text.count("`") % 2:
        raise QuizError(f"{where}: expected every ` to have its partner, got {text!r}")


def _numeric(where: str, question: dict) -> None:
    tolerance = question.get("tolerance", 0)
    if tolerance < 0:
        raise QuizError(f"{where}, field 'tolerance': expected a number of at least 0, got {tolerance!r}")
    for number, hint in enumerate(question.get("hints", []), 1):
        here = f"{where}, hint {number}"
        if not isinstance(hint, dict):
            raise QuizError(f"{here}: expected {{ value = …, text = … }}, got {hint!r}")
        _fields(here, hint, HINT)
        if abs(hint["value"] - question["answer"]) <= tolerance:
            raise QuizError(
                f"{here}, field 'value': expected a wrong answer, got the right one, {hint['value']!r}"
            )


def _choices(where: str, question: dict) -> None:
    choices = question["choice"]
    if len(choices) < 2:
        raise QuizError(f"{where}, field 'choice': expected at least 2 choices, got {len(choices)}")
    for number, choice in enumerate(choices, 1):
        here = f"{where}, choice {number}"
        if not isinstance(choice, dict):
            raise QuizError(f"{here}: expected a table, got {choice!r}")
        _fields(here, choice, CHOICE)
    right = sum(choice["correct"] for choice in choices)
    if question["kind"] == "single" and right != 1:
        raise QuizError(f"{where}, field 'choice': expected exactly 1 correct choice, got {right}")
    if right == 0:
        raise QuizError(f"{where}, field 'choice': expected at least 1 correct choice, got 0")
    texts = [choice["text"] for choice in choices]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        raise QuizError(f"{where}, field 'choice': expected different texts, got {twice!r} twice")


LONG = 20  # signs: code of more may break at the end of a line
_INSIDE = re.compile(r"(?<=\d) (?=%|× ?\d)|(?<=\d[ \N{NO-BREAK SPACE}]×) (?=\d)")
_MARKUP = re.compile(r"`([^`]+)`|(?:(?<=^)|(?<=[\s(]))\*(?!\s)([^*]+?)(?<!\s)\*(?=$|[\s).,;:?!])")


def together(text: str) -> str:
    """Return `text` with spaces that do not break between a number and its per cent sign, and in 3 × 3."""
    return _INSIDE.sub("\N{NO-BREAK SPACE}", text)


def pieces(text: str) -> list[list[str]]:
    """Return the mini-markup of `text` as [kind, part] pairs: text, code or em (as ``js/markup.js``)."""
    found, end = [], 0
    for match in _MARKUP.finditer(text):
        if match.start() > end:
            found.append(["text", together(text[end : match.start()])])
        found.append(["em", together(match[2])] if match[1] is None else ["code", match[1]])
        end = match.end()
    if end < len(text):
        found.append(["text", together(text[end:])])
    return found
