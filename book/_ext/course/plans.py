"""How long the reading of a plan takes: an empty element that names pages gets the sum of their minutes.

::

    <span class="course-reading" data-pages="01-neurons:0.5 03-backpropagation:0.2"></span>
    <span class="course-reading" data-pages="*"></span>

The first names two pages and which share of each is read; the second means all chapters, in hours.
"""

import re

from course import road

_READING = re.compile(r'(<span class="course-reading" data-pages="([^"]+)">)(?=</span>)')


def fill(html, everything):
    """Return a page whose plans say how long their reading takes.

    ``everything`` is {path: `Tasks`} of all pages that ask something; a page that it does not have is a
    KeyError.
    """
    chapters = {tasks.page.rpartition("/")[2]: tasks for tasks in everything.values()}

    def told(found):
        if found[2] == "*":
            read = (tasks.minutes for part in road.parts(everything).values() for tasks in part)
            return f"{found[1]}{round(sum(read) / 60)} hours"
        named = (part.partition(":") for part in found[2].split())
        spent = sum(chapters[page].minutes * float(share or 1) for page, _, share in named)
        return f"{found[1]}{max(5, 5 * round(spent / 5))} min"

    return _READING.sub(told, html)
