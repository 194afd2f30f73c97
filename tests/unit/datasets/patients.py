"""Make files, right or wrong, byte by byte."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.doctor import Diagnosis
from mnist_desktop.datasets.sample_digits import sample_dataset


def idx_bytes(code: int, *sizes: int, data: bytes = b"") -> bytes:
    """Write an IDX file by hand, right or wrong."""
    return bytes((0, 0, code, len(sizes))) + struct.pack(f">{len(sizes)}I", *sizes) + data


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write `content` into a new file."""
    path = folder / name
    path.write_bytes(content)
    return path


def told(diagnosis: Diagnosis) -> str:
    """Return all problems as one text."""
    return "\n".join(problem.text for problem in diagnosis.problems)


@dataclass(frozen=True)
class Patient:
    """A file with a fault.

    Parameters
    ----------
    name, content
        The file.
    verdict, words
        What the doctor has to find, and words that must be in what it says.
    saved
        What a rescue has to write; `None` where there is nothing to save.
    partner
        How many labels lie beside it; 0 for none.
    doubtful
        How many of the last items saved may hold wrong values.
    """

    name: str
    content: bytes
    verdict: str
    words: tuple[str, ...]
    saved: NDArray[Any] | None = None
    partner: int = 0
    doubtful: int = 0


IMAGES = np.random.default_rng(1).integers(1, 256, (100, 28, 28), dtype=np.uint8)
SHORTS = np.random.default_rng(2).integers(-999, 999, (40, 5, 5)).astype(np.int16)
FLOATS = np.random.default_rng(3).random((30, 4, 4)).astype(np.float32)
PLAIN = idx_bytes(8, 100, 28, 28, data=IMAGES.tobytes())
PACKED = gzip.compress(PLAIN, mtime=0)
GZ = "train-images-idx3-ubyte.gz"
RAW = "train-images-idx3-ubyte"
SOUND, DAMAGED, NO_IDX = "sound", "damaged", "not idx"
PAGE = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body></body></html>"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 4714707\n" % 7


def little(code: int, array: NDArray[Any]) -> bytes:
    """Write an IDX file as a little-endian computer writes what it has in memory."""
    head = bytes((array.ndim, code, 0, 0)) + struct.pack(f"<{array.ndim}I", *array.shape)
    return head + array.astype(array.dtype.newbyteorder("<")).tobytes()


def half_little(code: int, array: NDArray[Any]) -> bytes:
    """Write the magic number right and all else little-endian."""
    return bytes((0, 0, code, array.ndim)) + little(code, array)[4:]


def packed(content: bytes, times: int) -> bytes:
    """Pack content with gzip again and again."""
    for _ in range(times):
        content = gzip.compress(content, mtime=0)
    return content


def _something_else() -> dict[str, Patient]:
    """Return files that are no IDX files."""
    return {
        "empty": Patient(GZ, b"", NO_IDX, ("The file is empty",)),
        "web page": Patient(GZ, PAGE, NO_IDX, ("is a web page (HTML)",)),
        "web page, packed": Patient(GZ, packed(PAGE, 1), NO_IDX, ("is a web page (HTML)",)),
        "Git LFS pointer": Patient(GZ, LFS, NO_IDX, ("Git LFS pointer", "4,714,707 bytes")),
        "refusal as JSON": Patient(GZ, b'{"message": "Not Found"}', NO_IDX, ("JSON text",)),
        "refusal as XML": Patient(GZ, b"<?xml version='1.0'?><Error>", NO_IDX, ("XML text",)),
        "refusal as text": Patient(GZ, b"404: Not Found", NO_IDX, ("begins “404: Not Found”",)),
        "taken for a text": Patient(GZ, b"\x1f\xef\xbf\xbd\x08", NO_IDX, ("taken for a text",)),
        "Base64": Patient(GZ, b"H4sIAAAAAAAA", NO_IDX, ("Base64",)),
        "tar archive": Patient(
            GZ, packed(b"a.txt".ljust(257, b"\0") + b"ustar", 1), NO_IDX, ("tar archive",)
        ),
        "something else": Patient(GZ, b"\7\6\5\4", NO_IDX, ("begins with 07 06 05 04",)),
        "zeros alone": Patient(RAW, bytes(9000), NO_IDX, ("zeros alone",)),
    }


