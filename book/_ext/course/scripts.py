"""No inline script, nothing from another host, few files: what the theme writes into a page, in order.

A strict Content-Security-Policy then needs no exception, and a page needs one request for a dozen scripts.
"""

import hashlib
import re

from course.assets import relative

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>\s*", re.DOTALL | re.IGNORECASE)
_UNUSED = re.compile(
    r"THEBE_JS_URL|thebe|^kernelName =|require(?:\.min)?\.js|https?://"  # for, or from, other hosts
    r"|fontawesome\.js"  # the icons are CSS
    r"|window\.MathJax ="  # formulas are drawn already
    r"|clipboard\.min\.js|copybutton\.js"  # copy.js takes their place
    r"|(?:searchtools|language_data|searchindex)\.js"  # the search page brings its own
    r"|DOCUMENTATION_OPTIONS\.(?:pagename|theme_version|theme_switcher|show_version)"  # version switcher
    r"|widget-state\+json",
)
_UNUSED_LINK = re.compile(
    r'<link\b[^>]*(?:thebe|require|copybutton)[^>]*>\s*|<link\b[^>]*href="https?://[^>]*>\s*'
)
_JOINED = re.compile(
    r'<script defer src="(?:\.\./)*_static/(?!figures/|search/)([^"?]+)[^"]*"></script>\s*'
)  # those with further attributes look for their own tag; the search is one page's
_PRELOAD = re.compile(r'<link rel="preload" as="script"[^>]*>\s*')
_OPTIONS = re.compile(r"<script[^>]*documentation_options\.js[^>]*></script>\n")


def clean(html, page, write):
    """Return ``html`` without inline or foreign scripts; the rest are deferred: nothing delays painting.

    Parameters
    ----------
    html : str
        A whole page.
    page : str
        The page's path below the site's root.
    write : callable
        ``write(path, text)`` puts a file below ``_static``.
    """
    html = _UNUSED_LINK.sub("", html)
    head, end, body = html.partition("</head>")
    head, settings = _take(head, page)
    if settings:  # the settings of later scripts; they extend the options that Sphinx writes
        tag = _file(settings, page, write)
        head, found = _OPTIONS.subn(lambda options: options[0] + tag, head, count=1)
        head = head if found else head + tag
    body, late = _take(body, page)
    if late:
        body = body.replace("</body>", _file(late, page, write) + "</body>")
    return head + end + body


def _take(html, page):
    """Return ``html`` without its inline scripts, and these scripts in order, each once."""
    inline = []

    def one(found):
        attributes, text = found[1], found[2].strip()
        if "data-cfasync" in attributes:  # the theme's choice of light or dark; ours makes it without a flash
            return f'<script src="{relative(page, "mode.js")}"></script>\n'
        if _UNUSED.search(attributes) or ("src=" not in attributes and _UNUSED.search(text)):
            return ""
        if "json" in attributes:  # data, not a program
            return found[0]
        if "src=" not in attributes:
            inline.append(text)
            return ""
        deferred = attributes if re.search(r"\b(?:defer|async)\b", attributes) else f" defer{attributes}"
        return f"<script{deferred}></script>\n"

    html = _SCRIPT.sub(one, html)
    return html, list(dict.fromkeys(inline))


def _file(scripts, page, write):
    """Write inline scripts as one file, named by its content, and return the tag that loads it."""
    text = "\n".join(scripts) + "\n"
    name = f"inline/{hashlib.sha256(text.encode()).hexdigest()[:12]}.js"
    write(name, text)
    return f'<script defer src="{relative(page, name)}"></script>\n'


def bundle(html, page, read, write):
    """Return ``html`` with the scripts that all pages share joined, in their order, into one file.

    Figures' scripts stay files of their own, so that the file is the same for every page.
    ``read(path)`` and ``write(path, text)`` are files below ``_static``.
    """
    names = list(dict.fromkeys(_JOINED.findall(html)))
    if not names:
        return html
    text = "\n;\n".join(read(name).strip() for name in names) + "\n"  # a file may end without its semicolon
    joined = f"bundle/{hashlib.sha256(text.encode()).hexdigest()[:12]}.js"
    write(joined, text)
    tags = iter([f'<script defer src="{relative(page, joined)}"></script>\n'])
    return _JOINED.sub(lambda _: next(tags, ""), _PRELOAD.sub("", html))
