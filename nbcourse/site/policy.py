"""What a page of the book may load: files of its own host, and nothing else."""

# Styles stand in the page as well, for figures and formulas are drawn with them; pictures, for the icons.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)
# The same in the page itself, for hosts that send no headers; on a disk the book's "host" is `file:`.
_ANYWHERE = CONTENT_SECURITY_POLICY.replace("'self'", "'self' file:")
META = f'<meta http-equiv="Content-Security-Policy" content="{_ANYWHERE}">'
