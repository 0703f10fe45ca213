"""The C library is tuned once, only where it is glibc, and not against the reader's will."""

import os
import platform
import subprocess
import sys

import pytest

from nbcourse.scratch import allocator

ON_GLIBC = platform.libc_ver()[0] == "glibc"
POSIX = pytest.mark.skipif(os.name != "posix", reason="page faults are not counted here")
# Large arrays are made and dropped; prints whether it is tuned, and the page faults after the first two.
TRAIN = """
import resource
import numpy as np
from nbcourse.scratch import allocator

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def step():
    return float(np.ones(6_000_000).sum())  # 46 MiB, above glibc's largest threshold of its own

step(), step()
before = faults()
for _ in range(5):
    step()
print(allocator.tuned, faults() - before)
"""


class Library:
    """Stands in for a C library: remembers what it was asked for."""

    def __init__(self, accepts=lambda name, value: True):
        self.accepts, self.asked = accepts, []

    def mallopt(self, name, value):
        self.asked.append((name, value))
        return int(self.accepts(name, value))


class Glibc(Library):
    def gnu_get_libc_version(self):
        return b"2.36"


def run(script, **environment):
    """What a fresh process prints, with these environment variables."""
    clean = {k: v for k, v in os.environ.items() if k != "NBCOURSE_MALLOC"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=clean | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_another_library_is_left_alone():
    musl = Library()
    assert allocator.tune(musl) is False
    assert musl.asked == []


def test_both_thresholds_are_set():
    glibc = Glibc()
    assert allocator.tune(glibc) is True
    assert glibc.asked == [(-3, 1 << 30), (-1, 2**31 - 1)]


def test_an_older_glibc_gets_the_most_that_it_takes():
    older = Glibc(lambda name, value: name != -3 or value <= 1 << 25)
    assert allocator.tune(older) is True
    assert older.asked == [(-3, 1 << 30), (-3, 1 << 25), (-1, 2**31 - 1)]


@pytest.mark.parametrize("refused", [-3, -1])
def test_a_refusal_is_seen(refused):
    assert allocator.tune(Glibc(lambda name, value: name != refused)) is False


@POSIX
def test_it_is_done_where_it_can_be():
    assert run(TRAIN)[0] == str(ON_GLIBC)


@POSIX
def test_the_environment_switches_it_off():
    assert run(TRAIN, NBCOURSE_MALLOC="off")[0] == "False"


@pytest.mark.skipif(not ON_GLIBC, reason="the C library is not glibc")
def test_memory_is_reused():
    _, tuned = run(TRAIN)
    _, untouched = run(TRAIN, NBCOURSE_MALLOC="off")
    assert int(tuned) < int(untouched) / 10
