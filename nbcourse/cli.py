"""The `nbcourse` command: look after the environment, build and serve the book, check notebooks and
exercises, train recipes, search for their settings.

What a command needs is imported inside it, so that `nbcourse --help` answers at once.
"""

import shlex
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from nbcourse.data import app as data

DEBUG = "--debug"
app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data, name="data")


class CommandError(Exception):
    """What the person who typed the command can mend; shown as one message without a traceback."""


def _version(asked):
    if asked:
        from nbcourse import __version__

        typer.echo(f"nbcourse {__version__}")
        raise typer.Exit


@app.callback(epilog="Exit codes: 0 all is well, 1 something is wrong, 2 the command was not understood.")
def _options(
    debug: Annotated[bool, typer.Option(DEBUG, help="Show the whole traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
):
    """The tools of the course on neural networks: from scratch in NumPy, and in PyTorch."""


@app.command(epilog="Example: nbcourse doctor")
def doctor():
    """Say what is here, what is missing, and how to mend it.

    Looks at Python, the packages, the device, threads, data, the browser, folders and the disk. Ends with
    1 when something that the course needs is missing.
    """
    from nbcourse.doctor import PROBLEM, examine

    found = examine(_find_root())
    width = max(len(f.subject) for f in found)
    for finding in found:
        typer.echo(f"{finding.level} {finding.subject:<{width}}  {finding.text}")
        if finding.remedy:
            typer.echo(f"  {'':<{width}}  → {finding.remedy}")
    problems = sum(f.level == PROBLEM for f in found)
    if problems:
        raise CommandError(f"{_count(problems, 'thing')} to mend: see the lines marked {PROBLEM}")
    typer.echo("Everything that the course needs is here.")


@app.command(epilog="Examples: nbcourse build · nbcourse build --fresh --jobs 1")
def build(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget all cached outputs and pages first.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Notebooks that run side by side; by default one for each core.")
    ] = None,
):
    """Build the book into _build/html.

    Runs the notebooks that changed and writes every page. A warning fails the build.
    """
    root = _root()
    from nbcourse.site import build as build_site

    typer.echo(str(build_site(root, fresh=fresh, jobs=jobs)))


@app.command(epilog="Example: nbcourse pdf course.pdf")
def pdf(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="The file to write; by default _build/course.pdf.", show_default=False
        ),
    ] = None,
):
    """Print the built book into one PDF.

    It has an outline and tags. Needs Chromium or Google Chrome.
    """
    root = _root()
    from nbcourse.site import write_pdf

    file = file or root / "_build" / "course.pdf"
    typer.echo(f"{_count(write_pdf(root, file), 'page')} of the book in {file}")


@app.command(epilog="Examples: nbcourse serve · nbcourse serve --port 8080")
def serve(port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 8000):
    """Serve the built book on this machine only, until Ctrl+C."""
    root = _root()
    from nbcourse.site import serve as serve_site

    serve_site(root, port=port)


@app.command(epilog="Examples: nbcourse freeze book/01-neurons.ipynb · nbcourse freeze --all")
def freeze(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="Notebooks.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every notebook of the book.")] = False,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
):
    """Execute notebooks and write them back in normal form.

    They run on the CPU, where tests compare their outputs.

    A notebook whose cell raises is named with the cell and the error, and stays as it was.
    """
    if every == bool(files):
        raise typer.BadParameter("name one or more notebooks, or give --all")
    from nbcourse import notebooks

    for path in _notebooks(_root()) if every else files:
        with _bar(f"Running {path.name}", "cell") as bar:

            def moved(done, total, bar=bar):
                bar.total = total
                bar.update(done - bar.n)

            changed = notebooks.freeze(path, timeout=timeout, on_cell=moved)
        typer.echo(f"{path}: {'rewritten' if changed else 'unchanged'}")


@app.command(epilog="Examples: nbcourse check · nbcourse check neurons")
def check(
    chapter: Annotated[
        str | None,
        typer.Argument(metavar="CHAPTER", help="One chapter, for example neurons; by default all."),
    ] = None,
):
    """Check the book's notebooks and run their exercises.

    Reads what is committed: normal form, values inside their bands, portable cells, one home for each
    definition. Of the cells only exercises are run: every stub must fail, and every solution must pass.
    """
    from nbcourse import review

    paths = _notebooks(_root(), chapter)
    problems = []
    for rule in (review.normal_form, review.values_in_bands, review.portable, review.exercise_cells):
        problems += _told(rule, paths)
    problems += _told(review.one_home, paths)
    with _bar("Running exercises", "cell") as bar:
        found = review.exercises_run(paths, on_exercise=bar.update)
    problems += _told(lambda _: found, paths, "exercises run")
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise CommandError(f"{_count(len(problems), 'problem')} in {_count(len(paths), 'notebook')}")


