"""The quiz in a real browser: answered by keyboard, remembered, and safe from what is in its text."""

import pytest


@pytest.fixture(params=["http", "file"])
def address(request, book):
    return book[request.param]


def test_quiz_by_keyboard(open_page, address):
    page = open_page(address + "index.html")
    forms = page.locator("form.nbc-question")
    single, several, numeric = (forms.nth(i) for i in range(3))
    single.get_by_role("button", name="Check").press("Enter")
    assert "Choose one answer first." in single.get_by_role("status").inner_text()
    single.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert single.get_by_role("radio").nth(1).is_checked()
    page.keyboard.press("Enter")
    assert "Not yet. That would need a term in x²" in single.get_by_role("status").inner_text()
    single.get_by_role("button", name="Try again").press("Enter")
    assert single.get_by_role("status").inner_text() == ""
    page.keyboard.press("Space")  # the focus went to the first choice
    page.keyboard.press("Enter")
    assert "Right." in single.get_by_role("status").inner_text()

    several.get_by_label("AND").press("Space")
    several.get_by_role("button", name="Check").press("Enter")
    assert "One right answer is missing." in several.get_by_role("status").inner_text()
    several.get_by_label("OR", exact=True).press("Space")
    assert several.get_by_role("status").inner_text() == "", "a changed answer keeps the old verdict"
    several.get_by_role("button", name="Check").press("Enter")
    assert "Right." in several.get_by_role("status").inner_text()

    field = numeric.get_by_label("Your answer")
    for typed, said in [
        ("101632", "The biases are missing."),
        ("2080", "Not yet. For each layer: (inputs + 1) × neurons."),
        ("many", "not a number"),
        ("101,770", "Right."),
    ]:
        field.fill(typed)
        page.keyboard.press("Enter")
        assert said in numeric.get_by_role("status").inner_text()
    assert page.get_by_text("3 of 3 right").is_visible()


def test_quiz_remembers_and_forgets(open_page, address):
    page = open_page(address + "index.html")
    form = page.locator("form.nbc-question").first
    form.get_by_text("A straight line").click()
    form.get_by_role("button", name="Check").click()
    numeric = page.locator("form.nbc-question").last
    numeric.get_by_label("Your answer").fill("2080")
    numeric.get_by_role("button", name="Check").click()
    page.reload()
    assert page.get_by_text("1 of 3 right").is_visible()
    assert form.get_by_role("radio").first.is_checked()
    assert form.get_by_text("Question 1 of 3 · answered right").is_visible()
    assert numeric.get_by_text("Question 3 of 3 · answered, not yet right").is_visible()
    assert page.locator(".nbc-host .nbc-feedback:not(:empty)").count() == 0
    form.get_by_role("button", name="Check").click()
    assert "Right." in form.get_by_role("status").inner_text()
    assert not form.get_by_text("answered right").is_visible()
    page.get_by_role("button", name="Clear answers").click()
    assert page.get_by_text("0 of 3 right").is_visible()
    page.reload()
    assert not form.get_by_role("radio").first.is_checked()


@pytest.mark.parametrize(
    "kept", ["not json", '{"line": {"response": [9]}, "xor": 3, "gone": {}}', "null", "[]"]
)
def test_quiz_survives_a_spoilt_memory(open_page, book, kept):
    page = open_page(book["http"] + "index.html")
    page.evaluate("kept => localStorage.setItem('nbcourse:quiz:example', kept)", kept)
    page.reload()
    assert page.get_by_text("0 of 3 right").is_visible()


def test_content_is_never_html(open_page, book):
    page = open_page(book["http"] + "index.html")
    assert page.get_by_label("Any curve, <b>if</b> it is trained long enough").is_visible()
    assert page.locator(".nbc-host .nbc-quiz b").count() == 0
