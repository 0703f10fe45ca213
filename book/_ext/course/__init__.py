"""What this book adds to Sphinx: pages that need no other host, figures that read well, all described.

Each concern has a file of its own. While Sphinx reads, ``settings`` completes the configuration, ``cells``
hides the set-up cell, ``alt`` checks descriptions, ``docstrings`` reads bars as bars, ``drawings`` places
SVG figures in the page, ``embed`` interactive ones, ``numbers`` sees to what is numbered, ``spaces`` to
what stays on one line; ``measured``, ``results``, ``status`` and ``studies`` tell what was measured;
``header`` and ``description`` add to a page's template. When the pages are written, ``pages`` goes over
them with ``scripts``, ``icons``, ``images``, ``media``, ``tables``, ``figures``, ``formulas``,
``previews``, ``uses``, ``tasks``, ``reading``, ``road``, ``plans``, ``styles`` and ``paint``, and makes the
index of ``search``; ``published`` adds what a host asks for.
"""

from course import (
    alt,
    cells,
    description,
    docstrings,
    drawings,
    embed,
    header,
    measured,
    numbers,
    pages,
    published,
    results,
    search,
    settings,
    spaces,
    status,
    studies,
)


def setup(app):
    """Connect every concern to Sphinx."""
    readers = (cells, alt, description, docstrings, drawings, embed, header, numbers, spaces)
    tables = (measured, results, status, studies)
    for concern in (settings, *readers, *tables, search, pages, published):
        concern.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
