"""What is fuzzed: functions of bytes that fail when anything else happens than we promise.

They know nothing of the fuzzer, so that the ordinary tests run them too.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from mnist_desktop.datasets.anatomy import read_anatomy
from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.doctor import Diagnosis, diagnose_job
from mnist_desktop.datasets.faults import SNIFFED_BYTES, sniff
from mnist_desktop.datasets.idx import read_header, read_idx
from mnist_desktop.datasets.known import read_mapping
from mnist_desktop.datasets.rescue import rescue_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish

Result = TypeVar("Result")

_NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-images-idx3-ubyte",
    "emnist-letters-test-images-idx3-ubyte.gz",
    "mine",
)


class Workplace:
    """A folder for the files of one input at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes) -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def clear(self) -> None:
        """Remove every file."""
        for path in self.folder.iterdir():
            path.unlink()


def wrapped(data: bytes) -> bytes:
    """Turn the fuzzer's bytes into a file: its first byte says how the others are packed and cut.

    Two bits tell how often they are packed with gzip, whose checksums no fuzzer would ever guess;
    two more whether what is packed is then cut off, changed in the middle or lengthened.
    """
    if not data:
        return data
    how, content = data[0], data[1:]
    for _ in range(how & 3):
        content = gzip.compress(content, 1, mtime=0)
    fate = how >> 2 & 3
    place = len(content) * (how >> 4) // 16
    if fate == 1:
        return content[:place]
    if fate == 2 and content:
        return content[:place] + bytes((content[place] ^ 0x55,)) + content[place + 1 :]
    return content + content[:place] if fate == 3 else content


def outcome(action: Callable[[], Result]) -> Result | UserError:
    """Return what came of it, or why it was refused: in words, with what to do."""
    try:
        return action()
    except UserError as error:
        if not (error.message.isprintable() and error.advice.endswith(".")):
            raise AssertionError(f"not fit to be shown: {error!r}") from error
        return error


def read(work: Workplace, data: bytes) -> None:
    """Read a file, or hear why not; an array is exactly what its header promises."""
    for content in (data, wrapped(data)):
        path = work.put("x.idx", content)
        header = outcome(lambda path=path: read_header(path))  # type: ignore[misc]
        array = outcome(lambda path=path: read_idx(path))  # type: ignore[misc]
        if isinstance(header, UserError) or isinstance(array, UserError):
            assert isinstance(array, UserError)
            continue
        assert (array.dtype, array.shape) == (header.dtype, header.shape)
        assert not array.flags.writeable


def unpack(work: Workplace, data: bytes) -> None:
    """Read the same content plain and packed: both give the same, or refuse."""
    plain, packed = work.put("x", data), work.put("x.gz", gzip.compress(data, 1, mtime=0))
    first, second = outcome(lambda: read_idx(plain)), outcome(lambda: read_idx(packed))
    assert isinstance(first, UserError) == isinstance(second, UserError)
    if not isinstance(first, UserError) and not isinstance(second, UserError):
        assert first.tobytes() == second.tobytes()


def garbled(work: Workplace, data: bytes) -> None:
    """Read bytes behind a gzip header that is right, as deflate data."""
    path = work.put("x.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + data)
    outcome(lambda: read_idx(path))
    _diagnosed(path)


def diagnose(work: Workplace, data: bytes) -> None:
    """Examine a file; what is called sound can be read, and nothing else."""
    name = _NAMES[len(data) % len(_NAMES)]
    path = work.put(name, wrapped(data))
    found = _diagnosed(path)
    array = outcome(lambda: read_idx(path))
    if isinstance(array, UserError):
        assert found.verdict != "sound"
        assert found.problems
    else:
        assert found.verdict == "sound"
        assert found.recoverable == (len(array) if array.ndim else 1)


def examine_labels(work: Workplace, data: bytes) -> None:
    """Examine labels and their images in one folder, whatever each of them is."""
    cut = data[0] if data else 0
    work.put("my-images", wrapped(data[1 : 1 + cut]))
    work.put("my-mapping.txt", data[-40:])
    for path in (work.put("my-labels", wrapped(data[1 + cut :])), work.folder / "my-images"):
        _diagnosed(path)


def rescue(work: Workplace, data: bytes) -> None:
    """Save what can be saved: it is as much as was said, and sound."""
    path = work.put(_NAMES[len(data) % len(_NAMES)], wrapped(data))
    target = work.folder / "saved.idx"
    found = _diagnosed(path)
    saved = outcome(lambda: finish(rescue_job(path, target)))
    if isinstance(saved, UserError):
        assert not found.savable
        assert not target.exists()
        return
    assert saved.count == found.recoverable
    array = read_idx(target)
    assert (len(array) if array.ndim else 1) == saved.count > 0
    assert array.shape[1:] == found.shape[1:]
    again = _diagnosed(target)
    assert (again.verdict, again.recoverable) == ("sound", saved.count)
    if found.verdict == "sound":
        assert array.tobytes() == read_idx(path).tobytes()


def open_all(work: Workplace, data: bytes) -> None:
    """Open images with labels beside them as a dataset, or hear why not."""
    cut = data[0] if data else 0
    work.put("my-labels", wrapped(data[1 : 1 + cut]))
    path = work.put("my-images", wrapped(data[1 + cut :]))
    dataset = outcome(lambda: open_dataset(path))
    if isinstance(dataset, UserError):
        return
    assert dataset.images.ndim == 3
    if dataset.labels is not None:
        assert len(dataset.labels) == len(dataset.images)


def mapping(work: Workplace, data: bytes) -> None:
    """Read a mapping file: labels with printable names, or a refusal."""
    path = work.put("my-mapping.txt", data)
    names = outcome(lambda: read_mapping(path))
    if isinstance(names, UserError):
        return
    assert names
    assert all(label >= 0 and name and name.isprintable() for label, name in names.items())


def explain(work: Workplace, data: bytes) -> None:
    """Explain the first bytes of a file: each stands where it is said to."""
    content = wrapped(data)
    found = read_anatomy(work.put("x.idx", content))
    for group in found.packing or found.content:
        assert content[group.offset : group.offset + len(group.data)] == group.data
    for group in (*found.packing, *found.content):
        assert group.meaning
        assert group.meaning.isprintable()


def sniff_all(work: Workplace, data: bytes) -> None:
    """Say what bytes are instead of an IDX file."""
    told = sniff(data[:SNIFFED_BYTES])
    if told is None:
        assert data.startswith(b"\0\0"[: len(data)])
    else:
        assert told.problem.isprintable()
        assert told.advice.endswith(".")


def _diagnosed(path: Path) -> Diagnosis:
    """Return a diagnosis whose words are fit to be read."""
    found = finish(diagnose_job(path, preview=4))
    assert found.prospect
    for problem in found.problems:
        assert problem.text
        assert problem.text.isprintable()
        assert problem.advice.endswith(".")
        assert problem.offset >= 0
    if found.recoverable is not None:
        assert found.recoverable >= 0
        assert found.savable in (0, found.recoverable)
        assert math.prod(found.shape) >= 0
    if found.preview is not None:
        assert found.preview.ndim == 3
        assert found.preview.dtype == np.uint8
    return found


TARGETS: dict[str, Callable[[Workplace, bytes], None]] = {
    "read": read,
    "unpack": unpack,
    "garbled": garbled,
    "diagnose": diagnose,
    "labels": examine_labels,
    "rescue": rescue,
    "open": open_all,
    "mapping": mapping,
    "explain": explain,
    "sniff": sniff_all,
}
