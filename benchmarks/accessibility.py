"""Asks of every page of the built book whether every reader can use it: by eye, by ear, by keyboard.

    python benchmarks/accessibility.py [--write] [PAGE ...]

Each page is opened once in Chromium, looked at in both themes and three widths, judged by axe-core and walked
from top to end with the Tab key (see ``access.py``; ``tests/site/test_pages.py`` asks the same, with fewer of
axe's rules in some themes and widths). ``--write`` stores what was found in
``benchmarks/results/accessibility.json``. A fault is named, and the exit code is 1.
"""

import argparse
import json
import sys
from collections import Counter

import access
from machine import machine
from opened import ROOT, opened
from pages import names

RESULTS = ROOT / "benchmarks" / "results" / "accessibility.json"


def measure_all(browser, address, pages):
    """Return {page: `access.Found`}; each page's line is printed as soon as it is known."""
    context = browser.new_context(viewport={"width": access.WIDTHS[0], "height": 900})
    context.set_default_timeout(120_000)
    found = {}
    for name in pages:
        page = context.new_page()
        page.goto(f"{address}{name}.html")
        found[name] = access.examine(page, access.EVERYWHERE)
        page.close()
        print(line(name, found[name]), flush=True)
    context.close()
    return found


def line(name, found):
    """Return what is told of one page, with its faults below."""
    faults = found.all_faults()
    told = f"{name:24} {found.controls:4} stops, {found.in_figures:3} in figures, {len(faults)} faults"
    return "\n".join([told, *(f"    {fault}" for fault in faults)])


def results(found):
    """Return what is stored of all pages."""
    rules = set().union(*(one.rules for one in found.values()))
    return {
        "axe": next(iter(found.values())).axe,
        "themes": list(access.SCHEMES),
        "widths": list(access.WIDTHS),
        "rules": len(rules),
        "violations": dict(sum((one.violations for one in found.values()), Counter())),
        "pages": {
            name: {"controls": one.controls, "in_figures": one.in_figures, "faults": one.faults}
            for name, one in found.items()
        },
    }


def main():
    """Ask, print, and end with exit code 1 when a page has a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="store the findings in benchmarks/results/")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="such as book/01-neurons; else every page")
    arguments = parser.parse_args()
    if arguments.write and arguments.pages:
        parser.error("only a run of every page is stored: leave out the pages, or --write")
    with opened() as (browser, address):
        found, chromium = measure_all(browser, address, arguments.pages or names()), browser.version
    if arguments.write:
        about = {"command": "python benchmarks/accessibility.py --write", **machine(), "chromium": chromium}
        text = json.dumps(about | results(found), indent=1, ensure_ascii=False)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    if faulty := [name for name, one in found.items() if one.all_faults()]:
        sys.exit(f"faults on {', '.join(faulty)}")


if __name__ == "__main__":
    main()
