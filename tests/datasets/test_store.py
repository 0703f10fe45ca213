"""Fetching: the right file once, never half a file, one message with what to do; from real web servers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from nbcourse.datasets import store
from nbcourse.datasets.store import DataError, fetch
from tests.datasets.published import Answer, file_of, serving

BODY = bytes(range(256)) * 200  # 51,200 bytes
WRONG = BODY[:-1] + b"?"


@pytest.fixture
def closed():
    """The address of a port on this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}/file"


def contents(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def refused(file):
    with pytest.raises(DataError) as caught:
        fetch(file)
    return str(caught.value)


def test_a_file_is_fetched_once(cache):
    with serving({"/a": Answer(BODY)}) as (url, asked):
        file = file_of(BODY, f"{url}/a")
        first, second = fetch(file), fetch(file)
    assert first == second == cache / "set" / "file.bin"
    assert first.read_bytes() == BODY
    assert asked == ["/a"]
    assert contents(cache) == ["file.bin"]


def test_a_copy_in_the_cache_needs_no_network(cache, closed):
    file = file_of(BODY, closed)
    (cache / "set").mkdir(parents=True)
    (cache / "set" / "file.bin").write_bytes(BODY)
    assert fetch(file).read_bytes() == BODY


@pytest.mark.parametrize(
    "damaged", [WRONG, BODY[:-1], BODY + b"?", b""], ids=["altered", "short", "long", "empty"]
)
def test_a_damaged_copy_in_the_cache_is_fetched_again(cache, damaged):
    with serving({"/a": Answer(BODY)}) as (url, asked):
        file = file_of(BODY, f"{url}/a")
        path = fetch(file)
        path.write_bytes(damaged)
        os.utime(path, (1, 1))  # another time than when it was hashed
        assert fetch(file).read_bytes() == BODY
    assert asked == ["/a", "/a"]


@pytest.mark.parametrize(
    "answer, reason",
    [
        (Answer(BODY, sent=20_000), r"connection broke|cannot be reached"),
        (Answer(BODY, sent=0), r"connection broke|cannot be reached"),
        (Answer(BODY, sent=20_000, length=False), "not the published file"),
        (Answer(WRONG), "not the published file"),
        (Answer(b"<html>Log in</html>"), "not the published file"),
        (Answer(b""), "not the published file"),
        (Answer(b"gone", 404), "answered 404 Not Found"),
        (Answer(b"", 503), "answered 503 Service Unavailable"),
    ],
    ids=["cut", "cut at once", "short", "altered", "portal", "empty", "404", "503"],
)
def test_what_is_not_the_file_is_refused_and_the_mirror_is_asked(cache, answer, reason):
    with serving({"/bad": answer, "/good": Answer(BODY)}) as (url, asked):
        message = refused(file_of(BODY, f"{url}/bad"))
        assert re.search(reason, message), message
        assert contents(cache) == []
        assert fetch(file_of(BODY, f"{url}/bad", f"{url}/good")).read_bytes() == BODY
    assert asked == ["/bad", "/bad", "/good"]
    assert contents(cache) == ["file.bin"]


def test_message_names_every_origin_the_hash_and_what_to_do(cache, closed):
    with serving({}) as (url, _):
        file = file_of(BODY, closed, f"{url}/a")
        message = refused(file)
    assert f"{closed}: the host cannot be reached" in message
    assert f"{url}/a: the server answered 404 Not Found" in message
    assert f"{len(BODY)} bytes with SHA-256 {file.sha256}" in message
    assert "as set/file.bin and set NBCOURSE_DATA" in message


@pytest.mark.parametrize(
    "answer", [Answer(BODY, wait=3), Answer(BODY, pause=3)], ids=["silent", "stops half-way"]
)
def test_a_slow_host_is_left(cache, monkeypatch, answer):
    monkeypatch.setattr(store, "TIMEOUT", 0.3)
    start = time.monotonic()
    with serving({"/slow": answer, "/good": Answer(BODY)}) as (url, _):
        assert f"{url}/slow: no answer within 0.3 s" in refused(file_of(BODY, f"{url}/slow"))
        assert fetch(file_of(BODY, f"{url}/slow", f"{url}/good")).read_bytes() == BODY
    assert time.monotonic() - start < 3


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_written(cache):
    cache.mkdir(parents=True)
    cache.chmod(0o500)
    with serving({"/a": Answer(BODY)}) as (url, _):
        assert "cannot be written" in refused(file_of(BODY, f"{url}/a"))


def test_a_cache_that_is_a_file(cache):
    cache.parent.mkdir(parents=True)
    cache.write_text("not a folder")
    with serving({"/a": Answer(BODY)}) as (url, asked):
        message = refused(file_of(BODY, f"{url}/a"))
    assert "cannot be written" in message and "NBCOURSE_DATA" in message
    assert asked == []


FETCH = """
import sys
from pathlib import Path
from nbcourse.datasets import store
from nbcourse.datasets.registry import File
store.cache_folder = lambda: Path(sys.argv[1])
path, size, sha256, url = sys.argv[2:]
print("ready", flush=True)
print(store.fetch(File(path, int(size), sha256, (url,))).read_bytes().hex()[-8:])
"""


def start_fetching(file, folder):
    arguments = [folder, file.path, file.size, file.sha256, file.urls[0]]
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_fetch_at_the_same_time(cache):
    with serving({"/a": Answer(BODY, pause=0.05)}) as (url, asked):
        file = file_of(BODY, f"{url}/a")
        both = [start_fetching(file, cache) for _ in range(2)]
        ends = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert all(out.split() == ["ready", BODY.hex()[-8:]] and not err for out, err in ends)
    assert asked == ["/a", "/a"]  # they did race
    assert contents(cache) == ["file.bin"]


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_killed_half_way_then_fetched(cache):
    slow = Answer(BODY, pause=0.2)
    with serving({"/a": slow}) as (url, _):
        file = file_of(BODY, f"{url}/a")
        process = start_fetching(file, cache)
        deadline = time.monotonic() + 30
        while not any(p.stat().st_size for p in cache.rglob("tmp*")):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        (left,) = cache.rglob("tmp*")
        assert not (cache / file.path).exists() and 0 < left.stat().st_size < len(BODY)

        slow.pause = 0
        os.utime(left, (1, 1))  # as if the process had been killed long ago
        assert fetch(file).read_bytes() == BODY
    assert contents(cache) == ["file.bin"]  # what was left is gone


def test_a_download_that_goes_on_elsewhere_is_left_alone(cache):
    (cache / "set").mkdir(parents=True)
    (cache / "set" / "tmpabc").write_bytes(b"another process is writing this")
    with serving({"/a": Answer(BODY)}) as (url, _):
        fetch(file_of(BODY, f"{url}/a"))
    assert contents(cache) == ["file.bin", "tmpabc"]


class TestChosenFolder:
    """With NBCOURSE_DATA nothing is downloaded."""

    @pytest.fixture
    def chosen(self, cache, tmp_path, monkeypatch):
        folder = tmp_path / "chosen"
        (folder / "set").mkdir(parents=True)
        monkeypatch.setenv("NBCOURSE_DATA", str(folder))
        return folder

    @pytest.fixture
    def server(self):
        with serving({"/a": Answer(BODY)}) as (url, asked):
            yield file_of(BODY, f"{url}/a")
        assert asked == []

    def test_the_file_there_is_used(self, chosen, server):
        (chosen / server.path).write_bytes(BODY)
        assert fetch(server) == chosen / server.path

    def test_a_missing_file_is_named(self, chosen, server):
        message = refused(server)
        assert "set/file.bin" in message and str(chosen) in message and "unset NBCOURSE_DATA" in message

    @pytest.mark.parametrize("damaged", [WRONG, BODY[:100]], ids=["altered", "truncated"])
    def test_a_wrong_file_is_named_and_kept(self, chosen, server, damaged):
        (chosen / server.path).write_bytes(damaged)
        message = refused(server)
        assert str(chosen / server.path) in message and server.sha256 in message
        assert f"got {len(damaged)} bytes" in message
        assert (chosen / server.path).read_bytes() == damaged

    def test_a_folder_below_home(self, chosen, server, monkeypatch):
        (chosen / server.path).write_bytes(BODY)
        monkeypatch.setenv("HOME", str(chosen.parent))
        monkeypatch.setenv("USERPROFILE", str(chosen.parent))
        monkeypatch.setenv("NBCOURSE_DATA", "~/chosen")
        assert fetch(server) == chosen / server.path

    @pytest.mark.parametrize("name", ["file", "nothing/here", "~nobody-of-this-name/data"])
    def test_what_is_no_folder(self, chosen, server, monkeypatch, name):
        (chosen / "file").write_text("")
        monkeypatch.setenv("NBCOURSE_DATA", name if name.startswith("~") else str(chosen / name))
        assert "is not a folder" in refused(server)

    def test_an_empty_variable_is_none(self, chosen, monkeypatch):
        monkeypatch.setenv("NBCOURSE_DATA", "")
        assert store.chosen_folder() is None
