"""The published datasets: how to recognise them, what their classes are called, how they lie."""

from __future__ import annotations

import hashlib
import json
import re
import string
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_desktop.datasets.idx import IdxHeader
from mnist_desktop.datasets.judgement import (
    UNKNOWN_DATASET,
    UNKNOWN_ORIENTATION,
    Certainty,
    Identity,
    Orientation,
)
from mnist_desktop.datasets.pairing import find_mapping, read_name
from mnist_desktop.errors import UserError


@dataclass(frozen=True)
class Family:
    """A published dataset.

    Parameters
    ----------
    name
        As people call it.
    class_names
        In the order of the stored labels.
    first_label
        The stored label of the first class; EMNIST's letters begin with 1.
    transposed
        Whether its files hold each picture lying on its side, rows and columns exchanged.
    split
        The part that a file holds, `train`, `test` or empty.
    """

    name: str
    class_names: tuple[str, ...]
    first_label: int = 0
    transposed: bool = False
    split: str = ""

    @property
    def names_by_label(self) -> dict[int, str]:
        """Return stored label → class name."""
        return dict(enumerate(self.class_names, self.first_label))

    @property
    def title(self) -> str:
        """Return name and split: `MNIST · train`."""
        return f"{self.name} · {self.split}" if self.split else self.name


_DIGITS = tuple(string.digits)
_UPPER = tuple(string.ascii_uppercase)
# Where both cases look alike they are one class, written by its capital (Cohen et al. 2017).
_MERGED = (*_DIGITS, *_UPPER, *"abdefghnqrt")
_CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")

MNIST = Family("MNIST", _DIGITS)
FASHION = Family("Fashion-MNIST", _CLOTHES)
KMNIST = Family("KMNIST", _KANA)
QMNIST = Family("QMNIST", _DIGITS)
EMNIST = {
    "byclass": Family(
        "EMNIST byclass", (*_DIGITS, *_UPPER, *string.ascii_lowercase), transposed=True
    ),
    "bymerge": Family("EMNIST bymerge", _MERGED, transposed=True),
    "balanced": Family("EMNIST balanced", _MERGED, transposed=True),
    "letters": Family("EMNIST letters", _UPPER, first_label=1, transposed=True),
    "digits": Family("EMNIST digits", _DIGITS, transposed=True),
    "mnist": Family("EMNIST mnist", _DIGITS, transposed=True),
}

_CONTENT_SHA256: dict[str, tuple[Family, str]] = {
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db": (MNIST, "train"),
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5": (MNIST, "train"),
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7": (MNIST, "test"),
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2": (MNIST, "test"),
    "385559d7d5c96f49cd6b55b3e9e76d7ecbf568897b6067e8cac8f1ffc2f50f81": (
        EMNIST["byclass"],
        "test",
    ),
    "842d01413932b3ce7afbc9990376a16f8880a212bb42d66fa2922b4218cf300a": (
        EMNIST["byclass"],
        "test",
    ),
    "0a5442aeabc1ec6cf0a8335d81debf853b46a7570f5d93805a4d6ef8b7281063": (EMNIST["mnist"], "test"),
    "a0ffd2d4ce92418e020d53cf36f2b6c154c4f59344098a5e8d3c6e588109f0a0": (EMNIST["mnist"], "test"),
    "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd": (QMNIST, "test"),
}
"""SHA-256 of the unpacked content, computed from the published files."""

_PACKED_MD5: dict[str, tuple[Family, str]] = {
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d": (FASHION, "train"),
    "25c81989df183df01b3e8a0aad5dffbe": (FASHION, "train"),
    "bef4ecab320f06d8554ea6380940ec79": (FASHION, "test"),
    "bb300cfdad3c16e7a12a480ee83cd310": (FASHION, "test"),
    "bdb82020997e1d708af4cf47b453dcf7": (KMNIST, "train"),
    "e144d726b3acfaa3e44228e80efcd344": (KMNIST, "train"),
    "5c965bf0a639b31b8f53240b1b52f4d7": (KMNIST, "test"),
    "7320c461ea6c1c855c0b718fb2a4b134": (KMNIST, "test"),
    "ed72d4157d28c017586c42bc6afe6370": (QMNIST, "train"),
    "0058f8dd561b90ffdd0f734c6a30e5e4": (QMNIST, "train"),
    "1394631089c404de565df7b7aeaf9412": (QMNIST, "test"),
    "5b5b05890a5e13444e108efe57b788aa": (QMNIST, "test"),
}
"""MD5 of the gzip files as their publishers (and torchvision's dataset classes) list it."""

_PUBLISHED_COUNTS = frozenset((10_000, 60_000, 116_323))
_MAPPING_BYTES = 1 << 20
LABEL_DIGITS = 7
"""How long a label, or a character code, may be in a mapping file."""
LONGEST_NAME = 255
"""Characters of a class name that is a word: what a folder may be called."""
_NAME_HINTS = (("fashion", FASHION), ("kmnist", KMNIST), ("kuzushiji", KMNIST), ("qmnist", QMNIST))


