"""The roofline explorer in a real browser: its sentences follow every control, by mouse and by keyboard."""

import pytest

from nbcourse.widgets import RooflineExplorer, costs, roofline


@pytest.fixture
def page(open_page, book):
    return open_page(book["http"] + "roofline.html")


def words(page):
    return page.locator(".nbc-host .nbc-words p").all_inner_texts()


def expected(operation="matmul", size=256, kind="float32", peak=100, bandwidth=10):
    found = costs.bound(operation, size, kind, 1e9 * peak, 1e9 * bandwidth)
    return list(roofline.describe(operation, size, kind, found))


def test_it_wakes_with_the_words_of_its_still(page):
    assert page.locator(".nbc-still").is_hidden()
    assert words(page) == expected() == page.locator(".nbc-still .nbc-words p").all_text_contents()
    still, live = page.locator(".nbc-key").all_text_contents()
    assert still == live


def test_every_control_changes_what_is_said(page):
    page.get_by_label("Operation", exact=True).select_option("attention")
    assert words(page) == expected("attention")
    page.get_by_role("slider", name="Size n").focus()
    page.keyboard.press("End")
    assert words(page) == expected("attention", 16384)
    page.get_by_label("Machine", exact=True).select_option("H200")
    assert words(page) == expected("attention", 16384, peak=67_000, bandwidth=4800)
    page.get_by_role("radio", name="bf16").check(force=True)
    assert words(page) == expected("attention", 16384, "bf16", 989_000, 4800)
    assert page.get_by_label("Machine", exact=True).input_value() == "H200"
    page.get_by_role("slider", name="Bandwidth").press("Home")
    assert words(page) == expected("attention", 16384, "bf16", 989_000, 1)
    assert page.get_by_label("Machine", exact=True).input_value() == "your own"
    page.get_by_role("slider", name="Peak").press("Home")
    assert words(page) == expected("attention", 16384, "bf16", 1, 1)


def test_a_machine_without_a_type_takes_one_that_it_has(page):
    page.get_by_role("radio", name="bf16").check(force=True)
    page.get_by_label("Machine", exact=True).select_option("T4")
    assert page.get_by_role("radio", name="float32").is_checked()
    assert words(page) == expected(peak=8100, bandwidth=320)
    page.get_by_role("radio", name="bf16").check(force=True)
    assert page.get_by_label("Machine", exact=True).input_value() == "your own"


def test_the_drawing_follows_and_says_what_it_shows(page):
    pixels = "() => document.querySelector('canvas').toDataURL()"
    before = page.evaluate(pixels)
    page.get_by_label("Operation", exact=True).select_option("add")
    assert page.evaluate(pixels) != before
    assert page.locator("canvas").get_attribute("aria-label") == f"The roofline. {' '.join(expected('add'))}"


def test_the_module_speaks_with_the_kernel(open_module):
    page = open_module(RooflineExplorer(operation="conv"))
    found = page.locator(".nbc-words p").all_inner_texts
    assert found() == expected("conv")
    page.get_by_label("Operation", exact=True).select_option("fused")
    assert page.evaluate("[model.get('operation'), saved > 0]") == ["fused", True]
    page.evaluate("model.set('size', 1024)")
    assert found() == expected("fused", 1024)
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0
