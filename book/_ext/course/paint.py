"""The order of a page's head: what the first paint waits for is asked for first."""

import re

from nbcourse.site import policy

_CHARSET = re.compile(r'<meta charset="utf-8" ?/?>')
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_MODE = re.compile(r'<script src="[^"]*mode\.js"></script>\s*')


def hurry(html):
    """Return a page that asks for its style sheet and for the choice of light or dark before all else.

    Then comes the policy. Chromium asks for nothing further down before a policy is in force, and that waits
    for the script above it: with the style sheet asked for already, the two come side by side.
    """
    style, mode = _STYLE.search(html), _MODE.search(html)
    asked = [f'<link rel="preload" as="style" href="{style[1]}">'] if style else []
    asked += [mode[0].strip()] if mode else []
    first = "\n".join(['<meta charset="utf-8">', *asked, policy.META])
    return _CHARSET.sub(lambda _: first, _MODE.sub("", html), count=1)
