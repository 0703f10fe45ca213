"""The base of figures: what stands in the page, in a notebook's file, and in the static folder."""

import html
import json
import os
import re
import subprocess
import sys

import pytest
import traitlets

from nbcourse.widgets import Figure, Playground, Quiz, base, static, still


def test_static_html_holds_state_still_and_a_sentence():
    page = Playground(dataset="xor", depth=0).static_html()
    assert page.startswith('<div class="nbc-figure" data-figure="Playground" data-state="')
    state = json.loads(html.unescape(re.search(r'data-state="([^"]*)"', page)[1]))
    assert (state["dataset"], state["depth"], state["rate"]) == ("xor", 0, 0.5)
    assert set(state) == {"activation", "data", "dataset", "depth", "rate", "result", "seed", "width"}
    assert '<div class="nbc-still">' in page
    assert "<noscript><p>This is a still image" in page
    assert "<script" not in page


def test_bundle_adds_html_and_plain_text_to_the_widget():
    data, _ = Playground()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    plain = "Playground(activation='tanh', dataset='moons', depth=2, rate=0.5, seed=0, width=6)"
    assert data["text/plain"] == plain


def test_quiz_says_its_name_and_length(example):
    data, _ = Quiz("example", example)._repr_mimebundle_()
    assert data["text/plain"] == "Quiz('example': 3 questions)"


def test_html_is_the_same_in_every_process():
    code = "from nbcourse.widgets import Playground; print(Playground().static_html(), end='')"
    runs = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == Playground().static_html()


def test_import_is_light():
    code = "import sys, nbcourse.widgets; print(*{'torch', 'sklearn', 'matplotlib'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "\n"
    )


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"dataset": "stars"}, "dataset.*moons.*stars"),
        ({"depth": 4}, "'depth'.*3.*4"),
        ({"width": 0}, "'width'.*1.*0"),
        ({"rate": 100.0}, "'rate'.*10,.*100.0"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        Playground(**settings)


def test_a_figure_without_a_still_says_what_is_missing():
    class Bare(Figure):
        script = "quiz.js"

    with pytest.raises(NotImplementedError, match="Bare must define still"):
        Bare().static_html()


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_still_is_small(depth):
    still = Playground(depth=depth, width=8, dataset="spirals").still()
    assert len(still) < 40_000
    assert len(Playground().still()) < 30_000
    assert "NaN" not in still and "nan" not in still


def test_still_and_figure_have_the_same_axis_of_the_loss(node):
    runs = [[0.1], [0.74, 0.76], [2.0], [2.01], [13.6, 0.7], [20.0], [20.1], [500.0, 1.0]]
    script = "import('MODULE').then((m) => console.log(JSON.stringify(RUNS.map(m.lossScale))))"
    module = (base.SCRIPTS / "losscurve.js").as_uri()
    found = json.loads(node("-e", script.replace("MODULE", module).replace("RUNS", json.dumps(runs))))
    for losses, axis in zip(runs, found, strict=True):
        top, ticks, cut = still.scale(losses)
        assert axis == {"top": top, "ticks": [list(tick) for tick in ticks], "cut": cut}
    assert "loss (↑ above 40)" in still.curve([500.0, 1.0], [1.0, 1.0])


def test_static_files(tmp_path):
    needed = static.write(tmp_path)
    assert needed == {
        figure.__name__: ["figures/runtime.js", f"figures/{figure.__name__}.js"] for figure in static.FIGURES
    }
    names = {name for scripts in needed.values() for name in scripts}
    for name in names:
        script = (tmp_path / name).read_text(encoding="utf-8")
        assert not re.search(
            r"^(import|export)\b|\beval\(|blob:|new Function|innerHTML|https?://(?!www\.w3)", script, re.M
        )
    assert (tmp_path / "figures" / "figures.css").stat().st_size > 1000
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "figures").iterdir()}
    static.write(tmp_path)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "figures").iterdir()}
