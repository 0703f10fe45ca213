"""The `nbcourse` command, as a person meets it: real processes, exit codes, one message for each mistake."""

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

import nbcourse
from nbcourse import cli
from nbcourse.notebooks import dumps, is_normal, normalise

ROOT = Path(cli.__file__).parents[1]
COMMANDS = ["doctor", "build", "pdf", "serve", "freeze", "check"]
COMMANDS += ["release", "progress", "train", "study", "data"]


def run(*arguments, cwd=None, shadow=None, **environment):
    """Run `nbcourse` in a process of its own, with the modules in the folder `shadow` before all others."""
    variables = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", **environment}
    if shadow:
        variables["PYTHONPATH"] = str(shadow)
    command = [sys.executable, "-m", "nbcourse", *map(str, arguments)]
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    return subprocess.run(
        command, cwd=cwd, env=variables, capture_output=True, encoding=encoding, timeout=120
    )


def refused(done, message, code=1):
    """Assert that a process ended with one clear message on stderr and no traceback."""
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(message, done.stderr), done.stderr


@pytest.fixture
def course(tmp_path):
    """A folder that looks like a clone of the course, with one small notebook in normal form."""
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n- file: book/01-tiny\n")
    (tmp_path / "_config.yml").write_text("title: Tiny\n")
    (tmp_path / "book" / "index.md").write_text("# Tiny\n")
    save(tmp_path / "book" / "01-tiny.ipynb", "1 + 1")
    return tmp_path


def save(path, source):
    path.write_text(dumps(normalise(new_notebook(cells=[new_code_cell(source)]))), encoding="utf-8")
    return path


def test_help_lists_every_command_in_a_whole_sentence():
    done = run("--help", COLUMNS="80")
    assert done.returncode == 0
    rows = dict(re.findall(r"^  ([a-z]+)  +(\S.*)$", done.stdout.partition("Commands:")[2], re.MULTILINE))
    assert set(rows) == set(COMMANDS)
    assert [row for row in rows.values() if not row.endswith(".") or row.endswith("...")] == []


def test_help_comes_at_once():
    resource = pytest.importorskip("resource", reason="this system does not say what a process took")
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert done.returncode == 0
    assert min(seconds) < 0.3, (
        seconds
    )  # of the processor: what the wall clock says depends on who else works here


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples(command):
    done = run(command, "--help")
    assert done.returncode == 0
    assert re.search(rf"Examples?: nbcourse {command}", done.stdout)
    assert "[[" not in done.stdout and "...]..." not in done.stdout, "the usage says twice what is optional"


def test_version_and_entry_point():
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"nbcourse {nbcourse.__version__}\n")
    script = Path(sys.executable).with_name("nbcourse")
    if script.exists():
        assert subprocess.run([script, "--version"], capture_output=True, text=True).stdout == done.stdout


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["serv"], "No such command 'serv'"),
        (["build", "--fast"], "No such option"),
        (["serve", "--port", "99999999"], "--port"),
        (["freeze"], "name one or more notebooks, or give --all"),
        (["freeze", "--all", "x.ipynb"], "name one or more notebooks, or give --all"),
    ],
)
def test_wrong_usage_ends_with_two(arguments, message):
    refused(run(*arguments), message, code=2)


# doctor


