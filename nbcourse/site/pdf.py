"""The whole book as one PDF: the articles of all pages in one, which Chromium prints with its outline."""

from pathlib import Path
from urllib.parse import urlsplit

from nbcourse.site.errors import SiteError
from nbcourse.site.toc import documents

_LEFT_OUT = (
    "a.headerlink, button, script, noscript, template, .cell.tag_hide-cell, .course-done, .course-progress, "
    "section:has(> .course-overview)"
)
_REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls")  # attributes that hold ids
_READY = "document.fonts.ready.then(() => true)"
_FOOT = (
    '<div style="font: 8px sans-serif; color: #555; width: 100%; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
_MINUTES = 10


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
        whole.write_text(joined(site, names), encoding="utf-8")
        _print(whole.as_uri(), path, browser)
    finally:
        whole.unlink(missing_ok=True)
    return len(names)


def joined(site, names):
    """Return one page with the articles of the pages `names` below `site`, and links that stay inside."""
    from bs4 import BeautifulSoup

    pages = {name: BeautifulSoup((site / name).read_text(encoding="utf-8"), "lxml") for name in names}
    first = next(iter(pages.values()))
    articles = [_article(page, name, set(names)) for name, page in pages.items()]
    styles = {str(tag) for page in pages.values() for tag in page.find_all("link", rel="stylesheet")}
    head = "".join(sorted(styles))
    title = first.title.get_text().partition(" — ")[0]
    return (
        '<!doctype html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">'
        f'<title>{title}</title>{head}</head><body><main class="bd-main course-print">'
        f"{''.join(articles)}</main></body></html>"
    )


def _article(page, name, names):
    """Return a page's article as text, its ids made unique by the page's name."""
    article = page.select_one("article.bd-article")
    for tag in article.select(_LEFT_OUT):
        tag.decompose()
    stem = Path(name).stem
    for tag in article.find_all(True):
        if "id" in tag.attrs:
            tag["id"] = f"{stem}--{tag['id']}"
        for attribute in _REFERRING:
            if attribute in tag.attrs:
                tag[attribute] = " ".join(f"{stem}--{one}" for one in str(tag[attribute]).split())
        if tag.name == "a" and "href" in tag.attrs:
            tag["href"] = _inside(tag["href"], name, names)
        if tag.name == "details":
            tag["open"] = ""
        if tag.get("loading") == "lazy":
            del tag["loading"]
    article["id"] = stem
    return str(article)


def _inside(address, name, names):
    """Return an address as a place of the joined page where it leads to one of its parts."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return address
    target = (Path(name).parent / parts.path).as_posix() if parts.path else name
    if target not in names:
        return address
    return f"#{Path(target).stem}--{parts.fragment}" if parts.fragment else f"#{Path(target).stem}"


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
