"""Raster images keep their place while they load: width, height and lazy loading are written in."""

import posixpath
import re

_IMAGE = re.compile(r"<img\b([^>]*?)\s*/?>")
_SOURCE = re.compile(r'src="([^"]+)"')


def complete(html, page, folder):
    """Return ``html`` with width, height and ``loading`` on each image that lies in the site's ``folder``."""

    def one(found):
        attributes = found[1]
        source = _SOURCE.search(attributes)
        if "width=" not in attributes and source and not source[1].startswith("data:"):
            path = folder / posixpath.normpath(posixpath.join(posixpath.dirname(page), source[1]))
            attributes += _dimensions(path)
        if "loading=" not in attributes and "logo__image" not in attributes:
            attributes += ' loading="lazy"'
        return f"<img{attributes}>"

    return _IMAGE.sub(one, html)


def _dimensions(path):
    import imagesize

    width, height = imagesize.get(path) if path.is_file() else (-1, -1)
    return f' width="{width:.0f}" height="{height:.0f}"' if width > 0 and height > 0 else ""
