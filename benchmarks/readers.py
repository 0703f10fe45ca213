"""Lets many readers at once ask a plain nginx for a whole chapter, and counts.

    python benchmarks/readers.py [--write]

nginx serves the built book with the configuration beside this file (``nginx.conf``). A browser opens the
chapter once and tells which files it asks for; then ``wrk`` asks for just these, as a browser would, over
many connections for a few seconds, in three ways that take turns: compressed for each answer, compressed
before, and asked again by readers who have everything (304). ``--write`` stores the numbers in
``benchmarks/results/readers.json``. Server and readers share this machine, so the numbers are this machine's;
the processor time of nginx says how the ways compare.
"""

import argparse
import datetime
import gzip
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
from engine import machine
from opened import HTML, ROOT, require
from webserver import PREFIX, installed, nginx

from nbcourse.browser import ARGUMENTS, find

RESULTS = ROOT / "benchmarks" / "results" / "readers.json"
CHAPTER = "book/04-training.html"
CONNECTIONS, SECONDS, ROUNDS = 200, 5, 3
COMPRESSED = {".html", ".js", ".css", ".svg", ".json", ".ipynb", ".md", ".txt"}
FLY, BEFORE, AGAIN = "compressed for each answer", "compressed before", "unchanged (304)"
# What a wrk thread asks for, one after the other, and what it says at the end, in microseconds.
LUA = """
local asked, at
init = function()  -- here the name of the host is known
  asked, at = {{ {requests} }}, 0
end
request = function()
  at = at % #asked + 1
  return asked[at]
end
done = function(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    '{{"requests": %d, "bytes": %d, "microseconds": %d, "errors": %d, "p50": %d, "p99": %d}}',
    summary.requests, summary.bytes, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


def paths_of_chapter(address):
    """Return the paths that a browser asks for when it opens the chapter, the page first."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        page = browser.new_page()
        found = []
        page.on("request", lambda request: found.append(request.url.removeprefix(address)))
        page.goto(f"{address}{PREFIX}{CHAPTER}", wait_until="networkidle")
        browser.close()
    return [path for path in dict.fromkeys(found) if path.startswith("/")]  # data: asks nobody


def answers(address, paths, **headers):
    """Ask once for each path; return {path: (status, ETag, bytes)}."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    found = {}
    for path in paths:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"} | headers.get(path, {}))
        answer = connection.getresponse()
        found[path] = (answer.status, answer.headers["ETag"], len(answer.read()))
    connection.close()
    return found


def compress(html):
    """Put a compressed file beside each file that is worth it, as a host would after each change."""
    for path in [path for path in html.rglob("*") if path.suffix in COMPRESSED]:
        target = path.with_name(path.name + ".gz")
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        os.utime(target, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))


def script(paths, tags):
    """Return wrk's script: a browser's requests for the paths, with the tags of what it has already."""
    lines = []
    for path in paths:
        known = f', ["If-None-Match"] = {json.dumps(tags[path])}' if tags else ""
        headers = f'{{["Accept-Encoding"] = "gzip"{known}}}'
        lines.append(f'wrk.format("GET", {json.dumps(path)}, {headers})')
    return LUA.format(requests=", ".join(lines))


def ask(server, address, paths, tags=None, seconds=SECONDS, connections=CONNECTIONS):
    """Let the readers ask for some seconds; return what was served, how fast, at what cost."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chapter.lua"
        path.write_text(script(paths, tags), encoding="utf-8")
        command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
        before = processor_seconds(server)
        done = subprocess.run([*command, "-s", path, address], capture_output=True, text=True, check=True)
        used = processor_seconds(server) - before
    told = json.loads(re.search(r"^\{.*\}$", done.stdout, re.M)[0])
    passed, chapters = told["microseconds"] / 1e6, told["requests"] / len(paths)
    return {
        "chapters_per_second": chapters / passed,
        "megabytes_per_second": told["bytes"] / 1e6 / passed,
        "milliseconds_50": told["p50"] / 1e3,
        "milliseconds_99": told["p99"] / 1e3,
        "errors": told["errors"],
        "processor_share": used / passed,
        "processor_milliseconds": 1e3 * used / chapters,
    }


