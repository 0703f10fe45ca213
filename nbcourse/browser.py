"""The Chromium of this machine: how it is found and started, for the tests of the pages and their weights."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",  # these three keep it from calling home
    "--disable-component-update",
    "--disable-sync",
)


def find():
    """The path of Chromium or Chrome, or None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
