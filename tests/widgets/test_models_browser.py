"""The figures with a trained model in a real browser: typed into, clicked, driven by keyboard."""

import pytest

from nbcourse.widgets import AttentionExplorer, CharacterExplorer, attention


@pytest.fixture
def speller(open_page, book):
    return open_page(book["http"] + "characters.html")


@pytest.fixture
def reader(open_page, book):
    return open_page(book["http"] + "attention.html")


def words(page):
    return tuple(page.locator(".nbc-host .nbc-words p, #cell .nbc-words p").all_inner_texts())


def slide(page, label, key, times=1):
    for _ in range(times):
        page.get_by_role("slider", name=label).press(key)


def problem(page):
    return page.locator(".nbc-host .nbc-problem").inner_text()


def test_names_are_drawn_chosen_and_read_letter_by_letter(speller):
    page = speller
    figure = CharacterExplorer()
    assert words(page) == figure.words()
    shown = page.get_by_role("radiogroup", name="The name that is looked at").locator("label")
    assert shown.all_inner_texts() == figure.names()
    page.get_by_role("button", name="Draw eight new names").press("Enter")
    figure = CharacterExplorer(seed=2)
    assert shown.all_inner_texts() == figure.names() and words(page) == figure.words()
    page.get_by_role("radio", name=figure.names()[0], exact=True).first.press("ArrowRight")
    assert words(page) == CharacterExplorer(seed=2, chosen=1).words()
    slide(page, "Letters read", "Home")
    assert words(page) == CharacterExplorer(seed=2, chosen=1, place=0).words()
    page.get_by_label("Show", exact=True).select_option("h")
    box = page.locator(".nbc-host .nbc-columns canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    assert words(page) == CharacterExplorer(seed=2, chosen=1, view="h", place=14).words()


def test_a_beginning_and_a_temperature(speller):
    page = speller
    page.get_by_label("Names begin with").fill("Stoke")
    slide(page, "Temperature", "ArrowLeft", 5)
    figure = CharacterExplorer(start="stoke", temperature=0.5)
    assert words(page) == figure.words()
    assert all(name.startswith("stoke") for name in figure.names())
    page.get_by_label("Names begin with").fill("sto3")
    assert problem(page) == "Expected letters from a to z, got '3'." and words(page) == figure.words()
    page.get_by_label("Names begin with").fill("")
    assert problem(page) == "" and words(page) == CharacterExplorer(temperature=0.5).words()


def test_a_text_is_typed_and_its_heads_are_looked_at(reader):
    page = reader
    assert words(page) == AttentionExplorer().words()
    page.get_by_label("Text", exact=True).fill("Tea, tea and te")
    settings = {"text": "tea, tea and te"}
    assert words(page) == AttentionExplorer(**settings).words()
    page.get_by_role("radiogroup", name="Layer").get_by_role("radio", name="2").check(force=True)
    page.get_by_role("radiogroup", name="Head").get_by_role("radio", name="1").press("ArrowRight")
    settings |= {"layer": 2, "head": 2}
    assert words(page) == AttentionExplorer(**settings).words()
    slide(page, "Looks from", "Home")
    assert words(page) == AttentionExplorer(**settings, place=1).words()
    box = page.locator(".nbc-host .nbc-attended canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 14 + (box["height"] - 14) * 6.5 / 15)
    assert words(page) == AttentionExplorer(**settings, place=7).words()
    box = page.locator(".nbc-host .nbc-reading canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 2.5 / 20, box["y"] + 12)
    assert words(page) == AttentionExplorer(**settings, place=3).words()


def test_heads_are_switched_off_and_on(reader):
    page = reader
    page.get_by_label("Examples").select_option("letters over and over")
    settings = {"text": attention.EXAMPLES["letters over and over"]}
    assert words(page) == AttentionExplorer(**settings).words()
    page.get_by_role("button", name="Switch off", exact=True).click()
    assert words(page) == AttentionExplorer(**settings, off=[0]).words()
    page.get_by_role("radiogroup", name="Layer").get_by_role("radio", name="2").check(force=True)
    page.get_by_role("button", name="Switch off", exact=True).click()
    assert words(page) == AttentionExplorer(**settings, layer=2, off=[0, 4]).words()
    page.get_by_role("button", name="Switch on").click()
    assert words(page) == AttentionExplorer(**settings, layer=2, off=[0]).words()
    page.get_by_role("button", name="All heads on").click()
    assert words(page) == AttentionExplorer(**settings, layer=2).words()


def test_what_cannot_be_read_is_named_and_nothing_is_lost(reader):
    page = reader
    before = words(page)
    text, pictures = (
        page.get_by_label("Text", exact=True),
        page.locator(".nbc-host :is(.nbc-reading, .nbc-attended)"),
    )
    opacities = "all => all.map((one) => getComputedStyle(one).opacity)"
    assert pictures.evaluate_all(opacities) == ["1", "1"]
    text.fill("the cat & the dog")
    assert problem(page) == "Expected small letters, spaces and \", - . ?; got '&'." and words(page) == before
    assert pictures.evaluate_all(opacities) == ["0.35", "0.35"]
    text.fill("a")
    assert problem(page) == "Expected 2 to 40 characters." and words(page) == before
    text.fill("as")
    assert problem(page) == "" and words(page) == AttentionExplorer(text="as").words()
    assert pictures.evaluate_all(opacities) == ["1", "1"]


@pytest.mark.parametrize(
    "figure, changed",
    [
        (CharacterExplorer, {"start": "bar", "seed": 9}),
        (AttentionExplorer, {"text": "a b a b", "place": 2}),
    ],
)
def test_the_modules_speak_with_the_kernel(open_module, figure, changed):
    page = open_module(figure())
    for name, value in changed.items():
        page.evaluate("([name, value]) => model.set(name, value)", [name, value])
    assert words(page) == figure(**changed).words()
    page.evaluate("close_()")
    assert page.evaluate("listening()") == 0
