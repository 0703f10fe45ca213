"""The parts of the book's Sphinx extension that are plain functions."""

import base64
import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from nbcourse.site import Repository, policy

from .book_site import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from course import (
    alt,
    cells,
    description,
    docstrings,
    drawings,
    figures,
    header,
    icons,
    images,
    numbers,
    paint,
    plain,
    published,
    reading,
    road,
    scripts,
    spaces,
    styles,
    tables,
    tasks,
)

SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt"
 viewBox="0 0 72 36">
<metadata>when</metadata><style>*{stroke: red} .a, .b{fill: blue}</style>
<defs><clipPath id="clip"><rect/></clipPath><path id="mark"/></defs>
<g clip-path="url(#clip)" style="fill: #747c86"><use xlink:href="#mark"/><text fill="#0666e8">é</text></g>
</svg>"""


def test_a_drawing_is_ready_for_a_page():
    root = ElementTree.fromstring(drawings.inline(SVG, 'Says "so"', "p1"))
    assert root.attrib | {"role": "img", "aria-label": 'Says "so"', "id": "p1"} == root.attrib
    assert (root.get("width"), root.get("height")) == ("96", "36")
    text = ElementTree.tostring(root, encoding="unicode")
    assert "metadata" not in text and "#747c86" not in text and "#0666e8" in text
    assert "fill: currentColor" in text and "é" in text
    assert "#p1 *{stroke: red}" in text and "#p1 .a,#p1 .b{fill: blue}" in text
    assert "url(#p1-clip)" in text and "#p1-mark" in text and 'id="p1-mark"' in text


def test_a_drawing_needs_no_more_bytes_than_it_shows():
    from PIL import Image

    pixels, png = Image.effect_noise((40, 40), 60).convert("RGBA"), io.BytesIO()
    pixels.save(png, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
    path = '<path d="M 1.23456 -0.00123 L 12.5 1.23e-05" transform="scale(0.015625)"/>'
    picture = f'<image xlink:href="{address}" width="40.123456"/>'
    text = drawings.inline(SVG.replace("<metadata>", f"{path}{picture}<metadata>"), "x", "p")
    assert 'd="M 1.23 0 L 12.5 1.23e-05"' in text and "scale(0.015625)" in text and 'width="40.12"' in text
    found = re.search(r'"data:image/webp;base64,([^"]+)"', text)[1]
    assert Image.open(io.BytesIO(base64.b64decode(found))).convert("RGBA").tobytes() == pixels.tobytes()
    assert len(found) < len(address)


def test_a_broken_drawing_is_refused():
    with pytest.raises(ElementTree.ParseError):
        drawings.inline("<svg", "x", "p")


@pytest.mark.parametrize("text", ["", "  ", None, "a/b.svg", "_build/x.png", "plot.PNG", "same"])
def test_what_is_no_description(text):
    assert not alt.is_description(text, "same")


def test_what_is_a_description():
    assert alt.is_description("The loss falls and then levels off.", "a.svg")


@pytest.mark.parametrize(
    "line, expected",
    [
        ("The absolute value |x|, as ``|x|``.", r"The absolute value \|x\|, as ``|x|``."),
        ("| a | b |", "| a | b |"),
        (r"already \|x\|", r"already \|x\|"),
        ("x: (*, in), (N, *) and a * b, ``(*, in)``", r"x: (\*, in), (N, \*) and a * b, ``(*, in)``"),
        ("of *all* sizes (*, *size)", r"of *all* sizes (\*, \*size)"),
    ],
)
def test_bars_and_stars_in_docstrings_are_what_they_are(line, expected):
    assert docstrings.plain(line) == expected


@pytest.mark.parametrize(
    "tex, expected",
    [
        (r"-\log p", "-log p"),
        (r"\log(1 + \exp x)", "log(1 + exp x)"),
        (r"\alpha x", "αx"),
        (r"\partial L / \partial w_j", "∂L/∂w_j"),
    ],
)
def test_a_formula_is_written_as_one_types_it(tex, expected):
    assert plain.formula(tex) == expected


PAGE = """<html><head><script data-cfasync="false">theme()</script>
<script src="_static/documentation_options.js"></script>
<script src="https://elsewhere.org/require.min.js"></script>
<link href="https://elsewhere.org/a.css" rel="stylesheet">
<script>let a = 1;</script><script src="_static/b.js"></script><script>let c = 2;</script>
<script>let a = 1;</script></head>
<body><p>&lt;script&gt;</p><script type="application/json">{}</script><script>late()</script></body></html>"""


def test_scripts_become_files_in_their_order():
    files = {}
    html = scripts.clean(PAGE, "book/a.html", files.__setitem__)
    assert sorted(files.values()) == ["late()\n", "let a = 1;\nlet c = 2;\n"]
    assert "elsewhere" not in html and "theme()" not in html
    assert (
        html.index("mode.js")
        < html.index("documentation_options.js")
        < html.index("inline/")
        < html.index("b.js")
    )
    assert html.count("../_static/inline/") == 2 and "{}</script>" in html and "&lt;script&gt;" in html
    assert '<script src="../_static/mode.js">' in html and '<script defer src="_static/b.js">' in html


def test_icons_are_drawn_from_the_library():
    library = (
        '{"rectangle-list":[1,2,[],"f0","M9"],"list":[512,256,[1,"ul"],"f03a","M1 2"],'
        'xmark:[3,4,[],"f0","M"]}'
    )
    html = (
        '<i class="theme fa-solid fa-list fa-lg"></i><span class="fas fa-xmark"></span><p class="fast"></p>'
    )
    assert icons.names(html) == {"list", "xmark"}
    css, unknown = icons.stylesheet({"list", "nothing"}, library)
    assert unknown == ["nothing"] and "viewBox='0 0 512 256'" in css and "d='M1 2'" in css


def test_the_theme_loses_its_icon_font_and_nothing_else():
    css = (
        'html{--pst-icon-x:"\\f00"}@font-face{font-family:Font Awesome\\ 6 Free;src:url(a)}.fa-a:before,'
        '.fa-b:before{content:"\\f1"}.note:after{content:var(--pst-icon-x);font:var(--fa-font-solid)}p{color:red}'
    )
    assert icons.without_glyphs(css) == 'html{--pst-icon-x:"\\f00"}p{color:red}'


def test_images_keep_their_place(tmp_path):
    from PIL import Image

    (tmp_path / "_images").mkdir()
    Image.new("RGB", (30, 20)).save(tmp_path / "_images" / "a.png")
    html = images.complete('<img alt="words" src="../_images/a.png" />', "book/a.html", tmp_path)
    assert html == '<img alt="words" src="../_images/a.png" width="30" height="20" loading="lazy">'


def test_only_pages_with_figures_load_scripts():
    files = {"Quiz": ["figures/runtime.js", "figures/Quiz.js"]}
    assert figures.add("<head></head>", "a.html", files) == "<head></head>"
    html = figures.add('<head></head><div data-figure="Quiz"></div>', "book/a.html", files)
    assert html.index("../_static/figures/figures.css") < html.index("../_static/figures/Quiz.js")
    with pytest.raises(KeyError, match=r"no scripts for Other; .* nbcourse\.widgets\.static\.FIGURES"):
        figures.add('<div data-figure="Other"></div>', "a.html", files)


def test_the_first_figure_that_is_no_quiz_has_a_link_at_the_top():
    files = {name: ["figures/runtime.js"] for name in ("Quiz", "Kernel")}
    figure = '<div class="nbc-figure" data-figure="{}"></div>'
    top = '<head></head><div id="pst-skip-link" class="skip-link d-print-none"><a href="#main">Skip</a></div>'
    page = figures.add(top + figure.format("Quiz") + figure.format("Kernel") * 2, "a.html", files)
    assert page.count('<a href="#course-first-figure">') == page.count('id="course-first-figure"') == 1
    assert '<div class="nbc-figure" id="course-first-figure" tabindex="-1" data-figure="Kernel">' in page
    assert page.count('class="skip-link d-print-none"') == 2
    assert "course-first-figure" not in figures.add(top + figure.format("Quiz"), "a.html", files)


def test_style_sheets_become_one_whose_addresses_still_lead_there():
    sheets = {
        "a.css": "a{background:url(b.png)}",
        "styles/c.css": '@import "../h.css";\nc{d:url("../e.svg") url(data:f) url(#g)}',
        "h.css": "i{j:url(k.svg)}",
    }
    links = "".join(
        f'<link rel="stylesheet" type="text/css" href="../_static/{name}?v=1" />' for name in list(sheets)[:2]
    )
    files = {}
    page = f'<head><link rel="icon" href="../_static/i.svg">{links}</head>'
    html = styles.bundle(page, "book/p.html", sheets.__getitem__, files.__setitem__)
    ((name, text),) = files.items()
    assert html.count("stylesheet") == 1 and f'href="../_static/{name}"' in html and "i.svg" in html
    assert text == (
        'a{background:url("../b.png")}\n'
        'i{j:url("../k.svg")}\nc{d:url("../styles/../e.svg") url(data:f) url(#g)}'
    )


def test_what_the_first_paint_waits_for_is_asked_for_before_the_policy():
    style, mode = '<link rel="stylesheet" href="../b.css">', '<script src="../_static/mode.js"></script>'
    html = paint.hurry(f'<head><meta charset="utf-8" />\n<title>T</title>{mode}\n{style}</head>')
    early = '<link rel="preload" as="style" href="../b.css">'
    places = [html.index(part) for part in ("charset", early, mode, policy.META, "<title>", style)]
    assert places == sorted(places) and html.count("mode.js") == 1


def test_scripts_that_all_pages_share_become_one():
    sources = {"a.js": "const a = 1", "sub/b.js": "(function () {})();", "inline/c.js": "let c;"}
    tags = "".join(f'<script defer src="../_static/{name}?v=1"></script>\n' for name in sources)
    others = [
        '<script defer src="../_static/figures/Quiz.js"></script>',
        '<script defer data-x="y" src="../_static/tabs.js"></script>',
        '<script src="../_static/mode.js"></script>',
        '<script defer src="../searchindex.js"></script>',
    ]
    page = f'<head><link rel="preload" as="script" href="../_static/a.js">{tags}{"".join(others)}</head>'
    files = {}
    html = scripts.bundle(page, "book/p.html", sources.__getitem__, files.__setitem__)
    ((name, text),) = files.items()
    assert text == "const a = 1\n;\n(function () {})();\n;\nlet c;\n"
    assert f'<script defer src="../_static/{name}"></script>' in html and "preload" not in html
    assert all(other in html for other in others) and html.count("<script") == len(others) + 1


def test_ways_to_run_a_page():
    repo = Repository("https://github.com/a/b", "main")
    assert header.ways("book/a.md", None, repo) is None
    ways = header.ways("book/05b-a.ipynb", "../_sources/05b-a.ipynb", repo)
    assert ways == {
        "notebook": "../_sources/05b-a.ipynb",
        "colab": None,  # the notebook does not know where to install the package from
        "command": "make lab OPEN=05b-a",
    }
    assert header.ways("book/a.ipynb", "a.ipynb", repo, colab=True)["colab"].endswith(
        "a/b/blob/main/book/a.ipynb"
    )
    assert header.ways("book/a.ipynb", "a.ipynb", None, colab=True)["colab"] is None


@pytest.mark.parametrize("address, knows", [("", False), ("https://github.com/a/b", True)])
def test_colab_is_offered_only_by_a_notebook_that_can_install_the_package(tmp_path, address, knows):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"source": [f'REPOSITORY = "{address}"\n']}]}))
    assert header.installs_itself(path) is knows


def test_pages_without_a_number_count_their_own_figures():
    given = {
        "book/01-neurons": {"figure": {"a": (1, 1), "b": (1, 2)}},
        "book/results": {"table": {"c": (4,), "d": (5,)}, "figure": {"e": (6,)}},
        "book/keras": {"figure": {"f": (7,)}},
    }
    numbers.letter(None, SimpleNamespace(toc_fignumbers=given))
    assert given == {
        "book/01-neurons": {"figure": {"a": (1, 1), "b": (1, 2)}},
        "book/results": {"table": {"c": (1,), "d": (2,)}, "figure": {"e": (1,)}},
        "book/keras": {"figure": {"f": ("K", 1)}},
    }


CHAPTER = """<article class="bd-article"><h1>A chapter: more</h1><p>Text.</p><section id="first"></section>
<div class="exercise admonition" id="one">

