"""Every figure says in words what it shows: an image without alternative text, or with a path, warns."""

import re

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
_PATH = re.compile(r"\S*[/\\.](svg|png|jpe?g|gif|webp)", re.IGNORECASE)


def is_description(alt, uri=""):
    """Whether ``alt`` is words for a reader, not empty and not the name of a file."""
    text = (alt or "").strip()
    return bool(text) and text != uri and not _PATH.fullmatch(text)


def check(app, doctree):
    """Warn of each image that a reader who cannot see it would miss."""
    for node in doctree.findall(nodes.image):
        if not is_description(node.get("alt"), node.get("uri", "")):
            logger.warning(
                "image without alt text: %s (in a notebook: the cell's metadata "
                '{"mystnb": {"image": {"alt": "..."}}})',
                node.get("uri"),
                location=node,
                type="course",
                subtype="alt",
            )


def setup(app):
    """Check each page as it is read."""
    app.connect("doctree-read", check)
