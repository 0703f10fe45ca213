"""How long a page takes to read, from what stands on it: words, code, formulas and figures."""

from bs4 import BeautifulSoup

WORDS, LINES, FORMULAS, FIGURES = 200, 15, 4, 3  # in a minute, read with care; formulas are displayed ones
_CODE = ".cell_input pre, :not(.cell_output) > [class*=highlight-] pre"
_FIGURES = "figure, .nbc-figure, .cell_output :is(img, svg)"
_CLOSED = ".solution, .tag_solution, .course-opening"
_NO_WORDS = ".headerlink, .cell_output, .nbc-figure, noscript, pre, script, style, svg"


def minutes(text):
    """Return the minutes that a page takes to read: a multiple of five, at least five.

    A formula within a line counts as one word. Solutions are left out, because they stay closed, and so are
    outputs of cells and what an interactive figure says: they are looked at, which is counted as a figure.
    """
    page = BeautifulSoup(text, "lxml")
    article = page.select_one("article.bd-article") or page
    _remove(article, _CLOSED)
    code = "\n".join(block.get_text() for block in article.select(_CODE))
    lines = sum(bool(line.strip()) for line in code.splitlines())
    formulas, figures = len(article.select("div.math")), len(article.select(_FIGURES))
    for formula in article.select(".math"):
        formula.replace_with("x" if formula.name == "span" else "")
    _remove(article, _NO_WORDS)
    words = len(article.get_text(" ").split())
    spent = words / WORDS + lines / LINES + formulas / FORMULAS + figures / FIGURES
    return max(5, 5 * round(spent / 5))


def _remove(article, selector):
    for part in article.select(selector):
        if not part.decomposed:
            part.decompose()
