"""Where a page stands: the road through the chapters at its top, and at its foot what comes next."""

import re
from html import escape
from posixpath import dirname, join, normpath, relpath

_PART = re.compile(r"(?:.*/)?(\d\d)([a-z]?)-[^/]*$")
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')
_NEXT = re.compile(r'<p class="course-next-about" data-page="([^"]*)"></p>')
_NUMBER = re.compile(r'<span class="section-number">.*?</span>')
PLACE = '<div class="course-map docutils">'


def parts(everything):
    """Return {chapter's number: the `Tasks` of its parts}, in reading order."""
    found = {}
    for tasks in everything.values():
        if number := _number(tasks.page):
            found.setdefault(number, []).append(tasks)
    return found


def chapter(page):
    """Return "Chapter 5" for a page of that chapter; "" outside the chapters."""
    number = _number(page)
    return f"Chapter {number}" if number else ""


def name(tasks):
    """Return a page's title without its number."""
    return _NUMBER.sub("", tasks.title).strip()


def where(page, everything):
    """Return in words where a page stands: "Chapter 5 of 9, part 2 of 2"; "" outside the chapters."""
    chapters = parts(everything)
    for tasks in chapters.values():
        pages = [one.page for one in tasks]
        if page in pages:
            part = f", part {pages.index(page) + 1} of {len(pages)}" if len(pages) > 1 else ""
            return f"{chapter(page)} of {max(chapters)}{part}"
    return ""


def line(page, everything, minutes=False):
    """Return the road as a list of links, a station for each chapter, as seen from ``page``.

    Parameters
    ----------
    page : str
        A page without its suffix.
    everything : dict
        Path to `Tasks` of all pages that ask something, in reading order.
    minutes : bool
        Whether a station says how long its chapter takes to read.
    """
    stations = []
    for number, tasks in parts(everything).items():
        here = ' aria-current="step"' if page in [one.page for one in tasks] else ""
        told = f"<small>{sum(one.minutes for one in tasks)} min</small>" if minutes else ""
        pages = " ".join(one.page for one in tasks)
        title = name(tasks[0]).partition(":")[0]
        stations.append(
            f'<li data-pages="{pages}"><a href="{_address(tasks[0].page, page)}"{here} title="{title}">'
            f"<b>{number}</b> <span>{title}</span>{told}</a></li>"
        )
    if not stations:
        return ""
    return f'<nav class="course-road" aria-label="The chapters"><ol>{"".join(stations)}</ol></nav>'


def foot(text, page, read, everything):
    """Return a page whose foot says of the next page how long it takes and what it is about.

    ``read(path)`` is a page of the site; what it is about is the description in its own head.
    """

    def about(found):
        path = normpath(join(dirname(page), found[1]))
        told = _DESCRIPTION.search(read(path))
        time = f"{everything[path].minutes} minutes to read. " if path in everything else ""
        return f'<p class="course-next-about">{time}{told[1] if told else ""}</p>'

    return _NEXT.sub(about, text)


def _number(page):
    named = _PART.match(page)
    return int(named[1]) if named else 0


def _address(page, seen_from):
    return escape(relpath(f"{page}.html", dirname(seen_from) or "."))
