"""The base of every interactive figure: a widget in Jupyter, the same figure in a page without a kernel."""

import html
import json
from functools import cache
from pathlib import Path
from typing import ClassVar

import anywidget
import ipywidgets

from nbcourse.widgets import bundle

SCRIPTS = Path(__file__).with_name("js")
STYLES = Path(__file__).with_name("css")
_OF_JUPYTER = frozenset(ipywidgets.DOMWidget.class_trait_names(sync=True))


class Figure(anywidget.AnyWidget):
    """An interactive figure: traits hold its state, `script` names its entry module in ``js/``.

    A subclass sets `script` (``"playground.js"``), declares its state as traits with ``sync=True``, and
    writes `still`. Its style is ``css/NAME.css`` beside ``css/base.css``, where NAME is the script's. In
    JupyterLab and Colab the figure is an ordinary anywidget whose state is synchronised both ways. Its mime
    bundle also has ``text/html``, which the static page shows and ``runtime.js`` brings to life, no kernel.
    """

    script: ClassVar[str]
    without_script: ClassVar[str] = (
        "This is a still image of an interactive figure; with JavaScript you can change it here."
    )

    @property
    def _esm(self) -> str:  # anywidget turns these two into synchronised traits of the instance
        return bundle.es_module(SCRIPTS / self.script)

    @property
    def _css(self) -> str:
        return styles(self.script)

    def still(self) -> str:
        """Return the HTML or SVG that stands in for the figure where there is no JavaScript."""
        raise NotImplementedError(
            f"{type(self).__name__} must define still(self): how it looks without JavaScript"
        )

    def state(self) -> dict:
        """Return the figure's own synchronised traits, without Jupyter's: what the JavaScript side reads."""
        own = {name for name in self.keys if not name.startswith("_") and name not in _OF_JUPYTER}
        return {name: value for name, value in self.get_state(own).items() if name in own}

    def summary(self) -> str:
        """Return one line of text for places that show no figure: the class and its plain settings."""
        plain = {k: v for k, v in sorted(self.state().items()) if isinstance(v, str | int | float)}
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in plain.items())})"

    def static_html(self) -> str:
        """Return the figure for a page without a kernel: state, still, and a sentence for no JavaScript."""
        state = json.dumps(self.state(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return (
            f'<div class="nbc-figure" data-figure="{type(self).__name__}" data-state="{html.escape(state)}">'
            f'<div class="nbc-still">{self.still()}</div>'
            f"<noscript><p>{self.without_script}</p></noscript></div>"
        )

    def _repr_mimebundle_(self, **kwargs):
        found = super()._repr_mimebundle_(**kwargs)
        data, metadata = found if isinstance(found, tuple) else (found or {}, {})
        return {**data, "text/plain": self.summary(), "text/html": self.static_html()}, metadata


@cache
def styles(script: str) -> str:
    """Return the style sheet of a figure: the common part, then its own where it has one."""
    files = [STYLES / "base.css", (STYLES / script).with_suffix(".css")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())
