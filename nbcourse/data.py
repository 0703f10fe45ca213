"""The `nbcourse data` command: which published data sets there are, fetch them, see that they are whole."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, fetch and verify published data sets.\n\nOnly the full-scale results need them.",
    epilog="Examples: nbcourse data list · nbcourse data fetch mnist names",
)
FINE, PART, ABSENT, WRONG = "✓", "·", " ", "✗"


@app.command("list", epilog="Example: nbcourse data list")
def list_():
    """Show every data set: size, whether it is here, credit, terms."""
    from nbcourse.datasets.registry import SETS

    typer.echo(_where())
    for name, data_set in SETS.items():
        mark, state = _state(data_set)
        typer.echo(f"{mark} {name:<13} {_bytes(data_set.size):>8}  {state:<8}  {data_set.title}")
        typer.echo(f"{'':<36}{data_set.credit}")


@app.command(epilog="Examples: nbcourse data fetch mnist names · nbcourse data fetch --all")
def fetch(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Data sets.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every data set.")] = False,
):
    """Download data sets that are not here, and check every file.

    Says whom to credit. Ends with 1 when one of them could not be had; the others are fetched all the same.
    """
    if every == bool(names):
        raise typer.BadParameter("name one or more data sets, or give --all")
    from nbcourse.datasets.store import DataError, paths

    failed = False
    for name, data_set in _chosen(names).items():
        try:
            files = paths(name)
        except DataError as error:
            failed = True
            typer.echo(f"{WRONG} {name}: {error}", err=True)
            continue
        typer.echo(f"{FINE} {name}: {_bytes(data_set.size)} in {files[0].parent}")
        typer.echo(f"  {data_set.credit}")
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Examples: nbcourse data verify · nbcourse data verify mnist")
def verify(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="By default every set with a file here.")
    ] = None,
):
    """Compare every file with the published one.

    Computes the SHA-256 of each anew. Ends with 1 when a file is missing or not the published one, and says
    how to mend it.
    """
    from nbcourse.datasets.store import chosen_folder, is_published, location

    typer.echo(_where())
    wrong = checked = 0
    for name, data_set in _chosen(names).items():
        there = [location(file).is_file() for file in data_set.files]
        if not names and not any(there):
            continue
        for file, here in zip(data_set.files, there, strict=True):
            checked += 1
            if here and is_published(location(file), file, again=True):
                typer.echo(f"{FINE} {file.path}")
                continue
            wrong += 1
            by_hand = f"put the published file at {location(file)}"
            typer.echo(f"{WRONG} {file.path} is {'not the published file' if here else 'missing'}")
            typer.echo(f"  → {by_hand if chosen_folder() else f'nbcourse data fetch {name}'}")
    if not checked:
        typer.echo("No data set is here: nbcourse data fetch NAME")
    if wrong:
        typer.echo(f"{wrong} of {checked} files to mend: see the lines marked {WRONG}", err=True)
        raise typer.Exit(1)


def _chosen(names):
    """Return {name: data set} of the given names, or of all; an unknown name is a wrong usage."""
    from nbcourse.datasets.registry import SETS, known

    try:
        return {name: known(name) for name in names or SETS}
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _where():
    """Which folder the data sets are read from, in the words of `nbcourse doctor`."""
    from nbcourse.datasets.store import cache_folder, chosen_folder

    chosen = chosen_folder()
    return (
        f"data: read from {chosen} (NBCOURSE_DATA)" if chosen else f"data: downloads go to {cache_folder()}"
    )


def _state(data_set):
    """A mark and a word: is a set here? It goes by the sizes of the files; `verify` reads them."""
    from nbcourse.datasets.store import location

    here = {file: location(file) for file in data_set.files if location(file).is_file()}
    whole = sum(path.stat().st_size == file.size for file, path in here.items())
    if whole == len(data_set.files):
        return FINE, "here"
    return (PART, f"{whole} of {len(data_set.files)}") if here else (ABSENT, "not here")


def _bytes(n):
    return f"{n / 1e6:.1f} MB" if n >= 1e5 else f"{n / 1e3:.1f} kB"
