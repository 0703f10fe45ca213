"""The search: what people type leads to the place that they mean, from a host and from a disk."""

import pytest

from .book_site import Visit

NAMES = "book/api.html#nbcourse.scratch."
SYMBOL = "book/notation.html#symbol-"
# What is typed; where one of the first three places must lead, or begin to.
WANTED = {
    "softmax": "book/glossary.html#term-softmax",
    "Softmax": NAMES + "nn.Softmax",
    "cross_entropy": NAMES + "nn.functional.cross_entropy",
    "cross entropy": "book/glossary.html#term-cross-entropy",
    "nbcourse.scratch.Tensor": NAMES + "Tensor",
    "Conv2d": NAMES + "nn.Conv2d",
    "scaled_dot_product_attention": NAMES + "nn.functional.scaled_dot_product_attention",
    "scaled dot-product attention": "book/07-transformers.html#scaled-dot-product-attention",
    "ReLU": "book/glossary.html#term-ReLU",
    "AdamW": NAMES + "optim.AdamW",
    "backprop": "book/glossary.html#term-backpropagation",
    "back-propagation": "book/glossary.html#term-backpropagation",
    "vanishing gradient": "book/glossary.html#term-vanishing-gradient",
    "exploding gradients": "book/04-training.html#vanishing-and-exploding-gradients-and-where-you-start",
    "learning rate": "book/glossary.html#term-learning-rate",
    "LSTM": "book/glossary.html#term-LSTM",
    "pocket algorithm": "book/01-neurons.html#neurons-pocket",
    "What is a logit?": "book/glossary.html#term-logit",
    "why does batch normalisation help": "book/05-cnns.html#batch-normalisation-channel-by-channel",
    "normalization": "book/glossary.html#term-normalisation",
    "torch.nn.Linear": NAMES + "nn.Linear",
    "mnist": "book/05-cnns.html#what-it-owes-to-neighbours-mnist-1d",
    "adamw": NAMES + "optim.AdamW",
}
# What is typed; what one meant who finds nothing.
MEANT = {
    "backpropogation": "backpropagation",
    "gradeint descent": "gradient descent",
    "transfomer": "Transformer",
    "qwertzuiop": "",
    "perceptron": "perceptron",
}
# What is typed; what the first place, a row of the notation, says.
SYMBOLS = {
    "η": "the learning rate",
    "eta": "the learning rate",
    "lr": "the learning rate",
    "σ": "the logistic function",
    "sigma": "the logistic function",
    "∂L/∂w": "one partial derivative",
    "W": "a matrix",
    "β₁": "how much of a moving average",
    "h_t": "hidden state",
}


@pytest.fixture(scope="module")
def page(contexts, site):
    with Visit(contexts(), (site / "search.html").as_uri() + "?q=η") as seen:
        seen.page.locator("#search-results li a").first.wait_for()
        assert seen.problems == []
        yield seen.page


@pytest.fixture(scope="module")
def search(page):
    return lambda query: page.evaluate("query => window.courseSearch(query)", query)


def test_what_is_typed_leads_to_what_is_meant(search):
    found = {query: search(query)[:3] for query in WANTED}
    assert {query: found[query] for query, place in WANTED.items() if place not in found[query]} == {}


def test_chapters_and_glossary_stand_before_the_package(search):
    for query in ("mnist", "embedding", "dropout", "linear", "relu"):
        assert not search(query)[0].startswith("book/api.html"), query


def test_a_misspelt_word_is_mended(page):
    found = {query: page.evaluate("query => window.courseNearest(query)", query) for query in MEANT}
    assert found == MEANT


def test_who_misspells_is_asked_what_was_meant(visit):
    with visit("search") as seen:
        seen.page.locator("main form.bd-search input").fill("backpropogation")
        seen.page.keyboard.press("Enter")
        said = seen.page.locator("#search-results [role=status]")
        said.wait_for()
        assert said.inner_text() == "Nothing found. Did you mean backpropagation?"
        said.get_by_role("link").click()
        seen.page.locator("#search-results li").first.wait_for()
        assert seen.page.locator("main form.bd-search input").input_value() == "backpropagation"
        assert seen.problems == []


@pytest.mark.parametrize("width", [390, 1440])
def test_the_magnifier_lies_beside_what_is_typed(visit, width):
    with visit("book/index", width=width) as seen:
        seen.page.keyboard.press("Control+k")
        form = seen.page.locator("dialog form.bd-search")
        field = form.locator("input")
        field.wait_for(state="visible")
        icon, box = form.locator("svg, i").first.bounding_box(), field.bounding_box()
        padding = float(field.evaluate("field => getComputedStyle(field).paddingLeft").removesuffix("px"))
        assert box["x"] + padding >= icon["x"] + icon["width"]


def test_a_symbol_leads_to_its_row(search, site):
    from bs4 import BeautifulSoup

    page = BeautifulSoup((site / "book/notation.html").read_text("utf-8"), "html.parser")
    for query, meaning in SYMBOLS.items():
        place = next(iter(search(query)), "")
        assert place.startswith(SYMBOL), f"{query} leads to {place}"
        assert meaning in page.find(id=place.partition("#")[2]).get_text(), query


def test_a_result_says_where_it_leads_and_shows_a_line(visit):
    with visit("search") as seen:
        seen.page.locator("main form.bd-search input").fill("perceptron")
        seen.page.keyboard.press("Enter")
        first = seen.page.locator("#search-results li").first
        first.wait_for()
        assert first.locator("a").inner_text() == "perceptron"
        assert "Glossary" in first.inner_text() and len(first.locator("p").inner_text()) > 30
        first.locator("a").click()
        assert seen.page.url.endswith("book/glossary.html#term-perceptron")
        assert seen.problems == []


def test_nothing_found_is_said(visit):
    with visit("search") as seen:
        seen.page.locator("main form.bd-search input").fill("qwertzuiop")
        seen.page.keyboard.press("Enter")
        seen.page.locator("#search-results [role=status]").wait_for()
        assert "Nothing found" in seen.page.locator("#search-results").inner_text()
