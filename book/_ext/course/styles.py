"""One style sheet for each page in place of a dozen: the browser paints when it has all of them."""

import hashlib
import posixpath
import re

from course.assets import relative

_LINK = re.compile(r'<link\b(?=[^>]*rel="stylesheet")[^>]*href="(?:\.\./)*_static/([^"?]+)[^"]*"[^>]*>\s*')
_URL = re.compile(r"url\(\s*(['\"]?)(?!data:|#|/|\w+:)([^'\")]+)\1\s*\)")

_IMPORT = re.compile(r'@import "([^":]+\.css)";')


def bundle(html, page, read, write):
    """Return ``html`` with its style sheets below ``_static`` joined, in their order, into one file.

    Parameters
    ----------
    html : str
        A whole page.
    page : str
        The page's path below the site's root.
    read, write : callable
        ``read(path)`` and ``write(path, text)`` files below ``_static``.
    """
    names = list(dict.fromkeys(_LINK.findall(html)))
    if not names:
        return html
    text = "\n".join(_whole(name, read) for name in names)
    joined = f"bundle/{hashlib.sha256(text.encode()).hexdigest()[:12]}.css"
    write(joined, text)
    tags = iter([f'<link rel="stylesheet" href="{relative(page, joined)}">\n'])
    return _LINK.sub(lambda _: next(tags, ""), html)


def _whole(name, read):
    """Return a style sheet with those that it imports in their places: each import is one more wait."""
    folder = posixpath.dirname(name)
    css = _moved(read(name), folder)
    return _IMPORT.sub(lambda found: _whole(posixpath.normpath(posixpath.join(folder, found[1])), read), css)


def _moved(css, folder):
    """Return a style sheet whose relative addresses still lead to the same files from ``bundle/``."""
    return _URL.sub(lambda found: f'url("{posixpath.join("..", folder, found[2])}")', css)
