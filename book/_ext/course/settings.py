"""Settings that YAML cannot express or that depend on the machine: cache, tuples, no foreign buttons."""

import os

from nbcourse.site.execution import cache_folder


def complete(app, config):
    """Fill in the cache's folder and turn the lists of YAML into the tuples that Sphinx compares with."""
    config.nitpick_ignore = [tuple(pair) for pair in config.nitpick_ignore]
    config.nitpick_ignore_regex = [tuple(pair) for pair in config.nitpick_ignore_regex]
    config.nb_execution_cache_path = os.environ.get("NBCOURSE_BOOK_CACHE") or str(cache_folder(app.srcdir))
    # Jupyter Book's defaults point at its own repository; `header` makes the links when ours is known.
    config.html_theme_options |= {"repository_url": "", "launch_buttons": {}}
    # Thebe (live cells through another host) is part of Jupyter Book's defaults; nothing here uses it.
    config.thebe_config = {"always_load": False}


def setup(app):
    """Connect to the moment when the configuration has been read."""
    app.connect("config-inited", complete, priority=100)