def content_hash(header: IdxHeader) -> hashlib._Hash | None:
    """Return a SHA-256 that has seen the header, or `None` if no published file has its count."""
    return hashlib.sha256(header.to_bytes()) if header.item_count in _PUBLISHED_COUNTS else None


def by_checksum(sha256: str, path: Path, *, packed: bool) -> Family | None:
    """Return the published dataset whose content has this SHA-256, or whose gzip file this is."""
    found = _CONTENT_SHA256.get(sha256)
    if found is None and packed:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
        found = _PACKED_MD5.get(digest.hexdigest())
    return replace(found[0], split=found[1]) if found else None


def guess(path: Path) -> Family | None:
    """Return the published dataset whose name a file bears, itself or by its two folders.

    The split is read from the file's name.
    """
    own = read_name(path.name)
    if "emnist" in own.words:
        family = next((EMNIST[word] for word in own.words if word in EMNIST), None)
        return replace(family, split=own.split) if family else None
    words = set(re.split(r"[^a-z]+", " ".join((path.name, *path.parts[-3:-1])).lower()))
    for hint, family in _NAME_HINTS:
        if any(word.startswith(hint) for word in words):
            return replace(family, split=own.split)
    return None


def identity_of(family: Family | None, *, recognised: bool) -> Identity:
    """Return which dataset this is, for a family recognised by checksum or guessed by name."""
    if family is None:
        return UNKNOWN_DATASET
    if recognised:
        reason = "The checksum of the content is that of the published file"
        return Identity(family.title, Certainty.CERTAIN, reason)
    return Identity(family.title, Certainty.GUESS, "Only its name, or that of its folder, says so")


def orientation_of(family: Family | None, *, recognised: bool) -> Orientation:
    """Return how the pictures of a family lie in its files."""
    if family is None:
        return UNKNOWN_ORIENTATION
    certainty = Certainty.CERTAIN if recognised else Certainty.GUESS
    way = "on their side" if family.transposed else "upright"
    return Orientation(family.transposed, certainty, f"{family.name}'s files hold them {way}")


def class_names(path: Path, family: Family | None = None) -> dict[int, str] | None:
    """Return stored label → class name for a file: by the mapping file beside it, or as known.

    Raises
    ------
    UserError
        If there is a mapping file and it cannot be read.
    """
    mapping = find_mapping(path)
    if mapping is not None:
        return read_mapping(mapping)
    return family.names_by_label if family else None


def read_mapping(path: Path) -> dict[int, str]:
    """Return stored label → class name from a mapping file as EMNIST has them.

    Each line is a label and one or two character codes (capital, small), in decimal; the first
    code gives the name. Where names are words, as this program writes them, a line is a label and
    the name in quotes (a JSON string). Line ends of any system.

    Raises
    ------
    UserError
        If the file cannot be read or says something else.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAPPING_BYTES + 1)
    except OSError as error:
        raise UserError(f"“{path}” could not be read: {error.strerror or error}") from error
    names: dict[int, str] = {}
    for number, line in enumerate(content.split(b"\n"), 1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) > 1 and fields[1].startswith(b'"'):
            label, word = _named_in_quotes(path, number, line)
            if label in names:
                raise _bad_mapping(path, number, line)
            names[label] = word
            continue
        if not (
            2 <= len(fields) <= 3 and all(f.isdigit() and len(f) <= LABEL_DIGITS for f in fields)
        ):
            raise _bad_mapping(path, number, line)
        label, code = int(fields[0]), int(fields[1])
        if label in names or not (code <= 0x10FFFF and chr(code).isprintable()):
            raise _bad_mapping(path, number, line)
        names[label] = chr(code)
    if not names or len(content) > _MAPPING_BYTES:
        raise _bad_mapping(path, 1, content[:40])
    return names


def _named_in_quotes(path: Path, number: int, line: bytes) -> tuple[int, str]:
    """Return label and class name of a line that has the name in quotes."""
    label, _, quoted = line.strip().partition(b'"')
    try:
        name = json.loads(b'"' + quoted)
    except (ValueError, RecursionError) as error:
        raise _bad_mapping(path, number, line) from error
    sound = isinstance(name, str) and name.isprintable() and 0 < len(name) <= LONGEST_NAME
    if not (sound and label.strip().isdigit() and len(label.strip()) <= LABEL_DIGITS):
        raise _bad_mapping(path, number, line)
    return int(label), name


def _bad_mapping(path: Path, number: int, line: bytes) -> UserError:
    """Return the error for a line that maps nothing."""
    shown = line.strip()[:40].decode("utf-8", "replace")
    return UserError(
        f"“{path}”, line {number}: expected a new label and one or two character codes, "
        f"found “{shown}”",
        "Choose a mapping file, such as emnist-letters-mapping.txt.",
    )
