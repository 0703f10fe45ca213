"""Pictures in ten classes: MNIST, Fashion-MNIST and CIFAR-10, from the files that their authors published."""

import gzip
import math
import tarfile

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
    """
    return _idx_set("mnist", validation, tuple("0123456789"))


def fashion_mnist(validation: int = 10_000) -> Split:
    """Pictures of clothes in the format of `mnist`, harder to tell apart; `target_names` has the classes."""
    return _idx_set("fashion-mnist", validation, _CLOTHES)


def cifar10(validation: int = 5_000) -> Split:
    """Colour photographs: 50,000 to learn from, the last of them to validate with, and 10,000 to test.

    Each part: `X` (n, 3, 32, 32) uint8 with the colours red, green, blue; `y` (n,) int64. It is read from
    the binary version of the set: nothing is unpickled, and nothing is unpacked to the disk.
    """
    (path,) = paths("cifar-10")
    batches = [f"cifar-10-batches-bin/data_batch_{i}.bin" for i in range(1, 6)]
    learn, test = (
        _joined([_cifar_batch(path, name) for name in names])
        for names in (batches, ["cifar-10-batches-bin/test_batch.bin"])
    )
    return _cut(learn, test, validation, _THINGS, known("cifar-10").source)


def _idx_set(name, validation, classes):
    images, labels, test_images, test_labels = (read_idx(path) for path in paths(name))
    learn, test = _labelled(images, labels), _labelled(test_images, test_labels)
    return _cut(learn, test, validation, classes, known(name).source)


def read_idx(path):
    """Read a gzipped file in the IDX format of MNIST as a uint8 array of the shape that its header tells.

    The header is 0, 0, 8 (unsigned bytes), the number of dimensions, then each size as a big-endian 32-bit
    number. Raises DataError if the file is something else, or shorter or longer than it says.
    """
    try:
        data = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise DataError(f"{path}: expected a gzip file ({error})") from None
    if data[:3] != b"\x00\x00\x08" or len(data) < 4:
        raise DataError(f"{path}: expected an IDX file of unsigned bytes, got a header {data[:4].hex()}")
    start = 4 + 4 * data[3]
    shape = tuple(int(n) for n in np.frombuffer(data[4:start], ">u4"))
    if len(data) - start != math.prod(shape):
        raise DataError(f"{path}: expected {math.prod(shape)} bytes for {shape}, got {len(data) - start}")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _cifar_batch(path, name):
    """Read one batch of CIFAR-10's binary version out of the archive: a label byte, then 3,072 of colour."""
    try:
        with tarfile.open(path) as archive:
            data = archive.extractfile(name).read()
    except (tarfile.TarError, KeyError, AttributeError, OSError, EOFError) as error:
        raise DataError(f"{path}: expected an archive that holds {name} ({error})") from None
    if not data or len(data) % 3073:
        raise DataError(f"{path}: expected {name} in records of 3,073 bytes, got {len(data)} bytes")
    records = np.frombuffer(data, np.uint8).reshape(-1, 3073)  # (n, 1 + 3·32·32)
    return _labelled(records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0])


def _labelled(images, labels):
    if len(images) != len(labels):
        raise DataError(f"expected a label for each image, got {len(images)} images and {len(labels)} labels")
    if labels.size and labels.max() > 9:
        raise DataError(f"expected labels from 0 to 9, got {labels.max()}")
    return Part(images.copy(), labels.astype(np.int64))  # frombuffer gives arrays that cannot be written


def _joined(parts):
    return Part(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _cut(learn, test, validation, classes, source):
    n = len(learn.y) - checked_count("validation", validation, 1)
    if n < 1:
        raise ValueError(f"expected validation < {len(learn.y)}, got {validation}")
    train, held_out = (Part(learn.X[part], learn.y[part]) for part in (slice(n), slice(n, None)))
    return Split(train, held_out, test, target_names=classes, source=source)
