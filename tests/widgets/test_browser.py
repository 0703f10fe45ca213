"""The figures in a real browser: mouse, keyboard, strict policy, http and file addresses, both themes."""

import json
import re

import pytest

from nbcourse.widgets import Playground, Quiz

from .conftest import write_page
from .module_page import DETACHED

SIZES = [(1280, 900), (390, 844)]
NAMES = [
    "index",
    "neuron",
    "activations",
    "stepper",
    "landscape",
    "kernel",
    "characters",
    "attention",
    "roofline",
]
PAGES = [f"{name}.html" for name in NAMES]


@pytest.fixture(params=["http", "file"])
def address(request, book):
    return book[request.param]


def tile(page, name):
    text = (
        page.locator(".nbc-host .nbc-tiles div", has=page.get_by_text(name, exact=True))
        .locator("dd")
        .inner_text()
    )
    return float(re.sub(r"[ %]", "", text))


def accuracy_of(page, seconds=20):
    """Wait until the training loss is below 0.1, then pause."""
    page.wait_for_function(
        "() => parseFloat(document.querySelectorAll('.nbc-host .nbc-tiles dd')[1].textContent) < 0.1",
        timeout=1000 * seconds,
    )
    page.get_by_role("button", name="Pause").click()
    return tile(page, "Held-out right")


def test_mouse_trains_steps_and_resets(open_page, address):
    page = open_page(address + "index.html")
    assert page.locator(".nbc-still").first.is_hidden()
    before = tile(page, "Training loss")
    page.get_by_role("button", name="Step").click()
    assert tile(page, "Step") == 1
    page.get_by_role("button", name="Train").click()
    assert accuracy_of(page) > 95
    trained = tile(page, "Step")
    page.wait_for_timeout(300)
    assert tile(page, "Step") == trained, "a paused run goes on"
    status = page.locator(".nbc-playground [role=status]")
    status.get_by_text(f"Step {trained:.0f}: training loss").wait_for(state="attached", timeout=6000)
    page.get_by_role("button", name="Reset").click()
    assert tile(page, "Step") == 0
    assert tile(page, "Training loss") != before, "a reset draws new weights"


def test_keyboard_drives_the_settings(open_page, address):
    page = open_page(address + "index.html")
    page.get_by_label("Data").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Data").input_value() == "circles"
    assert page.get_by_role("radiogroup", name="Hidden layers").is_visible()
    page.get_by_role("radio", name="2").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("radio", name="3").is_checked()
    page.keyboard.press("ArrowRight")  # round to 0: a single neuron
    assert page.get_by_label("Width").is_disabled()
    slider = page.get_by_label("w₁")
    slider.focus()
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "−6.00"
    rate = page.get_by_label("Learning rate")
    rate.focus()
    page.keyboard.press("End")
    assert rate.get_attribute("aria-valuetext") == "10"
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert tile(page, "Step") == 2


def test_a_neuron_is_turned_and_moved_by_its_handles(open_page, address):
    page = open_page(address + "neuron.html")
    read = lambda: [page.get_by_label(name, exact=True).input_value() for name in ("w₁", "w₂", "b")]  # noqa: E731
    start = read()
    plane = page.locator(".nbc-host .nbc-plane").bounding_box()

    def drag(part, x, y):
        box = page.locator(f".nbc-{part} .nbc-reach").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(plane["x"] + x * plane["width"], plane["y"] + y * plane["height"], steps=5)
        page.mouse.up()

    drag("foot", 0.5, 0.5)
    moved = read()
    assert moved[:2] == start[:2] and abs(float(moved[2])) < 0.05
    drag("tip", 0.7, 0.3)  # towards the upper right cloud
    assert all(float(value) > 0.3 for value in read()[:2])
    assert tile(page, "Held-out right") == 100
    assert tile(page, "Step") == 0


