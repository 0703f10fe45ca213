"""Weighs every page of the built book: bytes over the wire, requests, first paint, layout shift.

    python benchmarks/pages.py [--write]

Each page is opened in Chromium with an empty cache, from a server on this machine that compresses as a host
would, and left alone for a moment: what is counted is what a reader pays before scrolling. ``--write`` stores
the numbers in ``benchmarks/results/pages.json``.
"""

import argparse
import json
import platform
import statistics
import sys
import threading
from pathlib import Path

from nbcourse.browser import ARGUMENTS, find
from nbcourse.site import is_current, make_server
from nbcourse.site.toc import documents

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "pages.json"
MEGABYTES, FIRST_PAINT = 1.2, 500  # the targets: MB of compressed bytes, ms
REPEATS = 3
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


def measure(browser, url):
    """Open ``url`` once in a fresh profile; return bytes, requests, first paint (ms) and layout shift."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(500)
    found = {"paint": page.evaluate(PAINT), "shift": page.evaluate("window.shift")}
    context.close()
    return {"bytes": int(sum(sizes)), "requests": len(sizes), **found}


def measure_all(browser, address, names):
    """Return {page: measurements}: the median paint and the largest shift of a few visits."""
    measure(browser, f"{address}{names[0]}.html")  # the browser's own first start is not the page's
    rows = {}
    for name in names:
        visits = [measure(browser, f"{address}{name}.html") for _ in range(REPEATS)]
        paint = statistics.median(visit["paint"] for visit in visits)
        shift = max(visit["shift"] for visit in visits)
        rows[name] = visits[0] | {"paint": round(paint), "shift": round(shift, 4)}
    return rows


def table(rows):
    """Return the measurements as lines of text, the heaviest page first, and which page is the worst."""
    lines = [f"{'page':24} {'MB':>6} {'requests':>9} {'first paint':>12} {'shift':>7}"]
    heaviest = sorted(rows, key=lambda name: -rows[name]["bytes"])
    for name in heaviest:
        row = rows[name]
        lines.append(
            f"{name:24} {row['bytes'] / 1e6:6.3f} {row['requests']:9} {row['paint']:9} ms {row['shift']:7.3f}"
        )
    slowest = max(rows, key=lambda name: rows[name]["paint"])
    lines.append(f"heaviest: {heaviest[0]}; slowest to paint: {slowest}")
    return "\n".join(lines)


def main():
    """Measure, print, and end with exit code 1 when a page misses a target."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="store the numbers in benchmarks/results/")
    arguments = parser.parse_args()
    executable = find()
    if not is_current(ROOT):
        sys.exit("The built book is missing or older than its sources: run make book")
    if not executable:
        sys.exit("No Chromium found: install it, for example with apt-get install -y chromium")
    from playwright.sync_api import sync_playwright

    names = [name.removesuffix(".md").removesuffix(".ipynb") for name in documents(ROOT)]
    server = make_server(ROOT / "_build" / "html")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        rows = measure_all(browser, f"http://127.0.0.1:{server.server_port}/", names)
        chromium = browser.version
    server.shutdown()
    print(table(rows))
    if arguments.write:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        about = {
            "command": "python benchmarks/pages.py --write",
            "chromium": chromium,
            "system": platform.system(),
        }
        RESULTS.write_text(json.dumps(about | {"pages": rows}, indent=1) + "\n", encoding="utf-8")
    missed = [n for n, r in rows.items() if r["bytes"] > MEGABYTES * 1e6 or r["paint"] > FIRST_PAINT]
    if missed:
        sys.exit(f"over {MEGABYTES} MB or {FIRST_PAINT} ms: {', '.join(missed)}")


if __name__ == "__main__":
    main()
