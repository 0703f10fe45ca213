"""The quiz: questions that are graded and explained in the page; the answers stay in the reader's browser."""

import html

import traitlets

from nbcourse.widgets import quizfile
from nbcourse.widgets.base import Figure


class Quiz(Figure):
    """Questions to answer: single choice, several, or a number within a tolerance.

    Answers are kept in the browser's own store under ``nbcourse:quiz:NAME``, where it has one. Nothing is
    sent anywhere. Without JavaScript each question stands with its answer folded away.

    Parameters
    ----------
    name : str
        Names the quiz, and the place where the browser keeps its answers.
    questions : list of dict
        As in a quiz file (see `nbcourse.widgets.quizfile`).

    Raises
    ------
    QuizError
        If a question is malformed; the message names question, field, what was expected and what came.
    """

    script = "quiz.js"
    without_script = "With JavaScript you can answer here and have your answers checked."
    name = traitlets.Unicode().tag(sync=True)
    questions = traitlets.List().tag(sync=True)

    def __init__(self, name: str, questions: list[dict], **kwargs):
        super().__init__(name=name, questions=quizfile.validate(name, questions), **kwargs)

    def summary(self) -> str:
        """Return one line of text: the quiz's name and how many questions it has."""
        count = len(self.questions)
        return f"Quiz({self.name!r}: {count} question{'s' * (count != 1)})"

    def still(self) -> str:
        """Return the questions as HTML, each with its answer in a closed <details>."""
        total = len(self.questions)
        cards = [_card(question, f"{n} of {total}") for n, question in enumerate(self.questions, 1)]
        foot = f'<div class="nbc-foot-row"><p class="nbc-score">{total} questions</p></div>'
        return f'<div class="nbc-root nbc-quiz">{"".join(cards)}{foot}</div>'


def quiz(name: str) -> Quiz:
    """Return the quiz of ``nbcourse/quizzes/NAME.toml``.

    Raises `QuizError` for an unknown name, with the nearest one, and for a malformed file.
    """
    return Quiz(name, quizfile.load(name))


def _card(question: dict, position: str) -> str:
    numeric = question["kind"] == "numeric"
    body, answer = _field(question) if numeric else _choices(question)
    return (
        f'<div class="nbc-question"><p class="nbc-position">Question {position}</p>'
        f'<p class="nbc-prompt">{_markup(question["text"])}</p>{body}'
        f'<details class="nbc-answer"><summary>Answer</summary>{answer}</details></div>'
    )


def _field(question: dict) -> tuple[str, str]:
    tolerance = question.get("tolerance", 0)
    shown = f"{question['answer']:,}" + (f" ± {tolerance:g}" if tolerance else "")
    body = '<div class="nbc-number"><span>A number</span></div>'
    return body, f"<p><strong>{shown}.</strong> {_markup(question['explanation'])}</p>"


def _choices(question: dict) -> tuple[str, str]:
    rows = "".join(f'<div class="nbc-choice">{_markup(c["text"])}</div>' for c in question["choice"])
    hint = '<p class="nbc-hint">Choose all that apply.</p>' if question["kind"] == "several" else ""
    answer = "".join(
        f"<p><strong>{'✓' if one['correct'] else '✗'} {_markup(one['text'])}</strong> "
        f"{_markup(one['explanation'])}</p>"
        for one in question["choice"]
    )
    if "explanation" in question:
        answer += f"<p>{_markup(question['explanation'])}</p>"
    return f'<div>{hint}<div class="nbc-choices">{rows}</div></div>', answer


def _markup(text: str) -> str:
    return "".join(_tagged(kind, part) for kind, part in quizfile.pieces(text))


def _tagged(kind: str, part: str) -> str:
    mark = ' class="nbc-long"' if kind == "code" and len(part) > quizfile.LONG else ""
    shown = html.escape(part)
    return shown if kind == "text" else f"<{kind}{mark}>{shown}</{kind}>"
