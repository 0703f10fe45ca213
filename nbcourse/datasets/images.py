"""Pictures in ten classes: MNIST, Fashion-MNIST and CIFAR-10, from the files that their authors published."""

import gzip
import math
import tarfile
import zlib

import numpy as np

from nbcourse.datasets.registry import known
from nbcourse.datasets.splits import Part, Split, checked_count
from nbcourse.datasets.store import DataError, paths

_CLOTHES = (
    *("T-shirt/top", "trouser", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
_THINGS = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_BATCHES = [f"cifar-10-batches-bin/data_batch_{i}.bin" for i in range(1, 6)]
_TEST_BATCH = "cifar-10-batches-bin/test_batch.bin"
_RECORD = 1 + 3 * 32 * 32  # bytes: a label, then the pixels' red, green and blue values
_BROKEN = (OSError, EOFError, zlib.error, tarfile.TarError)  # what a damaged gzip or tar file raises


def mnist(validation: int = 10_000) -> Split:
    """Handwritten digits: 60,000 to learn from, the last of them to validate with, and 10,000 to test.

    Parameters
    ----------
    validation : int
        How many of the 60,000 the validation part takes; at least 1.

    Returns
    -------
    Split
        Each part: `X` (n, 28, 28) uint8, 0 is paper and 255 is ink; `y` (n,) int64, the digit.

    Raises
    ------
    DataError
        If a file cannot be had or is not the published one.
    TypeError, ValueError
        If `validation` is not an integer, or leaves no picture to train with.
    """
    return _idx_set("mnist", validation, tuple("0123456789"))


def fashion_mnist(validation: int = 10_000) -> Split:
    """Pictures of clothes in the format of `mnist`, harder to tell apart; `target_names` has the classes."""
    return _idx_set("fashion-mnist", validation, _CLOTHES)


def cifar10(validation: int = 5_000) -> Split:
    """Colour photographs: 50,000 to learn from, the last of them to validate with, and 10,000 to test.

    Each part: `X` (n, 3, 32, 32) uint8 with the colours red, green, blue; `y` (n,) int64. It is read from
    the binary version of the set: nothing is unpickled, and nothing is unpacked to the disk. Errors as
    `mnist`.
    """
    checked_count("validation", validation, 1)
    (path,) = paths("cifar-10")
    *learn, test = read_cifar(path)
    return _cut(_joined(learn), test, validation, _THINGS, known("cifar-10").credit)


def _idx_set(name, validation, classes):
    checked_count("validation", validation, 1)
    images, labels, test_images, test_labels = (read_idx(path) for path in paths(name))
    learn, test = _labelled(images, labels), _labelled(test_images, test_labels)
    return _cut(learn, test, validation, classes, known(name).credit)


def read_idx(path) -> np.ndarray:
    """Read a gzipped file in the IDX format of MNIST as a uint8 array of the shape that its header tells.

    The header is 0, 0, 8 (unsigned bytes), the number of dimensions, then each size as a big-endian 32-bit
    number. Raises DataError if the file is something else, or shorter or longer than it says.
    """
    try:
        data = gzip.decompress(path.read_bytes())
    except _BROKEN as error:
        raise DataError(f"{path}: expected a whole gzip file ({error})") from None
    start = 4 + 4 * data[3] if len(data) > 3 else 4
    if data[:3] != b"\x00\x00\x08" or start == 4 or len(data) < start:
        raise DataError(f"{path}: expected an IDX file of unsigned bytes, got a header {data[:start].hex()}")
    shape = tuple(int(n) for n in np.frombuffer(data[4:start], ">u4"))
    if len(data) - start != math.prod(shape):
        raise DataError(f"{path}: expected {math.prod(shape)} bytes for {shape}, got {len(data) - start}")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def read_cifar(path) -> list[Part]:
    """Read the five training batches and the test batch of CIFAR-10's binary version out of its archive.

    The archive is read from front to back, once. Only plain files of the expected names are looked at: links,
    and whatever else it may hold, stay where they are. Raises DataError if a batch is missing or damaged.
    """
    found = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if member.isreg() and member.name in (*_BATCHES, _TEST_BATCH):
                    found[member.name] = archive.extractfile(member).read()
    except _BROKEN as error:
        raise DataError(f"{path}: expected a whole .tar.gz archive ({error})") from None
    missing = [name for name in (*_BATCHES, _TEST_BATCH) if name not in found]
    if missing:
        raise DataError(f"{path}: expected an archive that holds {missing[0]}")
    return [_cifar_batch(found[name], f"{path}: {name}") for name in (*_BATCHES, _TEST_BATCH)]


def _cifar_batch(data, name):
    if not data or len(data) % _RECORD:
        raise DataError(f"{name}: expected records of {_RECORD} bytes, got {len(data)} bytes")
    records = np.frombuffer(data, np.uint8).reshape(-1, _RECORD)  # (n, 1 + 3·32·32)
    return _labelled(records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0])


def _labelled(images, labels):
    if labels.ndim != 1 or len(images) != len(labels):
        raise DataError(f"expected a label for each image, got shapes {images.shape} and {labels.shape}")
    if labels.size and labels.max() > 9:
        raise DataError(f"expected labels from 0 to 9, got {labels.max()}")
    return Part(images.copy(), labels.astype(np.int64))  # frombuffer gives arrays that cannot be written


def _joined(parts):
    return Part(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _cut(learn, test, validation, classes, source):
    """Make a Split: the last `validation` examples of `learn` validate."""
    n = len(learn.y) - validation
    if n < 1:
        raise ValueError(f"expected validation < {len(learn.y)}, got {validation}")
    train, held_out = (Part(learn.X[part], learn.y[part]) for part in (slice(n), slice(n, None)))
    return Split(train, held_out, test, target_names=classes, source=source)
