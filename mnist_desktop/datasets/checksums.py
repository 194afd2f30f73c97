"""Checksums of the published files, to tell whose content a content is.

SHA-256 were computed from the published files. MD5 come from others: those of packed files are
listed by their publishers and in torchvision's dataset classes; those of unpacked content are in
the data archive of Mila (the repositories `datasets-mila/datasets--fashionmnist` and
`--kmnist`, whose git-annex keys name size and MD5 of each file; the packed files there have the
MD5 of their publishers). Fashion-MNIST's were found alike in several projects that unpack and
compare; of KMNIST's those of the labels.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

PUBLISHED_COUNTS = frozenset((10_000, 60_000, 116_323))
"""Numbers of items of the files listed here; nothing else needs to be hashed."""

_SHA256_DIGITS = 64

CONTENT: dict[str, tuple[str, str]] = {
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db": ("MNIST", "train"),
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5": ("MNIST", "train"),
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7": ("MNIST", "test"),
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2": ("MNIST", "test"),
    "385559d7d5c96f49cd6b55b3e9e76d7ecbf568897b6067e8cac8f1ffc2f50f81": ("EMNIST byclass", "test"),
    "842d01413932b3ce7afbc9990376a16f8880a212bb42d66fa2922b4218cf300a": ("EMNIST byclass", "test"),
    "0a5442aeabc1ec6cf0a8335d81debf853b46a7570f5d93805a4d6ef8b7281063": ("EMNIST mnist", "test"),
    "a0ffd2d4ce92418e020d53cf36f2b6c154c4f59344098a5e8d3c6e588109f0a0": ("EMNIST mnist", "test"),
    "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd": ("QMNIST", "test"),
    "f4a8712d7a061bf5bd6d2ca38dc4d50a": ("Fashion-MNIST", "train"),
    "9018921c3c673c538a1fc5bad174d6f9": ("Fashion-MNIST", "train"),
    "8181f5470baa50b63fa0f6fddb340f0a": ("Fashion-MNIST", "test"),
    "15d484375f8d13e6eb1aabb0c3f46965": ("Fashion-MNIST", "test"),
    "92be26ec9822e900ac425d0a0aa84ced": ("KMNIST", "train"),
    "949e75301f8813e0dc5800dcc320fc52": ("KMNIST", "train"),
    "bf305b8cd328700fbc17f5acbc2856d2": ("KMNIST", "test"),
    "9f55f451c0988b028eccdf7d5cc265ab": ("KMNIST", "test"),
}
"""Checksum of the unpacked content → dataset and split."""

PACKED_MD5: dict[str, tuple[str, str]] = {
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d": ("Fashion-MNIST", "train"),
    "25c81989df183df01b3e8a0aad5dffbe": ("Fashion-MNIST", "train"),
    "bef4ecab320f06d8554ea6380940ec79": ("Fashion-MNIST", "test"),
    "bb300cfdad3c16e7a12a480ee83cd310": ("Fashion-MNIST", "test"),
    "bdb82020997e1d708af4cf47b453dcf7": ("KMNIST", "train"),
    "e144d726b3acfaa3e44228e80efcd344": ("KMNIST", "train"),
    "5c965bf0a639b31b8f53240b1b52f4d7": ("KMNIST", "test"),
    "7320c461ea6c1c855c0b718fb2a4b134": ("KMNIST", "test"),
    "ed72d4157d28c017586c42bc6afe6370": ("QMNIST", "train"),
    "0058f8dd561b90ffdd0f734c6a30e5e4": ("QMNIST", "train"),
    "1394631089c404de565df7b7aeaf9412": ("QMNIST", "test"),
    "5b5b05890a5e13444e108efe57b788aa": ("QMNIST", "test"),
}
"""MD5 of the file as it was offered, packed with gzip → dataset and split."""


class ContentHash:
    """SHA-256 and MD5 of a content at once.

    Parameters
    ----------
    data
        The beginning of the content.
    """

    def __init__(self, data: bytes = b"") -> None:
        self._sha256 = hashlib.sha256(data)
        self._md5 = hashlib.md5(data, usedforsecurity=False)

    def update(self, data: bytes | memoryview) -> None:
        """Take in what follows."""
        self._sha256.update(data)
        self._md5.update(data)

    def hexdigest(self) -> str:
        """Return the SHA-256, 64 digits, and behind it the MD5, 32 digits."""
        return self._sha256.hexdigest() + self._md5.hexdigest()


def find_content(digest: str) -> tuple[str, str] | None:
    """Return name and split of the dataset with this content, by `ContentHash.hexdigest`."""
    return CONTENT.get(digest[:_SHA256_DIGITS]) or CONTENT.get(digest[_SHA256_DIGITS:])


def find_packed(path: Path) -> tuple[str, str] | None:
    """Return name and split of the dataset of which this very file was offered."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
    return PACKED_MD5.get(digest.hexdigest())
