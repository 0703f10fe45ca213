"""A page that runs a figure as JupyterLab does: its ES module, a bare model, JupyterLab's own style."""

import html
import json

from nbcourse.widgets import base, bundle

MODEL = """
import widget from "./module.js";
const state = JSON.parse(document.body.dataset.state);
const handlers = {};
window.saved = 0;
window.model = {
  get: (key) => state[key],
  set: (key, value) => { state[key] = value; (handlers[`change:${key}`] ?? []).forEach((f) => f()); },
  save_changes: () => { window.saved += 1; },
  on: (names, f) => names.split(" ").forEach((name) => (handlers[name] ??= []).push(f)),
  off: (names, f) => names.split(" ").forEach((name) => {
    handlers[name] = handlers[name].filter((g) => g !== f);
  }),
};
window.listening = () => Object.values(handlers).flat().length;
window.close_ = await widget.render({ model: window.model, el: ELEMENT });
"""


# JupyterLab 4.6's own rules that reach into an output (from its application's style sheet).
LAB = """
.jp-OutputArea-output dl, .jp-OutputArea-output dt, .jp-OutputArea-output dd { display: block; }
.jp-OutputArea-output dl { width: 100%; overflow: hidden; padding: 0; margin: 0; }
.jp-OutputArea-output dt { font-weight: bold; float: left; width: 20%; padding: 0; margin: 0; }
.jp-OutputArea-output dd { float: left; width: 80%; padding: 0; margin: 0; }
.jp-ThemedContainer button { border-radius: 2px; }
"""
ATTACHED = 'document.querySelector("#cell")'
DETACHED = 'Object.assign(document.createElement("div"), { id: "late" })'


def write_module_page(folder, figure, policy, el=ATTACHED):
    """Write module.html, which renders `figure` into the element `el`: one in the page, or not yet."""
    (folder / "module.js").write_text(bundle.es_module(base.SCRIPTS / figure.script), encoding="utf-8")
    main = MODEL.replace("window.close_ =", f"window.el = {el};\nwindow.close_ =").replace("ELEMENT", "el")
    (folder / "main.js").write_text(main, encoding="utf-8")
    (folder / "module.html").write_text(
        '<!doctype html><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<style>{base.styles(figure.script)}</style><style>{LAB}</style>"
        f"<body class='jp-ThemedContainer' data-state='{html.escape(json.dumps(figure.state()))}'>"
        '<div id="cell" class="jp-OutputArea-output"></div><script type="module" src="main.js"></script>',
        encoding="utf-8",
    )
