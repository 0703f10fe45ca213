"""The tables of results: what they say of a file, what is an error, and whether the book shows every file."""

import copy
import io
import json
import re
import sys

import pytest
from bs4 import BeautifulSoup

from nbcourse import recipes
from nbcourse.recipes import results as written

from .book_site import ROOT

sys.path.append(str(ROOT / "book" / "_ext"))

from course import results, tables

COMMITTED = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "results").glob("*.json")}
LADDER = {"value": 97.8, "source": "Nielsen (2015), chapter 6, best of three"}


STUDY = {
    "title": "A recipe",
    "metric": "loss",
    "trials": {"finished": 60, "stopped": 35},
    "best": {"trial": 41, "loss": 0.12344, "settings": {"lr": 0.0123, "batch_size": 64}},
    "own": {"trial": 0, "loss": 0.23461, "settings": {"lr": 0.003, "batch_size": 32}},
    "importances": {"lr": {"mean": 0.8, "sd": 0.04}, "batch_size": {"mean": 0.2, "sd": 0.04}},
    "space": {"lr": {"low": 1e-4, "high": 0.1, "log": True}, "batch_size": {"values": [32, 64]}},
    "changed": {"epochs": 5},
    "seconds": 96.0,
    "command": "nbcourse study digits-mlp",
    "train": "nbcourse train digits-mlp --set lr=0.0123",
    "device": "CPU, 1 thread",
    "versions": {"optuna": "5"},
    "date": "2026-11-20",
}


def made(values, target, recipe="digits-mlp", largest=True, unit="%", **changes):
    """A result as `nbcourse train` writes it, with these scores of seeds 0, 1, …"""
    content = {
        "recipe": recipe,
        "title": "A recipe",
        "metric": "score",
        "unit": unit,
        "largest_is_best": largest,
        "target": target,
        "score": written.summary(values),
        "seconds": written.summary([126.0] * len(values)),
        "runs": [{"seed": i, "metric": v, "test": {"score": v, "rival": 5.0}} for i, v in enumerate(values)],
        "changed": {},
        "command": f"nbcourse train {recipe}",
        "device": "CPU, 1 thread",
        "versions": {"python": "3.11", "torch": "2.13"},
        "date": "2026-11-20",
    }
    return content | changes


def words(cells):
    """The texts of a row: a cell of two lines is `first / second`."""

    def text(part):
        return part.replace(results.JOIN, " ") if isinstance(part, str) else part[0].astext()

    return [text(cell) if isinstance(cell, str) else " / ".join(map(text, cell)) for cell in cells]


def test_a_row_says_what_was_measured():
    row = results.row(
        made([1.7688, 1.7859, 1.7651], {"value": 1.88, "source": "us"}, largest=False, unit="nats")
    )
    assert words(row) == [
        "A recipe / digits-mlp",
        "score ≤ 1.88 nats / us",
        "1.773 ± 0.011 / 3 seeds, best 1.765",
        "reached",
        "2.1 min / CPU, 1 thread",
    ]


@pytest.mark.parametrize(
    "values, ours, verdict",
    [
        ([97.9, 97.85, 97.83], "97.90, best of 3 / mean 97.86 ± 0.04, 3 seeds", "reached, by the mean too"),
        (
            [97.8, 97.7, 97.6],
            "97.80, best of 3 / mean 97.70 ± 0.10, 3 seeds",
            "reached by the best, not by the mean",
        ),
        ([97.5, 97.7, 97.6], "97.70, best of 3 / mean 97.60 ± 0.10, 3 seeds", "missed by 0.1"),
        # The fourth seed is one try more than the published number had.
        ([97.5, 97.7, 97.6, 99.2], "97.70, best of 3 / mean 98.00 ± 0.80, 4 seeds", "missed by 0.1"),
    ],
)
def test_a_best_of_three_stands_beside_a_best_of_three(values, ours, verdict):
    row = words(results.row(made(values, LADDER)))
    assert row[2] == ours and row[3].startswith(verdict)


@pytest.mark.parametrize(
    "values, target, largest, verdict",
    [
        ([98.0, 97.0], {"value": 97.5, "source": "us"}, True, "reached"),
        ([97.0, 97.8], {"value": 97.5, "source": "us"}, True, "missed by 0.1"),
        ([2.0, 2.2], {"value": 2.0, "source": "us"}, False, "missed by 0.1"),
        ([1.0, 1.2], None, False, "–"),
        # 2.4514 is 2.45 as far as 2.45 was published; 2.455 may be 2.46, and a bound of our own is exact.
        ([2.4514], {"value": 2.45, "source": "a", "decimals": 2}, False, "reached, to the digits published"),
        ([2.4486], {"value": 2.45, "source": "a", "decimals": 2}, False, "reached"),
        ([2.455], {"value": 2.45, "source": "a", "decimals": 2}, False, "missed by 0.005"),
        ([93.5], {"value": 94.0, "source": "a", "decimals": 0}, True, "missed by 0.5"),
        ([2.4514], {"value": 2.45, "source": "us", "decimals": None}, False, "missed by 0.0014"),
    ],
)
def test_the_mean_decides(values, target, largest, verdict):
    assert results.verdict(made(values, target, largest=largest)) == verdict


