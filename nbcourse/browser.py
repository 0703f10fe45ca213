"""The Chromium of this machine: how it is found and started, for the tests of the pages and their weights."""

import shutil

# Commands on Linux; on macOS and Windows, where no command leads to it, the places of Chrome's installers.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
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
