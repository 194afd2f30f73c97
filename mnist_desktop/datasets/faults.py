"""What can be wrong with an IDX file, in plain words: its errors, and what a file is instead.

The reader and the doctor share this module, so that both call a fault by the same name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mnist_desktop.errors import UserError

ELEMENT_CODES = (0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E)
MAX_RANK = 8
SNIFFED_BYTES = 512
"""How much of a file's beginning `sniff` wants to see."""

DOWNLOAD_AGAIN = "Download it again, and compare its size with the one on the site."


class IdxError(UserError):
    """A fault in a file, with the place where it was found.

    Parameters
    ----------
    path
        The file.
    problem
        What is wrong, the rest of a sentence that begins with the file's name.
    offset
        Where, in bytes from the beginning; for a fault inside gzip data it counts packed bytes up
        to the gzip layer and unpacked ones behind it, as the sentence says.
    expected, found
        What should stand there and what does, each a few words; both empty where the sentence
        says it all.
    advice
        What to do next, a whole sentence.
    """

    def __init__(
        self,
        path: Path,
        problem: str,
        *,
        offset: int = 0,
        expected: str = "",
        found: str = "",
        advice: str = "",
    ) -> None:
        place = f" (byte {offset:,}: expected {expected}, found {found})" if expected else ""
        super().__init__(f"“{path}” {problem}{place}", advice)
        self.path = path
        self.problem = problem
        self.offset = offset
        self.expected = expected
        self.found = found


class NotIdxError(IdxError):
    """The file is no IDX file at all, but something else."""


@dataclass(frozen=True)
class Sniffed:
    """What a file is instead of an IDX file.

    Parameters
    ----------
    problem
        The rest of a sentence that begins with the file's name.
    advice
        What to do, a whole sentence.
    idx
        Whether it is an IDX file all the same, only written wrongly.
    """

    problem: str
    advice: str
    idx: bool = False


_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\x1f\x8b",
        "is packed with gzip twice",
        "It can be saved unpacked, or unpack it once and open that.",
    ),
    (b"PK\x03\x04", "is a ZIP archive (or a NumPy .npz)", "Unpack it and open a file inside."),
    (b"BZh", "is packed with bzip2", "Unpack it first."),
    (b"\xfd7zXZ\x00", "is packed with xz", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", "Unpack it and open a file inside."),
    (b"\x28\xb5\x2f\xfd", "is packed with Zstandard", "Unpack it first."),
    (b"\x93NUMPY", "is a NumPy array (.npy)", "Write it as IDX, or look for the original files."),
    (b"\x89HDF\r\n\x1a\n", "is an HDF5 file", "Look for the same dataset in the IDX format."),
    (b"\x89PNG\r\n\x1a\n", "is a PNG picture", "Choose the IDX file of the whole dataset."),
    (b"\xff\xd8\xff", "is a JPEG picture", "Choose the IDX file of the whole dataset."),
    (b"MATLAB 5.0 MAT-file", "is a MATLAB file", "Look for the same dataset in the IDX format."),
    (b"%PDF-", "is a PDF document", "Choose the IDX file of the dataset."),
    (b"PAR1", "is a Parquet file", "Look for the same dataset in the IDX format."),
    (
        b"\x1f\xef\xbf\xbd",
        "was taken for a text on its way, which destroyed it",
        "Download it again with a program that leaves the bytes as they are.",
    ),
    (b"H4sI", "is gzip data written as Base64 text", "Decode it, or download the file itself."),
)
_TAR_MARK = slice(257, 262)
"""Where a tar archive has the word “ustar” (POSIX.1-1988, tar header block)."""

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|!--|script|meta)", re.I
)
_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml", re.I)
_LFS_POINTER = re.compile(rb"\Aversion https://git-lfs\.github\.com/spec/")
_LFS_SIZE = re.compile(rb"^size (\d{1,18})\s*$", re.M)
_JSON = re.compile(rb"\A\s*[{\[]\s*[\"{\]}]")
_PICKLE = re.compile(rb"\A\x80[\x02-\x05]")
_TEXT = re.compile(rb"\A[\t\n\r\x20-\x7e\x80-\xff]+\Z")


def sniff(head: bytes) -> Sniffed | None:
    """Say what a file is instead of an IDX file, judging by its first bytes.

    Parameters
    ----------
    head
        Up to `SNIFFED_BYTES` bytes from the beginning, already unpacked if they were gzipped.

    Returns
    -------
    Sniffed | None
        `None` if they begin like an IDX file: two zero bytes, and anything but zeros behind them.
    """
    if not head:
        return Sniffed("is empty", "The download or the copy never began; fetch the file again.")
    for signature, problem, advice in _SIGNATURES:
        if head.startswith(signature):
            return Sniffed(problem, advice)
    if head[_TAR_MARK] == b"ustar":
        return Sniffed("is a tar archive", "Unpack it and open a file inside.")
    if len(head) >= 4 and head[:4].strip(b"\0") and head[2:4] == b"\0\0" and _swapped(head):
        return Sniffed(
            "is written with its bytes in the reverse order (little-endian)",
            "It can be saved anew in the right order.",
            idx=True,
        )
    if head[:2] == b"\0\0"[: len(head)]:
        return _only_zeros(head)
    return _text(head) or _unknown(head)


def _swapped(head: bytes) -> bool:
    """Tell whether the magic number stands there back to front."""
    return 1 <= head[0] <= MAX_RANK and head[1] in ELEMENT_CODES


def _only_zeros(head: bytes) -> Sniffed | None:
    """Recognise the space that a download reserved and never filled."""
    if len(head) < 4 or head.strip(b"\0"):
        return None
    return Sniffed("begins with zeros alone", "Its download was never filled in; fetch it again.")


def _text(head: bytes) -> Sniffed | None:
    """Recognise what servers and version control leave in the place of a file."""
    if _LFS_POINTER.match(head):
        size = _LFS_SIZE.search(head)
        whole = f"; the file itself has {int(size[1]):,} bytes" if size else ""
        return Sniffed(
            f"is a Git LFS pointer, a note about the file and not the file itself{whole}",
            "Run “git lfs pull” where it came from, or download the file itself.",
        )
    if _HTML.match(head):
        return Sniffed(
            "is a web page (HTML), saved under the name of the file",
            "The server sent a page instead of the file; download it from another place.",
        )
    if _XML.match(head):
        return Sniffed(
            "is an XML text, often a server's refusal saved under the name of the file",
            "Download the file from another place.",
        )
    if _PICKLE.match(head):
        return Sniffed("is a Python pickle", "Look for the same dataset in the IDX format.")
    if _JSON.match(head):
        return Sniffed(
            "is a JSON text, often a server's refusal saved under the name of the file",
            "Download the file from another place.",
        )
    if _TEXT.match(head):
        shown = shown_line(head)
        return Sniffed(
            f"is a text that begins “{shown}”",
            "If that is a server's answer, download the file from another place; else choose an "
            "IDX file.",
        )
    return None


def shown_line(content: bytes) -> str:
    """Return the beginning of the first line of a text, fit to be shown in a message."""
    first = content.decode("utf-8", "replace").strip().splitlines()[:1]
    return "".join(sign if sign.isprintable() else " " for sign in first[0][:40]) if first else ""


def _unknown(head: bytes) -> Sniffed:
    """Describe content that nobody here knows."""
    return Sniffed(
        f"is not an IDX file: it begins with {head[:4].hex(' ').upper()}, where 00 00 is expected",
        "Choose a file in the format MNIST was published in.",
    )