@pytest.mark.parametrize("decimals, shown", [(2, "97.80"), (None, "97.8")])
def test_a_published_number_is_shown_with_its_digits(decimals, shown):
    result = made([97.9], {"value": 97.8, "source": "a", "decimals": decimals})
    assert results.to_reach(result)[0].replace(results.JOIN, " ") == f"score ≥ {shown} %"


@pytest.mark.parametrize(
    "sd, unit, digits",
    [
        (0.011, "nats", 3),
        (0.00004, "nats", 4),
        (12.0, "m", 0),
        (0.004, "%", 2),
        (None, "%", 2),
        (0.0, "m", 3),
    ],
)
def test_digits_follow_the_deviation(sd, unit, digits):
    assert results.decimals(sd, unit) == digits


@pytest.mark.parametrize("seconds, words", [(0.44, "0.4 s"), (36.4, "36 s"), (125.0, "2.1 min")])
def test_a_time_in_words(seconds, words):
    assert results.duration(seconds) == words


def test_one_seed_further_numbers_and_changed_settings():
    one = made([97.5], None, changed={"lr": 0.5})
    row = words(results.row(one, ["rival", "nothing"]))
    assert row[0] == "A recipe, lr=0.5 / digits-mlp"
    assert row[1:5] == ["score, % / no published number", "97.50 / one seed", "5.00", "–"]
    assert results.measured({"other": one}) == set()


def test_a_baseline_has_no_verdict_and_folds_are_no_seeds():
    row = words(
        results.row(made([77.0, 78.0], None, recipe="reviews-tfidf", over="folds", instead="the baseline"))
    )
    assert row[1:4] == ["score, % / the baseline", "77.50 ± 0.71 / 2 folds, best 78.00", "–"]


@pytest.mark.parametrize(
    "target, shown",
    [(None, "BLEU / no published number"), ({"value": 35.0, "source": "us"}, "BLEU ≥ 35 / us")],
)
def test_a_metric_that_is_its_own_unit_is_named_once(target, shown):
    result = made([31.0], target, unit="BLEU") | {"metric": "bleu", "bleu": written.summary([31.0])}
    assert words(results.row(result))[1] == shown


def test_names_patterns_and_what_is_missing():
    found = {name: made([1.0], None, recipe=name) for name in ("digits-mlp", "names-mlp")}
    assert list(results.chosen(["names-*", "digits-mlp", "series-*"], found)) == ["names-mlp", "digits-mlp"]
    command = "nbcourse train digits-cnn --out results/digits-cnn.json"
    with pytest.raises(results.Missing, match=f"results/digits-cnn.json is not there; measure it: {command}"):
        results.chosen(["digits-cnn"], found)
    with pytest.raises(results.Missing, match="no recipe is called 'digits-mpl'; did you mean 'digits-mlp'"):
        results.chosen(["digits-mpl"], found)


