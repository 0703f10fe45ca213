"""Interactive figures: their scripts and styles are written once, and loaded only by pages that hold one.

A link at the page's top leads to the first one, as one leads to the text: else it is a hundred Tabs away.
"""

import re

from course.assets import relative

STYLE = "figures/figures.css"
_FIGURE = re.compile(r'data-figure="(\w+)"')
_FIRST = re.compile(r'<div class="nbc-figure"(?= data-figure="(?!Quiz")\w+")')
_SKIP = re.compile(r'<div[^>]* class="skip-link\b.*?</div>')
_ID = "course-first-figure"


def add(html, page, files):
    """Return ``html`` with the scripts and style sheets of the figures that it holds.

    Parameters
    ----------
    files : dict
        Figure name to paths below ``_static``, in loading order, from ``nbcourse.widgets.static.write``.

    Raises
    ------
    KeyError
        When the page holds a figure that is not in ``files``.
    """
    names = dict.fromkeys(_FIGURE.findall(html))
    if not names:
        return html
    if unknown := [name for name in names if name not in files]:
        raise KeyError(f"{page}: no scripts for {unknown[0]}; name it in nbcourse.widgets.static.FIGURES")
    wanted = [STYLE, *(path for name in names for path in files[name])]
    tags = [_tag(relative(page, path)) for path in dict.fromkeys(wanted)]
    return _with_way(html.replace("</head>", "".join(tags) + "</head>", 1))


def _with_way(html):
    """Return a page with a second link to skip by, to its first figure that is no quiz."""
    html, found = _FIRST.subn(f'<div class="nbc-figure" id="{_ID}" tabindex="-1"', html, count=1)
    link = f'<a href="#{_ID}">Skip to the first interactive figure</a>'
    way = f'\n  <div class="skip-link d-print-none">{link}</div>' if found else ""
    return _SKIP.sub(lambda first: first[0] + way, html, count=1)


def _tag(address):
    if address.endswith(".css"):
        return f'<link rel="stylesheet" href="{address}">\n'
    return f'<script defer src="{address}"></script>\n'
