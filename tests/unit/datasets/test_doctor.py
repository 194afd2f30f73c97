"""The doctor names each fault, agrees with the reader, and saves what can be saved."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.doctor import Diagnosis, diagnose, diagnose_job
from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.datasets.rescue import rescue_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.patients import IMAGES, PLAIN, idx_bytes, put, told


def test_sound_files_have_no_problems(tmp_path: Path) -> None:
    images, labels = tmp_path / "train-images-idx3-ubyte.gz", tmp_path / "train-labels-idx1-ubyte"
    write_idx(images, IMAGES)
    write_idx(labels, np.zeros(100, np.uint8))
    assert diagnose(images) == Diagnosis(
        path=images,
        verdict="sound",
        type="uint8",
        shape=(100, 28, 28),
        compressed=True,
        partner=labels,
        partner_count=100,
        recoverable=100,
    )
    assert diagnose(labels).problems == ()


def test_faults_of_plain_files(tmp_path: Path) -> None:
    cut = diagnose(put(tmp_path, "cut", PLAIN[: 16 + 784 * 10 + 5]))
    assert (cut.verdict, cut.recoverable, cut.shape) == ("damaged", 10, (100, 28, 28))
    assert "cut off" in told(cut)
    assert cut.problems[0].offset == 16 + 784 * 10 + 5
    longer = diagnose(put(tmp_path, "longer", PLAIN + b"rest"))
    assert (longer.verdict, longer.recoverable) == ("damaged", 100)
    assert "4 bytes more" in told(longer)
    head = diagnose(put(tmp_path, "head", PLAIN[:7]))
    assert (head.verdict, head.recoverable, head.type) == ("damaged", None, "")


def test_faults_of_packed_files(tmp_path: Path) -> None:
    packed = gzip.compress(PLAIN)
    cut = diagnose(put(tmp_path, "cut.gz", packed[: len(packed) // 2]))
    assert cut.verdict == "damaged"
    assert cut.recoverable is not None
    assert 45 <= cut.recoverable <= 55
    assert "stops after" in told(cut)
    checksum = diagnose(put(tmp_path, "sum.gz", packed[:-8] + bytes(4) + packed[-4:]))
    assert (checksum.verdict, checksum.recoverable) == ("damaged", 100)
    assert "checksum" in told(checksum)
    longer = diagnose(put(tmp_path, "longer.gz", gzip.compress(PLAIN + b"x")))
    assert (longer.verdict, longer.recoverable) == ("damaged", 100)
    fewer = diagnose(put(tmp_path, "fewer.gz", gzip.compress(PLAIN[: 16 + 784 * 3])))
    assert (fewer.verdict, fewer.recoverable) == ("damaged", 3)
    assert "header promises 100 × 28 × 28" in told(fewer)
    promise = PLAIN[:4] + b"\x7f" + PLAIN[5:]
    liar = diagnose(put(tmp_path, "liar.gz", gzip.compress(promise)))
    assert (liar.verdict, liar.recoverable) == ("damaged", 100)
    assert "more than it can hold" in told(liar)


@pytest.mark.parametrize(
    ("content", "words", "verdict"),
    [
        (b"", "empty", "not idx"),
        (b"<!doctype html><p>404", "web page", "not idx"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer", "not idx"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "gzip twice", "not idx"),
        (bytes.fromhex("0308000000000001"), "reverse order", "damaged"),
    ],
)
def test_what_a_file_is_instead(tmp_path: Path, content: bytes, words: str, verdict: str) -> None:
    diagnosis = diagnose(put(tmp_path, "train-images-idx3-ubyte.gz", content))
    assert diagnosis.verdict == verdict
    assert words in told(diagnosis)
    assert diagnosis.problems[0].advice
    assert diagnosis.recoverable is None


def test_wrong_ending_is_a_remark(tmp_path: Path) -> None:
    unpacked = diagnose(put(tmp_path, "a-images.gz", PLAIN))
    assert unpacked.verdict == "sound"
    assert "already unpacked" in told(unpacked)
    packed = diagnose(put(tmp_path, "b-images", gzip.compress(PLAIN)))
    assert packed.verdict == "sound"
    assert "does not end in .gz" in told(packed)
    assert "“b-images.gz”" in packed.problems[0].advice


def test_partner_of_another_length_or_damaged_is_a_remark(tmp_path: Path) -> None:
    images = put(tmp_path, "x-images", PLAIN)
    write_idx(tmp_path / "x-labels", np.zeros(99, np.uint8))
    diagnosis = diagnose(images)
    assert (diagnosis.verdict, diagnosis.partner) == ("sound", tmp_path / "x-labels")
    assert "100 items, but “x-labels” has 99" in told(diagnosis)
    put(tmp_path, "x-labels", b"")
    assert "is empty" in told(diagnose(images))


def test_labels_out_of_range(tmp_path: Path) -> None:
    path = tmp_path / "emnist-letters-train-labels-idx1-ubyte"
    write_idx(path, np.array([1, 26, 27, 0], np.uint8))
    diagnosis = diagnose(path)
    assert diagnosis.verdict == "damaged"
    assert "2 of 4 labels are out of range: number 2 is 27" in told(diagnosis)
    assert diagnosis.problems[0].offset == 8 + 2
    assert diagnosis.recoverable == 4
    for values, words in (([3, -1], "number 1 is -1"), ([0.5], "fractions")):
        kind = np.int16 if words.startswith("number") else np.float32
        write_idx(tmp_path / "my-labels", np.array(values, kind))
        assert words in told(diagnose(tmp_path / "my-labels"))
    put(tmp_path, "my-mapping.txt", b"0 48\r\nnonsense")
    write_idx(tmp_path / "my-labels", np.array([0], np.uint8))
    broken = diagnose(tmp_path / "my-labels")
    assert (broken.verdict, "mapping file" in told(broken)) == ("sound", True)


def test_a_single_value(tmp_path: Path) -> None:
    path = put(tmp_path, "one-labels", idx_bytes(8, data=b"\7"))
    found = diagnose(path)
    assert (found.verdict, found.prospect) == ("sound", "Its only value is whole")
    path = put(tmp_path, "one-labels", idx_bytes(8, data=b"\7\7"))
    assert diagnose(path).savable == 1
    finish(rescue_job(path, tmp_path / "saved"))
    assert (tmp_path / "saved").read_bytes() == idx_bytes(8, data=b"\7")


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        diagnose(tmp_path / "nothing")


@settings(max_examples=200, deadline=None)
@given(
    cut=st.integers(0, 200),
    packed=st.booleans(),
    shape=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    flips=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 255)), max_size=3),
)
def test_doctor_and_reader_agree(
    cut: int, packed: bool, shape: list[int], flips: list[tuple[int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.idx"
        write_idx(path, np.ones(shape, np.int16), compress=packed)
        content = bytearray(path.read_bytes())
        for place, change in flips:
            content[place % len(content)] ^= change
        path.write_bytes(content[: max(0, len(content) - cut)])
        diagnosis = diagnose(path)
        readable = True
        try:
            read_idx(path)
        except UserError:
            readable = False
        assert (diagnosis.verdict == "sound") == readable
        if readable:
            assert diagnosis.recoverable == diagnosis.shape[0]


def test_examination_reports_and_can_be_left(tmp_path: Path) -> None:
    path = put(tmp_path, "x", PLAIN)
    seen = []
    finish(diagnose_job(path), seen.append)
    assert seen[-1].fraction == 1.0
    job = diagnose_job(path)
    next(job)
    job.close()
    path.unlink()  # on Windows this would fail if the file were still open
    assert not path.exists()


def test_real_files(shared_data: Path, tmp_path: Path) -> None:
    healthy = diagnose(shared_data / "mnist" / "train-images-idx3-ubyte.gz")
    assert (healthy.verdict, healthy.published, healthy.problems) == ("sound", "MNIST · train", ())
    columns = diagnose(shared_data / "odd" / "qmnist-test-labels-idx2-int.gz")
    assert (columns.verdict, columns.type, columns.published) == ("sound", "int32", "QMNIST · test")
    cut = diagnose(shared_data / "odd" / "kmnist-t10k-images-idx3-ubyte.TRUNCATED-at-32768.gz")
    assert (cut.verdict, cut.shape, cut.recoverable) == ("damaged", (10_000, 28, 28), 105)
    pointer = diagnose(
        shared_data / "odd" / "git-lfs-pointer-emnist-balanced-test-images-idx3-ubyte.gz"
    )
    assert (pointer.verdict, "4,714,707 bytes" in told(pointer)) == ("not idx", True)
    for kind in ("images-idx3", "labels-idx1"):
        source = shared_data / "emnist" / f"emnist-mnist-test-{kind}-ubyte.gz"
        shutil.copyfile(source, tmp_path / source.name)
        digits = diagnose(tmp_path / source.name)
        assert (digits.verdict, digits.published) == ("sound", "EMNIST mnist · test")
        part = diagnose(shared_data / "emnist" / f"emnist-letters-test-{kind}-ubyte.gz")
        assert (part.verdict, part.published) == ("sound", "")


def test_the_first_pictures_come_along(tmp_path: Path) -> None:
    damaged = put(tmp_path, "x-images.gz", gzip.compress(PLAIN[: 16 + 784 * 9 + 1]))
    preview = finish(diagnose_job(damaged, preview=20)).preview
    assert preview is not None
    assert np.array_equal(preview, IMAGES[:9])
    turned = put(tmp_path, "emnist-letters-test-images-idx3-ubyte", PLAIN)
    preview = finish(diagnose_job(turned, preview=5)).preview
    assert preview is not None
    assert np.array_equal(preview, IMAGES[:5].swapaxes(1, 2))
    labels = put(tmp_path, "x-labels", PLAIN[:3] + b"\1" + PLAIN[4:8] + bytes(100))
    assert finish(diagnose_job(labels, preview=5)).preview is None


def test_a_published_file_under_another_name(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "mnist" / "t10k-labels-idx1-ubyte.gz"
    for name, words in (
        ("fashion-t10k-labels-idx1-ubyte.gz", "this is MNIST · test, though its name or folder"),
        ("train-labels-idx1-ubyte.gz", "this is MNIST · test, though its name says train"),
    ):
        shutil.copyfile(source, tmp_path / name)
        diagnosis = diagnose(tmp_path / name)
        assert (diagnosis.verdict, diagnosis.published) == ("sound", "MNIST · test")
        assert words in told(diagnosis)
        (tmp_path / name).unlink()
