"""What a reader has left when something is missing: no script, no server, no sound, no screen."""

import pytest

from nbcourse.site.policy import CONTENT_SECURITY_POLICY

from .book_site import PAGES, Visit

CHAPTER = next(name for name in PAGES if name.endswith("01-neurons"))
SOUNDS = next(name for name in PAGES if name.endswith("09-applications"))


@pytest.fixture(scope="module")
def plain(contexts, site):
    """The chapter without JavaScript, from a disk."""
    with Visit(contexts(java_script_enabled=False), (site / f"{CHAPTER}.html").as_uri()) as seen:
        yield seen
        assert seen.problems == []


def test_without_scripts_formulas_are_drawn(plain):
    formula = plain.page.locator("span.math mjx-container").first
    assert formula.is_visible() and formula.bounding_box()["width"] > 5
    assert "\\(" not in plain.page.locator("article section > p").first.inner_text()


def test_without_scripts_solutions_and_answers_can_be_read(plain):
    assert plain.page.locator("div.solution p").first.is_visible()
    answer = plain.page.locator("details.nbc-answer").first
    assert not answer.locator("p").first.is_visible()
    answer.locator("summary").click()
    assert answer.locator("p").first.is_visible()


def test_without_scripts_the_way_to_other_pages_is_there(plain):
    assert plain.page.locator("nav.bd-links a[href$='02-activations.html']").count()
    assert plain.page.locator(".course-foot a").last.is_visible()


def test_the_page_itself_keeps_out_what_is_not_of_the_book(contexts, site):
    """From a disk no host sends a policy, so the page's own must hold."""
    with Visit(contexts(), (site / f"{CHAPTER}.html").as_uri()) as seen:
        told = seen.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        assert told == CONTENT_SECURITY_POLICY.replace("'self'", "'self' file:")
        blocked = """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          const script = Object.assign(document.createElement("script"), { textContent: "window.bad = 1" });
          document.head.append(script);
          setTimeout(() => done("nothing"), 2000);
        })"""
        assert seen.page.evaluate(blocked) == "script-src-elem"
        assert seen.page.evaluate("window.bad") is None


def test_a_sound_is_a_file_of_the_book(visit):
    with visit(SOUNDS) as seen:
        clip = seen.page.locator("audio").first
        assert "/_static/media/" in clip.evaluate("clip => clip.src")
        loaded = """clip => new Promise((done) => {
          clip.onloadedmetadata = () => done(clip.duration);
          clip.onerror = () => done(clip.error.message);
          clip.load();
          clip.preload = "auto";
        })"""
        assert clip.evaluate(loaded) > 0.1
        assert seen.problems == []


def test_paper_is_light_and_shows_what_is_open(visit):
    with visit(CHAPTER, "dark") as seen:
        seen.page.locator("div.solution button.toggle-button").first.click()
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        seen.page.emulate_media(media="print")
        assert seen.page.locator("html").get_attribute("data-theme") == "light"
        solutions = seen.page.locator("div.solution")
        assert solutions.first.is_visible() and not solutions.nth(1).is_visible()
        for left_out in (".bd-sidebar-primary", ".bd-header-article", ".course-foot", ".nbc-host", "button"):
            assert not seen.page.locator(left_out).filter(visible=True).count(), left_out
        assert seen.page.locator("article h1").is_visible()
        assert seen.page.locator(".nbc-still").first.is_visible()
        wide = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
        assert seen.page.locator("article pre").evaluate_all(wide) == 0
        seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert seen.page.locator("html").get_attribute("data-theme") == "dark"
        seen.page.emulate_media(media="screen")
