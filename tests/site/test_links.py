"""Every address in every page leads somewhere: pages, anchors, pictures, scripts, styles, downloads."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from .book_site import ROOT

ADDRESSES = {"href", "src", "poster", "action", "{http://www.w3.org/1999/xlink}href", "xlink:href"}
REFERRING = {"for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list"}
DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/[^\s\"<>]+")
OUTSIDE = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/[^\s\"<>\\^`{|}]*)?", re.IGNORECASE)
UNENCRYPTED = {"http://neuralnetworksanddeeplearning.com"}  # the only address that this book has
HERE = re.compile(rf"file:/|localhost|127\.0\.0\.1|{re.escape(str(ROOT))}|/home/|/Users/|[A-Z]:\\")


@dataclass
class Page:
    """What one page names, and what it offers to be named."""

    ids: list
    addresses: set
    references: set

    @classmethod
    def read(cls, path):
        """Return the page in the file ``path``."""
        page = cls([], set(), set())
        text = path.read_text(encoding="utf-8")
        for element in html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8")).iter(
            html.etree.Element
        ):
            page._add(element.attrib)
        page.references |= set(re.findall(r"url\(#([\w.-]+)\)", text))
        return page

    def _add(self, attributes):
        for name, value in attributes.items():
            if name == "id":
                self.ids.append(value)
            elif name in ADDRESSES:
                self.addresses.add(value.strip())
            elif name == "srcset":
                self.addresses |= {one.split()[0] for one in value.split(",")}
            elif name in REFERRING:
                self.references |= set(value.split())


@pytest.fixture(scope="module")
def pages(site):
    names = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return {name: Page.read(site / name) for name in names if not name.startswith("_static/")}


def outside(address):
    return bool(urlsplit(address).scheme or address.startswith("//"))


def test_no_id_stands_twice(pages):
    twice = {
        name: sorted({one for one in page.ids if page.ids.count(one) > 1}) for name, page in pages.items()
    }
    assert {name: ids for name, ids in twice.items() if ids} == {}


def test_what_a_page_names_by_id_it_has(pages):
    missing = {name: sorted(page.references - set(page.ids)) for name, page in pages.items()}
    assert {name: ids for name, ids in missing.items() if ids} == {}


def test_every_address_inside_leads_to_a_file_and_an_anchor(site, pages):
    wrong, count = [], 0
    for name, page in pages.items():
        for address in sorted(page.addresses):
            if outside(address):
                continue
            count += 1
            parts = urlsplit(address)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            target = path if parts.path else name
            if address.startswith("/") or target.startswith("..") or not (site / target).is_file():
                wrong.append(f"{name}: {address} leads to no file")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                wrong.append(f"{name}: {address} leads to no such place")
    assert wrong == [] and count > 1000


def test_every_address_in_a_style_sheet_leads_to_a_file(site):
    wrong = []
    for sheet in (site / "_static").rglob("*.css"):
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text(encoding="utf-8")):
            if (
                not address.startswith(("data:", "#"))
                and not (sheet.parent / urlsplit(address).path).is_file()
            ):
                wrong.append(f"{sheet.relative_to(site)}: {address}")
    assert wrong == []


def test_every_address_outside_is_well_formed(pages):
    found = {(name, one) for name, page in pages.items() for one in page.addresses if outside(one)}
    data = ("data:,", "data:image/")
    found = {pair for pair in found if pair[1] not in UNENCRYPTED and not pair[1].startswith(data)}
    assert [pair for pair in sorted(found) if not OUTSIDE.fullmatch(pair[1])] == []
    dois = {pair for pair in found if "doi.org" in pair[1]}
    assert dois and [pair for pair in sorted(dois) if not DOI.fullmatch(pair[1])] == []


def test_no_page_names_this_machine(pages):
    found = [
        (name, one) for name, page in pages.items() for one in sorted(page.addresses) if HERE.search(one)
    ]
    assert found == []
