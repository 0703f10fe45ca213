"""The directive ``course-figure``: an interactive figure, or a plot, in a Markdown page that has no kernel.

::

    :::{course-figure} Playground
    :alt: What it shows, in words.
    The caption.
    :::

The argument is a widget class of ``nbcourse.widgets``, or a function of ``nbcourse.plots`` without arguments
with its module (``plots.timeline``).
"""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from course import drawings
from course.alt import is_description


class CourseFigure(SphinxDirective):
    """Embeds one figure of the package, with its description and caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged_required, "name": directives.unchanged}

    def run(self):
        """Return a figure node that holds the picture and the caption."""
        name, alt = self.arguments[0], self.options.get("alt", "")
        if not is_description(alt):
            raise self.error(f"course-figure {name} needs an :alt: that says what it shows")
        prefix = f"c{self.env.new_serialno('course-figure')}-{name.rpartition('.')[2].lower()}"
        figure = nodes.figure("", nodes.raw("", _html(self, name, alt, prefix), format="html"))
        figure["classes"].append("course-figure")
        if self.content:
            parsed = nodes.Element()
            self.state.nested_parse(self.content, self.content_offset, parsed)
            caption = nodes.caption("", "", *(child for block in parsed for child in block.children))
            figure += caption
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


def _html(directive, name, alt, prefix):
    if name.startswith("plots."):
        return drawings.inline(_plot(directive, name).svg(), alt, prefix)
    import nbcourse.widgets

    widget = getattr(nbcourse.widgets, name, None)
    if not hasattr(widget, "static_html"):
        raise directive.error(f"nbcourse.widgets has no figure {name!r}")
    return widget().static_html()


def _plot(directive, name):
    """Find ``plots.timeline`` (a function of a module of that name, or of the package itself)."""
    import importlib

    parts = name.split(".")[1:]
    for module in (f"nbcourse.plots.{'.'.join(parts)}", ".".join(["nbcourse.plots", *parts[:-1]])):
        try:
            found = getattr(importlib.import_module(module), parts[-1], None)
        except ModuleNotFoundError:
            continue
        if hasattr(found, "svg"):
            return found
    raise directive.error(f"nbcourse.{name} is not a figure")


def setup(app):
    """Make the directive known."""
    app.add_directive("course-figure", CourseFigure)
