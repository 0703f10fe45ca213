"""What stands beside the code: workflows call what exists, and every file names the same version."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in ROOT.glob(".github/workflows/*.yml")
}
JOBS = [
    (f"{name}-{job}", what) for name, workflow in WORKFLOWS.items() for job, what in workflow["jobs"].items()
]


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_the_two_workflows_are_there():
    assert set(WORKFLOWS) == {"test", "newest"}
    assert WORKFLOWS["newest"][True]["schedule"], "YAML reads the key `on` as true"


@pytest.mark.parametrize("job", [job for _, job in JOBS], ids=[name for name, _ in JOBS])
def test_every_job_ends_and_calls_what_exists(job):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert job["timeout-minutes"] <= 60
    for command in commands(job):
        if command.startswith("make "):
            assert command.split()[1] in targets, command
        for extras in re.findall(r"\.\[(.+?)\]", command):
            assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"]), command
        for path in re.findall(r"(?:--ignore=|pytest )(tests\S*)", command):
            assert (ROOT / path).is_dir(), command


def test_the_two_commands_of_the_readme_run_on_every_python_that_is_promised():
    job = WORKFLOWS["test"]["jobs"]["book"]
    assert [command.split()[:2] for command in commands(job)] == [["make", "book"], ["make", "test"]]
    versions = job["strategy"]["matrix"]["python"]
    assert versions == ["3.11", "3.12", "3.13"] and PROJECT["requires-python"] == f">={versions[0]}"


def test_the_book_is_published_only_after_everything_passed():
    assert set(WORKFLOWS["test"]["jobs"]["publish"]["needs"]) == {"book", "package"}


def test_every_file_names_the_same_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert citation["version"] == newest[1] == PROJECT["version"]
    assert {"title", "message", "authors", "cff-version"} <= set(citation)
