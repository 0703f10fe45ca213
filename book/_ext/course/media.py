"""Sounds become files of the book, fetched when somebody plays them: a page needs no ``data:`` for them.

In a notebook a clip carries its sound in its own address; a Content-Security-Policy that allows only files of
the book would refuse that.
"""

import base64
import hashlib
import re

from course.assets import relative

_CLIP = re.compile(r'(<audio\b[^>]*\bsrc=")data:audio/(\w+);base64,([^"]+)(")')
_PRELOAD = re.compile(r'(<audio\b[^>]*\bpreload=")metadata(")')


def extract(html, page, write):
    """Return ``html`` with its sounds written as files, named by their content.

    Parameters
    ----------
    html : str
        A whole page.
    page : str
        The page's path below the site's root.
    write : callable
        ``write(path, data)`` puts bytes below ``_static``.
    """

    def one(found):
        data = base64.b64decode(found[3])
        name = f"media/{hashlib.sha256(data).hexdigest()[:12]}.{found[2]}"
        write(name, data)
        return f"{found[1]}{relative(page, name)}{found[4]}"

    return _PRELOAD.sub(r"\1none\2", _CLIP.sub(one, html))
