"""The published sets: read from synthetic files in the published formats, and from the real ones."""

import functools
import gzip
import io
import os
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from nbcourse import datasets
from nbcourse.datasets import DataError, images, registry
from nbcourse.datasets.registry import SETS, known
from tests.datasets.published import set_of

zipped = functools.partial(gzip.compress, mtime=0)  # the same bytes whenever it is asked

rng = np.random.default_rng(0)


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """``publish(name, {path: bytes})`` replaces a set by files of ours, in the folder NBCOURSE_DATA."""
    monkeypatch.setenv("NBCOURSE_DATA", str(tmp_path))

    def put(name, contents):
        monkeypatch.setitem(SETS, name, set_of(contents, tmp_path))

    return put


def idx(array, code=8):
    sizes = b"".join(struct.pack(">I", n) for n in array.shape)
    return zipped(bytes([0, 0, code, array.ndim]) + sizes + array.tobytes())


def idx_set(n=12, test=5, folder="mnist", **changed):
    """{path: bytes} of a small set in MNIST's format; `changed` replaces a file by its short name."""
    arrays = {
        "train-images-idx3-ubyte.gz": rng.integers(0, 256, (n, 28, 28), np.uint8),
        "train-labels-idx1-ubyte.gz": (np.arange(n) % 10).astype(np.uint8),
        "t10k-images-idx3-ubyte.gz": rng.integers(0, 256, (test, 28, 28), np.uint8),
        "t10k-labels-idx1-ubyte.gz": (np.arange(test) % 10).astype(np.uint8),
    }
    files = {f"{folder}/{name}": idx(array) for name, array in arrays.items()}
    return arrays, files | {f"{folder}/{name}": data for name, data in changed.items()}


@pytest.mark.parametrize("name, load", [("mnist", datasets.mnist), ("fashion-mnist", datasets.fashion_mnist)])
def test_idx_sets(publish, name, load):
    arrays, files = idx_set()
    publish(name, files)
    split = load(validation=4)
    images_, labels = arrays["train-images-idx3-ubyte.gz"], arrays["train-labels-idx1-ubyte.gz"]
    assert np.array_equal(split.train.X, images_[:8]) and np.array_equal(split.validation.X, images_[8:])
    assert np.array_equal(split.train.y, labels[:8]) and np.array_equal(split.validation.y, labels[8:])
    assert np.array_equal(split.test.X, arrays["t10k-images-idx3-ubyte.gz"])
    assert split.train.X.dtype == np.uint8 and split.train.y.dtype == np.int64
    assert split.train.X.flags.writeable and split.train.y.flags.writeable
    assert len(split.target_names) == 10 and split.source == "Somebody (2000) (terms)"


@pytest.mark.parametrize("validation, error", [(0, ValueError), (12, ValueError), (1.5, TypeError)])
def test_a_validation_part_that_cannot_be_cut(publish, validation, error):
    publish("mnist", idx_set()[1])
    with pytest.raises(error, match="validation"):
        datasets.mnist(validation)


BROKEN = zipped(b"")[:10] + b"\xff" * 30  # a gzip header, and then no block of any type
LABELS, IMAGES = "train-labels-idx1-ubyte.gz", "train-images-idx3-ubyte.gz"
ZEROS = np.zeros(12, np.uint8)


@pytest.mark.parametrize(
    "name, data, message",
    [
        (IMAGES, b"no gzip at all", "whole gzip file"),
        (IMAGES, b"", "IDX file"),
        (IMAGES, BROKEN, "whole gzip file"),
        (IMAGES, zipped(b""), "IDX file"),
        (IMAGES, idx(np.zeros((12, 28, 28), np.uint8))[:-20], "whole gzip file"),
        (IMAGES, idx(np.zeros((12, 28, 28), np.uint8))[:12] + bytes(8), "whole gzip file"),
        (IMAGES, zipped(b"\x00\x00\x08\x03\x00\x00"), "header 000008030000"),
        (IMAGES, zipped(b"\x00\x00\x08\x00\x07"), "header 00000800"),
        (IMAGES, idx(ZEROS.astype(">f4"), code=13), "unsigned bytes"),
        (IMAGES, zipped(gzip.decompress(idx(np.zeros((12, 28, 28), np.uint8)))[:-1]), "9408 bytes"),
        (IMAGES, zipped(gzip.decompress(idx(ZEROS)) + b"?"), "expected 12 bytes"),
        (IMAGES, idx(np.zeros((11, 28, 28), np.uint8)), r"label for each image.*\(11, 28, 28\)"),
        (LABELS, idx(np.zeros((12, 1), np.uint8)), r"label for each image.*\(12, 1\)"),
        (LABELS, idx(np.full(12, 10, np.uint8)), "from 0 to 9, got 10"),
    ],
)
def test_what_is_not_idx(publish, name, data, message):
    publish("mnist", idx_set(**{name: data})[1])
    with pytest.raises(DataError, match=message):
        datasets.mnist(1)


