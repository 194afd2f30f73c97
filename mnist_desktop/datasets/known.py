"""The published datasets: how to recognise them, what their classes are called, how they lie."""

from __future__ import annotations

import json
import re
import string
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_desktop.datasets.checksums import (
    PUBLISHED_COUNTS,
    ContentHash,
    find_content,
    find_packed,
)
from mnist_desktop.datasets.faults import shown_line
from mnist_desktop.datasets.idx import IdxHeader
from mnist_desktop.datasets.judgement import (
    UNKNOWN_ORIENTATION,
    Certainty,
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
# One sign for each of the ten rows of hiragana (Clanuwat et al. 2018). Classes are called by their
# reading, which any file name, model and font can hold.
_KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
KANA_SIGNS = dict(zip(_KANA, "おきすつなはまやれを", strict=True))
"""How the classes of KMNIST are written."""

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

_FAMILIES = {family.name: family for family in (MNIST, FASHION, KMNIST, QMNIST, *EMNIST.values())}
_MAPPING_BYTES = 1 << 20
LABEL_DIGITS = 7
"""How long a label, or a character code, may be in a mapping file."""
LONGEST_NAME = 255
"""Characters of a class name that is a word: what a folder may be called."""
_NAME_HINTS = (("fashion", FASHION), ("kmnist", KMNIST), ("kuzushiji", KMNIST), ("qmnist", QMNIST))


def content_hash(header: IdxHeader) -> ContentHash | None:
    """Return checksums that have seen the header, or `None` if no published file has its count."""
    return ContentHash(header.to_bytes()) if header.item_count in PUBLISHED_COUNTS else None


def by_checksum(digest: str, path: Path, *, packed: bool) -> Family | None:
    """Return the published dataset whose content has these checksums, or whose gzip file this is.

    Parameters
    ----------
    digest
        `ContentHash.hexdigest()` of the unpacked content.
    path
        The file, whose own bytes are compared if it is `packed`.
    """
    found = find_content(digest)
    if found is None and packed:
        found = find_packed(path)
    return replace(_FAMILIES[found[0]], split=found[1]) if found else None


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


def orientation_of(family: Family | None, *, certain: bool) -> Orientation:
    """Return how the pictures of a family lie in its files."""
    if family is None:
        return UNKNOWN_ORIENTATION
    certainty = Certainty.CERTAIN if certain else Certainty.GUESS
    way = "on their side" if family.transposed else "upright"
    return Orientation(family.transposed, certainty, f"The files of {family.name} hold them {way}")


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
    return UserError(
        f"“{path}”, line {number}: expected a new label and one or two character codes, "
        f"found “{shown_line(line)}”",
        "Choose a mapping file, such as emnist-letters-mapping.txt.",
    )
