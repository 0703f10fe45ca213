"""Prints the whole book into one PDF and looks into the file: its pages, size, outline, tags and links.

    python benchmarks/pdf.py [--write]

The book is printed as `make pdf` prints it, into `_build/course.pdf`; then pypdf reads the file. ``--write``
stores what was found in ``benchmarks/results/pdf.json``. When there is no outline, or there are no tags, or a
link leads nowhere or to a file of this machine, that is named, and the exit code is 1.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from machine import machine
from opened import ROOT, require
from pypdf import PdfReader

from nbcourse.site import write_pdf

FILE = ROOT / "_build" / "course.pdf"
RESULTS = ROOT / "benchmarks" / "results" / "pdf.json"


def look(path):
    """Return what the PDF in ``path`` holds: counts, and which of its links are broken."""
    reader = PdfReader(path)
    catalogue = reader.trailer["/Root"]
    inside, outside = links(reader)
    known = set(reader.named_destinations)
    return {
        "pages": len(reader.pages),
        "bytes": Path(path).stat().st_size,
        "outline": entries(reader.outline),
        "chapters": sum(not isinstance(one, list) for one in reader.outline),
        "tagged": "/StructTreeRoot" in catalogue and bool(catalogue["/MarkInfo"]["/Marked"]),
        "language": str(catalogue.get("/Lang", "")),
        "links_inside": len(inside),
        "links_outside": len(outside),
        "broken": sorted(
            {name for name in inside if name not in known}
            | {address for address in outside if not address.startswith(("https://", "http://"))}
        ),
    }


def entries(outline):
    """Return how many entries an outline has on all its levels."""
    return sum(entries(one) if isinstance(one, list) else 1 for one in outline)


def links(reader):
    """Return the names that links inside lead to, and the addresses of those that lead outside."""
    inside, outside = [], []
    for page in reader.pages:
        for note in page.get("/Annots") or []:
            note = note.get_object()
            action = note.get("/A", {})
            if "/URI" in action:
                outside.append(str(action["/URI"]))
            elif isinstance(found := note.get("/Dest", action.get("/D")), str):
                inside.append(found)
    return inside, outside


def main():
    """Print the book, look into the file, say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="store the numbers in benchmarks/results/")
    arguments = parser.parse_args()
    require()
    start = time.perf_counter()
    articles = write_pdf(ROOT, FILE)
    found = {"articles": articles, "seconds": round(time.perf_counter() - start), **look(FILE)}
    print(json.dumps(found, indent=1))
    if arguments.write:
        about = {"command": "python benchmarks/pdf.py --write", **machine()}
        RESULTS.write_text(json.dumps(about | found, indent=1) + "\n", encoding="utf-8")
    if found["broken"] or not found["tagged"] or not found["outline"]:
        sys.exit(f"not as it should be: {found['broken'] or 'no tags or no outline'}")


if __name__ == "__main__":
    main()
