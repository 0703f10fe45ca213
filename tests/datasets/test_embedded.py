"""Digits and tables: every example in one part, classes in the same shares, scaling from the train part."""

import dataclasses

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

from nbcourse import datasets

SIZES = {"iris": (150, 4), "wine": (178, 13), "breast_cancer": (569, 30), "diabetes": (442, 10)}


def parts(split):
    return split.train, split.validation, split.test


def rows(*arrays):
    return sorted(map(tuple, np.concatenate(arrays)))


def test_digits_are_all_there_once():
    split = datasets.digits()
    assert [part.X.shape for part in parts(split)] == [(1077, 64), (360, 64), (360, 64)]
    assert rows(*(np.c_[part.X, part.y] for part in parts(split))) == rows(
        np.c_[load_digits().data / 16, load_digits().target]
    )


def test_digits_types_and_range():
    X, y = datasets.digits().train
    assert X.dtype == np.float64 and y.dtype == np.int64
    assert X.min() == 0 and X.max() == 1
    assert set(y) == set(range(10))


@pytest.mark.parametrize(
    "make", [datasets.digits, *(lambda n=n: datasets.table(n) for n in ("iris", "wine"))]
)
def test_classes_keep_their_shares(make):
    split = make()
    whole = np.bincount(np.concatenate([part.y for part in parts(split)])) / sum(
        len(p.y) for p in parts(split)
    )
    for part in parts(split):
        assert np.abs(np.bincount(part.y) / len(part.y) - whole).max() < 0.02


def test_the_seed_chooses_the_cut():
    assert np.array_equal(datasets.digits(seed=5).test.X, datasets.digits(seed=5).test.X)
    assert not np.array_equal(datasets.digits(seed=5).test.X, datasets.digits(seed=6).test.X)


def test_a_split_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        datasets.table("iris").train = None


@pytest.mark.parametrize("name", datasets.TABLES)
def test_tables(name):
    split = datasets.table(name)
    assert sum(len(part.X) for part in parts(split)) == SIZES[name][0]
    assert len(split.validation.X) == len(split.test.X) == -(-SIZES[name][0] // 5)
    assert {part.X.shape[1] for part in parts(split)} == {SIZES[name][1]} == {len(split.feature_names)}
    assert split.train.X.dtype == np.float64
    assert split.train.y.dtype == (np.float64 if name == "diabetes" else np.int64)
    assert split.source and all(isinstance(text, str) for text in split.feature_names + split.target_names)


def test_tables_are_not_scaled():
    assert datasets.table("diabetes").train.X[:, 0].min() > 18  # age in years
    assert datasets.table("wine").train.X[:, 12].max() > 1000  # proline


def test_breast_cancer_labels_mean_what_is_said():
    assert datasets.table("breast_cancer").target_names == ("malignant", "benign")


def test_standardised_uses_the_training_part_only():
    raw, scaled = datasets.table("wine"), datasets.table("wine").standardised()
    scaler = StandardScaler().fit(raw.train.X)
    for before, after in zip(parts(raw), parts(scaled), strict=True):
        assert np.allclose(after.X, scaler.transform(before.X), atol=1e-12)
        assert np.array_equal(before.y, after.y)
    assert np.abs(scaled.train.X.mean(axis=0)).max() < 1e-12
    assert np.abs(scaled.test.X.mean(axis=0)).max() > 1e-3, "the test part must not set its own scale"


def test_standardiser_returns_and_keeps_a_constant_feature():
    X = np.array([[1.0, 5.0], [3.0, 5.0]])
    scale = datasets.Standardiser(X)
    assert scale(X).tolist() == [[-1, 0], [1, 0]]
    assert np.allclose(scale.inverse(scale(X)), X)
    assert scale.mean.tolist() == [2, 5] and scale.deviation.tolist() == [1, 1]


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: datasets.table("irs"), ValueError, "one of iris, wine, .* got 'irs'; did you mean 'iris'"),
        (lambda: datasets.table("qqq"), ValueError, "got 'qqq'$"),
        (lambda: datasets.table(None), ValueError, "got None"),
        (lambda: datasets.digits(seed=0.5), TypeError, "expected seed to be an integer, got 0.5"),
        (lambda: datasets.table("iris", seed=-2), ValueError, "expected seed ≥ 0, got -2"),
        (
            lambda: datasets.Standardiser([1.0, 2.0]),
            ValueError,
            r"expected inputs of shape \(n, d\) .* \(2,\)",
        ),
        (lambda: datasets.Standardiser(np.ones((0, 3))), ValueError, r"got shape \(0, 3\)"),
        (lambda: datasets.Standardiser(np.eye(3))(np.eye(2)), ValueError, r"\(n, 3\), got \(2, 2\)"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
