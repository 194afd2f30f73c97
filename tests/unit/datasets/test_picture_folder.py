"""The classes of pictures are found by folders, names or a table, and no file is lost silently."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.datasets.picture_folder import LabelSource, PictureFolder, scan_job
from mnist_desktop.datasets.picture_names import classes_in_names, natural
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish


def make(root: Path, *names: str) -> Path:
    """Make files with these names, and return their folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    return root


def scan(root: Path, source: LabelSource | None = None) -> PictureFolder:
    return finish(scan_job(root, source))


def told(found: PictureFolder, split: str = "") -> list[tuple[str, str]]:
    """Return name and class name of each file."""
    part = found.splits[split]
    assert part.labels is not None
    classes = [found.names[value] for value in part.labels.tolist()]
    return list(zip([path.name for path in part.files], classes, strict=True))


def test_a_folder_for_each_class(tmp_path: Path) -> None:
    root = make(tmp_path, "cat/10.png", "cat/9.png", "dog/deep/1.png", "top.png", ".x/1.png")
    make(root, "cat/.DS_Store", "dog/Thumbs.db", "__MACOSX/cat/9.png")
    found = scan(root)
    assert found.source == "folders"
    assert told(found) == [("9.png", "cat"), ("10.png", "cat"), ("1.png", "dog")]
    assert [(s.path.name, s.reason) for s in found.skipped] == [
        ("top.png", "lies in no class folder")
    ]


def test_folders_that_are_numbers_are_labels(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "7/a.png", "3/b.png", "10/c.png"))
    part = found.splits[""]
    assert part.labels is not None
    assert part.labels.tolist() == [3, 7, 10]
    assert len(found.names) == 11  # as the files will open: classes 0 to 10


def test_numbered_folders_keep_number_and_name(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "00_A/1.png", "01_a/2.png", "05_b/3.png"))
    assert dict(found.names) == {0: "A", 1: "a", 5: "b"}


def test_the_published_folders_are_splits(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "testing/0/1.png", "training/0/2.png", "training/1/3.png"))
    assert list(found.splits) == ["train", "test"]
    assert told(found, "train") == [("2.png", "0"), ("3.png", "1")]
    assert told(found, "test") == [("1.png", "0")]
    assert found.count == 3


def test_two_folders_for_one_split_are_classes(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "test/1.png", "testing/2.png"))
    assert list(found.splits) == [""]
    assert told(found) == [("1.png", "test"), ("2.png", "testing")]


def test_names_tell_classes(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "0_7.png", "1_3.png", "2_7.png"))
    assert found.source == "names"
    assert told(found) == [("0_7.png", "7"), ("1_3.png", "3"), ("2_7.png", "7")]


@pytest.mark.parametrize(
    ("stems", "classes"),
    [
        (["7_0001", "7_0002", "3_0003"], ["7", "7", "3"]),
        (["cat-1", "cat-2", "dog-1"], ["cat", "cat", "dog"]),
        (["01_cat", "02_dog"], ["cat", "dog"]),
        (["00_7", "01_7"], ["7", "7"]),
        (["0_0"], ["0"]),
        (["01_scan", "02_scan"], None),
        (["IMG_0001", "IMG_0002"], None),
        (["20240101_101010", "20240101_101011", "20240102_080000"], None),
        (["one", "two"], None),
        ([], None),
    ],
)
def test_what_names_tell(stems: list[str], classes: list[str] | None) -> None:
    assert classes_in_names(stems) == classes


def test_names_sort_as_people_count() -> None:
    assert sorted(["10", "9", "b2", "B10", "a"], key=natural) == ["9", "10", "a", "b2", "B10"]


@given(st.lists(st.text(max_size=30)))
def test_any_names_can_be_sorted_and_asked(names: list[str]) -> None:
    sorted(names, key=natural)
    classes = classes_in_names(names)
    assert classes is None or len(classes) == len(names)


def table(root: Path, text: str) -> Path:
    (root / "labels.csv").write_text(text, encoding="utf-8-sig")
    return root


def test_a_table_goes_before_folders_and_keeps_its_order(tmp_path: Path) -> None:
    root = make(tmp_path, "a/1.png", "b/2.png", "b/3.png")
    table(root, "file,label,class\nb/2.png,4,Zwei\n./a\\1.png,9,Eins\ngone.png,4,Zwei\n")
    found = scan(root)
    assert found.source == "table"
    assert told(found) == [("2.png", "Zwei"), ("1.png", "Eins")]
    assert dict(found.names) == {4: "Zwei", 9: "Eins"}
    reasons = {s.path.name: s.reason for s in found.skipped}
    assert "not there" in reasons["gone.png"]
    assert reasons["3.png"] == "is not named in labels.csv"


@pytest.mark.parametrize(
    "text",
    [
        "1.png,cat\n2.png,dog\n",
        "filename,class\n1.png,cat\n2.png,dog\n",
        'target,x,image\ncat,"1,5",1.png\ndog,,2.png\n',
        "\n1.png , cat\n\n2.png,dog\n3.png\n",
    ],
)
def test_tables_of_other_people(tmp_path: Path, text: str) -> None:
    text = text.replace("1.png ,", "1.png,")
    found = scan(table(make(tmp_path, "1.png", "2.png", "3.png"), text))
    assert told(found) == [("1.png", "cat"), ("2.png", "dog")]
    assert [s.path.name for s in found.skipped if s.path.name == "3.png"] == ["3.png"]


def test_a_table_that_is_none(tmp_path: Path) -> None:
    make(tmp_path, "1.png")
    (tmp_path / "labels.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UserError, match=r"labels.csv” could not be read as a table"):
        scan(tmp_path)


def test_a_table_cannot_reach_out_of_the_folder(tmp_path: Path) -> None:
    make(tmp_path, "secret.png", "p/1.png")
    found = scan(table(tmp_path / "p", "../secret.png,1\n1.png,2\n"))
    assert [path.name for path in found.splits[""].files] == ["1.png"]


def test_without_labels(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "a/1.png", "b/2.png"), "none")
    assert found.splits[""].labels is None
    assert found.count == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_no_ordinary_file_is_listed(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png")
    os.mkfifo(tmp_path / "a" / "pipe")
    (tmp_path / "a" / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)
    found = scan(tmp_path)
    assert [path.name for path in found.splits[""].files] == ["1.png"]
    assert {s.path.name for s in found.skipped} == {"pipe", "broken"}


def test_class_names_can_be_shown(tmp_path: Path) -> None:
    found = scan(make(tmp_path, "a\u200bb/1.png", "c/2.png"))
    assert list(found.names.values()) == ["a_b", "c"]