<p class="admonition-title"><span>Exercise 1</span> (One)</p></div><section id="second"></section>
<div data-figure="Quiz" data-state="{&quot;name&quot;:&quot;q&quot;,&quot;questions&quot;:[1,2]}">
</article>"""


def test_a_chapter_counts_what_it_asks():
    asked = tasks.read(CHAPTER, "book/c.html")
    assert asked == tasks.Tasks("book/c", "A chapter: more", "q", 2, 1, 5)
    assert tasks.read("<h1>Nothing</h1>", "book/n.html") is None
    page = tasks.add(CHAPTER, "book/c.html", {"book/c.html": asked})
    assert page.count("course-progress") == 1 and "course-road" not in page
    assert page.index("</h1>") < page.index("5 minutes to read") < page.index("Text.")
    assert "<span>2 quiz questions, 1 exercise</span>" in page
    assert '(One)<label class="course-done"><input type="checkbox" data-exercise="one">' in page


@pytest.fixture
def everything():
    """Two chapters, the second in two parts, and an appendix."""
    pages = ("01-one", "02-two", "02b-three", "keras")
    return {f"book/{name}.html": tasks.read(CHAPTER, f"book/{name}.html") for name in pages}


def test_the_first_page_has_all_chapters_and_a_first_step(everything):
    start = (
        '<div class="course-start docutils">\n<p><a class="x" href="01-one.html"><span>Start</span></a></p>'
    )
    page = tasks.add(
        f'{start}<div class="course-overview docutils">{road.PLACE}', "book/index.html", everything
    )
    assert "Start</span></a><small>5 minutes to read</small>" in page
    assert page.count('<li class="course-progress" data-page=') == 4
    assert 'href="01-one.html">A chapter: more</a> <small>5 min<' in page
    stations = page.partition("course-road")[2]
    assert stations.count("<li") == 2 and "<b>2</b> <span>A chapter</span><small>10 min<" in stations
    assert "aria-current" not in stations


def test_a_chapter_says_where_it_stands(everything):
    page = tasks.add(CHAPTER, "book/02b-three.html", everything)
    assert "Chapter 2 of 2, part 2 of 2 · 5 minutes to read · <span>" in page
    assert page.count("aria-current") == 1 and 'href="02-two.html" aria-current="step"' in page
    assert road.where("book/01-one", everything) == "Chapter 1 of 2"
    assert road.where("book/keras", everything) == ""


def test_the_foot_says_what_comes_next(everything):
    pages = {"book/02-two.html": '<meta name="description" content="Of &lt;two&gt;.">', "a.html": ""}
    foot = '<p class="course-next-about" data-page="{}"></p>'
    found = road.foot(foot.format("02-two.html"), "book/01-one.html", pages.__getitem__, everything)
    assert found == '<p class="course-next-about">5 minutes to read. Of &lt;two&gt;.</p>'
    assert road.foot(foot.format("../a.html"), "book/x.html", pages.__getitem__, everything).endswith("></p>")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Short and whole.", "Short and whole."),
        (
            f"One sentence, long enough to tell something. {'Word ' * 60}",
            "One sentence, long enough to tell something.",
        ),
        (f"Version 2.0 is {'a ' * 149}long", f"Version 2.0 is {'a ' * 142}…"),
    ],
)
def test_a_description_ends_with_a_sentence(text, expected):
    assert description.shortened(text) == expected


def test_a_wrong_address_leads_to_the_first_page():
    page = published.not_found("A & B", "https://example.org/course/")
    assert 'href="https://example.org/course/"' in page and "<p>A &amp; B</p>" in page
    assert "src=" not in page and "<script" not in page


def test_the_sitemap_names_every_page_in_full():
    tree = ElementTree.fromstring(published.sitemap("https://example.org/c/", ["book/a.html", "book/b.html"]))
    assert [url[0].text for url in tree] == [f"https://example.org/c/book/{name}.html" for name in "ab"]


@pytest.mark.parametrize("given, expected", [("", ""), ("https://x.org/c", "https://x.org/c/")])
def test_the_address_of_the_book(monkeypatch, given, expected):
    monkeypatch.setenv(published.VARIABLE, given)
    assert published.address() == expected


def test_an_address_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv(published.VARIABLE, "example.org")
    with pytest.raises(ValueError, match=r"NBCOURSE_BOOK_URL: expected .* https://, got 'example.org'"):
        published.address()


def test_a_published_book_has_cards_and_canonical_addresses(tmp_path, monkeypatch):
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    monkeypatch.setenv(published.VARIABLE, "https://example.org/course")
    (tmp_path / "index.rst").write_text("Start\n=====\n\nThis is what the course is about.\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    settings = {"html_title": "A book", "extensions": ["course.published"], "html_logo": "logo.svg"}
    for name in ("logo.svg", published.LOGO, published.SMALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / "book" / "_static" / Path(name).name).read_bytes())
    out, told = tmp_path / "out", io.StringIO()
    folders = tmp_path, None, out, tmp_path / "trees"
    with patch_docutils(), docutils_namespace():  # another test of this process may start Sphinx, too
        Sphinx(*folders, "html", settings, status=None, warning=told).build()
    assert told.getvalue() == "", "the build of the published book would fail"
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/course/index.html"' in page
    assert '<meta property="og:site_name" content="A book" />' in page
    assert '<meta property="og:description" content="This is what the course is about.">' in page
    assert page.count("og:description") == 1 == page.count("og:image:alt")
    (card,) = (out / "_images" / "social_previews").glob("*.png")
    assert f'content="https://example.org/course/_images/social_previews/{card.name}"' in page
    assert "https://example.org/course/index.html" in (out / "sitemap.xml").read_text(encoding="utf-8")
    assert "https://example.org/course/sitemap.xml" in (out / "robots.txt").read_text(encoding="utf-8")


def test_minutes_to_read_come_from_what_is_read():
    def minutes(*parts):
        return reading.minutes(f"<article class='bd-article'>{''.join(parts)}</article>")

    words = f"<p>{'word ' * 4000}</p>"
    code = f'<div class="cell_input"><pre>{"x = 1" + chr(10)}</pre></div>' * 300
    assert minutes(words) == 20 and minutes(words, code) == 40
    assert minutes(words, f'<div class="highlight-bash"><pre>{"ls" + chr(10) * 2}</pre></div>' * 150) == 30
    assert minutes(words, '<div class="math">x y z</div>' * 40) == 30
    assert minutes(words, "<figure>A picture</figure>" * 30) == 30
    assert minutes(words, '<span class="math">' + "a " * 9000 + "</span>") == 20
    shown = f'<div class="cell_output"><div class="highlight-none"><pre>{"word " * 9000}</pre></div></div>'
    assert minutes(words, shown, f"<div class='solution'>{words}{code}</div>") == 20


def test_a_stream_that_was_cut_has_no_line_more():
    from nbformat.v4 import new_output

    pieces = ["a\nb", "\nc\n", "\n", "d", "\n"]
    outputs = [new_output("stream", name="stdout", text=piece) for piece in pieces]
    (whole,) = cells.in_one_piece(outputs)
    assert whole.text == "a\nb\nc\n\nd\n"
    assert [output.text for output in outputs] == pieces


def test_numbers_stay_on_their_line():
    from docutils import nodes

    page = nodes.paragraph("", "", nodes.Text("7 % of 3 × 12 × 4, x × 3; "), nodes.literal("", "5 % 3"))
    spaces.keep(None, page)
    assert page.astext() == "7_% of 3_×_12_×_4, x × 3; 5 % 3".replace("_", "\N{NO-BREAK SPACE}")


def test_code_may_break_where_it_is_long():
    from docutils import nodes

    def codes():
        return [
            nodes.literal("", text) for text in ("a - b", "x.reshape((2, -1))", "for x, y in batches(X, y)")
        ]

    cell = nodes.entry("", nodes.paragraph("", "", *codes()))
    page = nodes.section("", nodes.paragraph("", "", *codes()), cell)
    spaces.keep(None, page)
    marks = [code["classes"] == ["course-long"] for code in page.findall(nodes.literal)]
    assert marks == [False, False, True, False, True, True]


def test_a_long_name_in_a_table_breaks_between_its_parts():
    short = '<code class="literal"><span class="pre">(n,</span> <span class="pre">m)</span></code>'
    code = '<code class="course-long literal"><span class="pre">F.cross_entropy(x)</span></code> at 0.5'
    assert tables.jointed(f"{code}<table>{short}{code}</table>") == (
        f"{code}<table>{short}{code.replace('F.cross_entropy(x', 'F.<wbr>cross_<wbr>entropy(<wbr>x')}</table>"
    )