@app.command(epilog="Example: nbcourse release ../handout")
def release(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or an empty one.")]):
    """Copy the chapters without their solutions, to hand out.

    Every exercise stays, with its check; so do quizzes and all other text.
    """
    from nbcourse.release import ReleaseError
    from nbcourse.release import release as write

    try:
        for path, count in write(_notebooks(_root()), folder):
            typer.echo(f"{path}: without {_count(count, 'solution')}")
    except ReleaseError as error:
        raise CommandError(str(error)) from None


@app.command(epilog="Examples: nbcourse progress · nbcourse progress --clear")
def progress(clear: Annotated[bool, typer.Option("--clear", help="Forget everything recorded.")] = False):
    """Show which exercises you have solved, in the order of the book."""
    from nbcourse import checks
    from nbcourse.checks import progress as record

    if clear:
        typer.echo("Your progress was cleared." if record.clear() else "There was no progress to clear.")
        return
    entries, root = record.load(), _find_root()
    titles = record.titles(_notebooks(root)) if root else {}
    order = [*(name.partition("/")[0] for name in titles), *checks.chapters()]
    for chapter in sorted(checks.chapters(), key=order.index):
        names = checks.exercises(chapter)
        solved = sum(bool(entries.get(name, {}).get("passed")) for name in names)
        typer.echo(f"{chapter}: {solved} of {len(names)} solved")
        for name in sorted(names, key=[*titles, *names].index):
            typer.echo("  " + _progress_line(titles.get(name, name.partition("/")[2]), entries.get(name)))
    typer.echo(f"Kept in {record.folder()}; the ticks on the book's pages are a list of their own.")


@app.command(epilog="Examples: nbcourse train --list · nbcourse train digits-mlp --seeds 1 --set lr=0.005")
def train(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The recipe.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show all recipes and stop.")] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a setting; may be repeated."),
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="How many runs; by default the recipe's number, 1 with --seed.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The seed of the first run; 0 by default.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")] = False,
    out: Annotated[Path | None, typer.Option(help="The file of the result.", dir_okay=False)] = None,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Also write TensorBoard's files.")
    ] = False,
):
    """Train a recipe, test it, and write the result.

    With PyTorch, from several seeds; the test part is scored once for each, at the end. Checkpoints and the
    result (result.json, or --out) go to NAME in the folder NBCOURSE_RUNS, or in the system's folder for a
    user's state. Under torchrun, several processes share the work.
    """
    if listed == bool(name):
        raise typer.BadParameter("name a recipe, or give --list")
    pairs = _pairs(changes)
    from nbcourse.recipes import find, running

    if listed:
        typer.echo("\n".join(running.table()))
        return
    recipe = find(name)
    settings = recipe.settings.changed(**pairs)
    count = seeds or (recipe.seeds if seed is None else 1)
    first = seed or 0
    warnings.showwarning = lambda message, *_: typer.echo(f"nbcourse: {message}", err=True)
    try:
        running.run(
            recipe,
            settings,
            range(first, first + count),
            device=device,
            resume=resume,
            out=out,
            tensorboard=tensorboard,
            command=shlex.join(["nbcourse", *sys.argv[1:]]),
            tell=typer.echo,
        )
    except KeyboardInterrupt:
        raise CommandError("stopped; the same command with --resume goes on from the last look") from None


@app.command(
    epilog="Examples: nbcourse study digits-mlp · nbcourse study digits-mlp --trials 12 --set epochs=5"
)
def study(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The recipe.")],
    trials: Annotated[
        int, typer.Option(min=1, help="How many trials there shall be, with those that are there already.")
    ] = 20,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL", help="Where trials lie: a file, or a database as sqlite:///study.db."
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Fix a setting; may be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The seed of the search.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    out: Annotated[Path | None, typer.Option(help="The file of the result.", dir_okay=False)] = None,
):
    """Search for good settings of a recipe.

    With Optuna, by the recipe's validation part. Poor trials are stopped early. Trials are kept: the same
    command goes on where one stopped, and with a storage that they share, several processes and machines
    work on one study. Without --storage they lie in NAME in the folder of the runs.
    """
    pairs = _pairs(changes)
    from nbcourse.recipes import find, studying

    recipe = find(name)
    try:
        studying.run(
            recipe,
            recipe.settings.changed(**pairs),
            trials,
            storage=storage,
            seed=seed,
            device=device,
            out=out,
            command=shlex.join(["nbcourse", *sys.argv[1:]]),
            tell=typer.echo,
        )
    except KeyboardInterrupt:
        raise CommandError("stopped; the same command goes on with the trials that are there") from None


