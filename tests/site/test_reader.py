"""What the page does for a reader: it shows what a term means, and counts what was done."""

import re

import pytest

from .book_site import PAGES

CHAPTER = next(name for name in PAGES if name.endswith("01-neurons"))


@pytest.fixture
def chapter(visit):
    with visit(CHAPTER) as seen:
        seen.page.evaluate("localStorage.clear()")
        seen.page.reload()
        yield seen.page
        assert seen.problems == []
        seen.page.evaluate("localStorage.clear()")


def told(page):
    return page.locator("p.course-progress span").inner_text()


def test_a_term_is_explained_to_pointer_and_keyboard(chapter):
    link, box = chapter.locator("a[href*='glossary.html#term-']").first, chapter.locator("#course-preview")
    assert box.is_hidden()
    link.hover()
    box.wait_for(state="visible")
    assert len(box.inner_text()) > 20 and link.get_attribute("aria-describedby") == "course-preview"
    chapter.keyboard.press("Escape")
    assert box.is_hidden() and link.get_attribute("aria-describedby") is None
    link.focus()
    assert box.is_visible()
    place, window = box.bounding_box(), chapter.viewport_size
    assert place["x"] >= 0 and place["x"] + place["width"] <= window["width"]
    link.blur()
    assert box.is_hidden()


def test_a_reference_is_shown_without_its_page(chapter):
    link = chapter.locator("a[href*='bibliography.html#']").first
    link.focus()
    assert re.search(r"\d{4}", chapter.locator("#course-preview").inner_text())
    assert link.get_attribute("title") is None


@pytest.mark.parametrize(
    "name, drawn, words",
    [
        ("equation-eq-neuron", "mjx-container", "(1.1)"),
        ("fig-neurons-margin", "svg", "Figure 1.2"),
        ("neurons-xor-theorem", "mjx-container", "Theorem 1.1"),
        ("neurons-worst-case", "mjx-container", "Exercise 1."),
    ],
)
def test_what_the_page_itself_has_is_shown_beside_a_link_to_it(chapter, name, drawn, words):
    link = chapter.locator(f"article a[data-preview][href='#{name}']").filter(visible=True).first
    box = chapter.locator("#course-preview")
    link.focus()
    assert box.locator(drawn).first.is_visible() and words in box.inner_text()
    assert box.locator(f"#{name}, a[href], [tabindex], button, label").count() == 0
    chapter.keyboard.press("Escape")
    assert box.is_hidden() and link.evaluate("link => link === document.activeElement")


def test_an_equation_of_another_page_is_drawn(visit):
    with visit("book/02-activations") as seen:
        link, box = (
            seen.page.locator("article a[href*='.html#equation-']").first,
            seen.page.locator("#course-preview"),
        )
        link.focus()
        assert box.locator("mjx-container").is_visible() and box.inner_text().startswith(link.inner_text())
        assert seen.problems == []


@pytest.mark.parametrize(
    "page, entry",
    [
        ("glossary", "#term-perceptron ~ "),
        ("bibliography", ".citation:has-text('perceiving and recognizing') > "),
    ],
)
def test_a_look_up_leads_back_to_the_text(visit, page, entry):
    with visit(f"book/{page}") as seen:
        seen.page.locator(f"{entry}.course-uses").first.get_by_role("link").first.click()
        seen.page.wait_for_url(f"**/{CHAPTER}.html#a-rule-that-learns-from-its-mistakes")
        assert seen.problems == []


def test_ticks_and_answers_are_counted_and_kept(chapter):
    before = told(chapter)
    assert re.fullmatch(r"\d+ quiz questions, \d+ exercises", before)
    boxes = chapter.get_by_label("done", exact=True)
    exercises = boxes.count()
    boxes.first.check()
    assert told(chapter).endswith(f"1\xa0of\xa0{exercises} exercises done")
    card = chapter.locator("[data-figure=Quiz] form").filter(has=chapter.get_by_role("radio")).first
    for choice in card.get_by_role("radio").all():
        choice.check()
        card.get_by_role("button", name="Check").click()
        if card.get_attribute("data-status") == "right":
            break
    assert told(chapter).startswith("1\xa0of\xa0")
    chapter.reload()
    assert told(chapter).startswith("1\xa0of\xa0") and boxes.first.is_checked()
    chapter.once("dialog", lambda dialog: dialog.accept())
    chapter.get_by_role("button", name="Clear", exact=True).click()
    chapter.wait_for_load_state()
    assert told(chapter) == before and not boxes.first.is_checked()


def test_the_first_page_tells_of_all_chapters(visit, chapter):
    chapter.get_by_label("done", exact=True).first.check()
    with visit("book/index") as seen:
        rows = seen.page.locator(".course-overview li")
        assert rows.count() >= 10
        assert "1\xa0of" in rows.first.inner_text() and "1\xa0of" not in rows.nth(1).inner_text()
        clear = seen.page.get_by_role("button", name="Clear all progress")
        seen.page.once("dialog", lambda dialog: dialog.dismiss())
        clear.click()
        assert "1\xa0of" in rows.first.inner_text(), "all is forgotten although the reader said no"
        seen.page.once("dialog", lambda dialog: dialog.accept())
        clear.click()
        seen.page.wait_for_load_state()
        assert "1\xa0of" not in rows.first.inner_text()
        assert seen.problems == []
