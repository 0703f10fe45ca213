"""What a page must be for every reader: `examine` asks it of a page in a real browser, in one load."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SCHEMES, WIDTHS = ("light", "dark"), (1440, 1024, 390)
WALK = 1024  # the sidebar and the header's buttons are there, and the header stays while the page scrolls
SCRIPT = Path(__file__).with_name("access.js")

# Every rule that axe-core runs by default (WCAG A and AA, best practices), and one more of WCAG 2.2. Two of
# them depend on the theme, and cost as much as all others: with `BRIEFLY` they run in both themes, the others
# at each width.
_TARGETS = {"target-size": {"enabled": True}}
_COLOURS = ("color-contrast", "link-in-text-block")
_OPTIONS = {"resultTypes": ["violations"], "preload": False}
ALL = _OPTIONS | {"rules": _TARGETS}
SHAPES = _OPTIONS | {"rules": _TARGETS | {rule: {"enabled": False} for rule in _COLOURS}}
COLOURS = _OPTIONS | {"runOnly": list(_COLOURS)}
EVERYWHERE = {(width, scheme): ALL for width in WIDTHS for scheme in SCHEMES}  # what axe runs there
BRIEFLY = {
    (1440, "light"): ALL,
    (1440, "dark"): COLOURS,
    (1024, "light"): SHAPES,
    (390, "light"): SHAPES,
}
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Found:
    """The faults of one page in sentences by what found them, axe's by rule, and how much was looked at."""

    faults: dict[str, list[str]] = field(default_factory=lambda: {"axe": [], "keyboard": [], "looks": []})
    violations: Counter = field(default_factory=Counter)
    rules: set[str] = field(default_factory=set)
    axe: str = ""
    controls: int = 0
    in_figures: int = 0

    def all_faults(self):
        """Return the sentences of all kinds."""
        return [fault for kind in self.faults.values() for fault in kind]


def examine(page, runs):
    """Look at a page in every theme and width, let axe-core judge it, and walk it by keyboard.

    ``runs`` is `EVERYWHERE` or `BRIEFLY`. The page is changed on the way and is of no use afterwards. Returns
    `Found`.
    """
    found = Found()
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    looks = found.faults["looks"]
    looks += page.evaluate("access.untold()")
    for width in WIDTHS:
        for scheme in SCHEMES:
            look(page, scheme, width)
            wider = page.evaluate(BEYOND)
            faults = [f"{wider} px wider than the window"] if wider else []
            faults += page.evaluate("access.faintText()")
            faults += page.evaluate("access.faintMarks()") if width == WIDTHS[0] else []
            looks += [f"{scheme}, {width} px: {fault}" for fault in faults]
    page.evaluate("access.lighten()")
    page.evaluate(_axe().axe_script)
    for (width, scheme), options in runs.items():
        look(page, scheme, width)
        _judge(page, f"{scheme}, {width} px", options, found)
    _walk(page, found)
    looks += page.evaluate("access.moves()")
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
        told = f"{where}: {rule['id']}: {rule['help']} ({len(rule['nodes'])} times) {nodes}"
        found.faults["axe"].append(told)


def _walk(page, found):
    """Press Tab from the page's top until it has been everywhere; from here on little motion is asked for."""
    page.emulate_media(reduced_motion="reduce")
    look(page, "light", WALK)
    keys = page.context.new_cdp_session(page)  # half the time of page.keyboard
    tab = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    for _ in range(page.evaluate("access.startWalk()") + 20):  # some boxes that scroll are stops, too
        keys.send("Input.dispatchKeyEvent", tab)
    walked = page.evaluate("access.endWalk()")
    found.controls, found.in_figures = walked["controls"], walked["inFigures"]
    found.faults["keyboard"] += walked["problems"]
