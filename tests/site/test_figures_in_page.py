"""The chapter's figures answer to mouse and keyboard, and stand still without JavaScript."""

import pytest

from .book_site import PAGES

CHAPTER = next(name for name in PAGES if name.endswith("01-neurons"))


def steps(figure):
    """The number of training steps that the playground shows."""
    return figure.locator(".nbc-tiles:visible dd").first.inner_text()


def test_playground_answers_the_mouse(visit):
    with visit(CHAPTER) as seen:
        figure = seen.page.locator("[data-figure=Playground]").first
        before = steps(figure)
        figure.get_by_role("button", name="Step").click()
        seen.page.wait_for_timeout(200)
        assert steps(figure) != before
        figure.get_by_role("button", name="Reset").click()
        seen.page.wait_for_timeout(200)
        assert steps(figure) == before
        assert seen.problems == []


def test_playground_answers_the_keyboard(visit):
    with visit(CHAPTER, width=390) as seen:
        figure = seen.page.locator("[data-figure=Playground]").first
        before = steps(figure)
        figure.get_by_role("button", name="Step").focus()
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_timeout(200)
        assert steps(figure) != before
        slider = figure.get_by_role("slider").first
        value = slider.input_value()
        slider.focus()
        seen.page.keyboard.press("ArrowRight")
        assert slider.input_value() != value
        assert seen.problems == []


def test_two_tabs_and_enter_lead_to_the_first_figure(visit):
    with visit(CHAPTER) as seen:
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Tab")
        link = seen.page.get_by_role("link", name="Skip to the first interactive figure")
        assert link.evaluate("link => link === document.activeElement")
        seen.page.wait_for_function(
            "link => link.getBoundingClientRect().top >= 0", arg=link.element_handle()
        )
        seen.page.keyboard.press("Enter")
        figure = seen.page.locator("[data-figure]:not([data-figure=Quiz])").first
        assert figure.evaluate("figure => figure === document.activeElement")
        seen.page.keyboard.press("Tab")
        assert figure.evaluate("figure => figure.contains(document.activeElement)")
        assert figure.get_by_role("combobox").first.evaluate("one => one === document.activeElement")
        assert seen.problems == []


def test_quiz_answers_mouse_and_keyboard(visit):
    with visit(CHAPTER) as seen:
        card = seen.page.locator("[data-figure=Quiz] form").filter(has=seen.page.get_by_role("radio")).first
        feedback = card.get_by_role("status")
        card.get_by_role("radio").first.check()
        card.get_by_role("button", name="Check").click()
        assert feedback.inner_text().strip()
        card.get_by_role("button", name="Try again").click()
        assert not feedback.inner_text().strip()
        card.get_by_role("radio").first.focus()
        seen.page.keyboard.press("ArrowDown")
        seen.page.keyboard.press("Enter")
        assert feedback.inner_text().strip()
        assert seen.problems == []
        seen.page.evaluate("localStorage.clear()")


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript_the_still_and_a_sentence_are_visible(visit, name):
    with visit(name, java_script_enabled=False) as seen:
        figures = seen.page.locator(".nbc-figure")
        for index in range(figures.count()):
            figure = figures.nth(index)
            assert figure.locator(".nbc-still").is_visible()
            assert figure.locator("noscript").inner_text().strip()
            assert figure.locator("noscript").is_visible()
        assert seen.page.locator("article h1").is_visible()
