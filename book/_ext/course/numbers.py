"""Numbers of figures, tables, equations and exercises, and the references that show them.

``{numref}`the figure <fig-a>``` reads "Figure 1.2" in the book; JupyterLab, where nothing is numbered across
cells, shows the words. The second half of a chapter goes on counting; an appendix counts under its letter,
and a page without a number counts its own.
"""

from sphinx import addnodes

LETTERS = {"book/keras": "K"}


def by_number(app, doctree):
    """Let a reference with words in place of ``%s`` show the number alone."""
    for reference in doctree.findall(addnodes.pending_xref):
        words = reference.astext()
        if reference["reftype"] == "numref" and "%s" not in words and "{number}" not in words:
            reference["refexplicit"] = False


def letter(app, env):
    """Give what is numbered in an appendix its letter, and numbers from 1; so too where no number leads."""
    for document, kinds in env.toc_fignumbers.items():
        name = LETTERS.get(document)
        for numbers in kinds.values():
            for place, (key, number) in enumerate(numbers.items(), start=1):
                if name:
                    numbers[key] = (name, place)
                elif len(number) == 1:  # else Table 7 would be the first of its page
                    numbers[key] = (place,)
    return []


def setup(app):
    """Run when a page was read, and when all numbers have been given."""
    app.connect("doctree-read", by_number)
    app.connect("env-get-updated", letter, priority=900)
