"""One page's article made ready for paper: what asks for a screen goes, answers move to the chapter's end."""

from pathlib import Path
from urllib.parse import urlsplit

_LEFT_OUT = (
    "a.headerlink, nav, button, script, noscript, template, audio, .cell.tag_hide-cell, .cell details.hide, "
    ".course-done, .course-progress, section:has(> .course-overview)"
)
_REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls")  # attributes that hold ids


def article(page, name, names):
    """Return the article of a page (BeautifulSoup), its ids made unique by the page's name.

    Parameters
    ----------
    page : BeautifulSoup
        The page; it is changed.
    name : str
        The page's path below the site's root.
    names : set of str
        The paths of all pages that are printed: links to them stay links, to places of the joined page.
    """
    found = page.select_one("article.bd-article")
    for tag in found.select(_LEFT_OUT):
        tag.decompose()
    _move_answers(page, found)
    stem = Path(name).stem
    for tag in found.find_all(True):
        if tag.name == "a" and "href" in tag.attrs:
            _turn_inside(tag, name, names)
        _rename(tag, stem)
        if tag.name == "details":
            tag["open"] = ""
        if tag.get("loading") == "lazy":
            del tag["loading"]
    found["id"] = stem
    return found


def _move_answers(page, found):
    """Put solutions and the answers of quizzes into a section at the end, in their order."""
    solutions, answers = found.select("div.solution"), found.select("details.nbc-answer")
    if not solutions and not answers:
        return
    end = page.new_tag("section")
    end.append(_text(page, "h2", "Solutions"))
    end.extend([solution.extract() for solution in solutions])
    if answers:
        end.append(_text(page, "h3", "The quiz"))
    for answer in answers:
        position = answer.parent.select_one(".nbc-position")
        end.append(_text(page, "p", position.get_text() if position else "", **{"class": "nbc-position"}))
        answer.summary.decompose()
        end.append(answer.extract())
        answer.name = "div"
    (found.section or found).append(end)


def _text(page, name, text, **attributes):
    tag = page.new_tag(name, attrs=attributes)
    tag.string = text
    return tag


def _rename(tag, stem):
    """Put the page's name before an element's id, and before the ids that it names."""
    for name, value in tag.attrs.items():
        if name == "id":
            tag[name] = f"{stem}--{value}"
        elif name in _REFERRING:
            tag[name] = " ".join(f"{stem}--{one}" for one in str(value).split())
        elif name == "xlink:href" or (name == "href" and tag.name == "use"):  # a part of a drawing
            tag[name] = value.replace("#", f"#{stem}--", 1) if value.startswith("#") else value
        elif "url(#" in value:
            tag[name] = value.replace("url(#", f"url(#{stem}--")
    if tag.name == "style" and (drawing := tag.find_parent("svg", id=True)):  # renamed before its parts
        tag.string = tag.get_text().replace(
            f"#{drawing['id'].removeprefix(f'{stem}--')}", f"#{drawing['id']}"
        )


def _turn_inside(link, name, names):
    """Let a link lead to a place of the joined page; one to a file that is not printed becomes text."""
    parts = urlsplit(link["href"])
    if parts.scheme or parts.netloc:
        return
    target = (Path(name).parent / parts.path).as_posix() if parts.path else name
    if target not in names:
        link.name = "span"
        del link["href"]
    else:
        stem = Path(target).stem
        link["href"] = f"#{stem}--{parts.fragment}" if parts.fragment else f"#{stem}"
