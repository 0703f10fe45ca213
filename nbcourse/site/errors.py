"""What can go wrong with the book in a way that its reader or author can mend."""


class SiteError(Exception):
    """A problem whose message is all that a person needs: it is shown without a traceback."""


class BuildError(SiteError):
    """The book could not be built; the message names what to mend."""