def batch(n=3, label=None):
    records = rng.integers(0, 256, (n, 3073), np.uint8)
    records[:, 0] = np.arange(n) % 10 if label is None else label
    return records


def cifar_files():
    """{name in the archive: records} of a small CIFAR-10."""
    return {name: batch() for name in (*images._BATCHES, images._TEST_BATCH)}


def archive(members):
    """A .tar.gz of (name, bytes) and of ready TarInfo objects, such as links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            tar.addfile(info, io.BytesIO(member[1]))
    return buffer.getvalue()


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def cifar_archive(*first):
    files = cifar_files()
    return files, archive([*first, *((name, records.tobytes()) for name, records in files.items())])


def test_cifar(publish):
    files, data = cifar_archive()
    publish("cifar-10", {"cifar-10/cifar-10-binary.tar.gz": data})
    split = datasets.cifar10(validation=4)
    learn = np.concatenate([files[name] for name in images._BATCHES])
    assert split.train.X.shape == (11, 3, 32, 32) and split.validation.X.shape == (4, 3, 32, 32)
    together = np.concatenate([split.train.X, split.validation.X])
    assert np.array_equal(together.reshape(15, -1), learn[:, 1:])
    assert np.array_equal(np.concatenate([split.train.y, split.validation.y]), learn[:, 0])
    # a record is 1,024 bytes of red, then of green, then of blue, each row by row
    assert split.test.X[1, 2, 5, 7] == files[images._TEST_BATCH][1, 1 + 2 * 1024 + 5 * 32 + 7]
    assert split.train.X.dtype == np.uint8 and split.train.y.dtype == np.int64
    assert split.target_names[3] == "cat" and split.train.X.flags.writeable


def test_nothing_of_an_archive_reaches_the_disk(publish, tmp_path, monkeypatch):
    outside = tmp_path / "outside.txt"
    first = images._BATCHES[0]
    _, data = cifar_archive(
        ("../outside.txt", b"escaped"),
        (str(outside), b"escaped"),
        ("cifar-10-batches-bin/../../outside.txt", b"escaped"),
        link("cifar-10-batches-bin/here", "/etc/passwd"),
        link("cifar-10-batches-bin/hard", "../../outside.txt", tarfile.LNKTYPE),
        link(first, "/etc/passwd"),  # a link under the name of a batch; the batch itself comes later
    )
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.chdir(folder)
    publish("cifar-10", {"data/cifar-10-binary.tar.gz": data})
    before = sorted(tmp_path.rglob("*"))
    assert len(datasets.cifar10(1).train.y) == 14
    assert sorted(tmp_path.rglob("*")) == before and not outside.exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_is_no_batch(publish, kind):
    files = cifar_files()
    first, second = images._BATCHES[:2]
    members = [(name, records.tobytes()) for name, records in files.items() if name != first]
    target = second if kind == tarfile.LNKTYPE else os.path.basename(second)
    publish("cifar-10", {"c.tar.gz": archive([*members, link(first, target, kind)])})
    with pytest.raises(DataError, match=r"holds cifar-10-batches-bin/data_batch_1\.bin"):
        datasets.cifar10()


@pytest.mark.parametrize(
    "data, message",
    [
        (b"no archive", r"whole \.tar\.gz archive"),
        (b"", r"whole \.tar\.gz archive"),
        (BROKEN, r"whole \.tar\.gz archive"),
        (zipped(b"no tar"), r"whole \.tar\.gz archive"),
        (archive([]), "holds .*data_batch_1"),
        (archive([(name, batch().tobytes()) for name in images._BATCHES]), "holds .*test_batch"),
        (
            archive([(n, batch().tobytes()[:-1]) for n in cifar_files()]),
            "data_batch_1.*records of 3073 bytes",
        ),
        (archive([(n, b"") for n in cifar_files()]), "got 0 bytes"),
        (archive([(n, batch(label=10).tobytes()) for n in cifar_files()]), "from 0 to 9, got 10"),
        (cifar_archive()[1][:-30_000], r"whole \.tar\.gz archive"),
        (cifar_archive()[1][:200], r"whole \.tar\.gz archive"),
    ],
    ids=[
        "text",
        "empty",
        "broken",
        "gzip",
        "no file",
        "no test",
        "cut record",
        "zero",
        "label",
        "cut",
        "head",
    ],
)
def test_what_is_not_cifar(publish, data, message):
    publish("cifar-10", {"c.tar.gz": data})
    with pytest.raises(DataError, match=message):
        datasets.cifar10()


def test_texts(publish):
    publish("shakespeare", {"s.txt": ("First Citizen:\n" * 20).encode()})
    text = datasets.shakespeare()
    assert text.train + text.validation == "First Citizen:\n" * 20 and len(text.train) == 270
    assert text.source == "Somebody (2000) (terms)"


def test_names(publish):
    published = [f"name{i}" for i in range(50)]
    publish("names", {"n.txt": "\n".join(published).encode()})
    train, validation, test = words = datasets.names(seed=3)
    assert (len(train), len(validation), len(test)) == (40, 5, 5)
    assert sorted(train + validation + test) == sorted(published)
    assert words == datasets.names(seed=3) and words != datasets.names(seed=4) and words.source


def test_reviews(publish):
    good, bad = "fine \x85 film\n" * 20, "poor film \n" * 20  # splitlines would cut at \x85
    publish("reviews", {"p": good.encode(), "n": bad.encode()})
    reviews = datasets.reviews()
    assert reviews.texts[0] == "fine \x85 film" and reviews.texts[-1] == "poor film"
    assert reviews.y.tolist() == [1] * 20 + [0] * 20 and reviews.y.dtype == np.int64
    folds = reviews.folds(k=5, seed=1)
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(40))
    for train, test in folds:
        assert not set(train) & set(test) and reviews.y[test].sum() == 4
    with pytest.raises(ValueError, match="k ≥ 2"):
        reviews.folds(k=1)


def test_translations(publish):
    lines = [zipped(f"{part} eins\n{part} zwei\n".encode()) for part in "ABCDEF"]
    publish("multi30k", {f"{i}.gz": data for i, data in enumerate(lines)})
    pairs = datasets.multi30k()
    assert pairs.train == (["A eins", "A zwei"], ["B eins", "B zwei"])
    assert pairs.test.target == ["F eins", "F zwei"]
    publish("multi30k", {f"{i}.gz": data for i, data in enumerate([*lines[:5], zipped(b"one\n")])})
    with pytest.raises(DataError, match="as many German as English lines, got 2, 1"):
        datasets.multi30k()


@pytest.mark.parametrize("data", [zipped(b"abc")[:-4], b"abc", BROKEN, zipped("ä".encode("latin-1"))])
def test_what_is_not_a_text(publish, data):
    publish("multi30k", {f"{i}.gz": data for i in range(6)})
    with pytest.raises(DataError, match="whole text in UTF-8"):
        datasets.multi30k()


def test_series(publish):
    publish("passengers", {"p.csv": b'"Month","Passengers"\n"1949-12",112\n"1950-01",118.5\n"1950-02",2\n'})
    series = datasets.passengers()
    assert series.times.tolist() == np.array(["1949-12", "1950-01", "1950-02"], "M8[M]").tolist()
    assert series.values.tolist() == [112, 118.5, 2] and series.values.dtype == np.float64
    before, after = series.cut(1)
    assert before.values.tolist() == [112, 118.5] and after.values.tolist() == [2]
    assert (after.period, after.unit, after.source) == (series.period, series.unit, series.source)
    for test in (0, 3, -1):
        with pytest.raises(ValueError, match="test from 1 to 2"):
            series.cut(test)


@pytest.mark.parametrize("rows", [b"x,1\n", b"1949-12,many\n", b"1949-12\n", b"1949-12,1,2\n", b"\xff,1\n"])
def test_what_is_not_a_series(publish, rows):
    publish("passengers", {"p.csv": b"Month,Passengers\n" + rows})
    with pytest.raises(DataError, match="a date and a number"):
        datasets.passengers()


@pytest.mark.parametrize("name", SETS)
def test_every_set_says_whom_to_credit_and_how_to_know_its_files(name):
    data_set = known(name)
    assert data_set.title and data_set.source and data_set.terms and data_set.files
    assert data_set.credit == f"{data_set.source} ({data_set.terms})"
    for file in data_set.files:
        assert len(bytes.fromhex(file.sha256)) == 32 and file.size > 0
        assert file.urls and all(url.startswith(("https://", "http://")) for url in file.urls)
        assert not file.path.startswith("/") and ".." not in file.path


def test_an_unknown_set_is_named_with_the_nearest():
    with pytest.raises(ValueError, match="no data set 'fashion'; did you mean 'fashion-mnist'"):
        registry.known("fashion")


def test_import_brings_nothing_heavy():
    absent = "torch requests pooch urllib3 tokenizers sklearn scipy tqdm"
    script = f"import nbcourse.datasets, sys; print(*[m for m in {absent.split()} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def real(name):
    """Skip where the real files are not at hand. Nothing is downloaded for a test."""
    folder = os.environ.get("NBCOURSE_DATA")
    files = [Path(folder or "").expanduser() / file.path for file in known(name).files]
    missing = not folder or not all(path.is_file() for path in files)
    reason = f"NBCOURSE_DATA names no folder with the files of {name}"
    return pytest.mark.skipif(missing, reason=reason)


class TestRealFiles:
    """What is in the published files."""

    @real("mnist")
    def test_mnist(self):
        split = datasets.mnist()
        assert [len(part.y) for part in (split.train, split.validation)] == [50_000, 10_000]
        assert split.test.X.shape == (10_000, 28, 28)
        assert split.train.X.shape[1:] == (28, 28)
        assert split.train.y[:5].tolist() == [5, 0, 4, 1, 9] and split.test.y[:4].tolist() == [7, 2, 1, 0]
        pixels = np.concatenate([split.train.X, split.validation.X]) / 255
        assert pixels.mean() == pytest.approx(0.1307, abs=1e-4)
        assert pixels.std() == pytest.approx(0.3081, abs=1e-4)

    @real("fashion-mnist")
    def test_fashion_mnist(self):
        split = datasets.fashion_mnist()
        labels = np.concatenate([split.train.y, split.validation.y])
        assert np.bincount(labels).tolist() == [6000] * 10 and labels[:5].tolist() == [9, 0, 0, 3, 0]

    @real("cifar-10")
    def test_cifar10(self):
        split = datasets.cifar10()
        labels = np.concatenate([split.train.y, split.validation.y])
        assert np.bincount(labels).tolist() == [5000] * 10 and labels[:5].tolist() == [6, 9, 9, 4, 1]

    @real("shakespeare")
    def test_shakespeare(self):
        text = datasets.shakespeare()
        assert (len(text.train), len(text.validation)) == (1_003_854, 111_540)
        assert len(set(text.train + text.validation)) == 65 and text.train.startswith("First Citizen:\n")

    @real("names")
    def test_names(self):
        words = datasets.names()
        assert [len(part) for part in words] == [25_626, 3_203, 3_204]
        assert "emma" in [*words.train, *words.validation, *words.test]
        assert max(len(word) for part in words for word in part) == 15

    @real("reviews")
    def test_reviews(self):
        reviews = datasets.reviews()
        assert len(reviews.texts) == 10_662 and reviews.y.sum() == 5_331 and all(reviews.texts)
        assert reviews.texts[0].startswith("the rock is destined") and reviews.texts[-1]

    @real("multi30k")
    def test_multi30k(self):
        pairs = datasets.multi30k()
        parts = (pairs.train, pairs.validation, pairs.test)
        assert [len(part.source) for part in parts] == [29_000, 1_014, 1_000]
        assert pairs.train.target[0] == "Two young, White males are outside near many bushes."
        assert pairs.train.source[0].startswith("Zwei junge weiße Männer")

    @real("temperatures")
    def test_temperatures(self):
        series = datasets.temperatures()
        assert len(series.values) == 3650 == 10 * series.period
        assert (series.values.min(), series.values.max()) == (0.0, 26.3)
        assert str(series.times[0]) == "1981-01-01" and np.all(np.diff(series.times) > np.timedelta64(0, "D"))

    @real("passengers")
    def test_passengers(self):
        series = datasets.passengers()
        assert len(series.values) == 144 and series.values[[0, -1]].tolist() == [112, 432]
        assert set(np.diff(series.times)) == {np.timedelta64(1, "M")}
