"""The book as one PDF: links stay inside, nothing is lost, and the file has an outline and tags."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup

from nbcourse.site import SiteError, pdf, write_pdf

from .book_site import HTML, PAGES, ROOT, Visit

NAMES = [f"{name}.html" for name in PAGES if name.startswith("book/")]


@pytest.fixture(scope="module")
def whole(site):
    return BeautifulSoup(pdf.joined(site, NAMES), "lxml")


def test_every_article_is_there_with_ids_of_its_own(whole):
    assert len(whole.select("article")) == len(NAMES)
    ids = [tag["id"] for tag in whole.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_links_inside_lead_to_something_inside(whole):
    ids = {tag["id"] for tag in whole.find_all(id=True)}
    inside = {link["href"][1:] for link in whole.select("article a[href^='#']")}
    assert len(inside) > 100 and inside <= ids, sorted(inside - ids)[:5]
    outside = {link["href"] for link in whole.select("a[href]") if not link["href"].startswith("#")}
    assert outside and {address for address in outside if not address.startswith("http")} == set()


def test_parts_of_drawings_are_found_by_their_names(whole):
    ids = {tag["id"] for tag in whole.find_all(id=True)}
    used = {tag["xlink:href"][1:] for tag in whole.select("svg use") if "xlink:href" in tag.attrs}
    assert len(used) > 50 and used <= ids
    assert set(re.findall(r"url\(#([\w-]+)\)", str(whole))) <= ids


def test_solutions_and_answers_stand_at_the_chapters_end(whole):
    chapter = whole.find("article", id="01-neurons")
    *_, last = chapter.find("section").find_all("section", recursive=False)
    assert last.h2.get_text() == "Solutions" and len(last.select("div.solution")) > 5
    assert len(last.select(".nbc-answer")) == len(chapter.select(".nbc-question")) > 3
    assert chapter.select("div.solution") == last.select("div.solution")


def test_title_page_and_contents_come_first(whole):
    title, contents = whole.select("main > section")
    assert title.h1.get_text() == "Neural networks, built twice" and "Version" in title.get_text()
    assert [link["href"] for link in contents.select("a")] == [
        f"#{name.removesuffix('.html').rpartition('/')[2]}" for name in NAMES
    ]


def test_what_needs_a_reader_at_a_screen_is_left_out(whole):
    assert not whole.select("article button, article script, article .course-done")
    assert all("open" in box.attrs for box in whole.select("details"))


def test_pictures_are_found_beside_the_page(whole):
    for picture in whole.select("article img"):
        assert (HTML / "book" / picture["src"]).is_file(), picture["src"]


def test_formulas_are_drawn(site, contexts):
    file = HTML / "book" / "_formulas.html"
    try:
        file.write_text(pdf.joined(site, ["book/notation.html"]), encoding="utf-8")
        with Visit(contexts(), file.as_uri()) as seen:
            seen.page.wait_for_function(pdf._READY)
            wanted = seen.page.locator("span.math, div.math").count()
            assert seen.page.locator("mjx-container").count() >= wanted > 50 and seen.problems == []
    finally:
        file.unlink()


def test_the_file_has_outline_and_tags(site, browser, monkeypatch, tmp_path):
    some = [name.removesuffix(".html") for name in NAMES if re.search("notation|contributing", name)]
    monkeypatch.setattr(pdf, "documents", lambda root: some)
    with ThreadPoolExecutor(1) as apart:  # where Playwright runs for the tests, it cannot start again
        assert apart.submit(write_pdf, ROOT, tmp_path / "new" / "book.pdf").result() == 2
    content = (tmp_path / "new" / "book.pdf").read_bytes()
    assert content.startswith(b"%PDF") and b"/StructTreeRoot" in content and b"/Outlines" in content
    assert not list((HTML / "book").glob("_whole*"))


def test_pages_break_inside_long_code_and_beside_no_heading(visit):
    with visit("book/01-neurons") as seen:
        seen.page.emulate_media(media="print")
        style = "(part, name) => getComputedStyle(part)[name]"
        long = seen.page.locator("div.cell_input", has_text="def curve(x):")
        for part in ["div.highlight", "pre"]:
            assert long.locator(part).first.evaluate(style, "breakInside") == "auto"
        table = seen.page.locator("table.course-table").last
        assert table.evaluate(style, "breakInside") == "avoid"  # five rows at most
        for part in [
            table.locator("caption"),
            table.locator("thead"),
            seen.page.locator("p:has(+ .math)").first,
        ]:
            assert part.evaluate(style, "breakAfter") == "avoid"
        assert seen.problems == []


def test_a_book_that_was_not_built_is_named(tmp_path):
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    with pytest.raises(SiteError, match=r"book/index\.html has not been built: run `make book`"):
        write_pdf(tmp_path, tmp_path / "book.pdf")
