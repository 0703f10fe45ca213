"""What stands beside the code: workflows call what exists, and every file names the same version."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from nbcourse import recipes
from nbcourse.cli import app
from nbcourse.widgets import static

ROOT = Path(__file__).parents[1]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


TARGETS = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
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
    assert job["timeout-minutes"] <= 60
    for command in commands(job):
        if command.startswith("make "):
            assert command.split()[1] in TARGETS, command
        for extras in re.findall(r"\.\[(.+?)\]", command):
            assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"]), command
        for path in re.findall(r"(?:--ignore=|pytest )(tests\S*)", command):
            assert (ROOT / path).is_dir(), command


def test_the_two_commands_of_the_readme_run_on_every_python_that_is_promised():
    job = WORKFLOWS["test"]["jobs"]["book"]
    made = [command.split()[1] for command in commands(job) if command.startswith("make ")]
    assert made == ["book", "test"]
    versions = job["strategy"]["matrix"]["python"]
    assert versions == ["3.11", "3.12", "3.13"] and PROJECT["requires-python"] == f">={versions[0]}"


@pytest.mark.parametrize("job", [job for _, job in JOBS], ids=[name for name, _ in JOBS])
def test_every_action_is_one_of_githubs_own_at_a_version(job):
    for step in job["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_only_the_publisher_may_write():
    assert all(workflow["permissions"] == {"contents": "read"} for workflow in WORKFLOWS.values())
    rights = {name: job["permissions"] for name, job in JOBS if "permissions" in job}
    assert rights == {"test-publish": {"pages": "write", "id-token": "write"}}


def test_pushes_use_the_pins_and_the_weekly_run_does_not():
    pinned = commands(WORKFLOWS["test"]["jobs"]["package"])
    assert any("--constraint requirements.txt" in command for command in pinned)
    assert not any("requirements.txt" in c for c in commands(WORKFLOWS["newest"]["jobs"]["newest"]))


def test_files_have_the_same_bytes_on_every_system():
    assert "* text=auto eol=lf" in read(".gitattributes").splitlines()


def test_the_book_is_published_only_after_everything_passed():
    assert set(WORKFLOWS["test"]["jobs"]["publish"]["needs"]) == {"book", "package"}


def test_every_file_names_the_same_version():
    citation = yaml.safe_load(read("CITATION.cff"))
    newest = re.search(r"^## \[([\d.]+)\] - ", read("CHANGELOG.md"), re.MULTILINE)
    assert citation["version"] == newest[1] == PROJECT["version"]
    assert {"title", "message", "authors", "cff-version"} <= set(citation)


def test_the_licences_in_the_footer_are_those_of_the_files():
    config = yaml.safe_load(read("_config.yml"))
    footer = " ".join(config["sphinx"]["config"]["html_theme_options"]["extra_footer"].split())
    year, who = config["copyright"], config["author"]
    assert f"© {year} {who}." in footer and f"Copyright (c) {year} {who}" in read("LICENSE")
    assert "MIT licence" in footer and read("LICENSE").startswith("MIT License")
    assert "CC BY 4.0" in footer and "(CC BY 4.0)" in " ".join(read("LICENSE-TEXT").split())
    assert yaml.safe_load(read("CITATION.cff"))["license"] == ["MIT", "CC-BY-4.0"]


COMMANDS = {command.name or command.callback.__name__ for command in app.registered_commands} | {"data"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "book/contributing.md"])
def test_what_a_contributor_is_told_to_type_or_to_open_is_there(page):
    text = read(page)
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= TARGETS
    assert set(re.findall(r"(?:^|`)nbcourse ([a-z]+)", text, re.MULTILINE)) <= COMMANDS
    for path in re.findall(r"`((?:\.github|book|nbcourse|tests|benchmarks)/[\w./-]*)", text):
        assert (ROOT / path).exists() or re.search(r"\bNN-|\d-topic|\btopic\.|\bname\.|test_$", path), path


def test_the_changes_name_every_command():
    assert {name for name in COMMANDS if f"`{name}`" not in read("CHANGELOG.md")} == set()


def defining(folder, pattern):
    """The modules of a folder in which a line begins so."""
    files = (ROOT / "nbcourse" / folder).glob("*.py")
    return {p.stem for p in files if re.search(f"^{pattern}", p.read_text(encoding="utf-8"), re.MULTILINE)}


def test_no_recipe_and_no_figure_is_forgotten():
    assert defining("recipes", "RECIPES = ") == set(recipes.FILES), "nbcourse.recipes.FILES"
    known = {figure.__module__.rpartition(".")[2] for figure in static.FIGURES}
    assert defining("widgets", r"class \w+\(Figure\)") == known, "nbcourse.widgets.static.FIGURES"
