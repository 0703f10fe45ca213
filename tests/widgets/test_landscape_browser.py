"""The landscape explorer in a real browser: raced, stepped, moved, by mouse and by keyboard."""

import pytest

from nbcourse.widgets import LandscapeExplorer, descent, landscape


@pytest.fixture
def page(open_page, book):
    return open_page(book["http"] + "landscape.html")


def results(page):
    return page.locator(".nbc-host .nbc-results dd, #cell .nbc-results dd").all_inner_texts()


def expected(count=descent.STEPS, **settings):
    figure = LandscapeExplorer(**settings)
    height = descent.SURFACES[figure.surface][0]
    return [landscape.loss_words(float(height(*path[count]))) for path in figure.paths().values()]


def finish(page):
    page.get_by_role("button", name="Race").click()
    said = f"After {descent.STEPS} steps"
    page.locator(f".nbc-map canvas[aria-label*='{said}']").wait_for(timeout=20_000)


def test_a_race_ends_where_python_ends(page):
    assert results(page) == expected(0)
    finish(page)
    assert results(page) == expected()
    assert page.locator(".nbc-still .nbc-results dd").all_text_contents() == expected()
    page.get_by_role("button", name="Restart").click()
    assert results(page) == expected(0)
    page.get_by_role("button", name="Step").press("Enter")
    assert results(page) == expected(1)


def test_a_race_can_be_paused(page):
    page.get_by_role("button", name="Race").click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Pause").click()
    label = page.locator(".nbc-host .nbc-map canvas").get_attribute("aria-label")
    page.wait_for_timeout(300)
    assert page.locator(".nbc-host .nbc-map canvas").get_attribute("aria-label") == label
    count = int(label.split("After ")[1].split()[0])
    assert 0 < count < descent.STEPS and results(page) == expected(count)


def test_every_control_starts_a_new_race_by_keyboard(page):
    page.get_by_label("Surface", exact=True).select_option("hollows")
    page.get_by_role("slider", name="Momentum").press("Home")
    page.get_by_role("slider", name="Start x").press("End")
    page.get_by_role("slider", name="Start y").press("Home")
    for _ in range(10):
        page.get_by_role("slider", name="Noise").press("ArrowRight")
    page.get_by_role("button", name="New noise").click()
    settings = {
        "surface": "hollows",
        "momentum": 0.0,
        "start_x": 2.0,
        "start_y": -2.0,
        "noise": 1.0,
        "seed": 1,
    }
    finish(page)
    assert results(page) == expected(**settings)
    page.get_by_role("slider", name="Learning rate").press("End")
    assert page.get_by_role("slider", name="Learning rate").get_attribute("aria-valuetext") == "3.2"
    finish(page)
    assert results(page) == expected(**settings, rate=3.2)


def test_a_click_on_the_map_moves_the_start(page):
    box = page.locator(".nbc-host .nbc-map canvas").bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    read = [page.get_by_role("slider", name=f"Start {axis}").input_value() for axis in "xy"]
    assert read == ["1", "1"] and results(page) == expected(0, start_x=1.0, start_y=1.0)


def test_reduced_motion_shows_the_end_at_once(open_page, book):
    page = open_page(book["http"] + "landscape.html", reduced_motion="reduce")
    page.get_by_role("button", name="Race").click()
    assert results(page) == expected()


def test_the_module_speaks_with_the_kernel(open_module):
    page = open_module(LandscapeExplorer(surface="saddle"))
    page.get_by_label("Surface", exact=True).select_option("bend")
    assert page.evaluate("[model.get('surface'), saved > 0]") == ["bend", True]
    page.evaluate("model.set('rate', 0.2)")
    assert page.get_by_role("slider", name="Learning rate").get_attribute("aria-valuetext") == "0.2"
    assert results(page) == expected(0, surface="bend", rate=0.2)
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0
