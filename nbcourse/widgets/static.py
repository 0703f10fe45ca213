"""Writes what interactive figures need in a page without a kernel: classic scripts and one style sheet.

Scripts, not ES modules, because a browser loads no module from ``file://``. Nothing here needs an inline
script, ``eval`` or a ``blob:`` address.
"""

from pathlib import Path

from nbcourse.widgets import base, bundle
from nbcourse.widgets.activations import ActivationExplorer
from nbcourse.widgets.attention import AttentionExplorer
from nbcourse.widgets.characters import CharacterExplorer
from nbcourse.widgets.kernel import KernelExplorer
from nbcourse.widgets.landscape import LandscapeExplorer
from nbcourse.widgets.playground import Playground
from nbcourse.widgets.quiz import Quiz
from nbcourse.widgets.roofline import RooflineExplorer
from nbcourse.widgets.stepper import GraphStepper

FIGURES: tuple[type[base.Figure], ...] = (
    ActivationExplorer,
    AttentionExplorer,
    CharacterExplorer,
    GraphStepper,
    KernelExplorer,
    LandscapeExplorer,
    Playground,
    Quiz,
    RooflineExplorer,
)
FOLDER = "figures"


def write(folder: Path) -> dict[str, list[str]]:
    """Write scripts and ``figures.css`` into ``folder/figures``; return what each figure's page must load.

    Parameters
    ----------
    folder : Path
        The page's ``_static`` folder; ``figures/`` is made inside it.

    Returns
    -------
    dict
        Figure's class name -> its scripts, in loading order, relative to `folder`; every such page also
        loads ``figures/figures.css``. A file whose content has not changed is left alone.
    """
    target = Path(folder) / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "runtime.js", (base.SCRIPTS / "runtime.js").read_text(encoding="utf-8"))
    for figure in FIGURES:
        script = bundle.classic_script(base.SCRIPTS / figure.script, figure.__name__)
        _write(target / f"{figure.__name__}.js", script)
    sheets = sorted(base.STYLES.glob("*.css"), key=lambda file: (file.name != "base.css", file.name))
    _write(target / "figures.css", "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets))
    return {f.__name__: [f"{FOLDER}/runtime.js", f"{FOLDER}/{f.__name__}.js"] for f in FIGURES}


def _write(path: Path, text: str) -> None:
    data = text.encode()
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
