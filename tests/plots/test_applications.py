"""The figures of chapter 9's first half draw what they are given, in the style of the course."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.plots import applications
from tests.language import problems

GREY = np.random.default_rng(0).uniform(-1, 1, (3, 7, 8, 8))
MASKS = GREY[:, 0] > 0
FOUND = [(np.array([[1, 1, 5, 5]]), ["disc"]), (np.empty((0, 4)), []), (np.array([[0, 40, 5, 46]]), ["ring"])]
SCENES = np.zeros((3, 48, 48))
SAID = datasets.keywords(1, 1).sounds[:2]
CURVE = (np.linspace(0, 1, 50), np.linspace(0, 1, 50) ** 0.5)
SCORES = np.linspace(20, 99, 20) * np.ones((3, 1))

# name, arguments, words that must stand in it
FIGURES = [
    ("detections", (SCENES, {"reported": FOUND}), ["reported", "disc", "ring"]),
    ("diffusion", (GREY, np.linspace(0, 1, 7)), ["0.00", "0.50", "1.00"]),
    ("drawn_digits", ({"real": (GREY[0], GREY[1]), "new": (GREY[1], GREY[2])},), ["real", "new"]),
    ("people", (GREY,), []),
    ("rates", ({"pixels": [CURVE], "trained": [CURVE, CURVE]},), ["pixels", "trained", "equal errors"]),
    ("segments", (GREY[:, 0], {"truth": MASKS, "U-Net": ~MASKS}, 2), ["picture", "truth", "U-Net"]),
    ("spectrograms", (SAID, np.zeros((2, 65, 61)), ("no", "own"), 8000, 64), ["no", "own", "time (ms)"]),
    ("top_answers", ({"linear": SCORES, "new": SCORES / 2},), ["linear", "new", "right one among them (%)"]),
]


@pytest.mark.parametrize("name, arguments, words", FIGURES, ids=[name for name, *_ in FIGURES])
@pytest.mark.filterwarnings("error::UserWarning", "error::RuntimeWarning")
def test_draws_with_direct_labels_and_course_colours(name, arguments, words):
    svg = getattr(applications, name).svg(*arguments)
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert set(words) <= texts, texts
    assert problems(svg) == []


def test_every_figure_of_the_chapter_is_tested():
    assert {name for name, *_ in FIGURES} | {"clips"} == set(applications.__all__)


def test_a_clip_is_a_small_wav_that_holds_the_sound(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    applications.clips(SAID, ("no", "own"), 8000)
    (bundle,) = shown
    assert bundle["text/plain"] == "<sounds: no, own>"
    files = re.findall(r'src="data:audio/wav;base64,([^"]+)"', bundle["text/html"])
    assert len(files) == 2 and max(map(len, files)) < 20_000
    with wave.open(io.BytesIO(base64.b64decode(files[1]))) as sound:
        assert sound.getframerate() == 8000 and sound.getnframes() == 4000
        samples = np.frombuffer(sound.readframes(4000), np.uint8) / 127.5 - 1
    assert abs(samples - SAID[1]).max() < 0.005
