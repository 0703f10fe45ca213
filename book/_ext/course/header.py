"""The top of a page: how to run the chapter (Colab when the repository is known), and where its source is."""

import re
from pathlib import Path

from nbcourse.site.repository import repository


def ways(page, notebook, repo, colab=False):
    """Return how a reader can run a page: {"notebook", "colab" (None where it cannot be), "command"}.

    Parameters
    ----------
    page : str
        The source file, from the root of the repository.
    notebook : str or None
        The address of the notebook's copy in the book; None when the page is no notebook, and runs nowhere.
    repo : Repository or None
        Where the source lives, when that is known.
    colab : bool
        Whether the notebook can install the package on Colab.
    """
    if not notebook:
        return None
    there = repo.colab(page) if repo and repo.on_github_com and colab else None
    return {"notebook": notebook, "colab": there, "command": f"make lab OPEN={Path(page).stem}"}


def installs_itself(path):
    """Whether a notebook's set-up cell names the address that Colab installs the package from."""
    return re.search(r'REPOSITORY = \\"https://', Path(path).read_text(encoding="utf-8")) is not None


def add(app, pagename, templatename, context, doctree):
    """Give the page's template the ways to run it, and the address of its source."""
    context["course_run"] = context["course_source"] = None
    if pagename not in app.env.found_docs:
        return
    page = Path(app.env.doc2path(pagename, base=False)).as_posix()
    copy = context["pathto"](f"_sources/{page}", 1) if page.endswith(".ipynb") else None
    colab = copy is not None and installs_itself(app.env.doc2path(pagename))
    repo = repository(app.srcdir)
    context["course_run"] = ways(page, copy, repo, colab)
    context["course_source"] = repo.blob(page) if repo else None


def setup(app):
    """Run for each page, before its template."""
    app.connect("html-page-context", add)
