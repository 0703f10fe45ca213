"""Figures with one style. The package-level functions are the figures that stand outside a single chapter.

``plots.timeline()`` shows a figure in a notebook; ``plots.timeline.svg()`` returns it as a string.
"""

from nbcourse.plots.style import (
    DATA,
    DIVERGING,
    GRADIENT,
    INK,
    LOSS,
    PALETTE,
    SEQUENTIAL,
    SIGNAL,
    WEIGHT,
    clean,
    figure,
    label_line,
    to_svg,
)
from nbcourse.plots.timeline import chapter_map, timeline

__all__ = [
    "DATA",
    "DIVERGING",
    "GRADIENT",
    "INK",
    "LOSS",
    "PALETTE",
    "SEQUENTIAL",
    "SIGNAL",
    "WEIGHT",
    "chapter_map",
    "clean",
    "figure",
    "label_line",
    "timeline",
    "to_svg",
]
