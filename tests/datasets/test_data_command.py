"""`nbcourse data`: what is here and on what terms, fetch, verify, as a person sees them."""

import os

import pytest
from typer.testing import CliRunner

from nbcourse.data import app
from nbcourse.datasets import registry
from nbcourse.datasets.registry import SETS, DataSet
from tests.datasets.published import Answer, file_of, serving

BODY, OTHER = b"one file\n" * 1000, b"another\n" * 1000


@pytest.fixture
def server(cache, monkeypatch):
    """Two data sets whose files a server here has; `broken` is nowhere."""
    with serving({"/a": Answer(BODY), "/b": Answer(OTHER)}) as (url, asked):
        files = (file_of(BODY, f"{url}/a", path="one/a.txt"), file_of(OTHER, f"{url}/b", path="one/b.txt"))
        nowhere = (file_of(BODY, f"{url}/nothing", path="broken/c.txt"),)
        sets = {
            "one": DataSet("One: two files", "Somebody (2000)", "CC BY 4.0", files),
            "broken": DataSet("Broken: no file", "Nobody (2001)", "MIT", nowhere),
        }
        for name in list(SETS):
            monkeypatch.delitem(registry.SETS, name)
        for name, data_set in sets.items():
            monkeypatch.setitem(registry.SETS, name, data_set)
        yield asked


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def test_list_names_sizes_credits_and_what_is_here(server, cache):
    done = run("list")
    assert done.exit_code == 0 and server == []
    assert f"downloads go to {cache}" in done.output
    assert "  one            17.0 kB  not here  One: two files\n" in done.output
    assert "Somebody (2000) (CC BY 4.0)" in done.output and "Nobody (2001) (MIT)" in done.output
    run("fetch", "one")
    assert "✓ one            17.0 kB  here      One: two files\n" in run("list").output
    (cache / "one" / "b.txt").write_bytes(b"cut")
    assert "· one            17.0 kB  1 of 2    One: two files\n" in run("list").output


def test_fetch_shows_credit_and_folder_and_asks_once(server, cache):
    for _ in range(2):
        done = run("fetch", "one")
        assert done.exit_code == 0
        assert f"✓ one: 17.0 kB in {cache / 'one'}\n  Somebody (2000) (CC BY 4.0)\n" in done.output
    assert server == ["/a", "/b"]


def test_fetch_all_goes_on_after_a_failure(server, cache):
    done = run("fetch", "--all")
    assert done.exit_code == 1
    assert "✓ one:" in done.stdout and "✗ broken: broken/c.txt could not be downloaded" in done.stderr
    assert "answered 404" in done.stderr and "set NBCOURSE_DATA" in done.stderr


def test_verify(server, cache):
    assert "No data set is here: nbcourse data fetch NAME" in run("verify").output
    run("fetch", "one")
    done = run("verify")
    assert done.exit_code == 0 and "✓ one/a.txt\n✓ one/b.txt" in done.output and "broken" not in done.output


def test_verify_computes_hashes_anew(server, cache):
    for _ in range(2):  # the second time the hash is remembered
        run("fetch", "one")
    path = cache / "one" / "a.txt"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(BODY[:-2] + b"?\n")  # the same size, and, as after a fault of the disk, the same time
    os.utime(path, ns=times)
    done = run("verify")
    assert done.exit_code == 1
    assert "✗ one/a.txt is not the published file\n  → nbcourse data fetch one\n✓ one/b.txt" in done.stdout
    assert "1 of 2 files to mend" in done.stderr


def test_verify_then_fetch_mends(server, cache):
    run("fetch", "one")
    (cache / "one" / "a.txt").write_bytes(BODY[:50])
    (cache / "one" / "b.txt").unlink()
    done = run("verify")
    assert done.exit_code == 1 and "one/b.txt is missing" in done.stdout
    assert run("fetch", "one").exit_code == 0
    assert run("verify", "one").exit_code == 0


def test_verify_a_set_that_is_not_here(server):
    done = run("verify", "broken")
    assert done.exit_code == 1 and "✗ broken/c.txt is missing\n  → nbcourse data fetch broken" in done.stdout


def test_chosen_folder(server, tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "a.txt").write_bytes(BODY)
    monkeypatch.setenv("NBCOURSE_DATA", str(folder))
    assert f"read from {folder} (NBCOURSE_DATA)" in run("list").output
    done = run("verify")
    assert done.exit_code == 1 and f"→ put the published file at {folder / 'one' / 'b.txt'}" in done.output
    done = run("fetch", "one")
    assert done.exit_code == 1 and "one/b.txt is not in NBCOURSE_DATA" in done.output
    assert server == []


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["fetch"], "name one or more data sets, or give --all"),
        (["fetch", "one", "--all"], "name one or more data sets, or give --all"),
        (["fetch", "on"], "no data set 'on'; did you mean 'one'?"),
        (["verify", "on"], "no data set 'on'; did you mean 'one'?"),
    ],
)
def test_wrong_usage(server, arguments, message):
    done = run(*arguments)
    assert done.exit_code == 2 and message in " ".join(done.output.split())
    assert server == []
