"""The whole book as one PDF: the articles of all pages in one, which Chromium prints with its outline."""

from datetime import date
from html import escape
from pathlib import Path

from nbcourse.site.article import article
from nbcourse.site.errors import SiteError
from nbcourse.site.toc import documents

_READY = "document.fonts.ready.then(() => true)"
_FOOT = (
    '<div style="font: 8px sans-serif; color: #555; width: 100%; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
_MINUTES = 10
_NOTE = (
    "Printed from the book’s pages. Solutions and the quizzes’ answers stand at the end of each chapter, "
    "interactive figures as they first stand; the code that a page folds away is left to the notebooks."
)


def write_pdf(root, path):
    """Print the built book in ``root`` into the file ``path``; return how many of its pages went in.

    Raises SiteError where the book has not been built, or where there is no browser to print it.
    """
    from nbcourse.browser import find

    root, path = Path(root), Path(path)
    names = [f"{Path(name).with_suffix('')}.html" for name in documents(root)]
    site = root / "_build" / "html"
    if missing := [name for name in names if not (site / name).is_file()]:
        raise SiteError(f"{missing[0]} has not been built: run `make book` (or `nbcourse build`) first.")
    if (browser := find()) is None:
        raise SiteError("No Chromium found to print with: install it, as by apt-get install chromium.")
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = (site / names[0]).with_name("_whole.html")  # beside the pages, for the addresses of pictures
    try:
        whole.write_text(joined(site, names, _author(root)), encoding="utf-8")
        _print(whole.as_uri(), path, browser)
    finally:
        whole.unlink(missing_ok=True)
    return len(names)


def joined(site, names, author=""):
    """Return one page with the articles of the pages `names` below `site`, and links that stay inside."""
    from bs4 import BeautifulSoup

    pages = {name: BeautifulSoup((site / name).read_text(encoding="utf-8"), "lxml") for name in names}
    articles = [article(page, name, set(names)) for name, page in pages.items()]
    styles = {str(tag) for page in pages.values() for tag in page.find_all("link", rel="stylesheet")}
    head = "".join(sorted(styles))
    title = next(iter(pages.values())).title.get_text().partition(" — ")[0]
    return (
        '<!doctype html><html lang="en" class="js" data-theme="light" data-mode="light">'
        f'<head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head><body>'
        f'<main class="bd-main course-print">{_opening(title, author, pages)}'
        f"{''.join(map(str, articles))}</main></body></html>"
    )


def _author(root):
    """Return who wrote the book, as its configuration says."""
    import yaml

    return yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8")).get("author", "")


def _opening(title, author, pages):
    """Return the title page and the list of all chapters."""
    from nbcourse import __version__

    rows = (
        f'<li><a href="#{Path(name).stem}">{escape(page.select_one("article h1").get_text())}</a></li>'
        for name, page in pages.items()
    )
    return (
        f'<section class="course-title"><h1>{escape(title)}</h1><p>{escape(author)}</p>'
        f"<p>Version {__version__}, {date.today():%d %B %Y}</p><p>{_NOTE}</p></section>"
        f'<section class="course-contents"><h1>Contents</h1><ul>{"".join(rows)}</ul></section>'
    )


def _print(address, path, browser):
    from playwright.sync_api import sync_playwright

    from nbcourse.browser import ARGUMENTS

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
        page = chromium.new_page()
        page.set_default_timeout(60_000 * _MINUTES)
        page.goto(address, wait_until="load")
        page.evaluate(_READY)
        page.pdf(
            path=path,
            format="A4",
            outline=True,
            tagged=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=_FOOT,
            margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
        )
        chromium.close()
