"""The repository's address is taken from what is known, and from nothing else."""

import subprocess

import pytest

from nbcourse.site import Repository, repository

CI = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "someone/course",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REF_NAME": "main",
    "GITHUB_SHA": "abc",
}


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path):
    git(tmp_path, "init", "--initial-branch", "work")
    return tmp_path


def test_nothing_is_made_up(tmp_path, clone):
    assert repository(clone, {}) is None
    assert repository(tmp_path / "elsewhere", {}) is None
    git(clone, "remote", "add", "origin", "https://example.org/someone/course.git")
    assert repository(clone, {}) is None


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/someone/course",
        "https://github.com/someone/course.git",
        "https://user@github.com/someone/course.git",
        "git@github.com:someone/course.git",
        "ssh://git@github.com/someone/course.git",
    ],
)
def test_a_github_remote_is_known(clone, remote):
    git(clone, "remote", "add", "origin", remote)
    assert repository(clone, {}) == Repository("https://github.com/someone/course", "work")


def test_continuous_integration_knows(tmp_path):
    assert repository(tmp_path, CI) == Repository("https://github.com/someone/course", "main")
    assert repository(tmp_path, CI | {"GITHUB_HEAD_REF": "theirs", "GITHUB_REF_NAME": "7/merge"}).ref == "abc"


def test_links():
    repo = Repository("https://github.com/someone/course", "main")
    assert repo.blob("book/a.md") == "https://github.com/someone/course/blob/main/book/a.md"
    assert repo.colab("book/a.ipynb") == (
        "https://colab.research.google.com/github/someone/course/blob/main/book/a.ipynb"
    )
    assert not Repository("https://git.example.org/a/b", "main").on_github_com
