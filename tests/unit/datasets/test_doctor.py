"""The doctor names each fault, agrees with the reader, and saves what can be saved."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import struct
import tempfile
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.doctor import Diagnosis, diagnose, diagnose_job
from mnist_desktop.datasets.idx import IdxError, read_idx, write_idx
from mnist_desktop.datasets.rescue import partner_target, rescue_job, suggested_name
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Progress, finish
from tests.unit.datasets.patients import idx_bytes, put

PICTURES = np.random.default_rng(1).integers(0, 256, (100, 28, 28), dtype=np.uint8)


@pytest.fixture
def plain(tmp_path: Path) -> bytes:
    """Return a sound, plain file of 100 pictures as bytes."""
    write_idx(tmp_path / "source", PICTURES)
    content = (tmp_path / "source").read_bytes()
    (tmp_path / "source").unlink()
    return content


def told(diagnosis: Diagnosis) -> str:
    """Return all problems as one text."""
    return "\n".join(problem.text for problem in diagnosis.problems)


def test_sound_files_have_no_problems(tmp_path: Path) -> None:
    images, labels = tmp_path / "train-images-idx3-ubyte.gz", tmp_path / "train-labels-idx1-ubyte"
    write_idx(images, PICTURES)
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


def test_faults_of_plain_files(tmp_path: Path, plain: bytes) -> None:
    cut = diagnose(put(tmp_path, "cut", plain[: 16 + 784 * 10 + 5]))
    assert (cut.verdict, cut.recoverable, cut.shape) == ("damaged", 10, (100, 28, 28))
    assert "cut off" in told(cut)
    assert cut.problems[0].offset == 16 + 784 * 10 + 5
    longer = diagnose(put(tmp_path, "longer", plain + b"rest"))
    assert (longer.verdict, longer.recoverable) == ("damaged", 100)
    assert "4 bytes more" in told(longer)
    head = diagnose(put(tmp_path, "head", plain[:7]))
    assert (head.verdict, head.recoverable, head.type) == ("damaged", None, "")


def test_faults_of_packed_files(tmp_path: Path, plain: bytes) -> None:
    packed = gzip.compress(plain)
    cut = diagnose(put(tmp_path, "cut.gz", packed[: len(packed) // 2]))
    assert cut.verdict == "damaged"
    assert cut.recoverable is not None
    assert 45 <= cut.recoverable <= 55
    assert "stops after" in told(cut)
    checksum = diagnose(put(tmp_path, "sum.gz", packed[:-8] + bytes(4) + packed[-4:]))
    assert (checksum.verdict, checksum.recoverable) == ("damaged", 100)
    assert "checksum" in told(checksum)
    longer = diagnose(put(tmp_path, "longer.gz", gzip.compress(plain + b"x")))
    assert (longer.verdict, longer.recoverable) == ("damaged", 100)
    fewer = diagnose(put(tmp_path, "fewer.gz", gzip.compress(plain[: 16 + 784 * 3])))
    assert (fewer.verdict, fewer.recoverable) == ("damaged", 3)
    assert "header promises 100 × 28 × 28" in told(fewer)
    promise = plain[:4] + b"\x7f" + plain[5:]
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


def test_wrong_ending_is_a_remark(tmp_path: Path, plain: bytes) -> None:
    unpacked = diagnose(put(tmp_path, "a-images.gz", plain))
    assert unpacked.verdict == "sound"
    assert "already unpacked" in told(unpacked)
    packed = diagnose(put(tmp_path, "b-images", gzip.compress(plain)))
    assert packed.verdict == "sound"
    assert "does not end in .gz" in told(packed)
    assert "“b-images.gz”" in packed.problems[0].advice


def test_partner_of_another_length_or_damaged_is_a_remark(tmp_path: Path, plain: bytes) -> None:
    images = put(tmp_path, "x-images", plain)
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


def test_many_labels_take_little_memory(tmp_path: Path) -> None:
    labels = np.tile(np.arange(10, dtype=np.uint8), 1 << 21)
    labels[-1] = 77
    write_idx(tmp_path / "my-labels", labels)
    del labels
    tracemalloc.start()
    diagnosis = diagnose(tmp_path / "my-labels")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "1 of 20,971,520 labels lie far from all others: number 20,971,519 is 77" in told(
        diagnosis
    )
    assert peak < 64 << 20
    numbers = np.arange(300_000, dtype=np.int32)
    numbers[5] = -1
    write_idx(tmp_path / "other-labels", numbers)
    assert diagnose(tmp_path / "other-labels").problems == ()  # no classes at all


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


@pytest.mark.parametrize("packed", [False, True])
def test_whole_items_are_saved(tmp_path: Path, plain: bytes, packed: bool) -> None:
    content = gzip.compress(plain, mtime=0) if packed else plain
    damaged = put(tmp_path, "damaged", content[: len(content) // 2])
    seen = []
    count = finish(rescue_job(damaged, tmp_path / "saved"), seen.append).count
    saved = read_idx(tmp_path / "saved")
    assert count == diagnose(damaged).recoverable == len(saved)
    assert 45 <= count <= 55
    assert np.array_equal(saved, PICTURES[:count])
    assert seen[-1].fraction == 1.0
    assert diagnose(tmp_path / "saved").verdict == "sound"


def test_nothing_to_save_writes_nothing(
    tmp_path: Path, plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = put(tmp_path, "damaged", plain[:100])
    with pytest.raises(IdxError, match="cut off"):
        finish(rescue_job(damaged, tmp_path / "saved"))
    put(tmp_path, "damaged", plain[:10_000])

    def refuse(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UserError, match="No space left"):
        finish(rescue_job(damaged, tmp_path / "saved"))
    assert os.listdir(tmp_path) == ["damaged"]


def test_examination_reports_and_can_be_left(tmp_path: Path, plain: bytes) -> None:
    path = put(tmp_path, "x", plain)
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


def test_labels_are_cut_to_the_same_count(tmp_path: Path, plain: bytes) -> None:
    damaged = put(tmp_path, "Train-Images.idx3-ubyte.gz", gzip.compress(plain)[:-20_000])
    write_idx(tmp_path / "Train-Labels.idx1-ubyte", np.arange(100, dtype=np.uint8))
    diagnosis = diagnose(damaged)
    assert diagnosis.partner is not None
    assert diagnosis.partner_count == 100
    target = tmp_path / suggested_name(damaged)
    assert target.name == "saved-Train-Images.idx3-ubyte"
    labels = partner_target(target, diagnosis.partner)
    assert labels.name == "saved-Train-Labels.idx1-ubyte"

    saved = finish(rescue_job(damaged, target, partner_target=labels))

    assert 0 < saved.count == saved.partner_count == diagnosis.savable < 100
    assert np.array_equal(read_idx(labels), np.arange(saved.count))
    dataset = open_dataset(target)
    assert dataset.labels_path == labels
    assert len(dataset) == saved.count


@pytest.mark.parametrize(
    ("target", "partner", "made"),
    [
        ("a-images-idx3-ubyte", "b-labels-idx1-ubyte.gz", "a-labels-idx1-ubyte"),
        ("a-images-idx3-ubyte", "b-labels-idx2-int.gz", "a-labels-idx2-ubyte"),
        ("A_LABELS.gz", "b-images", "A_IMAGES.gz"),
        ("mine.idx", "b-labels.gz", "saved-b-labels"),
    ],
)
def test_names_of_what_is_saved_belong_together(target: str, partner: str, made: str) -> None:
    assert partner_target(Path("x") / target, Path("y") / partner) == Path("x") / made


def test_what_is_saved_from_is_never_replaced(tmp_path: Path, plain: bytes) -> None:
    damaged = put(tmp_path, "x-images", plain[:50_000])
    write_idx(tmp_path / "x-labels", np.zeros(100, np.uint8))
    for target in ("x-images", "x-labels"):
        with pytest.raises(UserError, match="would be lost"):
            finish(rescue_job(damaged, tmp_path / target))
    job = rescue_job(damaged, tmp_path / "new", partner_target=tmp_path / "x-labels")
    with pytest.raises(UserError, match="would be lost"):
        finish(job)
    assert sorted(os.listdir(tmp_path)) == ["x-images", "x-labels"]
    assert damaged.read_bytes() == plain[:50_000]
    other = put(tmp_path, "other", b"mine")
    with pytest.raises(UserError, match="is there already"):
        finish(rescue_job(damaged, tmp_path / "new", partner_target=other))
    assert other.read_bytes() == b"mine"
    assert not (tmp_path / "new").exists()


def test_labels_that_cannot_be_saved_leave_the_images(tmp_path: Path, plain: bytes) -> None:
    damaged = put(tmp_path, "x-images", plain[:50_000])
    put(tmp_path, "x-labels", b"<html>")
    with pytest.raises(UserError, match="“new” was saved, but what belongs with it was not"):
        finish(rescue_job(damaged, tmp_path / "new", partner_target=tmp_path / "other"))
    assert len(read_idx(tmp_path / "new")) == 63
    assert not (tmp_path / "other").exists()


def test_the_first_pictures_come_along(tmp_path: Path, plain: bytes) -> None:
    damaged = put(tmp_path, "x-images.gz", gzip.compress(plain[: 16 + 784 * 9 + 1]))
    preview = finish(diagnose_job(damaged, preview=20)).preview
    assert preview is not None
    assert np.array_equal(preview, PICTURES[:9])
    turned = put(tmp_path, "emnist-letters-test-images-idx3-ubyte", plain)
    preview = finish(diagnose_job(turned, preview=5)).preview
    assert preview is not None
    assert np.array_equal(preview, PICTURES[:5].swapaxes(1, 2))
    labels = put(tmp_path, "x-labels", plain[:3] + b"\1" + plain[4:8] + bytes(100))
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


def bomb(head: bytes, *, megabytes: int) -> bytes:
    """Return gzip data that unpacks to `head` and very many zeros, right to the last byte.

    What deflate writes between two full flushes can be repeated, so that nothing is packed twice.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    zeros = bytes(1 << 20)
    repeated = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(head)
    for _ in range(megabytes):
        checksum = zlib.crc32(zeros, checksum)
    trailer = struct.pack("<II", checksum, len(head) + (megabytes << 20) & 0xFFFFFFFF)
    start = gzip.compress(b"", mtime=0)[:10]
    return start + first + repeated * megabytes + packer.flush() + trailer


