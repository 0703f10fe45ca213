"""What tests of recipes share: small sets of pictures in the published formats, for the published ones."""

import numpy as np
import pytest

from nbcourse.datasets.registry import SETS
from tests.datasets import published
from tests.datasets.test_published import archive, idx


def squares(n, shape, seed):
    """Pictures (n, *shape) of bytes and classes (n,): the place of a bar is the class, its shade is drawn."""
    y = np.arange(n) % 10
    shade = np.random.default_rng(seed).integers(150, 256, n)
    X = np.zeros((n, *shape), np.uint8)
    for i in range(n):
        X[i, ..., 5 + 2 * y[i] : 7 + 2 * y[i], 4:24] = shade[i]
    return X, y.astype(np.uint8)


def idx_files(folder, learn=11_100, test=30):
    """{path: bytes} in MNIST's format."""
    (X, y), (X_test, y_test) = squares(learn, (28, 28), 0), squares(test, (28, 28), 1)
    arrays = {
        "train-images-idx3": X,
        "train-labels-idx1": y,
        "t10k-images-idx3": X_test,
        "t10k-labels-idx1": y_test,
    }
    return {f"{folder}/{name}-ubyte.gz": idx(array) for name, array in arrays.items()}


def cifar_files(each=1010, test=20):
    """{path: bytes} in the binary format of CIFAR-10: five batches to learn from, and one to test."""
    members = []
    for i, name in enumerate([f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]):
        X, y = squares(test if name == "test_batch" else each, (3, 32, 32), i)
        records = np.concatenate([y[:, None], X.reshape(len(X), -1)], 1)
        members.append((f"cifar-10-batches-bin/{name}.bin", records.tobytes()))
    return {"cifar-10/cifar-10-binary.tar.gz": archive(members)}


@pytest.fixture(scope="session")
def picture_sets(tmp_path_factory):
    """A folder with all three sets, written once, and their entries for the registry."""
    root = tmp_path_factory.mktemp("pictures")
    contents = {
        "mnist": idx_files("mnist"),
        "fashion-mnist": idx_files("fashion-mnist"),
        "cifar-10": cifar_files(),
    }
    return root, {name: published.set_of(files, root) for name, files in contents.items()}


@pytest.fixture
def pictures(picture_sets, monkeypatch):
    """MNIST, Fashion-MNIST and CIFAR-10 are small sets of ours."""
    root, sets = picture_sets
    monkeypatch.setenv("NBCOURSE_DATA", str(root))
    for name, entry in sets.items():
        monkeypatch.setitem(SETS, name, entry)