def _ending_early() -> dict[str, Patient]:
    """Return files that end too early."""
    return {
        "cut off": Patient(
            RAW, PLAIN[: 16 + 784 * 42 + 9], DAMAGED, ("is cut off", "100 × 28 × 28"), IMAGES[:42]
        ),
        "cut off in the header": Patient(RAW, PLAIN[:11], DAMAGED, ("inside its header",)),
        "cut off before the first image": Patient(RAW, PLAIN[:99], DAMAGED, ("is cut off",)),
        "packed, cut off": Patient(
            GZ, PACKED[: len(PACKED) // 2], DAMAGED, ("is cut off: its gzip data stops",), IMAGES
        ),
        "packed, without its ending": Patient(
            GZ, PACKED[:-8], DAMAGED, ("lacks the ending of its gzip data",), IMAGES
        ),
        "packed twice, cut off": Patient(
            GZ, packed(PLAIN, 2)[:40_000], DAMAGED, ("twice", "gzip data stops after"), IMAGES
        ),
    }


def _badly_packed() -> dict[str, Patient]:
    """Return files that were packed too often, or whose gzip data is damaged."""
    digits = sample_dataset(400).images
    changed = bytearray(packed(idx_bytes(8, 400, 28, 28, data=digits.tobytes()), 1))
    changed[len(changed) // 2 : len(changed) // 2 + 512] = bytes(512)
    # Level 0 stores blocks of 65,535 bytes with their length: damage to one is seen at once.
    garbled = bytearray(gzip.compress(PLAIN, 0, mtime=0))
    garbled[10 + 5 + 65_535 : 10 + 5 + 65_535 + 5] = b"\xff" * 5
    return {
        "packed, garbled": Patient(
            GZ, bytes(garbled), DAMAGED, ("gzip data is garbled",), IMAGES, doubtful=1
        ),
        "packed, damaged in the middle": Patient(
            GZ, bytes(changed), DAMAGED, ("checksum of its gzip",), digits, doubtful=220
        ),
        "packed, wrong checksum": Patient(
            GZ, PACKED[:-8] + bytes(4) + PACKED[-4:], DAMAGED, ("checksum",), IMAGES
        ),
        "packed, something appended": Patient(
            GZ, PACKED + PAGE, DAMAGED, ("goes on behind the end of its gzip data",), IMAGES
        ),
        "packed twice": Patient(GZ, packed(PLAIN, 2), DAMAGED, ("packed with gzip twice",), IMAGES),
        "packed five times": Patient(
            GZ, packed(PLAIN, 5), DAMAGED, ("packed with gzip 5 times",), IMAGES
        ),
        "packed six times": Patient(GZ, packed(PLAIN, 6), NO_IDX, ("more than 5 times",)),
        "web page, packed twice": Patient(
            GZ, packed(PAGE, 2), NO_IDX, ("twice, and what is inside is a web page",)
        ),
        "unpacked, but named .gz": Patient(GZ, PLAIN, SOUND, ("already unpacked",), IMAGES),
        "packed, but not named .gz": Patient(RAW, PACKED, SOUND, ("does not end in .gz",), IMAGES),
    }


def _back_to_front() -> dict[str, Patient]:
    """Return files written as a little-endian computer keeps its numbers."""
    order = "bytes in the reverse order (little-endian)"
    return {
        "little-endian": Patient(RAW, little(8, IMAGES), DAMAGED, (order,), IMAGES),
        "little-endian int16": Patient(
            GZ, packed(little(11, SHORTS), 1), DAMAGED, (order,), SHORTS
        ),
        "little-endian float32": Patient(RAW, little(13, FLOATS), DAMAGED, (order,), FLOATS),
        "little-endian, cut off": Patient(
            RAW, little(11, SHORTS)[:-7], DAMAGED, (order, "is cut off"), SHORTS[:39]
        ),
        "sizes little-endian": Patient(
            RAW,
            half_little(8, IMAGES),
            DAMAGED,
            ("sizes written with their bytes in the reverse", "expected 100 × 28 × 28"),
            IMAGES,
        ),
        "sizes little-endian, packed float32": Patient(
            GZ, packed(half_little(13, FLOATS), 1), DAMAGED, ("sizes written",), FLOATS
        ),
        "one size little-endian": Patient(
            "train-labels-idx1-ubyte",
            half_little(8, IMAGES[:, 0, 0] % 10),
            DAMAGED,
            ("sizes written", "expected 100, found 1,677,721,600"),
            IMAGES[:, 0, 0] % 10,
        ),
    }


def _wrongly_counted() -> dict[str, Patient]:
    """Return files whose header promises something else than there is."""
    promise_more = idx_bytes(8, 250, 28, 28, data=IMAGES.tobytes())
    promise_fewer = idx_bytes(8, 60, 28, 28, data=IMAGES.tobytes())
    nothing_promised = idx_bytes(8, 0, 28, 28, data=IMAGES.tobytes())
    return {
        "promises more": Patient(RAW, promise_more, DAMAGED, ("promises 250 × 28 × 28",), IMAGES),
        "promises more, packed": Patient(
            GZ, packed(promise_more, 1), DAMAGED, ("promises 250 × 28 × 28",), IMAGES
        ),
        "promises far more": Patient(
            GZ,
            packed(PLAIN[:4] + b"\x7f" + PLAIN[5:], 1),
            DAMAGED,
            ("promises more than it can hold",),
            IMAGES,
        ),
        "promises fewer": Patient(
            RAW, promise_fewer, DAMAGED, ("60 × 28 × 28", "40 more stand behind"), IMAGES
        ),
        "promises fewer, packed": Patient(
            GZ, packed(promise_fewer, 1), DAMAGED, ("40 more stand behind",), IMAGES
        ),
        "promises nothing": Patient(
            GZ, packed(nothing_promised, 1), DAMAGED, ("100 more stand behind",), IMAGES
        ),
        "promises fewer, as its labels do": Patient(
            RAW, promise_fewer, DAMAGED, ("goes on behind the 60 × 28 × 28",), IMAGES[:60], 60
        ),
        "promises fewer, and is cut off": Patient(
            RAW, promise_fewer[:-9], DAMAGED, ("39 more stand behind",), IMAGES[:99], 100
        ),
        "something appended": Patient(
            RAW, PLAIN + PAGE, DAMAGED, ("goes on behind", "bytes more"), IMAGES
        ),
        "zeros appended": Patient(
            GZ, packed(PLAIN + bytes(784 * 3), 1), DAMAGED, ("goes on behind",), IMAGES
        ),
        "labels appended": Patient(
            "x-labels",
            idx_bytes(8, 3, data=b"\1\2\3\4"),
            DAMAGED,
            ("1 byte more",),
            np.array([1, 2, 3], np.uint8),
        ),
    }


def _odd() -> dict[str, Patient]:
    """Return files with a senseless header, content or name."""
    zeroed = PLAIN[: 16 + 784 * 30] + bytes(784 * 70)
    return {
        "never filled in": Patient(
            RAW, zeroed, SOUND, ("last 70 images are blank", "from number 30 on")
        ),
        "all blank": Patient(RAW, PLAIN[:16] + bytes(78_400), SOUND, ("All 100 images are blank",)),
        "unknown type": Patient(RAW, idx_bytes(10, 2, data=b"ab"), DAMAGED, ("element type",)),
        "rank 0": Patient(RAW, idx_bytes(8), DAMAGED, ("cut off", "promises 1 value")),
        "impossible sizes": Patient(
            RAW, idx_bytes(8, *[2**32 - 1] * 3), DAMAGED, ("any computer",)
        ),
        "labels out of range": Patient(
            "emnist-letters-train-labels-idx1-ubyte",
            idx_bytes(8, 4, data=b"\1\x1a\x1b\0"),
            DAMAGED,
            ("2 of 4 labels are out of range: number 2 is 27", "1 to 26 is expected"),
        ),
        "a stray label": Patient(
            "my-labels",
            idx_bytes(8, 3000, data=bytes(i % 10 for i in range(2999)) + b"\xc8"),
            SOUND,
            ("1 of 3,000 labels lie far", "number 2,999 is 200", "nearly all are 0 to 9"),
        ),
        "labels named as images": Patient(
            RAW, idx_bytes(8, 3, data=b"abc"), SOUND, ("says images", "3 single numbers")
        ),
        "images named as labels": Patient(
            "train-labels-idx1-ubyte", PLAIN, SOUND, ("says labels", "pictures, 100 × 28 × 28")
        ),
    }


def patients() -> dict[str, Patient]:
    """Return a file for every fault we know."""
    return (
        _something_else()
        | _ending_early()
        | _badly_packed()
        | _back_to_front()
        | _wrongly_counted()
        | _odd()
    )
