"""Notebooks in their normal form: text outputs are kept, images and widget state are not.

A committed notebook then shows prose, code and numbers in a diff, and executing it again changes no byte.
``python -m nbcourse.notebooks FILE...`` normalises files in place (exit 1 when one changed, as pre-commit
expects); ``--check`` only reports. Neither executes anything.
"""

import hashlib
import json
import math
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from nbcourse.files import write_whole

# What an output may hold besides text; dropped from files, and not compared by nbval (see conftest.py).
DROPPED = ("image/", "application/", "video/", "audio/", "text/html", "text/markdown", "text/latex")
CELL_METADATA = ("tags", "mystnb")
FOLDED = {"hide-input", "solution"}  # tags of code that the pages show closed; JupyterLab then does, too
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What every execution of a book notebook sets: the reader's progress is left alone.
KERNEL_ENVIRONMENT = {"NBCOURSE_PROGRESS": "off", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
# Committed outputs come from the CPU; Keras would take a GPU that it sees.
ON_CPU = {"NBCOURSE_DEVICE": "cpu", "CUDA_VISIBLE_DEVICES": ""}

NUMBER = r"[-+\u2212]?(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|nan|inf)"
UNIT = r"[^\d\[\]\n\u2248]{0,24}"
BAND = re.compile(rf"\u2248[ \t]*({NUMBER}){UNIT}\[({NUMBER}), ?({NUMBER})\]")


class NotebookError(Exception):
    """A notebook that cannot be read or whose cell raises; the message names file, cell and error."""


@dataclass(frozen=True)
class Band:
    """A printed value and the band it must lie in: `≈ value [low, high]`."""

    value: float
    low: float
    high: float

    @property
    def holds(self):
        """Whether the value is finite and inside its band."""
        return math.isfinite(self.value) and self.low <= self.value <= self.high

    def __str__(self):
        return f"≈ {self.value:g} [{self.low:g}, {self.high:g}]"


def is_dropped(mime):
    """Whether the normal form leaves an output of this mime type out."""
    return mime.startswith(DROPPED)


def read(path):
    """Read a notebook as it stands in the file (no cell id is made up). Raises NotebookError."""
    nbformat = _require("nbformat")
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NotebookError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        version = json.loads(text)["nbformat"]
        if version != 4:
            raise NotebookError(f"{path}: expected a notebook in format 4; got format {version}")
        return nbformat.v4.reads(text)
    except (ValueError, KeyError, TypeError) as error:
        raise NotebookError(f"{path}: not a notebook ({error})") from error


def dumps(nb):
    """The text of a notebook file, validated; always ends in one newline."""
    nbformat = _require("nbformat")
    nbformat.validate(nb)
    return nbformat.v4.writes(nb) + "\n"


def normalise(nb):
    """Bring a notebook into normal form, in place, and return it.

    Kept: sources, streams, text/plain, cell ids, tags and `mystnb` settings. Dropped: images, widget
    state, HTML and Markdown, all other metadata. Execution counts become 1..n; neighbouring pieces of a
    stream become one; a cell without an id of its own is given one that depends on its content only; code
    that a page shows closed is closed in JupyterLab.
    """
    mystnb = nb.metadata.get("mystnb")
    nb.metadata = _node({**NOTEBOOK_METADATA, **({"mystnb": mystnb} if mystnb else {})})
    nb.nbformat, nb.nbformat_minor = 4, 5
    _give_ids(nb.cells)
    count = 0
    for cell in nb.cells:
        cell.metadata = _node({k: v for k, v in cell.metadata.items() if k in CELL_METADATA and v})
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            if FOLDED.intersection(cell.metadata.get("tags", ())):
                cell.metadata["jupyter"] = _node({"source_hidden": True})
            cell.outputs = [_normal_output(output, count) for output in joined(cell.outputs)]
    return nb


def is_normal(path):
    """Whether the file is, byte for byte, what `normalise` would write."""
    return Path(path).read_text(encoding="utf-8") == dumps(normalise(read(path)))


def execute(path, *, timeout=600, on_cell=None, environment=None):
    """Run every cell of a notebook in a fresh kernel of this Python; return it with all outputs, images too.

    Parameters
    ----------
    path : path of the notebook; its folder is the working directory. The file is not changed.
    timeout : seconds that one cell may take
    on_cell : called as `on_cell(done, total)` after each code cell, for a progress bar
    environment : variables for the kernel, besides those of this process and KERNEL_ENVIRONMENT

    Raises
    ------
    NotebookError
        When a cell raises, takes too long or kills its kernel: names the cell, its first line and the error.
    """
    client_module = _require("nbclient")
    nb = read(path)
    _give_ids(nb.cells)
    nb.nbformat_minor = max(nb.nbformat_minor, 5)
    running = {"cell": None, "done": 0}
    total = sum(cell.cell_type == "code" for cell in nb.cells)

    def started(cell, cell_index):
        running["cell"] = cell_index

    def ended(cell, cell_index, execute_reply):
        running["done"] += 1
        if on_cell:
            on_cell(running["done"], total)

    client = client_module.NotebookClient(
        nb,
        timeout=timeout,
        record_timing=False,
        km=_kernel_manager(),
        extra_arguments=[
            "--log-level=ERROR"
        ],  # a kernel's remarks about its own sockets are nobody's concern
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
        on_cell_execute=started,
        on_cell_executed=ended,
    )
    try:
        client.execute(cleanup_kc=True, env={**os.environ, **KERNEL_ENVIRONMENT, **(environment or {})})
    except client_module.exceptions.CellExecutionError as error:
        raise NotebookError(_where(path, nb, running["cell"]) + f" raised {_summary(error)}") from error
    except client_module.exceptions.CellTimeoutError as error:
        raise NotebookError(_where(path, nb, running["cell"]) + f" took more than {timeout} s") from error
    except client_module.exceptions.DeadKernelError as error:
        raise NotebookError(
            _where(path, nb, running["cell"]) + " killed its kernel (out of memory?)"
        ) from error
    return nb


def freeze(path, *, timeout=600, on_cell=None):
    """Execute a notebook and write it back in normal form; return whether the file changed.

    The cells run on the CPU, as they do when tests compare their outputs. The file is replaced in one step:
    when a cell raises (NotebookError) or the disk is full, it stays as it was.
    """
    path = Path(path)
    executed = execute(path, timeout=timeout, on_cell=on_cell, environment=ON_CPU)
    text = dumps(normalise(executed))
    return _replace(path, text)


def normalise_file(path):
    """Write a notebook back in normal form without executing it; return whether the file changed."""
    return _replace(Path(path), dumps(normalise(read(path))))


def bands(nb):
    """Every `Band` printed in the outputs of a notebook, in order."""
    found = []
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            found += [
                Band(*(float(x.replace("\u2212", "-")) for x in m.groups())) for m in BAND.finditer(text)
            ]
    return found


def _normal_output(output, count):
    """One output in normal form."""
    if output.output_type == "error":
        output.traceback = [f"{output.ename}: {output.evalue}"]  # the real one holds paths and colours
    if "data" in output:
        output.data = _node({k: v for k, v in output.data.items() if not is_dropped(k)})
        output.metadata = _node({})
    if output.output_type == "execute_result":
        output.execution_count = count
    return output


def joined(outputs):
    """Outputs with each run of stream pieces made one: where a kernel cuts a stream is chance."""
    whole, run = [], {}
    for output in outputs:
        if output.output_type != "stream":
            run = {}
            whole.append(output)
        elif output.name in run:
            run[output.name].text += output.text
        else:
            run[output.name] = output
            whole.insert(len(whole) - (output.name == "stdout" and "stderr" in run), output)
    return whole


def _give_ids(cells):
    """Give a cell without an id, or with one that stands twice, an id made from its content."""
    seen = set()
    for cell in cells:
        copy = 0
        while not cell.get("id") or cell.id in seen:
            content = f"{cell.cell_type}\0{cell.source}\0{copy}"
            cell.id = hashlib.sha256(content.encode()).hexdigest()[:8]
            if cell.id in seen:
                cell.id = ""
            copy += 1
        seen.add(cell.id)


def _where(path, nb, index):
    """`book/x.ipynb: code cell 3 ("w = 1 / 0")`."""
    if index is None:
        return f"{path}: the kernel"
    number = sum(cell.cell_type == "code" for cell in nb.cells[: index + 1])
    lines = [line.strip() for line in nb.cells[index].source.splitlines() if line.strip()]
    code = [line for line in lines if not line.startswith("#")]
    return f'{path}: code cell {number} ("{[*code, *lines, ""][0]}")'


def _summary(error):
    """`ZeroDivisionError: division by zero`, from nbclient's CellExecutionError."""
    value = " ".join(str(error.evalue).split())
    return f"{error.ename}: {value}" if value else error.ename


def _kernel_manager():
    """A kernel of this very Python, whatever other kernels the machine calls `python3`."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name):
            return KernelSpec(resource_dir=str(RESOURCES), **get_kernel_dict())

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython())


def _replace(path, text):
    """Write the file if its content changes; True when it did."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    write_whole(path, text)
    return True


def _node(mapping):
    return _require("nbformat").from_dict(mapping)


def _require(module):
    """Import one of the packages that only working with notebooks needs."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        mend = "run in the course's folder: pip install -e '.[book]'"
        raise NotebookError(f"{module} is not installed; {mend}") from error


def main(arguments=None):
    """Normalise the named files, or with `--check` say which are not in normal form; 1 if there were any."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    only_check = "--check" in arguments
    changed = []
    try:
        for path in (a for a in arguments if a != "--check"):
            if (not is_normal(path)) if only_check else normalise_file(path):
                changed.append(path)
    except NotebookError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in changed:
        sys.stderr.write(f"{path}: {'not in' if only_check else 'brought into'} normal form\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
