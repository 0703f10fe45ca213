"""Every page in a real browser: both themes, three widths, by keyboard, from a sub-path and from a file."""

import sys

import pytest

from .book_site import PAGES, ROOT, Visit

sys.path.append(str(ROOT / "benchmarks"))

import access
from pages import names


@pytest.mark.parametrize("name", names())
def test_page(visit, address, name):
    with visit(name, width=access.WIDTHS[0]) as seen:
        found = access.examine(seen.page, access.BRIEFLY)
        assert found.all_faults() == []
        assert found.controls and len(found.rules) > 80
        assert seen.problems == []
        assert seen.hosts == {address.split("/")[2]}


FAULTS = {  # what is put into a page: what must be said of it
    "<p style='color: #999; background: #fff'>Faint words.</p>": "text #999999 on #ffffff",
    "<p><img src='data:,' alt='plot'></p>": "a picture that says little",
    "<p role='alert'></p>": "a region that interrupts",
    "<p><button style='outline: none; border: 1px solid'>Bare</button></p>": "no sign of focus: button. Bare",
    "<p style='position: relative'><a href='#'>under</a><b style='position: absolute; inset: 0'></b></p>": (
        "hidden while focused: a. under"
    ),
    "<p><button tabindex='3'>First</button></p>": "out of order",
    "<div style='width: 2000px'>wide</div>": "wider than the window",
    "<h6>A heading out of order</h6>": "heading-order",
}


def test_faults_are_seen(visit):
    with visit("book/status", width=access.WIDTHS[0]) as seen:
        add = "html => document.querySelector('article').insertAdjacentHTML('beforeend', html)"
        seen.page.evaluate(add, "".join(FAULTS))
        told = "\n".join(access.examine(seen.page, access.BRIEFLY).all_faults())
    assert [fault for fault in FAULTS.values() if fault not in told] == []


@pytest.mark.parametrize("scheme", access.SCHEMES)
def test_figures_can_be_used_in_forced_colours(visit, scheme):
    with visit("book/01-neurons", scheme, 390) as seen:
        seen.page.emulate_media(forced_colors="active", color_scheme=scheme)
        seen.page.evaluate(access.SCRIPT.read_text(encoding="utf-8"))
        assert seen.page.evaluate("access.faintText()") == []
        backgrounds = seen.page.locator(".nbc-segment label").evaluate_all(
            "all => all.map((one) => [one.control.checked, getComputedStyle(one).backgroundColor])"
        )
        chosen = {colour for checked, colour in backgrounds if checked}
        assert chosen and not chosen & {colour for checked, colour in backgrounds if not checked}
        looks = seen.page.locator(".nbc-host input[type=range]").evaluate_all(
            "all => all.map((one) => getComputedStyle(one).appearance)"
        )
        assert set(looks) == {"auto"}, "a slider without its track"


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
