"""What a chapter asks of its reader: minutes, boxes to tick its exercises, a line that counts, a list of all.

Ticks and answers stay in the reader's browser, where ``progress.js`` counts them. Without scripts the boxes
are hidden, and line and list still say what there is to do.
"""

import html
import json
import re
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath

from course import reading, road

_TITLE = re.compile(
    r'(<div class="exercise admonition" id="([^"]+)">\s*<p class="admonition-title">.*?)(?=</p>)', re.DOTALL
)
_QUIZ = re.compile(r'data-figure="Quiz" data-state="([^"]*)"')
_TOP = re.compile(r'(<article class="bd-article".*?</h1>)', re.DOTALL)
_NAME = re.compile(r"<h1[^>]*>(.+?)<(?:/h1>|a class=)")
_START = re.compile(r'(<div class="course-start[^>]*>\s*<p><a [^>]*href="([^"#]+)">.*?</a>)', re.DOTALL)
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
    return Tasks(page.removesuffix(".html"), title, name, questions, exercises, reading.minutes(text))


def add(text, page, everything):
    """Return a page with its boxes and its line; the page with the place for it, with the list of all.

    Parameters
    ----------
    text, page : str
        The page and its path.
    everything : dict
        Path to `Tasks` of all pages that ask something, in reading order.
    """
    name = page.removesuffix(".html")
    text = text.replace(_PLACE, _PLACE + _list(everything), 1)
    text = text.replace(road.PLACE, road.PLACE + road.line(name, everything, minutes=True), 1)
    text = _START.sub(
        lambda found: f"{found[1]}<small>{_minutes_of(found[2], page, everything)}</small>", text
    )
    tasks = everything.get(page)
    if tasks is None:
        return text
    text = _TITLE.sub(_with_box, text)
    return _TOP.sub(lambda found: found[1] + _opening(tasks, everything), text, count=1)


def _opening(tasks, everything):
    """Return what stands under a chapter's title: the road, where this page is on it, and what it takes."""
    where = road.where(tasks.page, everything)
    line = tasks.line("p", f"{where and where + ' · '}{tasks.minutes} minutes to read · ")
    way = road.line(tasks.page, everything) if where else ""
    return f'<div class="course-opening">{way}{line}</div>'


def _minutes_of(address, page, everything):
    """Return "70 minutes to read" for the page that a link on ``page`` leads to; "" when it asks nothing."""
    tasks = everything.get(normpath(join(dirname(page), address)))
    return f"{tasks.minutes} minutes to read" if tasks else ""


def _with_box(found):
    box = f'<label class="course-done"><input type="checkbox" data-exercise="{found[2]}"> done</label>'
    return found[1] + box


def _list(everything):
    firsts = {tasks[0].page: number for number, tasks in road.parts(everything).items()}
    row = '<b>{}</b><a href="{}.html">{}</a> <small>{} min</small> '
    rows = (
        tasks.line("li", row.format(firsts.get(page, ""), basename(page), road.name(tasks), tasks.minutes))
        for page, tasks in ((tasks.page, tasks) for tasks in everything.values())
    )
    return f"<ol>{''.join(rows)}</ol>"
