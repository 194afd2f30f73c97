"""The published datasets that can be fetched: their files, sizes, checksums, and where they are.

Sizes and SHA-256 are those that TensorFlow Datasets lists for the publishers' files (its folder
url_checksums); MNIST's, and one file of QMNIST's, were compared with the files themselves.
"""

from __future__ import annotations

import re

from mnist_desktop.datasets.emnist_files import ARCHIVED, EMNIST
from mnist_desktop.datasets.published import Published, PublishedFile, Split
from mnist_desktop.errors import UserError


def _four(
    *facts: tuple[str, int, str] | tuple[str, int, str, str], prefix: str = ""
) -> tuple[PublishedFile, ...]:
    """Return the files with these names, sizes and SHA-256, packed and perhaps unpacked."""
    return tuple(PublishedFile(prefix + name, *rest) for name, *rest in facts)  # type: ignore[arg-type]


_TRAIN_AND_TEST = (
    Split("train", "train-images-idx3-ubyte.gz", 60_000),
    Split("test", "t10k-images-idx3-ubyte.gz", 10_000),
)

MNIST = Published(
    key="mnist",
    title="MNIST",
    what="Handwritten digits",
    images=70_000,
    classes="10",
    licence="CC BY-SA 3.0",
    publisher="http://yann.lecun.com/exdb/mnist/",
    files=_four(
        (
            "train-images-idx3-ubyte.gz",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        (
            "train-labels-idx1-ubyte.gz",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        (
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://raw.githubusercontent.com/fgnt/mnist/master/",
        # Refuses more often than not (pytorch/vision#8572, cvdfoundation/mnist#4).
        "https://yann.lecun.com/exdb/mnist/",
    ),
    splits=_TRAIN_AND_TEST,
)

FASHION = Published(
    key="fashion-mnist",
    title="Fashion-MNIST",
    what="Clothes, from Zalando's shop",
    images=70_000,
    classes="10",
    licence="MIT licence",
    publisher="https://github.com/zalandoresearch/fashion-mnist",
    files=_four(
        (
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        (
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        (
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    mirrors=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        # Keras' copy: the same four files.
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    splits=_TRAIN_AND_TEST,
)

KMNIST = Published(
    key="kmnist",
    title="KMNIST",
    what="Cursive Japanese characters (Kuzushiji)",
    images=70_000,
    classes="10",
    licence="CC BY-SA 4.0",
    publisher="https://github.com/rois-codh/kmnist",
    files=_four(
        (
            "train-images-idx3-ubyte.gz",
            18_165_135,
            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        ),
        (
            "train-labels-idx1-ubyte.gz",
            29_497,
            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            3_041_136,
            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        ),
        (
            "t10k-labels-idx1-ubyte.gz",
            5_120,
            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
        ),
    ),
    mirrors=(
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        # The publisher has been out of reach for many (rois-codh/kmnist#29).
        f"{ARCHIVED}http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    ),
    splits=_TRAIN_AND_TEST,
)

QMNIST = Published(
    key="qmnist",
    title="QMNIST",
    what="MNIST made anew, with the lost 50,000 test digits",
    images=120_000,
    classes="10",
    licence="BSD licence",
    publisher="https://github.com/facebookresearch/qmnist",
    files=_four(
        (
            "train-images-idx3-ubyte.gz",
            9_704_059,
            "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d",
        ),
        (
            "train-labels-idx2-int.gz",
            463_024,
            "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
        ),
        (
            "test-images-idx3-ubyte.gz",
            9_742_279,
            "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375",
        ),
        (
            "test-labels-idx2-int.gz",
            526_800,
            "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
        ),
        prefix="qmnist-",
    ),
    mirrors=(
        "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
        "https://github.com/facebookresearch/qmnist/raw/master/",
        f"{ARCHIVED}https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
    ),
    splits=(
        Split("train", "qmnist-train-images-idx3-ubyte.gz", 60_000),
        Split("test", "qmnist-test-images-idx3-ubyte.gz", 60_000),
    ),
)

DATASETS = (MNIST, FASHION, KMNIST, QMNIST, EMNIST)
"""All that can be fetched, in the order they are listed."""

_ALIASES = {"fashion-mnist": ("fashion",), "kmnist": ("kuzushijimnist", "kuzushiji")}


def published(name: str) -> Published:
    """Return the dataset that a person calls so, in any case, with or without dashes.

    Raises
    ------
    UserError
        If there is none of this name; its advice lists all.
    """
    wanted = re.sub(r"[^a-z]", "", name.lower())
    for dataset in DATASETS:
        if wanted in (dataset.key.replace("-", ""), *_ALIASES.get(dataset.key, ())):
            return dataset
    known = ", ".join(dataset.key for dataset in DATASETS)
    raise UserError(f"There is no published dataset “{name}” here", f"Known are {known}.")
