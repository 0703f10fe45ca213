"""The table of contents: which pages the book has, and which of them are notebooks."""

from pathlib import Path

from nbcourse.site.errors import BuildError


def documents(root):
    """Return the pages named in ``_toc.yml`` (paths without suffix, from ``root``), in reading order."""
    from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

    path = Path(root) / "_toc.yml"
    if not path.is_file():
        raise BuildError(f"There is no _toc.yml in {root}: is this the folder of the course?")
    try:
        return list(parse_toc_yaml(path))
    except MalformedError as error:
        raise BuildError(f"_toc.yml cannot be read: {error}") from None


def notebooks(root):
    """Return the paths of the notebooks of the book, in reading order."""
    candidates = (Path(root) / f"{name.removesuffix('.ipynb')}.ipynb" for name in documents(root))
    return [path for path in candidates if path.is_file()]
