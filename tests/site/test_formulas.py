"""Formulas are drawn while the book is built: what is drawn, what is refused, and the fonts that are left."""

import re
import sys
from io import BytesIO

import pytest
from sphinx.errors import ExtensionError

from .book_site import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from course import formulas

PAGE = r"""<head></head><p>As <span class="math notranslate nohighlight">\(a &lt; \mathbb{R}\)</span>.</p>
<div class="math notranslate nohighlight" id="equation-x">
<span class="eqno">(1)<a class="headerlink" href="#equation-x">#</a></span>\[\begin{aligned} y &amp;= 1
\end{aligned}\]</div><pre>\(no formula\)</pre>"""


def test_the_formulas_of_a_page():
    assert formulas.formulas(PAGE) == [
        (r"a < \mathbb{R}", False),
        ("\\begin{aligned} y &= 1\n\\end{aligned}", True),
    ]


def test_they_are_drawn_where_they_stand_and_can_be_heard():
    from fontTools.ttLib import TTFont

    files = {}
    pages = formulas.add({"book/p.html": PAGE, "plain.html": "<head></head>"}, files.__setitem__)
    page = pages["book/p.html"]
    assert page.count("<mjx-container") == page.count("<math ") == 2 and r"\(a" not in page
    assert re.search(r'<mi[^>]* mathvariant="double-struck"[^>]*>R</mi>', page)
    assert '(1)<a class="headerlink" href="#equation-x">#</a></span><mjx-container' in page
    assert re.search(r'As <span class="course-kept"><span class="math[^>]*><mjx-.*</span>\.</span></p>', page)
    assert r"<pre>\(no formula\)</pre>" in page
    assert '<link rel="stylesheet" href="../_static/formulas/formulas.css">' in page
    assert pages["plain.html"] == "<head></head>"
    fonts = {name: TTFont(BytesIO(font)).getBestCmap() for name, font in files.items() if "AMS" in name}
    ((name, signs),) = fonts.items()
    assert f'url("{name.removeprefix("formulas/")}")' in files["formulas/formulas.css"]
    assert ord("R") in signs and ord("Q") not in signs


def test_what_is_no_formula_is_named_with_its_page():
    page = r'<span class="math">\(\frac{1\)</span>'
    with pytest.raises(ExtensionError, match=r"a\.html: MathJax cannot read the formula '\\\\frac\{1'"):
        formulas.add({"b.html": "", "a.html": page}, {}.__setitem__)


def test_signs_are_read_from_the_style_sheet():
    style = r'a{content: "\2212"} b{content: "A"} c{content: "\22C5"} d{content: ""} e{content: "\""}'
    assert formulas.signs(style) - {" "} == set('−A⋅"')