def test_a_bomb_stops_at_its_promise(tmp_path: Path) -> None:
    assert gzip.decompress(bomb(b"x", megabytes=2)) == b"x" + bytes(2 << 20)
    path = put(tmp_path, "bomb-images.gz", bomb(idx_bytes(8, 10, 28, 28), megabytes=1024))
    assert path.stat().st_size < 2 << 20
    tracemalloc.start()
    try:
        with pytest.raises(IdxError, match="goes on behind"):
            read_idx(path)
        reports: list[Progress] = []
        diagnosis = finish(diagnose_job(path), reports.append)
        finish(rescue_job(path, tmp_path / "saved"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (diagnosis.verdict, diagnosis.recoverable) == ("damaged", 10)
    assert max(report.done for report in reports) <= 7840
    assert (tmp_path / "saved").stat().st_size == 16 + 7840
    assert peak < 8 << 20


def test_a_bomb_in_a_bomb_stops(tmp_path: Path) -> None:
    # Empty stored blocks: deflate data without end that unpacks to nothing, and packs well itself.
    inner = gzip.compress(b"")[:10] + b"\0\0\0\xff\xff" * (15 << 20)
    path = put(tmp_path, "x.gz", gzip.compress(inner, 1))
    diagnosis = diagnose(path)
    assert diagnosis.verdict == "damaged"
    assert "has no end" in told(diagnosis)
