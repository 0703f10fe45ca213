"""Building the book and serving it: notebooks run side by side into a cache, then Sphinx writes the pages."""

from nbcourse.site.build import BuildReport, build, is_current
from nbcourse.site.errors import BuildError, SiteError
from nbcourse.site.hashing import cache_key
from nbcourse.site.pdf import write_pdf
from nbcourse.site.policy import CONTENT_SECURITY_POLICY
from nbcourse.site.repository import Repository, repository
from nbcourse.site.server import make_server, serve

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "BuildError",
    "BuildReport",
    "Repository",
    "SiteError",
    "build",
    "cache_key",
    "is_current",
    "make_server",
    "repository",
    "serve",
    "write_pdf",
]