def _pairs(changes):
    """Read ["lr=0.1"] as {"lr": "0.1"}."""
    wrong = [change for change in changes or [] if not all(part.strip() for part in change.partition("="))]
    if wrong:
        raise typer.BadParameter(f"expected --set KEY=VALUE, got {wrong[0]!r}")
    pairs = (change.partition("=")[::2] for change in changes or [])
    return {key.strip(): value.strip() for key, value in pairs}


def main(arguments=None):
    """Run the command line; every error is one message on stderr and exit code 1, or 2 for a wrong usage."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = DEBUG in arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console without ✓ shows ? instead of failing
    try:
        app([a for a in arguments if a != DEBUG], prog_name="nbcourse")
    except Exception as error:
        if debug:
            raise
        typer.echo(f"nbcourse: {_message(error)}", err=True)
        sys.exit(1)


def _message(error):
    """One message for a person: what is wrong, and where it can be told, what to do."""
    if isinstance(error, PermissionError):
        return f"permission denied: {error.filename or error}"
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("nbcourse"):
        mend = f"run in the course's folder: pip install -e '.[{_extra_of(error.name)}]'"
        return f"{error.name} is not installed; {mend}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    if isinstance(error, (CommandError, *_known())):
        return str(error)
    return f"unexpected {type(error).__name__}: {error} (run it with {DEBUG} to see where)"


def _known():
    """The package's errors whose message is all that a person needs, of the modules that were loaded."""
    homes = {
        "nbcourse.notebooks": "NotebookError",
        "nbcourse.site": "SiteError",
        "nbcourse.checks.registry": "Unknown",
        "nbcourse.datasets.store": "DataError",
        "nbcourse.recipes": "UnknownRecipe",
        "nbcourse.train.errors": "TrainingError",
    }
    return [getattr(sys.modules[module], name) for module, name in homes.items() if module in sys.modules]


def _extra_of(module):
    """The extra that brings a package."""
    extras = {
        "torch": "torch",
        "keras": "keras",
        "optuna": "study",
        "jupyterlab": "lab",
        "tokenizers": "torch",
        "pytest": "test",
        "playwright": "test",
    }
    return extras.get((module or "").partition(".")[0], "book")


def _find_root():
    """The clone of the course around the working directory, else the package's own, else None."""
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if (folder / "_toc.yml").is_file() and (folder / "book").is_dir():
            return folder
    return None


def _root():
    root = _find_root()
    if root is None:
        raise CommandError(f"no course in {Path.cwd()}: run this in a clone (where _toc.yml and book/ are)")
    return root


def _notebooks(root, chapter=None):
    """The book's notebooks, in reading order, or one chapter's. Raises for an unknown chapter."""
    from nbcourse.checks.registry import Unknown
    from nbcourse.review import chapter_of

    paths = sorted((root / "book").glob("*.ipynb"))
    known = {chapter_of(path): path for path in paths}
    if chapter is not None and chapter not in known:
        raise Unknown("chapter", chapter, list(known))
    chosen = paths if chapter is None else [known[chapter]]
    here = Path.cwd()
    return [path.relative_to(here) if path.is_relative_to(here) else path for path in chosen]


def _told(rule, paths, name=None):
    """Apply one rule, say in a line how it went, and return what it found."""
    found = rule(paths)
    name = name or rule.__name__.replace("_", " ")
    typer.echo(f"{'✗' if found else '✓'} {name}" + (f": {len(found)}" if found else ""))
    return found


def _progress_line(name, entry):
    if not entry:
        return f"· {name}"
    attempts = _count(entry["attempts"], "attempt")
    if entry["passed"]:
        return f"✓ {name} (solved on {entry['passed']}, {attempts})"
    return f"✗ {name} ({attempts})"


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _bar(description, unit):
    """A progress bar on stderr, gone when it is done."""
    from tqdm import tqdm

    return tqdm(desc=description, unit=unit, leave=False, file=sys.stderr)


if __name__ == "__main__":
    main()
