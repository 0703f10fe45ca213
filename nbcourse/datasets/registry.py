"""The published data sets that the course can use: which files, from where, and how to know them again."""

from dataclasses import dataclass

from nbcourse.messages import nearest

_RAW = "https://raw.githubusercontent.com"
_MNIST = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "http://yann.lecun.com/exdb/mnist",
)
_FASHION = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    f"{_RAW}/zalandoresearch/fashion-mnist/master/data/fashion",
)
_MULTI30K = (f"{_RAW}/multi30k/dataset/master/data/task1/raw",)
_REVIEWS = (f"{_RAW}/dennybritz/cnn-text-classification-tf/master/data/rt-polaritydata",)
_SERIES = (f"{_RAW}/jbrownlee/Datasets/master",)


@dataclass(frozen=True)
class File:
    """One published file.

    Attributes
    ----------
    path : str
        Where it lies in the data folder, as ``mnist/train-images-idx3-ubyte.gz``.
    size : int
        In bytes.
    sha256 : str
        Its SHA-256, by which a copy is known to be the published file.
    urls : tuple of str
        Where it can be had, in the order in which they are tried.
    """

    path: str
    size: int
    sha256: str
    urls: tuple[str, ...]


@dataclass(frozen=True)
class DataSet:
    """A data set: its title, whom to credit, on what terms it may be used, and its files."""

    title: str
    source: str
    terms: str
    files: tuple[File, ...]

    @property
    def credit(self) -> str:
        """Whom to credit, and the terms, in a line."""
        return f"{self.source} ({self.terms})"

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def _files(folder, origins, *rows):
    """Files of one folder that all origins hold under the same names: rows of (name, size, sha256)."""
    return tuple(
        File(f"{folder}/{name}", size, sha256, tuple(f"{origin}/{name}" for origin in origins))
        for name, size, sha256 in rows
    )


SETS = {
    "mnist": DataSet(
        "MNIST: 70,000 handwritten digits, 28 × 28",
        "LeCun, Cortes and Burges, The MNIST database of handwritten digits",
        "CC BY-SA 3.0",
        _files(
            "mnist",
            _MNIST,
            (
                "train-images-idx3-ubyte.gz",
                9912422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            (
                "train-labels-idx1-ubyte.gz",
                28881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            (
                "t10k-images-idx3-ubyte.gz",
                1648877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            (
                "t10k-labels-idx1-ubyte.gz",
                4542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
    ),
    "fashion-mnist": DataSet(
        "Fashion-MNIST: 70,000 pictures of clothes, 28 × 28",
        "Xiao, Rasul and Vollgraf (2017), Fashion-MNIST, arXiv 1708.07747",
        "MIT",
        _files(  # hashes as in tensorflow/datasets, url_checksums/fashion_mnist.txt
            "fashion-mnist",
            _FASHION,
            (
                "train-images-idx3-ubyte.gz",
                26421880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            (
                "train-labels-idx1-ubyte.gz",
                29515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            (
                "t10k-images-idx3-ubyte.gz",
                4422102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            (
                "t10k-labels-idx1-ubyte.gz",
                5148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ),
    ),
    "cifar-10": DataSet(
        "CIFAR-10: 60,000 colour photographs, 32 × 32, the binary version",
        "Krizhevsky (2009), Learning multiple layers of features from tiny images",
        "for research; no licence is stated",
        _files(  # hash as in tensorflow/datasets, url_checksums/cifar10.txt
            "cifar-10",
            ("https://www.cs.toronto.edu/~kriz",),
            (
                "cifar-10-binary.tar.gz",
                170052171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ),
        ),
    ),
    "shakespeare": DataSet(
        "Tiny Shakespeare: 1.1 million characters of plays",
        "Karpathy (2015), char-rnn, after William Shakespeare",
        "public domain",
        (
            File(
                "text/tinyshakespeare.txt",
                1115394,
                "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                (f"{_RAW}/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",),
            ),
        ),
    ),
    "names": DataSet(
        "Names: 32,033 first names, in small letters",
        "Karpathy (2022), makemore, from public records of the United States",
        "public records",
        _files(
            "text",
            (f"{_RAW}/karpathy/makemore/master",),
            ("names.txt", 228145, "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"),
        ),
    ),
    "multi30k": DataSet(
        "Multi30k: 31,014 captions of pictures, German and English",
        "Elliott, Frank, Sima'an and Specia (2016), Multi30K, arXiv 1605.00459",
        "for research",
        _files(
            "multi30k",
            _MULTI30K,
            ("train.de.gz", 637044, "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6"),
            ("train.en.gz", 568929, "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
            ("val.de.gz", 24681, "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a"),
            ("val.en.gz", 21650, "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28"),
            (
                "test_2016_flickr.de.gz",
                22890,
                "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8",
            ),
            (
                "test_2016_flickr.en.gz",
                21077,
                "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
            ),
        ),
    ),
    "reviews": DataSet(
        "Sentence polarity: 10,662 sentences of film reviews, for or against",
        "Pang and Lee (2005), Seeing stars, ACL, sentence polarity v1.0",
        "for research",
        _files(
            "reviews",
            _REVIEWS,
            ("rt-polarity.pos", 626395, "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58"),
            ("rt-polarity.neg", 612506, "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd"),
        ),
    ),
    "temperatures": DataSet(
        "Melbourne: the lowest temperature of each day, 1981 to 1990",
        "Australian Bureau of Meteorology, through the Time Series Data Library",
        "no licence is stated",
        _files(
            "series",
            _SERIES,
            (
                "daily-min-temperatures.csv",
                67921,
                "8b9de63ed6789492bf497625e7f9beb96a63d367b4b0a21754006f749fa5e5da",
            ),
        ),
    ),
    "passengers": DataSet(
        "Airline passengers of each month, 1949 to 1960",
        "Box and Jenkins (1976), Time Series Analysis, through the Time Series Data Library",
        "no licence is stated",
        _files(
            "series",
            _SERIES,
            (
                "airline-passengers.csv",
                2180,
                "8cb51be753a718d9be5d76d7e238cc224792754676adc21faa59e954b0201621",
            ),
        ),
    ),
}


def known(name):
    """Return the `DataSet` called `name`; raise ValueError, with the nearest name, if there is none."""
    if name not in SETS:
        raise ValueError(f"no data set {name!r}{nearest(name, SETS)} (known: {', '.join(SETS)})")
    return SETS[name]
