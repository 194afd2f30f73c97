"""What is there of the published datasets, and what the tables say of them."""

from __future__ import annotations

import gzip
import hashlib
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.archive import unpack_job
from mnist_desktop.datasets.known import guess
from mnist_desktop.datasets.mirrors import DATASETS, EMNIST, MNIST, QMNIST, published
from mnist_desktop.datasets.pace import Pace, size_text
from mnist_desktop.datasets.pairing import find_other_split, find_partner
from mnist_desktop.datasets.published import Member, Published, PublishedFile, addresses, inside
from mnist_desktop.datasets.shelf import Holding, by_hand, datasets_folder, look_job, survey_job
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.mirror_server import small_archive, small_published

IMAGES = "train-images-idx3-ubyte.gz"


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def look(dataset: Published, folder: Path) -> tuple[Holding, int]:
    """Return what is there, and how many files were read for it."""
    read: set[str] = set()
    holding = finish(
        look_job(dataset, folder),
        lambda p: read.add(p.what) if p.what.startswith("Checking") else None,
    )
    return holding, len(read)


# What is there


def test_files_put_there_by_hand_are_recognised_and_read_once(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    dataset = small_published(files)
    put(tmp_path / "mnist", files)

    first, read = look(dataset, tmp_path)
    again, read_again = look(dataset, tmp_path)

    assert first.complete
    assert (first.to_fetch, first.fetched) == (0, dataset.size)
    assert again == first
    assert (read, read_again) == (4, 0)


def test_a_file_unpacked_by_hand_is_recognised(tmp_path: Path, files: dict[str, bytes]) -> None:
    put(tmp_path / "mnist", files)
    packed = tmp_path / "mnist" / IMAGES
    packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()

    holding, _ = look(small_published(files), tmp_path)

    assert holding.complete
    assert holding.paths[IMAGES] == packed.with_suffix("")


def test_a_changed_file_is_noticed(tmp_path: Path, files: dict[str, bytes]) -> None:
    dataset = small_published(files)
    put(tmp_path / "mnist", files)
    look(dataset, tmp_path)
    changed = tmp_path / "mnist" / IMAGES
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")

    holding, _ = look(dataset, tmp_path)

    assert not holding.complete
    assert holding.foreign == (changed,)
    assert holding.to_fetch == len(files[IMAGES])
    assert [file.name for file in holding.missing] == [IMAGES]


def test_a_folder_of_that_name_is_no_file(tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "mnist" / IMAGES).mkdir(parents=True)

    assert not look(small_published(files), tmp_path)[0].paths


@pytest.mark.parametrize("marks", [b"", b"[]", b'{"a": 1}', b"\xff", b"[" * 100_000])
def test_marks_that_make_no_sense_are_made_anew(
    tmp_path: Path, files: dict[str, bytes], marks: bytes
) -> None:
    put(tmp_path / "mnist", files)
    (tmp_path / "mnist" / "checked.json").write_bytes(marks)

    assert look(small_published(files), tmp_path)[0].complete


def test_members_of_an_archive_are_recognised(tmp_path: Path, files: dict[str, bytes]) -> None:
    dataset, packed = small_archive(files)
    put(tmp_path / "emnist", {**files, "gzip.zip": packed})

    assert look(dataset, tmp_path)[0].complete
    (tmp_path / "emnist" / IMAGES).unlink()
    holding, _ = look(dataset, tmp_path)
    assert not holding.complete
    assert (holding.to_fetch, holding.missing) == (0, ())


def test_a_survey_tells_of_every_dataset(tmp_path: Path) -> None:
    holdings = finish(survey_job(tmp_path))

    assert [holding.dataset for holding in holdings] == list(DATASETS)
    assert not any(holding.paths for holding in holdings)
    assert not list(tmp_path.iterdir())


def test_the_folder_is_the_persons_own(home: Path) -> None:
    assert datasets_folder() == home / "datasets"


def test_by_hand_names_files_sizes_places_and_folder(tmp_path: Path) -> None:
    text = by_hand(Holding(MNIST, tmp_path / "mnist", {}))

    assert str(tmp_path / "mnist") in text
    for file in MNIST.files:
        assert f"{file.name}   {file.size:,} bytes" in text
        assert f"  https://storage.googleapis.com/cvdf-datasets/mnist/{file.name}" in text


def test_the_real_mnist_is_recognised(tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "mnist").symlink_to(shared_data / "mnist")

    assert finish(look_job(MNIST, tmp_path)).complete


# The tables


def test_what_the_tables_say_of_the_real_files_is_true(shared_data: Path) -> None:
    labels = shared_data / "odd" / "qmnist-test-labels-idx2-int.gz"
    file = QMNIST.files[-1]
    assert file.size == labels.stat().st_size
    assert file.sha256 == hashlib.sha256(labels.read_bytes()).hexdigest()
    compared = 0
    for member in EMNIST.members:
        real = shared_data / "emnist" / member.name
        # The letters' test files there are a part of the published ones.
        if real.is_file() and "letters-test" not in member.name:
            data = real.read_bytes()
            assert hashlib.md5(data, usedforsecurity=False).hexdigest() == member.md5, member.name
            assert len(data) <= member.most
            compared += 1
    assert compared == 10


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.key)
def test_a_table_makes_sense(dataset: Published, tmp_path: Path) -> None:
    assert "yann.lecun.com" not in dataset.mirrors[0]
    assert len(set(dataset.mirrors)) == len(dataset.mirrors) >= 3
    for mirror in dataset.mirrors:
        assert re.fullmatch(r"https?://[a-z0-9.-]+/\S*", mirror)
        assert mirror.endswith("/")
    assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in dataset.files)
    assert all(re.fullmatch("[0-9a-f]{32}", member.md5) for member in dataset.members)
    assert len(set(dataset.kept)) == len(dataset.kept)
    assert all(split.file in dataset.kept for split in dataset.splits)
    known = guess(inside(tmp_path / dataset.key, dataset.splits[0].file))
    assert known is None or known.name.partition(" ")[0] == dataset.title


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.key)
def test_what_is_kept_belongs_together(dataset: Published, tmp_path: Path) -> None:
    for name in (*dataset.kept, "checked.json", f"{dataset.kept[0]}.part.json"):
        (tmp_path / name).touch()

    for split in dataset.splits:
        partner = find_partner(tmp_path / split.file)
        assert partner is not None
        assert partner.name.partition("labels")[0] == split.file.partition("images")[0]
        assert find_other_split(tmp_path / split.file) is not None


