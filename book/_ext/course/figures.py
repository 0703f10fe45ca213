"""Interactive figures: their scripts and styles are written once, and loaded only by pages that hold one."""

import re

from course.assets import relative

STYLE = "figures/figures.css"
_FIGURE = re.compile(r'data-figure="(\w+)"')


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
    return html.replace("</head>", "".join(tags) + "</head>", 1)


def _tag(address):
    if address.endswith(".css"):
        return f'<link rel="stylesheet" href="{address}">\n'
    return f'<script defer src="{address}"></script>\n'
