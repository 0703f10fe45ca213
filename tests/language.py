"""What every drawing of the course keeps to: colours with a meaning, text that can be read on a phone."""

import re
from functools import cache

from nbcourse.plots import style

PHONE = 342  # px that a figure has on a phone of 390
SMALLEST = 9  # px of text there
ON_PICTURES = {"#ffffff", "#000000"}  # marks on a picture or a map, which have no page behind them
_COLOUR = re.compile(r"(?:fill|stroke|color)(?:=\"|:)\s*(#[0-9a-fA-F]{3,6}|\w+)")
_TEXT = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.DOTALL)


@cache
def colours():
    """Every colour that a drawing may use: the palette's, the theme's, those of the scale of quantities."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    scale = {to_hex(colour) for colour in colormaps[style.SEQUENTIAL].colors}
    theme = {style.INK, "currentcolor", "none", "url"}  # a url is a hatch, whose colours count too
    return {*style.PALETTE.values(), *theme, *scale, *ON_PICTURES}


def problems(svg):
    """Return what is wrong with a drawing (an SVG element as a string), a sentence each."""
    used = {colour.lower() for colour in _COLOUR.findall(svg)}
    found = [f"the colour {colour} has no meaning" for colour in sorted(used - colours())]
    share = _shrinks(svg)
    for attributes, inside in _TEXT.findall(svg):
        words = re.sub(r"<[^>]*>", "", inside).strip()
        size = re.search(r"(?:font: |font-size(?:=\"|: ?))(?:\w+ )*([\d.]+)", attributes)
        if size and float(size[1]) * share < SMALLEST:
            found.append(f"{words!r} is {float(size[1]) * share:.1f} px tall on a phone")
        if re.fullmatch(r"-\d.*", words):
            found.append(f"{words!r} has a hyphen for a minus sign")
        if re.fullmatch(r"\d{5,}", words):
            found.append(f"{words!r} does not set its thousands apart")
        if re.match(r"(?:[A-Z][a-z]+ ){2,}[A-Z][a-z]+$", words):
            found.append(f"{words!r} is in title case")
    return found


def _shrinks(svg):
    """How many px of a phone a unit of the drawing takes."""
    root = re.search(r"<svg\b[^>]*>", svg)[0]
    width = float(re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+)', root)[1])
    natural = re.search(r'\bwidth="([\d.]+)', root)
    return min(PHONE, float(natural[1]) if natural else PHONE) / width