@pytest.mark.parametrize(
    ("said", "key"),
    [("MNIST", "mnist"), ("fashion", "fashion-mnist"), ("Fashion_MNIST", "fashion-mnist"),
     ("kuzushiji", "kmnist"), ("qmnist", "qmnist"), ("E-MNIST", "emnist")],
)  # fmt: skip
def test_datasets_go_by_their_names(said: str, key: str) -> None:
    assert published(said).key == key


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UserError, match="mnist, fashion-mnist, kmnist, qmnist, emnist"):
        published("imagenet")


def test_addresses_are_the_mirrors_in_order() -> None:
    first, *rest = addresses(MNIST, MNIST.files[0], first="https://school.example/files")

    assert first == f"https://school.example/files/{IMAGES}"
    assert rest == [f"{mirror}{IMAGES}" for mirror in MNIST.mirrors]


@given(st.text())
def test_no_name_leaves_its_folder(name: str) -> None:
    folder = Path("folder")
    try:
        path = inside(folder, name)
    except ValueError:
        return
    assert path.parent == folder
    assert path.name == name


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", "a\\b", "/a", "C:a", "a\0", ".a"])
def test_tables_cannot_hold_a_name_that_leaves(name: str) -> None:
    for make in (lambda: PublishedFile(name, 1, ""), lambda: Member(name, "", 1)):
        with pytest.raises(ValueError, match="no plain file name"):
            make()


# Archives


def test_a_member_larger_than_it_can_be_is_refused(tmp_path: Path) -> None:
    dataset, _ = small_archive({"a.gz": b"x" * 10})
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("gzip/a.gz", bytes((1 << 20) + 1))

    with pytest.raises(UserError, match="larger than 1,048,576 bytes"):
        finish(unpack_job(dataset, archive, tmp_path, but=()))
    assert not (tmp_path / "a.gz").exists()


def test_an_archive_without_a_member_is_told(tmp_path: Path) -> None:
    dataset, _ = small_archive({"a.gz": b"x" * 10, "b.gz": b"y"})
    archive = tmp_path / "other.zip"
    with zipfile.ZipFile(archive, "w") as other:
        other.writestr("gzip/a.gz", b"x" * 10)

    with pytest.raises(UserError, match="has no file “b"):
        finish(unpack_job(dataset, archive, tmp_path, but=()))


@pytest.mark.parametrize("place", [0, 40, -30])
def test_a_damaged_archive_is_told(tmp_path: Path, place: int) -> None:
    dataset, packed = small_archive({"a.gz": bytes(range(256)) * 10})
    damaged = bytearray(packed)
    damaged[place] ^= 0xFF
    archive = tmp_path / "damaged.zip"
    archive.write_bytes(damaged[: len(damaged) if place else 100])

    with pytest.raises(UserError):
        finish(unpack_job(dataset, archive, tmp_path, but=()))
    assert not (tmp_path / "a.gz").exists()


# Speed


def test_the_pace_is_that_of_the_last_seconds() -> None:
    pace = Pace()
    assert pace.rate is None
    pace.see(0, 0)
    assert pace.rate is None
    for second in range(1, 11):
        pace.see(second, 1_000_000 * second)
    assert pace.rate == pytest.approx(1e6)
    assert pace.seconds_left(15_000_000) == pytest.approx(5)
    for second in range(11, 20):
        pace.see(second, 10_000_000)
    assert pace.rate == 0
    assert pace.seconds_left(15_000_000) is None


def test_the_pace_begins_anew_with_another_file() -> None:
    pace = Pace()
    pace.see(0, 0)
    pace.see(1, 5_000_000)
    pace.see(2, 100)

    assert pace.rate is None


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (28_881, "28.9 kB"), (99_960, "100 kB"),
     (11_594_722, "11.6 MB"), (561_753_746, "562 MB"), (1_500_000_000, "1.50 GB")],
)  # fmt: skip
def test_sizes_are_written_as_people_do(size: int, text: str) -> None:
    assert size_text(size) == text
