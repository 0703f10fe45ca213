"""Joins the JavaScript modules of a figure into one file, for Jupyter and for the static page.

anywidget takes one ES module, and a page opened from ``file://`` may load no module at all, so the small
modules in ``js/`` are joined: into one ES module, or into one classic script. The joiner reads a restricted
form and refuses everything else, by line:

- ``import { a, b } from "./x.js";`` on one line or several, without renaming;
- at the start of a line ``function``, ``class``, ``const`` or ``let``, with or without ``export``;
- ``export default NAME;``, once, in the entry module only.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import \{([\w\s,$]*)\} from "\./([\w-]+\.js)";[ \t]*\n', re.MULTILINE)
_DECLARATION = re.compile(
    r"^(?P<export>export )?(?:async )?(?:function\*?|class|const|let) (?P<name>[A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_DEFAULT = re.compile(r"^export default (?P<name>[A-Za-z_$][\w$]*);[ \t]*\n?", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*|^(?:var|const|let)\b.*|\bimport\s*[(.].*", re.MULTILINE)


class BundleError(ValueError):
    """A module is missing or written in a form the joiner does not read; names the file and the line."""


@dataclass(frozen=True)
class _Module:
    name: str
    body: str  # without imports, and without the word export
    imports: dict[str, tuple[str, ...]]  # file name -> names taken from it
    declared: tuple[str, ...]
    exported: tuple[str, ...]
    default: str | None


def es_module(entry: Path) -> str:
    """Return `entry` and all that it imports as one ES module with one default export (anywidget's ``_esm``).

    Raises BundleError where a module is missing or uses an unsupported form, where two modules declare one
    name, where an imported name is not exported, and where imports run in a circle.
    """
    body, default = _join(entry)
    return f"{body}\nexport default {default};\n"


def classic_script(entry: Path, name: str) -> str:
    """Return the same as one classic script that registers the default export as figure `name`.

    The script adds no global name to the page; ``runtime.js`` must come before it. Raises as `es_module`.
    """
    body, default = _join(entry)
    return (
        f'(() => {{\n"use strict";\n{body}\nwindow.nbcourseFigures.register("{name}", {default});\n}})();\n'
    )


@cache
def _join(entry: Path) -> tuple[str, str]:
    order: list[_Module] = []
    _visit(Path(entry), order, trail=())
    owner: dict[str, str] = {}
    for module in order:
        for name in module.declared:
            if name in owner:
                raise BundleError(
                    f"{module.name}: top-level name {name!r} is also declared in {owner[name]}; rename one"
                )
            owner[name] = module.name
        if module.default and module is not order[-1]:
            raise BundleError(f"{module.name}: only the entry {entry.name} may have `export default`")
    if order[-1].default is None:
        raise BundleError(
            f"{entry.name}: expected one `export default NAME;` in the entry module, found none"
        )
    if order[-1].default not in owner:
        raise BundleError(f"{entry.name}: `export default {order[-1].default}` names no declaration")
    return "\n".join(module.body.strip() + "\n" for module in order), order[-1].default


def _visit(path: Path, order: list[_Module], trail: tuple[str, ...]) -> _Module:
    """Append the modules that `path` imports, then itself: dependencies first, each once."""
    if path.name in trail:
        raise BundleError(f"imports run in a circle: {' -> '.join((*trail, path.name))}")
    known = next((module for module in order if module.name == path.name), None)
    if known:
        return known
    module = _read(path, trail)
    for file, names in module.imports.items():
        target = _visit(path.with_name(file), order, (*trail, path.name))
        missing = [name for name in names if name not in target.exported]
        if missing:
            raise BundleError(
                f"{path.name}: imports {missing[0]!r} from {file}, which exports {', '.join(target.exported)}"
            )
    order.append(module)
    return module


def _read(path: Path, trail: tuple[str, ...]) -> _Module:
    try:
        source = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        wanted = f" (imported by {trail[-1]})" if trail else ""
        raise BundleError(f"{path.name}: no such module in {path.parent.name}/{wanted}") from None
    imports: dict[str, tuple[str, ...]] = {}
    for names, file in _IMPORT.findall(source):
        taken = tuple(name.strip() for name in names.split(",") if name.strip())
        renamed = [name for name in taken if " " in name]
        if renamed:
            raise BundleError(f"{path.name}: expected imports without renaming, got {renamed[0]!r}")
        imports[file] = (*imports.get(file, ()), *taken)
    body = _IMPORT.sub("", source)
    defaults = _DEFAULT.findall(body)
    if len(defaults) > 1:
        raise BundleError(f"{path.name}: expected at most one `export default`, got {len(defaults)}")
    body = _DEFAULT.sub("", body)
    _refuse_the_rest(path, source, _DECLARATION.sub("", body))
    found = list(_DECLARATION.finditer(body))
    return _Module(
        name=path.name,
        body=re.sub(r"^export ", "", body, flags=re.MULTILINE),
        imports=imports,
        declared=tuple(match["name"] for match in found),
        exported=tuple(match["name"] for match in found if match["export"]),
        default=defaults[0] if defaults else None,
    )


def _refuse_the_rest(path: Path, source: str, remainder: str) -> None:
    """Raise for an import, export or declaration that is not in the restricted form."""
    left = _LEFT_OVER.search(remainder)
    if left:
        text = left.group().strip()
        at = source[: source.index(text)].count("\n") + 1 if text in source else "?"
        raise BundleError(
            f'{path.name}, line {at}: expected `import {{ a, b }} from "./x.js";`, '
            f"`export function|class|const|let NAME` or `export default NAME;`, got `{text}`"
        )
