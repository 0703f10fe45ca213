"""The last pass, over the written site: each page is cleaned, and the files it needs are put beside it."""

import re
import shutil
from functools import partial
from pathlib import Path

from nbcourse.site import policy
from nbcourse.site.toc import documents
from sphinx.util import logging

from course import (
    figures,
    formulas,
    icons,
    images,
    media,
    paint,
    plans,
    previews,
    road,
    scripts,
    search,
    styles,
    tables,
    tasks,
    uses,
)

logger = logging.getLogger(__name__)
UNUSED = (
    "scripts/fontawesome.js",
    "scripts/fontawesome.js.LICENSE.txt",
    "vendor/fontawesome",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
    "locales",
    "sphinx-thebe.js",
    "sphinx-thebe.css",
    "clipboard.min.js",
    "copybutton.js",
    "copybutton_funcs.js",
    "copybutton.css",
    "copy-button.svg",
    "check-solid.svg",
    "searchtools.js",
    "language_data.js",
)
# The markup of a reference list claims roles that its parts may not have (axe: aria-required-children).
_ROLES = re.compile(r' role="(?:list|doc-biblioentry|listitem)"(?=[^>]*citation)| role="doc-biblioentry"')
_IDS = re.compile(r' id="(?:exercise|solution|proof)-content"| id="proof"')  # the same on every box
_PLAIN = re.compile(
    r'<span class="(?:n|p|w)">([^<]*)</span>'
)  # names and signs: no colour, half the elements
_TOGGLE = '<summary><span class="toctree-toggle"'  # an arrow alone: it needs a name
_LIST = re.compile(r'<div role="list" class="citation-list">')
_DONE = "<!-- finished -->"
_STYLE = "styles/pydata-sphinx-theme.css"


def finish(app, error):
    """Clean every page and complete ``_static``; do nothing after a failed build or for another format."""
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    static = site / "_static"
    library = _read(static / "scripts/fontawesome.js")
    files, used = _figure_files(static), {"xmark"}  # the search's close button is made by a script
    written, fresh = _in_order(app, site), {}
    asked, known = _asked(written), previews.known(written)
    for path in sorted(site.rglob("*.html")):
        page, html = path.relative_to(site).as_posix(), _read(path)
        used |= icons.names(html)
        if not page.startswith("_static/") and _DONE not in html:  # else: an earlier build that still holds
            html = previews.add(_clean(html, page, site, files), known)
            html = road.foot(html, page, lambda name: _read(site / name), asked)
            html = plans.fill(html, asked)
            fresh[page] = tasks.add(html, page, asked)
    _write_icons(static, used, library)
    read = {page: fresh.get(page, html) for page, html in _in_order(app, site).items()}
    _write(static, search.INDEX, search.script(search.index(read)))
    links = uses.read(read)
    fresh = {page: uses.add(html, page, links) for page, html in fresh.items()}
    for page, html in formulas.add(fresh, partial(_write, static)).items():
        for part in (styles, scripts):
            html = part.bundle(html, page, lambda name: _read(static / name), partial(_write, static))
        _write(site, page, paint.hurry(tables.jointed(html)).replace("</head>", f"{_DONE}\n</head>", 1))
    _remove_unused(static)
    _index(app, site)


def _clean(html, page, site, files):
    """Return a page as it is to be read, all but its style sheets."""
    html = scripts.clean(html, page, partial(_write, site / "_static"))
    html = search.anchored(html) if page == search.NOTATION else html
    html = _ROLES.sub("", _LIST.sub('<div class="citation-list">', html))
    html = _PLAIN.sub(r"\1", _IDS.sub("", html))
    html = html.replace(_TOGGLE, _TOGGLE.replace("<summary", '<summary aria-label="More of this chapter"'))
    html = media.extract(html, page, partial(_write, site / "_static"))
    html = tables.scoped(images.complete(html, page, site))
    try:
        return figures.add(html, page, files)
    except KeyError as missing:
        logger.warning("%s holds the figure %s, which nbcourse.widgets does not have", page, missing)
        return html


def _asked(written):
    """Return {page: what it asks of the reader}, in reading order."""
    found = {name: tasks.read(html, name) for name, html in written.items()}
    return {name: what for name, what in found.items() if what}


def _in_order(app, site):
    """Return {path: HTML} of the book's pages, in reading order."""
    names = [f"{Path(name).with_suffix('')}.html" for name in documents(app.srcdir)]
    return {name: _read(site / name) for name in names}


def _figure_files(static):
    from nbcourse.widgets.static import write

    return write(static)


def _write_icons(static, used, library):
    """Replace Font Awesome by the icons in use (nothing to do when an earlier pass already did)."""
    if not library:
        return
    css, unknown = icons.stylesheet(used, library)
    if unknown:
        logger.warning("icons that the theme's Font Awesome does not have: %s", ", ".join(unknown))
    _write(static, _STYLE, icons.without_glyphs(_read(static / _STYLE)) + css)


def _remove_unused(static):
    for name in UNUSED:
        target = static / name
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    for path in static.rglob("*.map"):
        path.unlink()


def _index(app, site):
    """Write ``index.html`` as a plain way to the first page, for folders and hosts that look for it."""
    first = app.config.root_doc
    if first == "index":
        return
    title = app.config.html_title or app.config.project
    _write(
        site,
        "index.html",
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n{policy.META}\n'
        f"<title>{title}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={first}.html">\n'
        f'<link rel="canonical" href="{first}.html">\n<main><h1>{title}</h1>'
        f'<p><a href="{first}.html">Start reading</a></p></main>\n</html>\n',
    )


def _read(path):
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def setup(app):
    """Run last, when every other extension has written its files."""
    app.connect("build-finished", finish, priority=950)
