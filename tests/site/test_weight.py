"""What a page weighs before its reader scrolls: bytes, requests, layout shift; and what is told of it."""

import json
import sys

import pytest

from .book_site import PAGES, ROOT

sys.path.append(str(ROOT / "benchmarks"))
sys.path.append(str(ROOT / "book" / "_ext"))

import pages
from course import measured


@pytest.mark.parametrize("name", [*PAGES, "search"])
def test_a_page_is_light_and_stands_still(browser, address, name):
    row = pages.measure(browser, f"{address}{name}.html")
    assert pages.missed({name: row | {"paint": 0}}) == []  # how long it took is for the benchmark alone
    assert row["paint"] < float("inf") and row["requests"] > 3 and row["bytes"] > 100_000


ROWS = {
    "book/light": {"bytes": 1_000_000, "requests": 30, "paint": 400, "shift": 0.02},
    "book/heavy": {"bytes": 1_000_001, "requests": 31, "paint": 401, "shift": 0.021},
}


def test_each_miss_is_told_with_its_page():
    assert pages.missed({"book/light": ROWS["book/light"]}) == []
    assert pages.missed(ROWS) == [
        "book/heavy: bytes 1,000,001 B, must be ≤ 1,000,000 B",
        "book/heavy: requests 31, must be ≤ 30",
        "book/heavy: paint 401 ms, must be ≤ 400 ms",
        "book/heavy: shift 0.021, must be ≤ 0.020",
    ]
    assert len(pages.missed({"book/blank": ROWS["book/light"] | {"paint": float("inf")}})) == 1
    assert "worst in paint: book/heavy, 401 ms" in pages.table(ROWS)


def test_the_book_names_its_faults():
    good = {"controls": 5, "in_figures": 1, "faults": {"axe": [], "keyboard": [], "looks": []}}
    bad = good | {"faults": good["faults"] | {"looks": ["dark: wide"], "keyboard": ["a trap", "no focus"]}}
    told = {"rules": 90, "themes": ["light", "dark"], "widths": [390, 1440]}
    _, rows = measured.accessibility(told | {"pages": {"book/a": good, "book/b": bad, "404": good}})
    assert [found for _, _, found in rows] == [
        ("0 faults",),
        ("2 faults", "b: a trap; no focus"),
        ("1 fault", "b: dark: wide"),
    ]


def test_the_book_says_whether_its_server_was_alone():
    told = json.loads((ROOT / "benchmarks" / "results" / "readers.json").read_text("utf-8"))
    said = [measured.readers_conditions(told | {"load": load}) for load in (21.7, 0.2)]
    assert "a machine shared with other work: nginx" in said[0] and "nothing else to do: nginx" in said[1]


def test_the_book_tells_limits_and_worst_pages():
    results = {"limits": pages.LIMITS, "pages": ROWS}
    heads, rows = measured.pages(results)
    assert rows[0] == ("weight", "1.00 MB", "1.00 MB", "book/heavy", "1.00 MB")
    assert rows[2] == ("first paint", "400 ms", "401 ms", "book/heavy", "400 ms")
    assert len(rows) == 4 and all(len(row) == len(heads) for row in rows)
    heads, rows = measured.each_page(results)
    assert rows[1] == ("book/heavy", "1.00 MB", "31", "401 ms", "0.021") and len(heads) == 5
