"""The layers of the package, read from its imports: which part may see which."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nbcourse

PACKAGE = Path(nbcourse.__file__).parent
SCRATCH = "nbcourse.scratch"
# A part of scratch and the parts that it may see, besides itself.
SCRATCH_SEES = {
    "allocator": set(),
    "names": set(),
    "scalar": set(),
    "random": {"names"},
    "tensor": {"names", "random"},
    "autograd": {"tensor"},
    "gradcheck": {"random", "tensor"},
    "nn.functional": {"names", "random", "tensor"},
    "nn": {"names", "random", "tensor", "nn.functional"},
    "optim": {"names", "tensor"},
}
TORCH_ONLY = ("nbcourse.models", "nbcourse.train", "nbcourse.recipes")
NEUTRAL = ("nbcourse.datasets", "nbcourse.plots", "nbcourse.widgets", "nbcourse.checks")
STACKS = ("torch", "keras", "tensorflow", SCRATCH)


def package_sources():
    """Every module of the package: {dotted name: source}; the name of a package ends in `.__init__`."""
    return {
        ".".join(("nbcourse", *path.relative_to(PACKAGE).with_suffix("").parts)): path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
    }


def imports(name, source, modules):
    """Yield (target, whether it is imported when the module is, whether everything is taken)."""
    tree = ast.parse(source)
    lazy = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in lazy, False
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".")[: -node.level] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                known = inner in modules or f"{inner}.__init__" in modules
                yield inner if known else base, id(node) not in lazy, alias.name == "*"


def within(name, part):
    return name == part or name.startswith(part + ".")


def scratch_part(name):
    """`nn.functional` for nbcourse.scratch.nn.functional.loss; empty for scratch itself."""
    inside = name.removeprefix(SCRATCH + ".").removesuffix(".__init__")
    return next((p for p in sorted(SCRATCH_SEES, key=len, reverse=True) if within(inside, p)), "")


def scratch_problem(name, target):
    """Why a module of scratch may not import `target`; empty when it may."""
    root = target.partition(".")[0]
    if not within(target, SCRATCH):
        if root == "numpy" or root in sys.stdlib_module_names:
            return ""
        return f"{name} imports {target}: scratch may see NumPy and the standard library only"
    part, seen = scratch_part(name), scratch_part(target)
    if name == f"{SCRATCH}.__init__" or seen == part or seen in SCRATCH_SEES.get(part, ()):
        return ""
    return f"{name} imports {target}: {part or 'this file'} may see {sorted(SCRATCH_SEES.get(part, ()))}"


def layer_problems(sources):
    """Every import that the layers forbid, as a sentence."""
    found, graph = [], {}
    for name, source in sources.items():
        for target, at_once, everything in imports(name, source, sources):
            if everything:
                found.append(f"{name} imports everything from {target}")
            if within(target, "book"):
                found.append(f"{name} imports the book")
            if within(name, SCRATCH) and (problem := scratch_problem(name, target)):
                found.append(problem)
            if any(within(name, part) for part in TORCH_ONLY) and within(target, SCRATCH):
                found.append(f"{name} imports {target}: PyTorch's side never sees scratch")
            if at_once and any(within(name, p) for p in NEUTRAL) and any(within(target, s) for s in STACKS):
                found.append(f"{name} imports {target} at module level: it speaks NumPy arrays")
            if at_once:
                graph.setdefault(name, set()).add(
                    f"{target}.__init__" if f"{target}.__init__" in sources else target
                )
    cycle = find_cycle(graph)
    return found + ([f"a circle of imports: {' → '.join(cycle)}"] if cycle else [])


def find_cycle(graph):
    """The first circle in a directed graph, as a list of names that begins and ends alike; empty if none."""
    done = set()
    for start in graph:
        path, stack = [], [(start, iter(sorted(graph.get(start, ()))))]
        path.append(start)
        while stack:
            target = next(stack[-1][1], None)
            if target is None:
                stack.pop()
                done.add(path.pop())
            elif target in path:
                return [*path[path.index(target) :], target]
            elif target in graph and target not in done:
                path.append(target)
                stack.append((target, iter(sorted(graph[target]))))
    return []


def test_package_keeps_its_layers():
    assert layer_problems(package_sources()) == []


@pytest.mark.parametrize(
    "name, source",
    [
        ("nbcourse.scratch.nn.linear", "import torch"),
        ("nbcourse.scratch.tensor.engine", "from nbcourse.report import band"),
        ("nbcourse.scratch.tensor.engine", "def f():\n    import matplotlib"),
        ("nbcourse.scratch.tensor.engine", "from nbcourse.scratch.nn import functional"),
        ("nbcourse.scratch.tensor.engine", "from ..nn.functional import loss"),
        ("nbcourse.scratch.random", "from nbcourse.scratch.tensor.engine import Tensor"),
        ("nbcourse.scratch.nn.functional.loss", "from nbcourse.scratch.nn.module import Module"),
        ("nbcourse.scratch.nn.linear", "from nbcourse.scratch.optim import sgd"),
        ("nbcourse.scratch.optim.sgd", "from nbcourse.scratch.nn.module import Parameter"),
        ("nbcourse.scratch.optim.sgd", "import nbcourse.scratch.random"),
        ("nbcourse.models.mlp", "def f():\n    from nbcourse.scratch import nn"),
        ("nbcourse.train.fit", "import nbcourse.scratch"),
        ("nbcourse.datasets.mnist", "import torch.utils.data"),
        ("nbcourse.checks.neurons", "from nbcourse import scratch"),
        ("nbcourse.plots.neurons", "from nbcourse.scratch import tensor"),
        ("nbcourse.widgets.playground", "import keras"),
        ("nbcourse.report", "from numpy import *"),
        ("nbcourse.site.build", "import book.extension"),
    ],
)
def test_forbidden_import_is_found(name, source):
    modules = {"nbcourse.scratch.__init__": "", "nbcourse.scratch.nn.__init__": "", name: source}
    modules.setdefault("nbcourse.scratch.tensor.__init__", "")
    assert len(layer_problems(modules)) == 1


@pytest.mark.parametrize(
    "name, source",
    [
        (
            "nbcourse.scratch.nn.linear",
            "import math\nimport numpy as np\nfrom nbcourse.scratch.nn import functional",
        ),
        ("nbcourse.scratch.optim.sgd", "from nbcourse.scratch.tensor import no_grad"),
        ("nbcourse.checks.neurons", "def f():\n    import torch\n    from nbcourse import scratch"),
        ("nbcourse.models.mlp", "import torch"),
    ],
)
def test_allowed_import_is_not_found(name, source):
    assert layer_problems({name: source, "nbcourse.scratch.nn.functional.__init__": ""}) == []


def test_circle_is_found():
    circle = {
        "nbcourse.a": "import nbcourse.b",
        "nbcourse.b": "from nbcourse import c",
        "nbcourse.c": "import nbcourse.a",
    }
    (problem,) = layer_problems(circle)
    assert problem == "a circle of imports: nbcourse.a → nbcourse.b → nbcourse.c → nbcourse.a"
    lazy = circle | {"nbcourse.c": "def f():\n    import nbcourse.a"}
    assert layer_problems(lazy) == []


@pytest.mark.parametrize(
    "module, absent",
    [
        ("nbcourse", "torch matplotlib sklearn IPython numpy"),
        ("nbcourse.cli", "torch matplotlib sklearn IPython numpy nbcourse.site nbcourse.checks"),
        ("nbcourse.scratch", "torch matplotlib sklearn scipy IPython nbcourse.report nbcourse.checks"),
        ("nbcourse.datasets", "torch keras nbcourse.scratch"),
        ("nbcourse.plots", "torch keras nbcourse.scratch"),
        ("nbcourse.widgets", "torch keras nbcourse.scratch"),
        ("nbcourse.checks", "torch keras nbcourse.scratch matplotlib"),
    ],
)
def test_import_brings_no_more_than_it_may(module, absent):
    script = f"import {module}, sys; print(*[m for m in {absent.split()} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr


def test_import_finds_functions_under_their_names():
    # Whatever was imported before, `nbcourse.show` is the function, not the module of the same name.
    script = (
        "import nbcourse.show, nbcourse.report\nfrom nbcourse import show, band, agree, check\nshow(band)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.stdout.startswith("band(value, low, high"), run.stderr
    with pytest.raises(AttributeError, match="nothing_here"):
        nbcourse.nothing_here  # noqa: B018
    assert {"agree", "band", "check", "show"} <= set(dir(nbcourse))
