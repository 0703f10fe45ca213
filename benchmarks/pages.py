"""Weighs every page of the built book: bytes over the wire, requests, first paint, layout shift.

    python benchmarks/pages.py [--write]

Each page is opened in Chromium with an empty cache, from a server on this machine that compresses as a host
would, and left alone until nothing more comes: what is counted is what a reader pays before scrolling. A
picture that stands in the page itself (a ``data:`` address) weighs there, and asks the server for nothing.
``--write`` stores the numbers in ``benchmarks/results/pages.json``. A page that misses a limit is named, and
the exit code is 1.
"""

import argparse
import json
import statistics
import sys

from machine import machine
from opened import HTML, ROOT, opened

from nbcourse.site.toc import documents

RESULTS = ROOT / "benchmarks" / "results" / "pages.json"
LIMITS = {"bytes": 1_000_000, "requests": 30, "paint": 400, "shift": 0.02}  # paint in milliseconds
FORMATS = {"bytes": "{:,.0f} B", "requests": "{:.0f}", "paint": "{:.0f} ms", "shift": "{:.3f}"}
VIEWPORT = {"width": 1280, "height": 900}
VISITS = 3
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity"
SETTLED = "document.fonts.ready.then(() => true)"


def names():
    """Return every page of the built book without its suffix: in reading order, then those outside of it."""
    found = [name.removesuffix(".md").removesuffix(".ipynb") for name in documents(ROOT)]
    pages = (path.relative_to(HTML).with_suffix("").as_posix() for path in HTML.rglob("*.html"))
    others = {
        name for name in pages if not name.startswith("_") and name != "index"
    }  # that one leads on at once
    return found + sorted(others - set(found))


def measure(browser, url):
    """Open ``url`` once in a fresh profile; return bytes, requests, first paint (ms) and layout shift."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes, requests = [], []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: requests.append(request.url))  # no data: addresses
    page.goto(url)
    page.evaluate(SETTLED)
    page.wait_for_load_state("networkidle")
    found = {"paint": page.evaluate(PAINT), "shift": page.evaluate("window.shift")}
    context.close()
    return {"bytes": int(sum(sizes)), "requests": len(requests), **found}


def measure_all(browser, address, pages):
    """Return {page: measurements}: of a few visits the middle paint, and else the worst."""
    measure(browser, f"{address}{pages[0]}.html")  # the browser's own first start is not the page's
    rows = {}
    for name in pages:
        visits = [measure(browser, f"{address}{name}.html") for _ in range(VISITS)]
        worst = {quantity: max(visit[quantity] for visit in visits) for quantity in LIMITS}
        paint = statistics.median(visit["paint"] for visit in visits)
        rows[name] = worst | {"paint": round(paint), "shift": round(worst["shift"], 4)}
    return rows


def shown(quantity, value):
    """Return a measurement with its unit."""
    return FORMATS[quantity].format(value)


def missed(rows):
    """Return a line for each limit that a page misses."""
    return [
        f"{name}: {quantity} {shown(quantity, row[quantity])}, must be ≤ {shown(quantity, limit)}"
        for name, row in rows.items()
        for quantity, limit in LIMITS.items()
        if not row[quantity] <= limit
    ]


def table(rows):
    """Return the measurements as lines of text, the heaviest page first, then the worst of each quantity."""
    lines = [f"{'page':24}" + "".join(f"{quantity:>14}" for quantity in LIMITS)]
    for name in sorted(rows, key=lambda name: -rows[name]["bytes"]):
        values = (shown(quantity, rows[name][quantity]) for quantity in LIMITS)
        lines.append(f"{name:24}" + "".join(f"{value:>14}" for value in values))
    for quantity in LIMITS:
        worst = max(rows, key=lambda name, quantity=quantity: rows[name][quantity])
        lines.append(f"worst in {quantity}: {worst}, {shown(quantity, rows[worst][quantity])}")
    return "\n".join(lines)


def main():
    """Measure, print, and end with exit code 1 when a page misses a limit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="store the numbers in benchmarks/results/")
    arguments = parser.parse_args()
    with opened() as (browser, address):
        rows, chromium = measure_all(browser, address, names()), browser.version
    print(table(rows))
    if arguments.write:
        about = {"command": "python benchmarks/pages.py --write", **machine(), "chromium": chromium}
        about |= {"viewport": list(VIEWPORT.values()), "visits": VISITS, "limits": LIMITS}
        RESULTS.write_text(json.dumps(about | {"pages": rows}, indent=1) + "\n", encoding="utf-8")
    if misses := missed(rows):
        sys.exit("\n".join(misses))


if __name__ == "__main__":
    main()
