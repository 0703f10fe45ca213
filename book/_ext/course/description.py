"""Each page tells search engines and previews what it is about: its first paragraph, as plain text."""

from html import escape

from docutils import nodes

LONGEST = 200


def first_paragraph(doctree):
    """Return the page's first paragraph without mathematics, shortened at a word; "" when there is none."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 30 and not any(paragraph.findall(nodes.math)):
            return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"
    return ""


def add(app, pagename, templatename, context, doctree):
    """Put the description into the page's head."""
    if doctree is not None and (text := first_paragraph(doctree)):
        context["metatags"] = (
            context.get("metatags", "") + f'\n<meta name="description" content="{escape(text)}">'
        )


def setup(app):
    """Run for each page, before its template."""
    app.connect("html-page-context", add)
