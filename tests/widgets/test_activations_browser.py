"""The activation explorer in a real browser: its sentences follow every control, by mouse and by keyboard."""

import pytest

from nbcourse.widgets import ActivationExplorer, activations


@pytest.fixture
def page(open_page, book):
    return open_page(book["http"] + "activations.html")


def words(page):
    return page.locator(".nbc-host .nbc-words p").all_inner_texts()


def expected(activation="tanh", gain=1.0, depth=20, x=1.0, seed=0):
    return list(activations.describe(activation, x, activations.propagated(activation, gain, depth, seed)))


def test_it_wakes_with_the_words_of_its_still(page):
    assert page.locator(".nbc-still").is_hidden()
    assert words(page) == expected() == page.locator(".nbc-still .nbc-words p").all_text_contents()
    still, live = page.locator(".nbc-key").all_text_contents()
    assert still == live


def test_every_control_changes_what_is_said(page):
    page.get_by_label("Activation", exact=True).select_option("relu")
    assert words(page) == expected("relu")
    page.get_by_role("button", name="Gain √2").click()
    assert page.get_by_role("slider", name="Gain").get_attribute("aria-valuetext") == "1.41"
    assert words(page) == expected("relu", 2**0.5)
    page.get_by_role("button", name="New weights").click()
    assert words(page) == expected("relu", 2**0.5, seed=1)
    page.get_by_role("slider", name="Layers").focus()
    page.keyboard.press("End")
    assert words(page) == expected("relu", 2**0.5, depth=50, seed=1)
    page.get_by_role("slider", name="Input x").focus()
    page.keyboard.press("Home")
    assert words(page)[0] == "At x = −4.0: value 0.000, slope 0.000."
    page.get_by_role("slider", name="Gain").press("Home")
    assert words(page) == expected("relu", 0.1995, depth=50, x=-4.0, seed=1)


def test_the_drawings_follow_and_say_what_they_show(page):
    pixels = "() => [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL())"
    before = page.evaluate(pixels)
    page.get_by_label("Activation", exact=True).select_option("sigmoid")
    assert all(a != b for a, b in zip(before, page.evaluate(pixels), strict=True))
    labels = page.locator("canvas").evaluate_all("all => all.map((e) => e.getAttribute('aria-label'))")
    assert len(labels) == 3 and all(expected("sigmoid")[min(i, 1)] in text for i, text in enumerate(labels))


def test_a_drag_through_all_gains_keeps_up(page):
    page.get_by_role("slider", name="Layers").press("End")
    gain = page.get_by_role("slider", name="Gain")
    gain.press("Home")
    for _ in range(30):
        gain.press("ArrowRight")
    assert gain.get_attribute("aria-valuetext") == "0.40"
    assert words(page) == expected(gain=0.3981, depth=50)
    gain.press("End")  # so chaotic that the last digits of a sum decide what comes out
    assert gain.get_attribute("aria-valuetext") == "10.00" and "After 50 layers" in words(page)[1]


def test_the_module_speaks_with_the_kernel(open_module):
    page = open_module(ActivationExplorer(activation="gelu"))
    assert words_in(page) == expected("gelu")
    page.get_by_label("Activation", exact=True).select_option("silu")
    assert page.evaluate("[model.get('activation'), saved > 0]") == ["silu", True]
    page.evaluate("model.set('depth', 3)")
    assert words_in(page) == expected("silu", depth=3)
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0


def words_in(page):
    return page.locator(".nbc-words p").all_inner_texts()
