"""What a chapter asks of its reader: boxes to tick its exercises, a line that counts, a list of all chapters.

Ticks and answers stay in the reader's browser, where ``progress.js`` counts them. Without scripts the boxes
are hidden, and line and list still say what there is to do.
"""

import html
import json
import re
from dataclasses import dataclass

from bs4 import BeautifulSoup

_TITLE = re.compile(
    r'(<div class="exercise admonition" id="([^"]+)">\s*<p class="admonition-title">.*?)(?=</p>)', re.DOTALL
)
_QUIZ = re.compile(r'data-figure="Quiz" data-state="([^"]*)"')
_OPENING = re.compile(r"(chapter-opening.*?)(?=<section id=)", re.DOTALL)
_NAME = re.compile(r"<h1[^>]*>(.+?)<(?:/h1>|a class=)")
WORDS, LINES = 200, 15  # a minute, of text and of code, read with care
_PLACE = '<div class="course-overview docutils">'


@dataclass(frozen=True)
class Tasks:
    """What one page asks: its path and title, its quiz with so many questions, exercises, minutes to read."""

    page: str
    title: str
    quiz: str
    questions: int
    exercises: int
    minutes: int

    def line(self, tag, before=""):
        """Return the element in which the script counts; as long as it does not, it says what there is."""
        parts = [(self.questions, "quiz question"), (self.exercises, "exercise")]
        told = ", ".join(f"{n} {what}{'s' * (n != 1)}" for n, what in parts if n)
        data = f'data-page="{self.page}" data-quiz="{self.quiz}" data-questions="{self.questions}"'
        return (
            f'<{tag} class="course-progress" {data} data-exercises="{self.exercises}">'
            f"{before}<span>{told}</span></{tag}>"
        )


def read(text, page):
    """Return the `Tasks` of a page, None if it asks nothing."""
    quizzes = [json.loads(html.unescape(state)) for state in _QUIZ.findall(text)]
    exercises = len(_TITLE.findall(text))
    if not quizzes and not exercises:
        return None
    name = quizzes[0]["name"] if quizzes else ""
    questions = len(quizzes[0]["questions"]) if quizzes else 0
    title = _NAME.search(text)[1].strip()
    return Tasks(page.removesuffix(".html"), title, name, questions, exercises, minutes(text))


def minutes(text):
    """Return how long the page's text and code take to read, to five minutes, from their length."""
    page = BeautifulSoup(text, "lxml")
    article = page.select_one("article.bd-article") or page
    code = [line for cell in article.select(".cell_input pre") for line in cell.get_text().splitlines()]
    for other in article.select("pre, .cell_output, noscript, script, svg"):
        other.decompose()
    words = len(article.get_text(" ").split())
    return max(5, 5 * round((words / WORDS + sum(map(bool, code)) / LINES) / 5))


def add(text, page, everything):
    """Return a page with its boxes and its line; the page with the place for it, with the list of all.

    Parameters
    ----------
    text, page : str
        The page and its path.
    everything : dict
        Path to `Tasks` of all pages that ask something, in reading order.
    """
    text = text.replace(_PLACE, _PLACE + _list(everything.values()), 1)
    tasks = everything.get(page)
    if tasks is None:
        return text
    text = _TITLE.sub(_with_box, text)
    line = tasks.line("p", f"About {tasks.minutes} minutes to read. ")
    return _OPENING.sub(lambda found: found[1] + line, text, count=1)


def _with_box(found):
    box = f'<label class="course-done"><input type="checkbox" data-exercise="{found[2]}"> done</label>'
    return found[1] + box


def _list(everything):
    rows = (
        tasks.line("li", f'<a href="{tasks.page.rpartition("/")[2]}.html">{tasks.title}</a> ')
        for tasks in everything
    )
    return f"<ol>{''.join(rows)}</ol>"