def test_a_rate_that_is_too_large_is_survived(open_page, book):
    page = open_page(book["http"] + "index.html")
    page.get_by_label("Activation").select_option("relu")
    page.get_by_label("Learning rate").press("End")
    page.get_by_role("button", name="Train").click()
    page.wait_for_timeout(1500)
    assert page.locator(".nbc-host .nbc-tiles dd").first.inner_text().isdigit()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page, book, theme, size, name):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    )
    page = open_page(book["http"] + name, width=size[0], height=size[1])
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    if name == "index.html":
        form = page.locator("form.nbc-question").first
        form.get_by_text("A circle").click()
        form.get_by_role("button", name="Check").click()
    results = axe.Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


ANSWERS = {"line": {"response": [0], "checked": True}, "params": {"response": "1", "checked": True}}


@pytest.mark.parametrize("width", [320, 360, 390, 640, 736, 800, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_when_figures_wake_and_nothing_overflows(open_page, browser, book, name, width):
    measure = (
        "() => [...document.querySelectorAll('.nbc-figure')]"
        ".map(f => Math.round(f.getBoundingClientRect().height))"
    )
    context = browser.new_context(viewport={"width": width, "height": 800})
    asleep = context.new_page()
    asleep.route("**/*.js", lambda route: route.abort())
    asleep.goto(book["http"] + name)
    still = asleep.evaluate(measure)
    context.close()
    page = open_page(book["http"] + name, width=width, height=800)
    page.evaluate("kept => localStorage.setItem('nbcourse:quiz:example', kept)", json.dumps(ANSWERS))
    page.reload()  # a second visit is no larger than the first
    page.locator(".nbc-host").first.wait_for()
    awake = page.evaluate(measure)
    assert all(abs(a - b) <= 2 for a, b in zip(still, awake, strict=True)), (still, awake)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    outside = (
        "() => [...document.querySelectorAll('.nbc-host *')]"
        ".filter(e => e.checkVisibility() && !e.closest('svg')"
        " && !e.closest('.nbc-hidden') && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0"
        " && getComputedStyle(e).display !== 'inline').map(e => e.outerHTML.slice(0, 80))"
    )
    assert page.evaluate(outside) == []


@pytest.mark.parametrize("width", [320, 360, 390, 640, 736, 800])
def test_tiles_hold_their_values_and_stand_close_to_the_plane(open_page, book, width):
    """Each value on one line, in its row, clear of its neighbour; the theme's space for lists is undone."""
    page = open_page(book["http"] + "index.html", width=width, height=800)
    values = page.locator(".nbc-host .nbc-tiles dd:visible")
    values.evaluate_all(
        "all => all.forEach((e, i) => { e.textContent = ['12345', '14.088', '15.262', '100 %'][i]; })"
    )
    ends = page.locator(".nbc-host .nbc-tiles :is(dt, dd):visible").evaluate_all(
        "all => all.map((e) => { const range = document.createRange(); range.selectNodeContents(e);"
        " const [text, tile, row] = [range, e.parentNode, e.closest('dl')]"
        ".map((x) => x.getBoundingClientRect());"
        " return [text.right <= tile.right + 1 && text.left < tile.left + 1, text.bottom <= row.bottom + 1,"
        " range.getClientRects().length]; })"
    )
    assert ends == [[True, True, 1]] * 8
    bottom = page.locator(".nbc-host .nbc-tiles").bounding_box()
    plane = page.locator(".nbc-host .nbc-plane").bounding_box()
    assert 0 < plane["y"] - bottom["y"] - bottom["height"] < 20


def test_the_key_says_the_same_in_still_and_figure(open_page, book):
    page = open_page(book["http"] + "index.html", width=360)
    still, live = page.locator(".nbc-key").all_text_contents()
    assert still == live
    for words in ("solid blue positive", "dashed orange negative", "Hollow", "Small squares", "Reset draws"):
        assert words in live
    asleep = open_page(book["http"] + "index.html", java_script_enabled=False)
    assert "Small squares" not in asleep.locator(".nbc-key").inner_text(), "the still has no squares"


def test_a_single_neuron_tells_how_to_move_its_border(open_page, book):
    page = open_page(book["http"] + "index.html", width=390)
    hint = page.get_by_text("Drag the dot or the arrow to move the border; by keyboard, use these sliders.")
    assert hint.is_hidden()
    page.get_by_role("radio", name="0").check(force=True)
    assert hint.is_visible()
    sliders = page.get_by_role("group", name="The neuron's weights and bias")
    assert sliders.get_attribute("aria-describedby") == hint.get_attribute("id")


def test_a_loss_above_two_is_drawn_where_it_is(open_page, book):
    """The curve's highest red pixel belongs to the loss that the axis ends at; nothing is flat at a limit."""
    page = open_page(book["http"] + "index.html")
    page.get_by_label("Data").select_option("circles")
    page.get_by_label("Learning rate").press("End")
    curve = page.locator(".nbc-host .nbc-loss canvas")
    rows = (
        "canvas => { const { width, height } = canvas; const seen = new Set();"
        " const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);"
        " for (let i = 0; i < data.length; i += 4) if (data[i] > 190 && data[i + 1] < 40 &&"
        " data[i + 3] > 200) seen.add(Math.floor(i / 4 / width));"
        " return [Math.min(...seen), Math.max(...seen), height]; }"
    )
    page.get_by_role("button", name="Train").click()
    page.wait_for_function(
        "() => parseFloat(document.querySelectorAll('.nbc-host .nbc-tiles dd')[1].textContent) > 10"
    )
    page.get_by_role("button", name="Pause").click()
    first, last, height = curve.evaluate(rows)
    assert first < 30, "the highest loss is at the top of the axis"
    assert last > height - 35, "and the losses below 1 stay near its foot"


def test_without_javascript_the_still_and_a_sentence_remain(open_page, address):
    page = open_page(address + "index.html", java_script_enabled=False)
    assert page.locator(".nbc-still svg").first.is_visible()
    sentence = page.locator(".nbc-figure > noscript").first
    assert "This is a still image of an interactive figure" in sentence.inner_text()
    page.locator("summary").last.click()
    assert page.get_by_text("784 × 128 weights").is_visible()


def test_a_figure_that_fails_leaves_its_still_and_one_message(open_page, tmp_path, example):
    address = write_page(tmp_path, [Playground(), Quiz("example", example)])
    text = address.read_text(encoding="utf-8")
    address.write_text(
        text.replace("&quot;dataset&quot;:&quot;moons&quot;", "&quot;dataset&quot;:&quot;gone&quot;")
    )
    page = open_page(address.as_uri())
    page.locator(".nbc-host .nbc-quiz").wait_for()
    assert page.locator(".nbc-still").first.is_visible()
    assert page.locator(".nbc-figure > .nbc-host").count() == 1
    assert len(page.problems) == 1 and "the figure Playground stays a still image" in page.problems[0]
    page.problems.clear()


def test_colours_follow_the_theme(open_page, book):
    page = open_page(book["http"] + "index.html")
    corner = "() => document.querySelector('.nbc-loss canvas').toDataURL()"
    light = page.evaluate(corner)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"before => ({corner})() !== before", arg=light)


def test_reduced_motion_redraws_rarely_but_trains(open_page, book):
    page = open_page(book["http"] + "index.html", reduced_motion="reduce")
    page.evaluate(
        "() => { window.redraws = 0; new MutationObserver(() => { window.redraws += 1; })"
        ".observe(document.querySelector('.nbc-host dd'), { childList: true }); }"
    )
    page.get_by_role("button", name="Train").click()
    page.wait_for_timeout(2000)
    assert 1 <= page.evaluate("window.redraws") <= 5
    assert tile(page, "Step") > 20


def test_touch_scrolls_the_page_over_the_plane_but_not_over_a_handle(open_page, book):
    page = open_page(book["http"] + "neuron.html", width=390, height=500, has_touch=True, is_mobile=True)
    action = "selector => getComputedStyle(document.querySelector(selector)).touchAction"
    assert page.evaluate(action, ".nbc-host .nbc-plane canvas") == "auto"
    assert page.evaluate(action, ".nbc-handle") == "none"
    assert page.evaluate(action, ".nbc-control input[type=range]") == "pan-y"
    page.get_by_role("button", name="Step").tap()
    assert tile(page, "Step") == 1


def test_a_frame_of_the_largest_network_is_quick(open_page, book):
    page = open_page(book["http"] + "index.html")
    page.get_by_role("radio", name="3").check(force=True)
    page.get_by_label("Width").press("End")
    page.get_by_label("Data").select_option("spirals")
    page.evaluate(
        "() => { window.frames_ = []; const real = requestAnimationFrame;"
        " window.requestAnimationFrame = (f) => real((now) => {"
        " const t = performance.now(); f(now); window.frames_.push(performance.now() - t); }); }"
    )
    page.get_by_role("button", name="Train").click()
    page.wait_for_timeout(3000)
    frames = sorted(page.evaluate("window.frames_"))
    assert len(frames) > 20
    assert frames[len(frames) // 2] < 25, "milliseconds, median; about 6 on an idle laptop"


def test_the_module_runs_with_anywidgets_interface(open_module):
    """State goes both ways, the view closes."""
    page = open_module(Playground())
    page.get_by_label("Data").select_option("xor")
    assert page.evaluate("[model.get('dataset'), saved > 0]") == ["xor", True]
    page.evaluate("model.set('depth', 0)")
    assert page.get_by_role("radio", name="0").is_checked()
    page.get_by_role("button", name="Train").click()
    page.wait_for_function("() => document.querySelector('dd').textContent > 5")
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("model.get('result').steps") == tile(page, "Step")
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0


PIXELS = "() => [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL())"
SETTLED = "() => new Promise((done) => setTimeout(done, 600))"


def test_a_figure_rendered_before_it_is_in_the_page_has_its_colours(open_module):
    """JupyterLab renders first and attaches later: what is drawn is the same as the other way round."""
    attached = open_module(Playground())
    attached.evaluate(SETTLED)
    late = open_module(Playground(), DETACHED)
    late.evaluate(SETTLED)
    late.evaluate("document.querySelector('#cell').append(el)")
    late.evaluate(SETTLED)
    blue = (
        "() => { const canvas = document.querySelector('.nbc-plane canvas');"
        " const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');"
        " copy.drawImage(canvas, 0, 0);"
        " const { data } = copy.getImageData(0, 0, canvas.width, canvas.height); let found = 0;"
        " for (let i = 0; i < data.length; i += 4)"
        " if (data[i] === 6 && data[i + 1] === 102 && data[i + 2] === 232 && data[i + 3] === 255) found += 1;"
        " return found; }"
    )
    assert attached.evaluate(blue) > 100, "the points of class 1 are #0666e8"
    assert late.evaluate(blue) == attached.evaluate(blue)
    assert late.evaluate(PIXELS) == attached.evaluate(PIXELS)
    late.evaluate("el.remove()")  # a notebook's cell out of sight, while the theme changes
    late.evaluate("document.body.style.cssText = '--jp-ui-font-color1: rgb(1, 200, 3)'")
    late.evaluate("document.body.dataset.jpThemeLight = 'false'")
    late.evaluate(SETTLED)
    late.evaluate("document.querySelector('#cell').append(el)")
    late.evaluate(SETTLED)
    assert late.evaluate(blue) == attached.evaluate(blue)
    before, after = attached.evaluate(PIXELS)[1:], late.evaluate(PIXELS)[1:]  # those with text
    assert all(a != b for a, b in zip(before, after, strict=True)), "the new theme's text colour is drawn"


def test_jupyterlabs_rules_for_lists_leave_the_tiles_alone(open_module):
    page = open_module(Playground())
    tiles = page.locator(".nbc-tiles > div:visible")
    row = page.locator(".nbc-tiles").bounding_box()
    boxes = [tiles.nth(i).bounding_box() for i in range(tiles.count())]
    assert len(boxes) == 4
    assert len({round(box["y"]) for box in boxes}) == 1
    for box, following in zip(boxes, [*boxes[1:], None], strict=True):
        assert box["y"] + box["height"] <= row["y"] + row["height"] + 1
        assert following is None or box["x"] + box["width"] <= following["x"]
    inside = page.locator(".nbc-tiles :is(dt, dd):visible").evaluate_all(
        "all => all.map((e) => { const s = getComputedStyle(e);"
        " return [e.tagName, s.float, s.display, s.fontWeight, s.marginLeft]; })"
    )
    expected = [["DT", "none", "block", "400", "0px"], ["DD", "none", "block", "600", "0px"]]
    assert inside == expected * 4
    assert page.locator("p").evaluate_all(
        "all => all.every((e) => getComputedStyle(e).marginBottom === '0px')"
    )


def test_jupyterlabs_shortcuts_leave_the_control_in_focus_alone(open_module):
    """They look at the element in focus first: an arrow key there must not go on to the next cell."""
    page = open_module(Playground())
    marked = "() => document.activeElement.hasAttribute('data-lm-suppress-shortcuts')"
    for name in ("Data", "Width"):
        page.get_by_label(name).focus()
        assert page.evaluate(marked)
    page.keyboard.press("Tab")
    assert page.evaluate(marked)


def test_print_has_the_still(open_page, book):
    page = open_page(book["http"] + "index.html")
    page.locator(".nbc-host .nbc-quiz").wait_for()
    page.emulate_media(media="print")
    assert page.locator(".nbc-host:visible").count() == 0
    assert page.locator(".nbc-still:visible").count() == 2
    assert page.locator(".nbc-still .nbc-plane svg").is_visible()
    assert page.get_by_text("After 500 steps of gradient descent:").is_visible()
    assert page.locator(".nbc-still .nbc-prompt:visible").count() == 3
    assert page.get_by_text("784 × 128 weights").is_hidden(), "answers stay closed"
    page.emulate_media(media="screen")
    assert page.locator(".nbc-still:visible").count() == 0
    assert page.locator(".nbc-host:visible").count() == 2


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_run_that_diverged_says_so_in_the_tiles(open_page, tmp_path, width):
    address = write_page(tmp_path, [Playground()])
    text = address.read_text(encoding="utf-8")
    assert "&quot;rate&quot;:0.5" in text
    address.write_text(text.replace("&quot;rate&quot;:0.5", "&quot;rate&quot;:1e308"), encoding="utf-8")
    page = open_page(address.as_uri(), width=width)
    warning = page.locator(".nbc-host .nbc-diverged")
    assert warning.is_hidden()
    page.get_by_role("button", name="Train").click()
    warning.wait_for()
    assert warning.inner_text() == "Diverged: lower the learning rate, then Reset."
    row, box = page.locator(".nbc-host .nbc-tiles").bounding_box(), warning.bounding_box()
    assert box["y"] + box["height"] <= row["y"] + row["height"] + 1
    assert box["x"] + box["width"] <= row["x"] + row["width"] + 1
    assert tile(page, "Step") > 0
    assert "NaN" not in page.locator(".nbc-host .nbc-tiles").inner_text()
    page.get_by_role("slider", name="Learning rate").press("Home")
    page.get_by_role("button", name="Reset").click()
    assert warning.is_hidden()
    assert page.locator(".nbc-host .nbc-tiles > div:visible").count() == 4
