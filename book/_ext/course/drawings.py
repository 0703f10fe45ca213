"""SVG figures stand in the page itself: they take its text colour and font and follow light and dark."""

import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from docutils import nodes
from nbcourse.plots.style import INK
from sphinx.util import logging

from course.compact import compact

logger = logging.getLogger(__name__)
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


def inline(svg, alt, prefix):
    """Return the SVG document ``svg`` as an element for a page.

    Parameters
    ----------
    svg : str
        A whole SVG document.
    alt : str
        What it shows, in words; it becomes the element's ``aria-label``.
    prefix : str
        Put before every id, so that two figures of one page do not share any.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When ``svg`` is not well-formed.
    """
    root = ET.fromstring(svg)
    _remove(root, {f"{{{SVG}}}metadata", f"{{{SVG}}}title", f"{{{SVG}}}desc", f"{{{SVG}}}script"})
    _rename_ids(root, prefix)
    _confine_styles(root, prefix)
    width, height = _size(root)
    compact(root, f"{{{XLINK}}}href")
    root.attrib |= {"id": prefix, "class": "course-drawing", "role": "img", "aria-label": alt}
    root.attrib |= {"width": f"{width:g}", "height": f"{height:g}"}
    text = ET.tostring(root, encoding="unicode")
    return re.sub(re.escape(INK), "currentColor", text, flags=re.IGNORECASE)


def _remove(root, tags):
    for parent in root.iter():
        for child in [child for child in parent if child.tag in tags]:
            parent.remove(child)


def _rename_ids(root, prefix):
    ids = {element.get("id") for element in root.iter()} - {None}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, f"{prefix}-{value}")
            elif value.startswith("#") and value[1:] in ids:
                element.set(name, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(name, re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", value))


def _confine_styles(root, prefix):
    """A style sheet inside an SVG would apply to the whole page: bind its rules to this drawing."""
    for style in root.iter(f"{{{SVG}}}style"):
        rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style.text or "")
        style.text = "".join(f"{_below(prefix, selectors)}{{{body}}}" for selectors, body in rules)


def _below(prefix, selectors):
    return ",".join(f"#{prefix} {selector.strip()}" for selector in selectors.split(","))


def _size(root):
    """Return the drawing's natural width and height in px; give it a viewBox to scale by if it has none."""
    numbers = [float(number) for number in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if number]
    sizes = [_length(root.get(name)) for name in ("width", "height")]
    if not numbers:
        sizes = [size or 300.0 for size in sizes]
        root.set("viewBox", f"0 0 {sizes[0]:g} {sizes[1]:g}")
        return sizes
    return [size or number for size, number in zip(sizes, numbers[2:], strict=True)]


def _length(text):
    found = re.fullmatch(r"\s*([\d.]+)\s*(\w*)\s*", text or "")
    return float(found[1]) * _PIXELS[found[2]] if found and found[2] in _PIXELS else None


def place(app, doctree, docname):
    """Put every SVG image of a page into the page (HTML only)."""
    if app.builder.format != "html":
        return
    for number, node in enumerate(list(doctree.findall(nodes.image)), start=1):
        path = Path(app.srcdir, node.get("uri", ""))
        if path.suffix != ".svg" or not path.is_file():
            continue
        prefix = f"d{number}" + hashlib.sha256(docname.encode()).hexdigest()[:4]
        try:
            svg = inline(path.read_text(encoding="utf-8"), node.get("alt", ""), prefix)
        except ET.ParseError as error:
            logger.warning("%s is not well-formed SVG: %s", node["uri"], error, location=node)
            continue
        raw = nodes.raw("", svg, format="html")
        block = isinstance(node.parent, nodes.Element) and not isinstance(node.parent, nodes.TextElement)
        node.replace_self(nodes.container("", raw, classes=["course-figure"]) if block else raw)


def setup(app):
    """Replace the images when a page's references have been resolved."""
    app.connect("doctree-resolved", place)
