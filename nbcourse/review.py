"""The rules that the book's notebooks keep, one function each; the tests and `nbcourse check` both ask them.

Every rule takes paths of notebooks and returns what breaks it, as sentences that name the file and the cell.
"""

import ast
import contextlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

from nbcourse.checks import evaluate, exercises, find
from nbcourse.notebooks import bands, is_normal, read

# Tools around the book, not what it teaches: a chapter may have its own `build`, `step` or `load`.
_NOT_TAUGHT = ("checks", "site", "widgets", "cli.py", "notebooks.py", "review.py", "__main__.py")
_ROOTS = "home|Users|root|tmp|mnt|opt|usr|var|work|private|content"
_PLACE = re.compile(rf"(?<![\w.:/])(?:/(?:{_ROOTS})/|[CD]:\\|~/)\S*")
_INSTALL = re.compile(r"^\s*[!%]+\s*(?:\S*python\S*\s+-m\s+)?(?:pip|conda|uv|mamba)\b", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One code cell: where it stands, its Python source and tree, its tags and its text output."""

    path: Path
    number: int
    raw: str
    source: str
    tree: ast.Module
    tags: frozenset
    output: str

    def __str__(self):
        return f"{self.path}: code cell {self.number}"


def chapter_of(path):
    """The chapter's name in the registry of exercises: `book/01-neurons.ipynb` is `neurons`."""
    return re.sub(r"^\d+[a-z]?-", "", Path(path).stem).replace("-", "_")


def code_cells(path):
    """Every code cell of a notebook, its magics translated to Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    found = []
    for number, cell in enumerate(cells, start=1):
        source = TransformerManager().transform_cell(cell.source)
        output = "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        tags = frozenset(cell.metadata.get("tags", ()))
        found.append(Cell(Path(path), number, cell.source, source, ast.parse(source), tags, output))
    return found


def normal_form(paths):
    """A notebook is byte for byte what `nbcourse.notebooks.normalise` writes."""
    return [f"{p}: not in normal form; run: nbcourse freeze {p}" for p in paths if not is_normal(p)]


def values_in_bands(paths):
    """A committed value lies inside the band printed beside it."""
    return [f"{p}: {band} lies outside its band" for p in paths for band in bands(read(p)) if not band.holds]


def portable(paths):
    """A cell names no place on one machine, and only a cell tagged `setup` installs anything."""
    found = []
    for cell in (cell for path in paths for cell in code_cells(path)):
        constants = [node.value for node in ast.walk(cell.tree) if isinstance(node, ast.Constant)]
        for text in [*(c for c in constants if isinstance(c, str)), cell.output]:
            if place := _PLACE.search(text):
                found.append(f"{cell}: names a place on one machine, {place.group()}")
        if _INSTALL.search(cell.raw) and "setup" not in cell.tags:
            found.append(f"{cell}: installs packages; only a cell tagged `setup` may")
    return found


def one_home(paths):
    """A definition repeats no public name of the package, and stands in one notebook only.

    A cell tagged `derivation` may define its smaller version of a public name, and an `exercise` its stub.
    """
    found, homes, public = [], {}, public_names()
    for cell in (cell for path in paths for cell in code_cells(path)):
        for name in _definitions(cell.tree):
            if name in public and not cell.tags & {"derivation", "exercise"}:
                found.append(f"{cell}: defines {name}, which {public[name]} defines; import it")
            other = homes.setdefault(name, cell)
            if other.path != cell.path and "exercise" not in cell.tags & other.tags:
                found.append(f"{cell}: defines {name}, as {other} does; give it one home")
    return found


def exercise_cells(paths):
    """Every registered exercise has one `exercise` and one `solution` cell, with the right outputs."""
    found, places = [], {}
    for cell in (cell for path in paths for cell in code_cells(path)):
        kinds, calls = cell.tags & {"exercise", "solution"}, _check_calls(cell.tree)
        if len(kinds) != len(calls) or len(kinds) > 1:
            tags = ", ".join(sorted(kinds)) or "neither tag"
            found.append(f"{cell}: {len(calls)} calls of check() and {tags}; expected one of each, or none")
            continue
        for kind, call in zip(kinds, calls, strict=True):
            name = _name_of(call)
            places.setdefault((name, kind), []).append(cell)
            found += _call_problems(cell, kind, name, call)
    expected = [n for chapter in dict.fromkeys(map(chapter_of, paths)) for n in _exercises_or_none(chapter)]
    for name in expected:
        for kind in ("exercise", "solution"):
            where = places.pop((name, kind), [])
            if len(where) != 1:
                found.append(f"{name}: expected one cell tagged `{kind}`, found {len(where)}")
    found += [
        f"{where[0]}: {name!r} is not an exercise of this chapter" for (name, _), where in places.items()
    ]
    return found


def exercises_run(paths, on_exercise=None):
    """The stub of every exercise is not attempted and not passed; its solution passes its own check.

    The cells are really run, each after the imports, definitions, UPPER_CASE constants and settings
    in os.environ of the cells before it. `on_exercise()` is called after each, for a progress bar.
    """
    found = []
    for path in paths:
        before = []
        for cell in code_cells(path):
            kind = "".join(cell.tags & {"exercise", "solution"})
            if kind:
                found += _run_problems(cell, kind, before)
                if on_exercise:
                    on_exercise()
            if kind != "exercise":
                before.append(cell)
    return found


def public_names():
    """Every public function and class of what the package teaches: {name: module}."""
    package = Path(__file__).parent
    names = {}
    for path in sorted(package.rglob("*.py")):
        relative = path.relative_to(package)
        if relative.parts[0] not in _NOT_TAUGHT:
            module = ".".join(("nbcourse", *relative.with_suffix("").parts)).removesuffix(".__init__")
            for name in _definitions(ast.parse(path.read_text(encoding="utf-8"))):
                if not name.startswith("_"):
                    names.setdefault(name, module)
    return names


def _definitions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in tree.body if isinstance(node, kinds)]


def _check_calls(tree):
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "check"]


def _name_of(call):
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) else None


def _call_problems(cell, kind, name, call):
    """What is wrong with one call of check(): its name, its `record`, the output committed beneath it."""
    records = not any(k.arg == "record" and getattr(k.value, "value", None) is False for k in call.keywords)
    found = []
    if kind == "solution" and records:
        found.append(f"{cell}: the book's solution must call check({name!r}, …, record=False)")
    if kind == "exercise" and not records:
        found.append(f"{cell}: the reader's answer must be recorded; leave record=False out")
    line = f"{name}: not attempted yet" if kind == "exercise" else f"✓ {name}:"
    if not any(text.startswith(line) for text in cell.output.splitlines()):
        found.append(f"{cell}: expected the output {line!r}, found {cell.output.strip()[:80]!r}")
    return found


def _exercises_or_none(chapter):
    """The exercises of a chapter; none when it has not registered any."""
    try:
        return exercises(chapter)
    except KeyError:
        return []


def _run_problems(cell, kind, before):
    """Run one exercise or solution and say what is wrong with its verdict."""
    try:
        with _own_environment():
            name, answer = _answer_of(cell, before)
            result = evaluate(find(name).name, answer)
    except Exception as error:
        return [f"{cell}: {type(error).__name__}: {error}"]
    if kind == "exercise" and (result.attempted or result.passed):
        return [f"{cell}: the stub of {name} counts as attempted"]
    if kind == "solution" and not result.passed:
        return [f"{cell}: the solution does not pass its own check\n{result}"]
    return []


def _answer_of(cell, before):
    """Run a cell after what it builds on; return the name and the answer that it hands to check()."""
    namespace, calls = {"__name__": "__main__"}, []
    for earlier in before:
        for node in earlier.tree.body:
            if _is_context(node):
                code = compile(ast.Module([node], []), f"<{earlier}>", "exec")
                with contextlib.nullcontext() if _must_work(node) else contextlib.suppress(Exception):
                    exec(code, namespace)
    namespace["check"] = lambda name, answer, record=True: calls.append((name, answer))
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(cell.tree, f"<{cell}>", "exec"), namespace)
    return calls[-1]


@contextlib.contextmanager
def _own_environment():
    """Forget, in the end, what was set in os.environ."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _must_work(node):
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_context(node):
    """Whether a statement is an import, a definition, an UPPER_CASE constant or a setting in os.environ."""
    if isinstance(node, ast.Assign):
        if all(ast.unparse(target).startswith("os.environ[") for target in node.targets):
            return True  # KERAS_BACKEND, say: the imports after it depend on it
        targets = [n for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        return bool(targets) and all(n.id.isupper() for n in targets)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
