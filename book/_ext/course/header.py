"""The top of a page: the notebook to download; Colab and the source when the repository is known."""

import re
from pathlib import Path

from nbcourse.site.repository import repository


def links(page, notebook, repo, colab=False):
    """Return the links (text, address, icon, new window) for a page.

    Parameters
    ----------
    page : str
        The source file, from the root of the repository.
    notebook : str or None
        The address of the notebook's copy in the book; None when the page is no notebook.
    repo : Repository or None
        Where the source lives, when that is known.
    colab : bool
        Whether the notebook can install the package on Colab.
    """
    found = []
    if notebook:
        found.append({"text": "Notebook", "url": notebook, "icon": "download", "download": True})
        if repo and repo.on_github_com and colab:
            found.append({"text": "Colab", "url": repo.colab(page), "icon": "play"})
    if repo:
        found.append({"text": "Source", "url": repo.blob(page), "icon": "code"})
    return found


def installs_itself(path):
    """Whether a notebook's set-up cell names the address that Colab installs the package from."""
    return re.search(r'REPOSITORY = \\"https://', Path(path).read_text(encoding="utf-8")) is not None


def add(app, pagename, templatename, context, doctree):
    """Give the page's template its links."""
    context["course_links"] = []
    if pagename in app.env.found_docs:
        page = Path(app.env.doc2path(pagename, base=False)).as_posix()
        copy = context["pathto"](f"_sources/{page}", 1) if page.endswith(".ipynb") else None
        colab = copy is not None and installs_itself(app.env.doc2path(pagename))
        context["course_links"] = links(page, copy, repository(app.srcdir), colab)


def setup(app):
    """Run for each page, before its template."""
    app.connect("html-page-context", add)
