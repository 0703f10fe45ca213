"""Where a term is used or a work is cited: links under its entry, so that a look-up leads to the text."""

import re
from posixpath import basename

from course import road
from course.previews import GLOSSARY

BIBLIOGRAPHY = "book/bibliography.html"
CHAPTERS, SECTIONS = 3, 6  # at most: a term has one link for each chapter, a work one for each section
_HEADING = r'<h[1-6]>(?:<span class="section-number">[^<]*</span>)?(.+?)<a class="headerlink" href="#([^"]+)"'
_LINK = r'<a class="reference internal" href="(?:glossary|bibliography)\.html#([^"]+)"'
_MARK = re.compile(f"{_HEADING}|{_LINK}")
_TERM = re.compile(r"<dt id=(?:(?!<dd>).)*<dd>.*?</dd>", re.DOTALL)  # one definition may have several names
_WORK = re.compile(r'<div class="citation" id=.*?</p>', re.DOTALL)
_ID = re.compile(r' id="([^"]+)"')


def read(pages):
    """Return every link to an entry as (the entry's id, the chapter it stands in, a link to its section).

    ``pages`` is {path: HTML} in reading order. Outside the chapters the page's title stands for "Chapter 1".
    """
    found = []
    for path, html in pages.items():
        chapter = section = ""
        for title, anchor, entry in _MARK.findall(html):
            if entry:
                found.append((entry, chapter, section))
                continue
            chapter = chapter or road.chapter(path) or title
            name = title if title == chapter else f"{chapter}: {title}"
            section = f'<a href="{basename(path)}#{anchor}">{name}</a>'
    return found


def add(html, page, uses):
    """Return a page; under each entry of the glossary and the bibliography stand its ``uses`` from `read`."""
    if page == GLOSSARY:
        return _TERM.sub(lambda term: term[0] + _told(term[0], uses, "dd"), html)
    if page == BIBLIOGRAPHY:
        return _WORK.sub(lambda work: work[0] + _told(work[0], uses, "p"), html)
    return html


def _told(entry, uses, tag):
    names, first = _ID.findall(entry), {}
    for name, chapter, section in uses:
        if name in names:
            first.setdefault(chapter if tag == "dd" else section, section)
    links = list(first.values())[: CHAPTERS if tag == "dd" else SECTIONS]
    return f'\n<{tag} class="course-uses">{" · ".join(links)}</{tag}>' if links else ""
