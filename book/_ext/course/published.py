"""What a published book needs besides pages: one for addresses that are wrong, a sitemap, cards for links.

``NBCOURSE_BOOK_URL`` names the address where the book will stand. Without it there is only ``404.html``: the
others need whole addresses, and a copy on a stick has none.
"""

import os
from html import escape
from pathlib import Path

from docutils import nodes
from nbcourse.site import policy
from nbcourse.site.toc import documents

from course import description

VARIABLE = "NBCOURSE_BOOK_URL"
# For cards: an SVG there would be a warning and fail the build. The small one is clear: else it is Sphinx's.
LOGO, SMALL = "book/_static/logo.png", "book/_static/clear.png"
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{background:light-dark(#fff,#14181e);color:light-dark(#1d2430,#dde2ea);display:grid;"
    "font:1.1rem/1.6 system-ui,sans-serif;margin:0;min-height:100vh;place-content:center}"
    "main{max-width:34rem;padding:1.5rem}"
    "a{background:light-dark(#0a58ca,#7db3ff);color:light-dark(#fff,#14181e);border-radius:8px;"
    "display:inline-block;font-weight:600;margin-top:.5rem;padding:.6rem 1.2rem;text-decoration:none}"
)


def address():
    """Return where the book will stand, with a slash at its end, or "" where nobody said.

    Raises ValueError when it is no address of a web page.
    """
    found = os.environ.get(VARIABLE, "")
    if found and not found.startswith(("https://", "http://")):
        raise ValueError(f"{VARIABLE}: expected an address that begins with https://, got {found!r}")
    return found.rstrip("/") + "/" if found else ""


def not_found(title, start):
    """Return the page for a wrong address; a host shows it in any folder, so it needs no other file."""
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n{policy.META}\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n<link rel="icon" href="data:,">\n'
        f"<title>No page here · {escape(title)}</title>\n"
        f"<style>{_STYLE}</style>\n<main><p>{escape(title)}</p>\n<h1>No page here</h1>\n"
        "<p>The address leads nowhere. Perhaps a chapter was renamed, or a letter is missing.</p>\n"
        f'<p><a href="{escape(start)}">To the first page</a></p></main>\n</html>\n'
    )


def sitemap(base, pages):
    """Return the list of all pages (paths below `base`) for search engines, as sitemaps.org describes it."""
    rows = "".join(f"<url><loc>{escape(base + page)}</loc></url>\n" for page in pages)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def write(app, error):
    """Write the files at the root of the finished site."""
    if error or app.builder.format != "html":
        return
    site, base = Path(app.outdir), address()
    page = not_found(app.config.html_title, base or "index.html")
    (site / "404.html").write_text(page, encoding="utf-8")
    if base:
        pages = [f"{Path(name).with_suffix('')}.html" for name in documents(app.srcdir)]
        (site / "sitemap.xml").write_text(sitemap(base, pages), encoding="utf-8")
        (site / "robots.txt").write_text(f"Sitemap: {base}sitemap.xml\n", encoding="utf-8")


def configure(app, config):
    """Give the pages their canonical address, and the links to them a card."""
    config.html_baseurl = config.ogp_site_url = address()
    config.ogp_site_name = config.html_title
    config.ogp_description_length = 0  # it would cut within words; `describe` adds ours
    config.ogp_social_cards = {"line_color": "#11a567", "image": LOGO, "image_mini": SMALL}


def describe(app, pagename, templatename, context, doctree):
    """Tell those who show a link what its page is about, and what stands on its card."""
    if doctree is not None:
        title = next(doctree.findall(nodes.title)).astext()
        context["meta"] = {**(context["meta"] or {}), "og:image:alt": f"{title}. {app.config.html_title}"}
        if text := description.first_paragraph(doctree):
            context["metatags"] += f'\n<meta property="og:description" content="{escape(text)}">'


def setup(app):
    """Load what makes the cards only where they can be addressed."""
    if address():
        app.setup_extension("sphinxext.opengraph")
        app.connect("config-inited", configure, priority=100)
        app.connect("html-page-context", describe, priority=400)
    app.connect("build-finished", write, priority=960)
