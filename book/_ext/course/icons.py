"""The theme's few icons as a small style sheet, in place of Font Awesome's 1.5 MB script and web fonts.

The shapes are taken from the copy of Font Awesome Free (CC BY 4.0) that comes with the theme, at build time.
"""

import re
from urllib.parse import quote

_CLASSES = re.compile(r'class="([^"]*\bfa-(?:solid|regular|brands)\b[^"]*|[^"]*\bfa[sbr]? fa-[^"]*)"')
_SHAPE = r'[{{,]"?{name}"?:\[(\d+),(\d+),\[[^\]]*\],"\w+","([^"]+)"\]'
_STYLES = {"fa-solid", "fa-regular", "fa-brands", "fa-lg", "fa-fw", "fa-sm", "fa-2x", "fa-xl"}
_GLYPH = re.compile(r'(?:\.fa-[\w-]+:before,?)+\{content:"[^"]*"\}')
_RULE = re.compile(
    r"[^{}]*:(?:before|after)\{[^{}]*var\(--(?:fa-font|pst-icon)[^{}]*\}"
)  # text in the icon font
_FONT = re.compile(r"@font-face\{[^{}]*Font Awesome[^{}]*\}")


def names(html):
    """Return the names of the icons that a page uses."""
    found = {name for classes in _CLASSES.findall(html) for name in classes.split()}
    return {name.removeprefix("fa-") for name in found if name.startswith("fa-") and name not in _STYLES}


def stylesheet(wanted, library):
    """Return CSS that draws the icons ``wanted`` with masks, and the names that ``library`` does not hold.

    Parameters
    ----------
    wanted : set of str
        Names such as ``"magnifying-glass"``.
    library : str
        The text of Font Awesome's script, which holds every shape.
    """
    rules, unknown = [_BASE], []
    for name in sorted(wanted):
        found = re.search(_SHAPE.format(name=re.escape(name)), library)
        if not found:
            unknown.append(name)
            continue
        width, height, path = found.groups()
        svg = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path d='{path}'/></svg>"
        )
        rules.append(f'.fa-{name}{{--icon:url("data:image/svg+xml,{quote(svg, safe=_SAFE)}")}}')
    return "\n".join(rules) + "\n", unknown


def without_glyphs(css):
    """Return the theme's style sheet without Font Awesome's fonts and its table of glyphs."""
    return _RULE.sub("", _GLYPH.sub("", _FONT.sub("", css)))


_SAFE = " ='/:,.-"
_BASE = """\
.fa-solid,.fa-regular,.fa-brands,.fas,.far,.fab{display:inline-block;width:1em;height:1em;flex:none;
background:currentColor;mask:var(--icon) center/contain no-repeat}
.fa-solid::before,.fa-regular::before,.fa-brands::before,.fas::before,.far::before,.fab::before{content:none}
.fa-lg{font-size:1.25em}"""
