"""Settings: every wrong one is named before anything starts."""

import dataclasses

import pytest

from nbcourse.train import Settings, TrainingError

GIVEN = Settings(epochs=1)


@pytest.mark.parametrize("changes, message", [
    ({"epochs": 0}, "either epochs or steps above 0"),
    ({"epochs": 1, "steps": 1}, "either epochs or steps above 0, got epochs=1, steps=1"),
    ({"epochs": -1}, "expected epochs from 0"),
    ({"batch_size": 0}, "expected batch_size from 1"),
    ({"lr": -0.1}, "expected lr from 0"),
    ({"lr": float("nan")}, "expected lr from 0 to 1000, got nan"),
    ({"lr": "nan"}, "expected lr from 0 to 1000, got nan"),
    ({"lr": "fast"}, "expected lr to be a number; got 'fast'"),
    ({"lr": None}, "expected lr to be a number; got None"),
    ({"epochs": 2.0}, "expected epochs to be a whole number; got 2.0"),
    ({"epochs": "2.5"}, "expected epochs to be a whole number; got '2.5'"),
    ({"epochs": True}, "expected epochs to be a whole number; got True"),
    ({"compile": "yes"}, "expected compile to be true or false; got 'yes'"),
    ({"compile": 1}, "expected compile to be true or false; got 1"),
    ({"optimizer": "adam"}, "optimizer to be one of adamw, sgd; got 'adam'; did you mean 'adamw'"),
    ({"optimizer": 3}, "expected optimizer to be a word, one of adamw, sgd; got 3"),
    ({"schedule": "cosin"}, "one of constant, cosine, one-cycle; got 'cosin'; did you mean 'cosine'"),
    ({"precision": "float8"}, "one of float32, bfloat16, float16"),
    ({"momentum": 1.0}, "expected momentum below 1"),
    ({"ema": 1}, "expected ema below 1"),
    ({"dropout": -0.5}, "expected dropout from 0 to 1, or -1"),
    ({"accumulate": 0}, "expected accumulate from 1"),
    ({"patience": -1}, "expected patience from 0"),
    ({"learning_rat": 1, "epoch": 2}, "'learning_rat'.*no setting 'epoch'; did you mean 'epochs'"),
])  # fmt: skip
def test_wrong_settings_are_named(changes, message):
    with pytest.raises(TrainingError, match=message):
        GIVEN.changed(**changes)


def test_texts_are_read_only_by_changed():
    changed = GIVEN.changed(lr="1e-4", epochs="7", compile="True", schedule="cosine", clip=1)
    assert (changed.lr, changed.epochs, changed.compile, changed.clip) == (1e-4, 7, True, 1.0)
    assert type(changed.clip) is float and type(Settings(epochs=1, weight_decay=0).weight_decay) is float
    with pytest.raises(TrainingError, match="expected lr to be a number"):
        Settings(epochs=1, lr="0.1")


def test_of_epochs_and_steps_the_named_one_counts():
    assert (GIVEN.changed(steps=9).epochs, GIVEN.changed(steps=9).steps) == (0, 9)
    assert GIVEN.changed(steps=9).changed(epochs=2) == GIVEN.changed(epochs=2)


def test_every_setting_is_used_and_described():
    from pathlib import Path

    import nbcourse

    root = Path(nbcourse.__file__).parent
    homes = [*(root / "train").glob("*.py"), *(root / "recipes").glob("*.py")]
    used = "".join(path.read_text() for path in homes if path.name != "settings.py")
    for field in dataclasses.fields(Settings):
        assert f"settings.{field.name}" in used, f"nobody uses {field.name}"
        assert field.name in Settings.__doc__
