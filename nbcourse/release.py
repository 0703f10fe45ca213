"""A copy of the chapters to hand out: every exercise with its check, and none of the solutions."""

from pathlib import Path

from nbcourse import notebooks

START, END = "```{solution-start}", "```{solution-end}"


class ReleaseError(Exception):
    """A solution that does not end, or a folder that is in use; the message names it."""


def release(paths, folder):
    """Write the notebooks `paths` without their solutions into `folder`, which must be new or empty.

    Returns [(path written, solutions left out), …]. Raises ReleaseError, and then nothing was written.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ReleaseError(f"{folder}: expected a new or an empty folder")
    copies = []
    for path in map(Path, paths):
        nb = notebooks.read(path)
        try:
            count = without_solutions(nb)
        except ReleaseError as error:
            raise ReleaseError(f"{path}: {error}") from None
        copies.append((folder / path.name, count, notebooks.dumps(notebooks.normalise(nb))))
    folder.mkdir(parents=True, exist_ok=True)
    for path, _, text in copies:
        path.write_text(text, encoding="utf-8")
    return [(path, count) for path, count, _ in copies]


def without_solutions(nb):
    """Take out of a notebook, in place, all that stands in its solutions; return how many there were.

    A solution runs from a ``solution-start`` to its ``solution-end``, through text and code; a cell tagged
    ``solution`` goes as well. Text before and after, in the same cell, stays.
    """
    cells, count, inside = [], 0, False
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            kept, starts, inside = _outside(cell.source.split("\n"), inside)
            count += starts
            cell.source = "\n".join(kept).strip("\n")
            if cell.source:
                cells.append(cell)
        elif not inside and "solution" not in cell.metadata.get("tags", ()):
            cells.append(cell)
    if inside:
        raise ReleaseError("a solution-start without its solution-end")
    nb.cells = cells
    return count


def _outside(lines, inside):
    """Return the lines outside of solutions, how many begin here, and whether the last one goes on."""
    kept, starts, closing = [], 0, False
    for line in lines:
        if line.startswith(START):
            inside, starts = True, starts + 1
        elif line.startswith(END):
            inside, closing = False, True
        elif closing:  # the fence below solution-end
            closing = False
        elif not inside:
            kept.append(line)
    return kept, starts, inside