def processor_seconds(server):
    """Return the processor time that nginx and its workers have used."""
    process = psutil.Process(server.pid)
    times = [one.cpu_times() for one in (process, *process.children())]
    return sum(one.user + one.system for one in times)


def measure(html):
    """Return the chapter's size, and for each way the rounds' numbers; the ways take turns."""
    ready = html.with_name("ready")
    shutil.copytree(html, ready)
    compress(ready)
    rounds = {FLY: [], BEFORE: [], AGAIN: []}
    with nginx(html) as (plain, there), nginx(ready) as (quick, here):
        paths = paths_of_chapter(here)
        first = answers(here, paths)
        tags = {path: tag for path, (_, tag, _) in first.items()}
        again = answers(here, paths, **{path: {"If-None-Match": tag} for path, tag in tags.items()})
        wrong = [path for path in paths if (first[path][0], again[path][0]) != (200, 304)]
        if wrong:
            sys.exit(
                f"{wrong[0]}: expected 200, then 304, got {first[wrong[0]][0]}, then {again[wrong[0]][0]}"
            )
        for _ in range(ROUNDS):
            rounds[FLY].append(ask(plain, there, paths))
            rounds[BEFORE].append(ask(quick, here, paths))
            rounds[AGAIN].append(ask(quick, here, paths, tags))
    return {"page": CHAPTER, "files": len(paths), "bytes": sum(size for *_, size in first.values())}, rounds


def summary(rounds):
    """Return for each way the median of its rounds; errors are added up."""
    ways = {}
    for way, rows in rounds.items():
        ways[way] = {key: float(f"{statistics.median(row[key] for row in rows):.3g}") for key in rows[0]}
        ways[way]["errors"] = sum(row["errors"] for row in rows)
    return ways


def table(ways):
    """Return the numbers as lines of text."""
    heads = f"{'chapters/s':>10} {'MB/s':>7} {'ms: 50 %':>9} {'99 %':>6} {'nginx ms a chapter':>19} errors"
    lines = [f"{'':28} {heads}"]
    for way, row in ways.items():
        lines.append(
            f"{way:28} {row['chapters_per_second']:10.0f} {row['megabytes_per_second']:7.1f} "
            f"{row['milliseconds_50']:9.1f} {row['milliseconds_99']:6.0f} "
            f"{row['processor_milliseconds']:19.2f} {row['errors']:6}"
        )
    return "\n".join(lines)


def about():
    """Return what the numbers depend on: machine and versions."""
    nginx_says = subprocess.run([installed(), "-v"], capture_output=True, text=True).stderr
    wrk_says = subprocess.run(["wrk", "-v"], capture_output=True, text=True).stdout
    return {
        "command": "python benchmarks/readers.py --write",
        "date": str(datetime.date.today()),
        **machine(),
        "load": round(os.getloadavg()[0], 1),
        "versions": {
            "nginx": nginx_says.strip().partition("/")[2],
            "wrk": re.search(r"[\d.]+", wrk_says)[0],
        },
    }


def main():
    """Measure, print, and end with exit code 1 when a request went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="store the numbers in benchmarks/results/")
    arguments = parser.parse_args()
    require({"nginx": installed(), "wrk": shutil.which("wrk"), "Chromium": find()})
    conditions = about()
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "html"
        shutil.copytree(HTML, html)
        chapter, rounds = measure(html)
    ways = summary(rounds)
    print(table(ways))
    if arguments.write:
        load = {"connections": CONNECTIONS, "seconds": SECONDS, "rounds": ROUNDS}
        text = json.dumps(conditions | chapter | load | {"ways": ways}, indent=1)
        RESULTS.write_text(text + "\n", encoding="utf-8")
    if any(row["errors"] for row in ways.values()):
        sys.exit("some requests were not answered as they should be")


if __name__ == "__main__":
    main()
