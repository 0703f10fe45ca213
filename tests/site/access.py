"""What a page must be for every reader, asked of it in a real browser, in one load: `examine` names its faults."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SCHEMES, WIDTHS = ("light", "dark"), (1440, 1024, 390)
WALK = 1024  # the sidebar and the header's buttons are there, and the header stays while the page scrolls
SCRIPT = Path(__file__).with_name("access.js")

# Every rule that axe-core runs by default (WCAG A and AA, best practices), and one more of WCAG 2.2. Two depend on the
# theme, and cost as much as all others together: they run in both themes, the others at each width.
_TARGETS = {"target-size": {"enabled": True}}
_COLOURS = ("color-contrast", "link-in-text-block")
_OPTIONS = {"resultTypes": ["violations"], "preload": False}
ALL = _OPTIONS | {"rules": _TARGETS}
SHAPES = _OPTIONS | {"rules": _TARGETS | {rule: {"enabled": False} for rule in _COLOURS}}
COLOURS = _OPTIONS | {"runOnly": list(_COLOURS)}
RUNS = {  # (width, scheme): what axe runs there
    (1440, "light"): ALL,
    (1440, "dark"): COLOURS,
    (1024, "light"): SHAPES,
    (390, "light"): SHAPES,
}
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Found:
    """The faults of one page in sentences, axe's by rule, and how much was looked at."""

    faults: list[str] = field(default_factory=list)
    violations: Counter = field(default_factory=Counter)
    rules: set[str] = field(default_factory=set)
    axe: str = ""
    controls: int = 0
    in_figures: int = 0


def examine(page):
    """Look at a page that has loaded in every theme and width, walk it by keyboard, and let axe-core judge it.

    The page is changed on the way and is of no use afterwards. Returns `Found`.
    """
    found = Found()
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found.faults += page.evaluate("access.untold()")
    for width in WIDTHS:
        for scheme in SCHEMES:
            look(page, scheme, width)
            wider = page.evaluate(BEYOND)
            faults = [f"{wider} px wider than the window"] if wider else []
            faults += page.evaluate("access.faintText()")
            faults += page.evaluate("access.faintMarks()") if width == WIDTHS[0] else []
            found.faults += [f"{scheme}, {width} px: {fault}" for fault in faults]
    page.evaluate("access.lighten()")
    page.evaluate(_axe().axe_script)
    for (width, scheme), options in RUNS.items():
        look(page, scheme, width)
        _judge(page, f"{scheme}, {width} px", options, found)
    look(page, "light", WALK)
    _walk(page, found)
    found.faults += page.evaluate("access.moves()")
    return found


def look(page, scheme, width):
    """Change theme and width of a page in place, and wait until everything has settled."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
    page.evaluate("scheme => access.settle(scheme)", scheme)


@cache
def _axe():
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def _judge(page, where, options, found):
    result = page.evaluate("options => axe.run(options)", options)
    found.axe = result["testEngine"]["version"]
    for kind in ("violations", "passes", "incomplete", "inapplicable"):
        found.rules |= {rule["id"] for rule in result[kind]}
    for rule in result["violations"]:
        found.violations[rule["id"]] += len(rule["nodes"])
        nodes = "; ".join(node["html"][:160] for node in rule["nodes"][:3])
        found.faults.append(f"{where}: {rule['id']}: {rule['help']} ({len(rule['nodes'])} times) {nodes}")


def _walk(page, found):
    """Press Tab from the page's top until it has been everywhere, with as little motion as the reader can ask for."""
    page.emulate_media(reduced_motion="reduce")
    keys = page.context.new_cdp_session(page)  # half the time of page.keyboard
    tab = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    for _ in range(page.evaluate("access.startWalk()") + 20):  # some boxes that scroll are stops, too
        keys.send("Input.dispatchKeyEvent", tab)
    walked = page.evaluate("access.endWalk()")
    found.controls, found.in_figures = walked["controls"], walked["inFigures"]
    found.faults += [f"by keyboard: {problem}" for problem in walked["problems"]]
