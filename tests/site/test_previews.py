"""What links carry of where they lead, and what leads back from the glossary and the bibliography."""

import re
import sys

from .book_site import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from course import previews, uses

GLOSSARY = """<dl class="simple glossary"><dt id="term-a">a<a class="headerlink" href="#term-a">#</a></dt>
<dt id="term-b">b</dt><dd><p>Of "two" names.
One text. %s</p></dd><dt id="term-c">c</dt><dd><p>As %s. Short.</p></dd></dl>"""


def test_links_to_terms_carry_the_definition():
    known = previews.terms(GLOSSARY % ("Then more. " * 40, r"\(x\)"))
    assert known["term-a"] == known["term-b"] and known["term-c"] == r"As \(x\). Short."
    assert known["term-a"].startswith('Of "two" names. One text. Then') and len(known["term-a"]) < 330
    link = '<a class="reference internal" href="{}#term-{}">'
    page = "".join(link.format("glossary.html", name) for name in "az") + link.format("", "c")
    found = previews.add(page, known)
    assert found.count("title=") == 2 and 'title="Of &quot;two&quot; names.' in found
    assert 'href="#term-c" title="As x. Short."' in found
    formula = previews.add(link.format("glossary.html", "c") + "</body>", known)
    shown = r'<template id="preview-term-c">As <span class="math">\(x\)</span>. Short.</template>'
    assert formula.endswith(f"{shown}\n</body>")


EQUATION = r"""<div class="math notranslate" id="equation-e">
<span class="eqno">(1.1)<a href="#equation-e">#</a></span>\[a &lt; b,\qquad c \\[2pt] d\]</div>"""


def test_links_to_an_equation_of_another_page_carry_it():
    known = previews.known({"book/a.html": EQUATION, previews.GLOSSARY: GLOSSARY % ("", "")})
    assert known["equation-e"] == r"(1.1) \[a < b,\qquad c \\[2pt] d\]" and "term-a" in known
    link = '<a class="reference internal" href="{}#equation-e">(1.1)</a></body>'
    found = previews.add(link.format("a.html"), known)
    assert 'title="(1.1) a &lt; b,' in found
    shown = r'(1.1) <div class="math">\[a &lt; b,\qquad c \\[2pt] d\]</div>'
    assert found.endswith(f'<template id="preview-equation-e">{shown}</template>\n</body>')
    assert previews.add(link.format(""), known) == link.format(""), "the page itself has it"


TEXT = """<h1><span class="section-number">1. </span>One<a class="headerlink" href="#one">#</a></h1>{}
<h2>First<a class="headerlink" href="#first">#</a></h2>{}
<h2>Second<a class="headerlink" href="#second">#</a></h2>{}"""


def test_terms_and_works_lead_back_to_the_text():
    term, work = (
        f'<a class="reference internal" href="{page}.html#{name}" title="What">'
        for page, name in (("glossary", "term-b"), ("bibliography", "id7"))
    )
    pages = {
        f"book/0{part}-x.html": TEXT.format("", term + work, term + work) for part in ("1", "5", "5b", 6, 7)
    }
    found = uses.read({"book/keras.html": TEXT.format(work, "", "").replace("1. ", "")} | pages)
    glossary = uses.add(GLOSSARY % ("", ""), uses.GLOSSARY, found)
    first = '<a href="0{0}-x.html#first">Chapter {0}: First</a>'
    told = " · ".join(first.format(n) for n in (1, 5, 6))
    assert f'</dd>\n<dd class="course-uses">{told}</dd><dt id="term-c">' in glossary
    assert glossary.count("course-uses") == 1, "a term without links"
    assert previews.terms(glossary) == previews.terms(GLOSSARY % ("", "")), "a preview stays short"
    entry = '<div class="citation" id="id{}"><span class="label">[7]</span>\n<p>A <em>work</em>.</p>\n</div>'
    listed = uses.add(entry.format(7) + entry.format(8), uses.BIBLIOGRAPHY, found)
    (line,) = re.findall(r'</p>\n<p class="course-uses">(.*)</p>\n</div>', listed)
    second = first.replace("first", "second").replace("First", "Second")
    told = ['<a href="keras.html#one">One</a>', first.format(1), second.format(1)]
    assert line.startswith(" · ".join(told))
    assert line.count("<a ") == uses.SECTIONS
    assert uses.add(listed, "book/other.html", found) == listed
