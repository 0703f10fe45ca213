"""The page that maps the sources to the sections: no dead reference, and no promise."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "sources.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!heading|---)(.+) \| (.+) \|$", PAGE, re.MULTILINE)


def headings(name):
    """Return the headings of a notebook, as the slugs that links use."""
    cells = json.loads((ROOT / "book" / name).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = re.findall(r"^#{1,4} (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"): heading for heading in found}


def test_all_five_documents_are_there():
    assert re.findall(r"^## (\d)\. \*", PAGE, re.MULTILINE) == list("12345") and PAGE.count("\n## ") == 5
    assert len(ROWS) > 70


@pytest.mark.parametrize("what, where", ROWS, ids=[row[0][:40] for row in ROWS])
def test_every_entry_leads_to_a_section_of_that_name(what, where):
    links = re.findall(r"\[(.+?)\]\((.+?)\)", where)
    for text, target in links:
        name, _, slug = target.partition("#")
        assert (ROOT / "book" / name).exists(), target
        if name.endswith(".ipynb"):
            assert headings(name).get(slug) == text, target
    assert links, "an entry leads somewhere"
    assert not re.sub(r"\[.+?\]\(.+?\)|; ", "", where), "nothing is only promised"