def test_doctor_finds_this_environment_in_order():
    done = run("doctor", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    subjects = re.findall(r"^[✓·] (\S+)", done.stdout, re.MULTILINE)
    for subject in (
        "Python",
        "device",
        "packages",
        "threads",
        "data",
        "browser",
        "progress",
        "pages",
        "disk",
    ):
        assert subject in subjects
    assert done.stdout.endswith("Everything that the course needs is here.\n")


def test_doctor_on_a_plain_console():
    done = run("doctor", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0 and "? Python" in done.stdout


@pytest.mark.parametrize(
    "variable, path, message",
    [
        ("NBCOURSE_DATA", "nothing/here", "NBCOURSE_DATA=.*nothing/here is not a folder that can be read"),
        ("NBCOURSE_HOME", "file/below", "file/below cannot be written"),
    ],
)
def test_doctor_names_what_is_wrong_and_how_to_mend_it(tmp_path, variable, path, message):
    (tmp_path / "file").write_text("in the way")
    done = run("doctor", **{variable: str(tmp_path / path)})
    refused(done, "1 thing to mend: see the lines marked ✗")
    assert re.search(rf"✗ \w+ +.*{message}.*\n +→ \w+", done.stdout), done.stdout


def test_doctor_does_not_wait_for_a_slow_torch(tmp_path):
    (tmp_path / "torch.py").write_text("import time; time.sleep(60)")
    started = time.monotonic()
    done = run("doctor", shadow=tmp_path)
    assert time.monotonic() - started < 20
    assert done.returncode == 0 and "torch did not start within" in done.stdout


def test_doctor_reports_a_broken_torch(tmp_path):
    (tmp_path / "torch.py").write_text("raise OSError('libtorch.so: no such file')")
    done = run("doctor", shadow=tmp_path)
    refused(done, "1 thing to mend")
    assert "torch cannot be imported: OSError: libtorch.so: no such file" in done.stdout


def test_doctor_reports_packages_that_are_missing_or_old(tmp_path):
    info = tmp_path / "nbcourse-0.1.0.dist-info"
    info.mkdir()
    wanted = ["not-there>=1", "numpy>=99", 'also-not-there>=2; extra == "lab"', 'typer<0.1; extra == "torch"']
    lines = [f"Requires-Dist: {r}" for r in wanted] + ["Provides-Extra: lab", "Provides-Extra: torch"]
    (info / "METADATA").write_text(
        "\n".join(["Metadata-Version: 2.1", "Name: nbcourse", "Version: 0.1.0", *lines])
    )
    done = run("doctor", cwd=tmp_path, shadow=tmp_path)
    refused(done, "2 things to mend")
    assert re.search(r"✗ packages +not-there is missing; numpy is .*, expected >=99", done.stdout)
    assert re.search(
        r"· packages \[lab\] +also-not-there is missing\n +→ pip install -e '\.\[lab\]'", done.stdout
    )
    assert re.search(r"✗ packages \[torch\] +typer is .*, expected <0\.1", done.stdout)


def test_doctor_compares_with_the_pins(course):
    (course / "requirements.txt").write_text("# pins\nnumpy==0.0.1\nnot-there==1  # absent\n")
    done = run("doctor", cwd=course)
    assert done.returncode == 0
    assert re.search(r"· pins +differ from requirements\.txt: numpy \S+ \(pinned 0\.0\.1\)\n", done.stdout)


# freeze


def test_freeze_rewrites_then_leaves_alone(course):
    path = course / "book" / "01-tiny.ipynb"
    first, second = run("freeze", "--all", cwd=course), run("freeze", "book/01-tiny.ipynb", cwd=course)
    name = Path("book", "01-tiny.ipynb")
    assert (first.returncode, first.stdout) == (0, f"{name}: rewritten\n")
    assert (second.returncode, second.stdout) == (0, f"{name}: unchanged\n")
    assert is_normal(path) and '"2"' in path.read_text()


def test_a_raising_notebook_is_named_and_kept(course):
    path = save(course / "book" / "01-tiny.ipynb", "# halves\nx = 1 / 0")
    before = path.read_bytes()
    done = run("freeze", path)
    refused(done, r'01-tiny\.ipynb: code cell 1 \("x = 1 / 0"\) raised ZeroDivisionError: division by zero\n')
    assert path.read_bytes() == before
    for debugged in (run("--debug", "freeze", path), run("freeze", path, "--debug")):
        assert debugged.returncode == 1 and "Traceback" in debugged.stderr


def test_a_file_that_is_no_notebook(tmp_path):
    (tmp_path / "x.ipynb").write_text("{}")
    refused(run("freeze", tmp_path / "x.ipynb"), r"x\.ipynb: not a notebook")
    refused(run("freeze", tmp_path / "y.ipynb"), r"y\.ipynb: cannot be read \(No such file or directory\)")


def without_root_powers():
    """In the child: give up root's right to write everywhere, so that permissions count for it too."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="permissions are dropped in Linux's way")
def test_a_folder_without_write_permission(course):
    before = (course / "book" / "01-tiny.ipynb").read_bytes()
    (course / "book").chmod(0o555)
    command = [sys.executable, "-m", "nbcourse", "freeze", "--all"]
    drop = without_root_powers if os.geteuid() == 0 else None
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, preexec_fn=drop)
    (course / "book").chmod(0o755)
    refused(done, "nbcourse: permission denied: .*book")
    assert (course / "book" / "01-tiny.ipynb").read_bytes() == before


@pytest.mark.parametrize(
    "module, command", [("nbclient", ["freeze", "--all"]), ("sphinx_external_toc", ["build"])]
)
def test_a_missing_extra_is_named(course, tmp_path, module, command):
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / f"{module}.py").write_text(f"raise ModuleNotFoundError('no', name={module!r})")
    refused(
        run(*command, cwd=course, shadow=shadow),
        rf"{module} is not installed; run in the course's folder: pip install -e '\.\[book\]'\n",
    )


# check


def test_check_passes_and_fails(course):
    done = run("check", cwd=course)
    assert done.returncode == 0, done.stderr
    rules = ["normal form", "values in bands", "portable", "exercise cells", "one home", "exercises run"]
    assert re.findall(r"✓ (.*)", done.stdout) == rules
    (course / "book" / "02-other.ipynb").write_text(
        (course / "book" / "01-tiny.ipynb").read_text().replace("1 + 1", "open('/home/x/y')") + "\n"
    )
    done = run("check", cwd=course)
    refused(done, "nbcourse: 2 problems in 2 notebooks")
    assert "✗ normal form: 1" in done.stdout and "✗ portable: 1" in done.stdout
    where = Path("book", "02-other.ipynb")
    assert f"{where}: code cell 1: names a place on one machine, /home/x/y" in done.stderr
    assert run("check", "tiny", cwd=course).returncode == 0


def test_check_of_an_unknown_chapter(course):
    refused(run("check", "tinny", cwd=course), "there is no chapter 'tinny'; did you mean 'tiny'?")


# progress

BEGINNING = ["neurons", "activations", "backpropagation", "training", "cnns"]


def test_progress_is_shown_and_cleared(tmp_path):
    home = {"NBCOURSE_HOME": str(tmp_path), "NBCOURSE_PROGRESS": "on"}
    assert "there was no progress to clear" in run("progress", "--clear", **home).stdout.lower()
    entries = {
        "neurons/pocket": {"attempts": 2, "passed": "2025-02-28"},
        "neurons/neuron": {"attempts": 1, "passed": None},
    }
    (tmp_path / "progress.json").write_text(json.dumps({"version": 1, "exercises": entries}))
    shown = run("progress", **home).stdout
    assert re.search(r"^neurons: 1 of \d+ solved$", shown, re.MULTILINE)
    assert "  ✓ 1.1 The pocket algorithm (solved on 2025-02-28, 2 attempts)\n" in shown
    assert "  ✗ 1.3 A neuron for a whole batch (1 attempt)\n" in shown
    assert re.findall(r"^(\w+): \d", shown, re.MULTILINE)[:5] == BEGINNING
    numbers = [tuple(map(int, found)) for found in re.findall(r"^  . (\d+)\.(\d+) ", shown, re.MULTILINE)]
    assert numbers == sorted(set(numbers)) and len(numbers) > 100
    assert run("progress", "--clear", **home).stdout == "Your progress was cleared.\n"
    assert "neurons: 0 of" in run("progress", **home).stdout


# train


@pytest.fixture
def runs(tmp_path):
    """Run `nbcourse train` with its runs in a folder of the test, one thread."""

    def train(*arguments, **environment):
        environment = {"NBCOURSE_RUNS": str(tmp_path), "OMP_NUM_THREADS": "1", **environment}
        return run("train", *arguments, **environment)

    return train


QUICK = ("digits-mlp", "--set", "epochs=2")


def test_train_lists_every_recipe(runs):
    from nbcourse.recipes import load_all

    lines = runs("--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(load_all())
    assert re.fullmatch(r"digits-mlp +Digits of 8 × 8 pixels, one hidden layer +≥ 97 % +3 s", lines[0])


def test_train_tells_each_look_and_writes_the_result(runs, tmp_path):
    done = runs(*QUICK, "--set", "lr=0.01", "--seeds", "2")
    assert done.returncode == 0, done.stderr
    *looks, last, written = done.stdout.splitlines()
    look = r"step (34|68) of 68 · train loss [\d.]+ · loss [\d.]+ · accuracy [\d.]+ · errors \d+ · [\d.]+ s"
    assert all(re.fullmatch(look, line) for i, line in enumerate(looks) if i % 3 < 2)
    assert [line.partition(":")[0] for line in looks[2::3]] == ["seed 0", "seed 1"]
    told = r"digits-mlp: test accuracy [\d.]+ ± [\d.]+ % \(2 seeds\); target ≥ 97 % \(a bound of our own\): "
    assert re.fullmatch(told + "NOT reached by the mean, with epochs=2, lr=0.01", last)
    path = tmp_path / "digits-mlp" / "result.json"
    assert written == f"Written to {path}"
    result = json.loads(path.read_text())
    assert result["changed"] == {"epochs": 2, "lr": 0.01}
    assert result["command"] == "nbcourse train digits-mlp --set epochs=2 --set lr=0.01 --seeds 2"
    assert [one["seed"] for one in result["runs"]] == [0, 1]
    assert result["accuracy"]["smallest"] <= result["accuracy"]["mean"] <= result["accuracy"]["largest"]
    assert "CPU" in result["device"] and set(result["versions"]) == {"python", "torch", "numpy"}


def test_train_one_seed_elsewhere_and_the_bar(runs, tmp_path):
    out = tmp_path / "below" / "mine.json"
    done = runs(*QUICK, "--seed", "5", "--out", out, NBCOURSE_PROGRESS="on")
    assert done.returncode == 0 and "digits-mlp, seed 5" in done.stderr
    assert re.search(r"test accuracy [\d.]+ % \(one seed\)", done.stdout)
    result = json.loads(out.read_text())
    assert [one["seed"] for one in result["runs"]] == [5] and result["accuracy"]["sd"] is None
    assert runs(*QUICK, "--seed", "5", NBCOURSE_PROGRESS="off").stderr == ""


def test_train_stopped_and_resumed_ends_as_one_that_was_not(runs, tmp_path):
    arguments = ["train", "digits-mlp", "--set", "steps=60", "--set", "validate_every=1", "--seeds", "2"]
    command = [sys.executable, "-m", "nbcourse", *arguments]
    variables = {**os.environ, "NBCOURSE_RUNS": str(tmp_path), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as process:
        lines = (line for line in process.stdout if line.startswith("step 20 of 60"))
        next(lines), next(lines)  # in the run of the second seed
        process.kill()
    refused(runs(*arguments[1:]), "holds a run that is not finished, at step .* of 60: resume it, or delete")
    refused(runs(*arguments[1:], "--resume", "--set", "lr=1"), r"other settings \(lr=0.003 there, 1.0 here\)")
    gone_on, calm = (
        runs(*arguments[1:], "--resume"),
        runs(*arguments[1:], NBCOURSE_RUNS=str(tmp_path / "calm")),
    )
    assert gone_on.returncode == calm.returncode == 0, gone_on.stderr + calm.stderr
    assert gone_on.stdout.count("step ") < 60, "the first seed was not trained again"
    assert re.search("digits-mlp: .*", gone_on.stdout)[0] == re.search("digits-mlp: .*", calm.stdout)[0]


@pytest.mark.skipif(os.name != "posix", reason="a process cannot be sent Ctrl+C here")
def test_train_interrupted_says_how_to_go_on(tmp_path):
    command = [sys.executable, "-m", "nbcourse", "train", "digits-mlp", "--set", "epochs=500"]
    variables = {**os.environ, "NBCOURSE_RUNS": str(tmp_path), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        next(line for line in process.stdout if line.startswith("step"))
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert (process.returncode, told) == (
        1,
        "nbcourse: stopped; the same command with --resume goes on from the last look\n",
    )


@pytest.mark.parametrize(
    "arguments, message, code",
    [
        ([], "name a recipe, or give --list", 2),
        (["digits-mlp", "--list"], "name a recipe, or give --list", 2),
        (["digits-mpl"], r"no recipe 'digits-mpl'; did you mean 'digits-mlp'\? \(nbcourse train --list", 1),
        (["digits-mlp", "--set", "lr"], "expected --set KEY=VALUE, got 'lr'", 2),
        (["digits-mlp", "--set", "lr=x"], "expected lr to be a number; got 'x'", 1),
        (["digits-mlp", "--set", "epoch=3"], "no setting 'epoch'; did you mean 'epochs'", 1),
        (["digits-mlp", "--set", "schedule=cosin"], "one of constant, cosine, one-cycle; got 'cosin'", 1),
        (
            ["digits-mlp", "--set", "dropout=0.5"],
            "digits-mlp has no dropout: changing it would change nothing",
            1,
        ),
        (["digits-mlp", "--seeds", "0"], "--seeds", 2),
        (["digits-mlp", "--device", "cuda:77"], "device 'cuda:77' is not usable here", 1),
        (["digits-mlp", "--out", "."], "--out", 2),
    ],
)
def test_train_names_what_is_wrong(runs, arguments, message, code):
    refused(runs(*arguments), message, code)


def test_train_says_so_if_tensorboard_is_missing(runs, tmp_path):
    (tmp_path / "tensorboard.py").write_text("raise ModuleNotFoundError('no', name='tensorboard')")
    refused(runs(*QUICK, "--tensorboard", shadow=tmp_path), r"TensorBoard.*pip install tensorboard")


# study


def test_study_tells_each_trial_and_goes_on_where_it_stopped(tmp_path):
    quick = ("study", "digits-mlp", "--set", "epochs=1", "--trials")
    environment = {"NBCOURSE_RUNS": str(tmp_path), "OMP_NUM_THREADS": "1"}
    assert run(*quick, 2, **environment).returncode == 0
    done = run(*quick, 4, **environment)
    assert done.returncode == 0, done.stderr
    kept, *trials = done.stdout.splitlines()
    assert kept == f"digits-mlp: trials lie in {tmp_path / 'digits-mlp' / 'study.journal'}"
    assert [re.match(r"trial (\d): loss [\d.]+", line)[1] for line in trials[:2]] == ["2", "3"]
    assert re.fullmatch(
        r"digits-mlp: validation loss [\d.]+, the best of 4 trials, .*own settings: .*", trials[2]
    )
    assert trials[-2].startswith("Train it: nbcourse train digits-mlp --set epochs=1 ")
    result = json.loads((tmp_path / "digits-mlp" / "study.json").read_text())
    assert result["command"] == "nbcourse study digits-mlp --set epochs=1 --trials 4"
    assert result["train"] == trials[-2].removeprefix("Train it: ")
    assert "optuna" in result["versions"] and set(result["importances"]) == set(result["space"])


@pytest.mark.parametrize(
    "arguments, message, code",
    [
        ([], "Missing argument 'NAME'", 2),
        (["digits-mpl"], "no recipe 'digits-mpl'; did you mean 'digits-mlp'", 1),
        (["passengers"], r"passengers has no search space.*known: digits-mlp, digits-cnn", 1),
        (["digits-mlp", "--set", "lr=0.1"], "lr is searched for: it cannot be fixed", 1),
        (["digits-mlp", "--trials", "0"], "--trials", 2),
    ],
)
def test_study_names_what_is_wrong(tmp_path, arguments, message, code):
    refused(run("study", *arguments, NBCOURSE_RUNS=str(tmp_path)), message, code)
    assert list(tmp_path.iterdir()) == []


def test_study_says_so_if_optuna_is_missing(tmp_path):
    (tmp_path / "optuna.py").write_text("raise ModuleNotFoundError('no', name='optuna')")
    done = run("study", "digits-mlp", shadow=tmp_path)
    refused(done, r"optuna is not installed; run in the course's folder: pip install -e '.\[study\]'")


# serve, build


def test_a_port_in_use(course):
    (course / "_build" / "html").mkdir(parents=True)
    (course / "_build" / "html" / "index.html").write_text("<p>here</p>")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(run("serve", "--port", port, cwd=course), f"[Pp]ort {port} is in use")


def test_serving_what_was_not_built(course):
    refused(run("serve", cwd=course), "nbcourse build")


def test_a_broken_table_of_contents_is_one_message(course):
    (course / "_toc.yml").write_text("format: jb-book\nroot: [")
    refused(run("build", cwd=course), "_toc.yml")


def test_outside_a_clone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "site-packages" / "nbcourse" / "cli.py"))
    assert cli._find_root() is None
    with pytest.raises(cli.CommandError, match=r"no course in .*: run this in a clone"):
        cli._root()


def test_the_course_is_found_from_a_folder_inside(course, monkeypatch):
    monkeypatch.chdir(course / "book")
    assert cli._find_root() == course


@pytest.mark.parametrize(
    "error, message",
    [
        (PermissionError(13, "Permission denied", "x"), "permission denied: x"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (
            ModuleNotFoundError("no", name="torch.nn"),
            "torch.nn is not installed; run in the course's folder: pip install -e '.[torch]'",
        ),
        (ValueError("odd"), "unexpected ValueError: odd (run it with --debug to see where)"),
    ],
)
def test_every_error_is_one_message(error, message):
    assert cli._message(error) == message


# an older Python


def older_pythons():
    """Interpreters of this machine that are too old for the package."""
    folders = Path.home() / ".pyenv" / "versions"
    found = [shutil.which(f"python3.{minor}") for minor in (10, 9, 8)] + [shutil.which("python2.7")]
    found += map(str, folders.glob("3.[0-9].*/bin/python")) if folders.is_dir() else []
    found += map(str, folders.glob("3.10.*/bin/python")) if folders.is_dir() else []
    return [
        path
        for path in found
        if path and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0
    ]


@pytest.mark.parametrize("arguments", [["-c", "import nbcourse"], ["-m", "nbcourse", "--help"]])
def test_an_older_python_is_told_so(arguments):
    pythons = older_pythons()
    if not pythons:
        pytest.skip("no Python older than 3.11 on this machine")
    for python in pythons:
        done = subprocess.run([python, *arguments], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 1
        assert "nbcourse needs Python 3.11 or newer; this is Python " in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr or arguments[0] == "-c"