@pytest.fixture
def built(tmp_path):
    """Build a page in a folder with one result, and return (its HTML, what Sphinx warned of)."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    (tmp_path / "results" / "studies").mkdir(parents=True)
    (tmp_path / "results" / "digits-mlp.json").write_text(json.dumps(made([97.9, 97.7, 97.8], LADDER)))
    (tmp_path / "results" / "studies" / "digits-mlp.json").write_text(json.dumps(STUDY))

    def build(text):
        (tmp_path / "index.md").write_text(text)
        told = io.StringIO()
        extensions = ["myst_parser", "course.results", "course.studies"]
        settings = {"extensions": extensions, "project": "x", "html_theme": "basic"}
        folders = (tmp_path, None, tmp_path / "out", tmp_path / "trees")
        with docutils_namespace():  # what an application registers is forgotten after it
            Sphinx(*folders, "html", settings, status=None, warning=told).build()
        return tables.scoped((tmp_path / "out" / "index.html").read_text()), told.getvalue()

    return build


def test_a_page_shows_the_table_its_conditions_and_its_command(built):
    html, told = built(
        "# A page\n\n```{results} digits-mlp\n:caption: What came out.\n:columns: rival\n```\n"
    )
    assert told == ""
    assert "What came out." in re.search(r"<caption>(.*?)</caption>", html)[1]
    assert html.count('scope="col"') == 6 and html.count('scope="row"') == 1
    text = re.sub(r"<[^>]+>", "", html)
    assert "97.90, best of 3" in text and "reached, by the mean too" in text and "5.00" in text
    assert "Measured 2026-11-20 with python 3.11, torch 2.13. To repeat it:" in text
    assert "nbcourse train digits-mlp" in text


def test_a_page_without_its_result_does_not_build(built):
    _, told = built("# A page\n\n```{results} digits-mlp digits-cnn\n```\n")
    assert "ERROR" in told and "nbcourse train digits-cnn --out results/digits-cnn.json" in told


def test_what_has_not_been_measured_is_listed(built):
    html, told = built("# A page\n\n```{unmeasured}\n```\n\n```{results} shakespeare-*\n```\n")
    text = re.sub(r"<[^>]+>", "", html)
    assert told == "" and "None of these recipes has been measured yet." in text
    assert "shakespeare-gpu" in text and "for a GPU" in text and "≤ 1.4697 nats a character" in text
    assert "digits-cnn" in text and "digits-mlp" not in text
    assert "fashion-cnn" in text and "no published number" in text and "figure-" not in text


def test_a_study_is_a_table_a_figure_and_two_commands(built):
    html, told = built("# A page\n\n```{study} digits-mlp\n```\n")
    assert told == ""
    page = BeautifulSoup(html, "html.parser")
    assert "A recipe, epochs=5: 60 trials, of which 35 were stopped early, in 1.6 min" in page.caption.text
    cells = [cell.text.strip().replace(results.JOIN, " ") for cell in page.table.select("th, td")]
    assert cells[5:10] == ["lr", "0.0001 to 0.1, by its logarithm", "0.003", "0.0123", "0.80 ± 0.04"]
    assert cells[-5:] == ["validation loss", "", "0.2346", "0.1234", ""]
    assert page.svg["aria-label"].endswith("each setting explains: lr 0.80, batch_size 0.20.")
    assert "nbcourse study digits-mlp\nnbcourse train digits-mlp --set lr=0.0123" in page.text


def test_a_study_that_is_missing_names_its_command(built):
    _, told = built("# A page\n\n```{study} digits-cnn\n```\n")
    assert "ERROR" in told and "nbcourse study digits-cnn --out results/studies/digits-cnn.json" in told


def test_headings_get_their_scope_once():
    html = '<th class="head stub"><p>a</p></th><th class="head">b</th><th class="stub">c</th><td class="x">'
    once = tables.scoped(html)
    assert once == tables.scoped(copy.copy(once))
    assert re.findall(r'scope="(\w+)"', once) == ["col", "col", "row"]


def test_the_book_shows_every_result_once():
    page = (ROOT / "book" / "results.md").read_text("utf-8")
    patterns = [
        pattern for line in re.findall(r"^```\{results\} (.*)$", page, re.M) for pattern in line.split()
    ]
    shown = [name for pattern in patterns for name in results.chosen([pattern], COMMITTED)]
    assert sorted(shown) == sorted(COMMITTED)


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_a_committed_result_can_be_repeated(name):
    result, known = COMMITTED[name], recipes.load_all()
    assert result["recipe"] in known
    recipe = known[result["recipe"]]
    source = result["target"] and result["target"]["source"]
    assert (result["title"], source) == (recipe.title, recipe.target and recipe.target.source)
    assert result.get("over", "seeds") == recipe.over
    assert source or result.get("instead", "no published number") == recipe.instead
    assert (
        result["command"].startswith(f"nbcourse train {result['recipe']}") and " /" not in result["command"]
    )
    assert result["commit"] and not result["commit"].endswith("+"), "measured on files that no commit holds"
    assert written.summary([run["metric"] for run in result["runs"]]) == result[result["metric"]]
    assert len(result["runs"]) > 1 and all(results.row(result))


@pytest.mark.parametrize("path", sorted((ROOT / "results" / "studies").glob("*.json")), ids=lambda p: p.stem)
def test_a_committed_study_can_be_repeated(path):
    found = json.loads(path.read_text("utf-8"))
    name, commit = found["study"], found["commit"]
    assert found["command"].startswith(f"nbcourse study {name} ") and " /" not in found["command"]
    assert commit and not commit.endswith("+"), "measured on files that no commit holds"
    pairs = dict(word.split("=") for word in found["train"].split() if "=" in word)
    trained = recipes.find(name).settings.changed(**pairs)
    assert {setting: getattr(trained, setting) for setting in found["space"]} == found["best"]["settings"]
    assert f"```{{study}} {path.stem}\n" in (ROOT / "book" / "results.md").read_text("utf-8")
