"""What stands around a page's text: the way in, the road, how to run it, copying, and what comes next."""

import re

from .book_site import PAGES, ROOT

CHAPTER = next(name for name in PAGES if name.endswith("05b-seeing"))
SESSIONS = """<div class="highlight-pycon"><div class="highlight"><pre>&gt;&gt;&gt; for i in range(2):
...     print(i)
0
1
&gt;&gt;&gt; x = 1
</pre></div></div><div class="highlight-console"><div class="highlight"><pre>$ make book \\
  --dry-run
done
$ make test
</pre></div></div></article>"""


def test_a_chapter_says_where_it_stands_how_to_run_it_and_what_comes_next(visit, contexts):
    contexts("light", 1280).grant_permissions(["clipboard-read", "clipboard-write"])
    with visit(CHAPTER) as seen:
        page = seen.page
        line = page.locator("p.course-progress").inner_text()
        assert re.match(r"Chapter 5 of 9, part 2 of 2 · \d+ minutes to read · \d+ quiz questions, ", line)
        road = page.get_by_role("navigation", name="The chapters")
        assert road.get_by_role("link").count() == 9
        assert road.locator("[aria-current]").inner_text().startswith("5")

        run, ways = page.locator("details.course-run"), page.locator(".course-run-ways")
        page.get_by_text("Run this chapter").click()
        assert ways.get_by_role("link", name="Download the notebook").get_attribute("href").endswith(".ipynb")
        assert "needs the course's package, nbcourse" in ways.inner_text()
        assert copied(page, ways.get_by_role("button")) == "make lab OPEN=05b-seeing"
        page.keyboard.press("Escape")
        assert run.get_attribute("open") is None
        assert page.evaluate("document.activeElement.matches('.course-run > summary')")
        page.keyboard.press("Enter")
        assert ways.is_visible()
        page.locator("h1").last.click(position={"x": 5, "y": 5})
        assert not ways.is_visible()

        foot = page.get_by_role("navigation", name="Previous and next page")
        assert foot.locator("[rel=prev]").inner_text().endswith("Convolutional networks")
        assert re.match(r"\d+ minutes to read\. \w.{40,}", foot.locator(".course-next-about").inner_text())
        assert seen.problems == []


def test_copying_leaves_prompts_and_outputs_out_and_is_announced(visit, contexts, address):
    context = contexts("light", 1280)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    with visit(CHAPTER) as seen:
        page = seen.page
        page.route("**/05b-seeing.html", with_sessions)
        page.reload()
        cell = page.locator(".cell_input").nth(1)
        assert copied(page, cell.get_by_role("button")) == cell.locator("pre").inner_text().rstrip()
        assert page.locator("main > [role=status]").inner_text() == "Copied to the clipboard"
        assert page.locator(".cell_output .output.stream button").count() == 0
        for language, typed in [
            ("pycon", "for i in range(2):\n    print(i)\nx = 1"),
            ("console", "make book \\\n  --dry-run\nmake test"),
        ]:
            assert copied(page, page.locator(f".highlight-{language}").get_by_role("button")) == typed
        page.evaluate(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
        )  # as without https
        cell.get_by_role("button").press("Enter")
        page.get_by_text("Copied", exact=True).first.wait_for()
        page.emulate_media(media="print")
        assert not cell.get_by_role("button").is_visible()


def with_sessions(route):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</article>", SESSIONS, 1))


def copied(page, button):
    """Press a copy button, and return what is on the clipboard then."""
    button.click()
    button.filter(has_text=re.compile("^Copied$")).wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def test_the_first_screen_has_what_a_reader_needs(visit):
    with visit("book/index", width=1440) as seen:
        page = seen.page
        start = page.locator(".course-start a")
        assert start.inner_text() == "Start with chapter 1"
        assert re.fullmatch(r"\d+ minutes to read", page.locator(".course-start small").inner_text())
        parts = [start, page.locator(".course-ways"), page.locator("[data-figure=Playground]")]
        for part in [*parts, page.locator(".course-map .course-road")]:
            box = part.bounding_box()
            assert box["y"] + box["height"] <= page.viewport_size["height"]
        assert page.locator(".course-map a").count() == 9
        page.get_by_role("button", name="Train").click()
        page.get_by_role("button", name="Pause").click()
        assert seen.problems == []


def test_the_first_page_leads_back_to_the_chapter_that_was_open_last(visit):
    with visit(CHAPTER):
        pass
    with visit("book/index") as seen:
        start = seen.page.locator(".course-start a")
        assert start.inner_text().startswith("Continue with Families of networks")
        assert start.get_attribute("href").endswith("05b-seeing.html")
        seen.page.once("dialog", lambda dialog: dialog.accept())
        seen.page.get_by_role("button", name="Clear all progress").click()
        seen.page.get_by_text("Start with chapter 1").wait_for()


def test_minutes_to_read_are_said_by_the_page_alone():
    by_hand = re.compile(r"\*\*Time:|hours? to read|minutes to read and")
    notebooks = sorted((ROOT / "book").glob("*.ipynb"))
    assert [path.stem for path in notebooks if by_hand.search(path.read_text(encoding="utf-8"))] == []
