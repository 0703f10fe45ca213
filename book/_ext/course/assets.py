"""Where a page finds a file of the book: relative addresses, so that any folder, host or disk will do."""

import posixpath


def relative(page, name):
    """Return the address of ``_static/name`` as seen from ``page`` (a path below the site's root)."""
    return posixpath.relpath(f"_static/{name}", posixpath.dirname(page) or ".")
