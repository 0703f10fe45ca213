"""The kernel explorer in a real browser: slid, stepped, edited, by mouse and by keyboard."""

import pytest

from nbcourse.widgets import KernelExplorer, kernel


@pytest.fixture
def page(open_page, book):
    return open_page(book["http"] + "kernel.html")


def words(page):
    live = page.locator(".nbc-host, #cell")
    return (live.locator(".nbc-sum").inner_text(), live.locator(".nbc-size").inner_text())


def expected(**settings):
    return KernelExplorer(**settings).words()


def test_stepping_by_keyboard_and_jumping_by_mouse(page):
    assert words(page) == expected()
    step = page.get_by_role("button", name="Step", exact=True)
    for place in range(1, 12):
        step.press("Enter")
        assert words(page) == expected(place=place)
    page.get_by_role("button", name="Back", exact=True).click()
    assert words(page) == expected(place=10)
    box = page.locator(".nbc-host .nbc-feature canvas").bounding_box()
    page.mouse.click(box["x"] + 0.94 * box["width"], box["y"] + 0.94 * box["height"])
    assert words(page) == expected(place=63) and step.is_disabled()
    page.get_by_role("button", name="Restart").click()
    assert words(page) == expected()


def test_it_slides_by_itself_and_can_be_paused(page):
    page.get_by_role("button", name="Slide").click()
    page.wait_for_timeout(900)
    page.get_by_role("button", name="Pause").click()
    before = words(page)
    page.wait_for_timeout(400)
    assert words(page) == before != expected()


def test_settings_and_weights(page):
    page.get_by_label("Image", exact=True).select_option("cross")
    page.get_by_label("Kernel", exact=True).select_option("sharpen")
    page.get_by_role("radio", name="0", exact=True).check(force=True)
    chosen = {"image": "cross", "kernel": kernel.KERNELS["sharpen"], "padding": 0}
    assert words(page) == expected(**chosen)
    page.get_by_role("radiogroup", name="Stride").get_by_role("radio", name="3").check(force=True)
    page.get_by_role("radiogroup", name="Dilation").get_by_role("radio", name="2").check(force=True)
    assert words(page) == expected(**chosen, stride=3, dilation=2)
    weight = page.get_by_label("Kernel, row 2, column 2")
    weight.fill("-1,5")
    own = {**chosen, "kernel": [0, -1, 0, -1, -1.5, -1, 0, -1, 0], "stride": 3, "dilation": 2}
    assert words(page) == expected(**own)
    assert page.get_by_label("Kernel", exact=True).input_value() == ""
    weight.fill("x")
    problem = page.locator(".nbc-host .nbc-problem")
    assert problem.inner_text() == "Expected a number in the kernel, got 'x'."
    weight.fill("5")
    assert problem.inner_text() == "" and page.get_by_label("Kernel", exact=True).input_value() == "sharpen"


def test_a_smaller_map_brings_the_kernel_back(page):
    page.locator(".nbc-host .nbc-feature canvas").click(position={"x": 250, "y": 250})
    page.get_by_role("radiogroup", name="Stride").get_by_role("radio", name="3").check(force=True)
    assert words(page) == expected(stride=3)


def test_reduced_motion_shows_the_whole_map_at_once(open_page, book):
    page = open_page(book["http"] + "kernel.html", reduced_motion="reduce")
    page.get_by_role("button", name="Slide").click()
    assert words(page) == expected(place=63)


def test_the_module_speaks_with_the_kernel(open_module):
    page = open_module(KernelExplorer(image="step"))
    page.get_by_label("Image", exact=True).select_option("a 0")
    assert page.evaluate("[model.get('image'), saved > 0]") == ["a 0", True]
    page.evaluate("model.set('place', 20)")
    assert words(page) == expected(image="a 0", place=20)
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0
