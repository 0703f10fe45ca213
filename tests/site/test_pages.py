"""Every page in a real browser: light and dark, desktop and phone, over a strict host, from a sub-path."""

import pytest

from .book_site import PAGES, Visit

# Every rule that axe-core runs by default (WCAG A and AA, best practices), and one more of WCAG 2.2.
AXE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page(visit, address, name, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    with visit(name, scheme, width) as seen:
        assert seen.problems == []
        assert seen.hosts == {address.split("/")[2]}
        assert seen.page.locator("html").get_attribute("data-theme") == scheme
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert seen.page.evaluate(beyond) == 0, "the page is wider than the window"
        found = Axe().run(seen.page, options=AXE).response["violations"]
        assert [_sentence(violation) for violation in found] == []


def _sentence(violation):
    nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
    return f"{violation['id']}: {violation['help']} ({len(violation['nodes'])} times) {nodes}"


def test_search_finds_a_word(visit):
    with visit("search") as seen:
        seen.page.locator("main form.bd-search input").fill("perceptron")
        seen.page.keyboard.press("Enter")
        results = seen.page.locator("#search-results li a")
        results.first.wait_for()
        assert "book/" in results.first.get_attribute("href")
        assert seen.problems == []


def test_theme_button_goes_through_the_modes_and_is_remembered(visit):
    with visit("book/index", "dark") as seen:
        button = seen.page.locator("button.theme-switch-button:visible").first
        modes = set()
        for _ in range(3):
            button.click()
            modes.add(seen.page.locator("html").get_attribute("data-mode"))
        assert modes == {"auto", "light", "dark"}
        while seen.page.locator("html").get_attribute("data-mode") != "light":
            button.click()
        seen.page.reload()
        assert seen.page.locator("html").get_attribute("data-theme") == "light"
        seen.page.evaluate("localStorage.clear()")


@pytest.mark.parametrize("name", PAGES)
def test_page_works_from_a_file(contexts, site, name):
    with Visit(contexts(), (site / f"{name}.html").as_uri()) as seen:
        assert seen.problems == []
        assert seen.page.locator("mjx-merror").count() == 0
        mounted = seen.page.locator(".nbc-figure").evaluate_all(
            "all => all.map((one) => one.dataset.mounted)"
        )
        assert set(mounted) <= {"yes"}


def test_search_works_from_a_file(contexts, site):
    with Visit(contexts(), (site / "search.html").as_uri() + "?q=perceptron") as seen:
        seen.page.locator("#search-results li a").first.wait_for()
        assert seen.problems == []
