"""Drawings that a person has named: none is lost, and the IDX files follow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.dataset import NONE_OF_THEM, open_dataset
from mnist_desktop.errors import UserError
from mnist_desktop.files import replacing
from mnist_desktop.inference import own_drawings
from mnist_desktop.inference.drawing import Drawing, from_line, to_line
from mnist_desktop.inference.own_drawings import (
    DRAWINGS,
    IMAGES,
    LABELS,
    OwnDrawings,
    new_drawing,
)
from mnist_desktop.inference.pen import Stroke


def a_drawing(label: str = "7", *, seed: int = 0) -> Drawing:
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (28, 28), np.uint8)
    strokes = [Stroke(random.uniform(0, 560, (9, 2)), 40.0), Stroke([[3.0, 4.5]], 20.0, erase=True)]
    return new_drawing(label, picture, strokes, raster=560, answer="1")


def numbers(folder: Path) -> list[str]:
    return [drawing.number for drawing in OwnDrawings(folder).read().drawings]


def test_a_line_holds_the_whole_drawing() -> None:
    drawing = a_drawing("é “x”\n")
    line = to_line(drawing)
    again = from_line(line)
    assert "\n" not in line
    names = ("number", "label", "answer", "made", "raster")
    assert [getattr(again, n) for n in names] == [getattr(drawing, n) for n in names]
    np.testing.assert_array_equal(again.picture, drawing.picture)
    for found, stroke in zip(again.strokes, drawing.strokes, strict=True):
        np.testing.assert_allclose(found.points, stroke.points, atol=0.051)
        assert (found.width, found.erase) == (stroke.width, stroke.erase)


def test_what_is_added_is_an_idx_dataset_with_its_names(tmp_path: Path) -> None:
    own = OwnDrawings(tmp_path / "mine")
    assert own.read().drawings == ()
    assert not own.folder.exists(), "looking makes nothing"
    drawings = [a_drawing(label, seed=k) for k, label in enumerate(("7", "0", NONE_OF_THEM))]
    for drawing in drawings:
        kept = own.add(drawing)
    assert [d.number for d in kept.drawings] == [d.number for d in drawings]
    dataset = open_dataset(own.images_path)
    assert dataset.class_names == (*"0123456789", NONE_OF_THEM)
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [7, 0, 10]
    np.testing.assert_array_equal(dataset.images, [d.picture for d in drawings])


def test_names_of_other_classes_are_kept_too(tmp_path: Path) -> None:
    own = OwnDrawings(tmp_path)
    for label in ("Ankle boot", "A", "7"):
        own.add(a_drawing(label))
    dataset = open_dataset(own.images_path)
    assert [dataset.class_name(k) for k in range(3)] == ["Ankle boot", "A", "7"]


def test_removed_drawings_are_gone_from_every_file(tmp_path: Path) -> None:
    own = OwnDrawings(tmp_path)
    drawings = [a_drawing(str(k), seed=k) for k in range(4)]
    for drawing in drawings:
        own.add(drawing)
    own.remove([drawings[1].number, "f" * 32])
    left = [drawings[k].number for k in (0, 2, 3)]
    assert numbers(tmp_path) == left
    assert drawings[1].number not in (tmp_path / DRAWINGS).read_text()
    assert open_dataset(own.images_path).labels.tolist() == [0, 2, 3]
    own.remove(left)
    assert len(open_dataset(own.images_path)) == 0


def test_two_windows_lose_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = OwnDrawings(tmp_path), OwnDrawings(tmp_path)
    first, second, third = (a_drawing(seed=k) for k in range(3))
    one.add(first)
    other.add(second)
    one.add(third)
    other.remove([first.number])
    assert numbers(tmp_path) == [second.number, third.number]


@pytest.mark.parametrize("torn", [1, 40, -1])
def test_a_line_that_was_never_finished_costs_nothing_else(tmp_path: Path, torn: int) -> None:
    own, drawing = OwnDrawings(tmp_path), a_drawing(seed=1)
    own.add(a_drawing())
    with (tmp_path / DRAWINGS).open("ab") as stream:
        stream.write(to_line(drawing).encode()[:torn])
    again = OwnDrawings(tmp_path)
    kept = again.read()
    assert (len(kept.drawings), kept.notes) == (1, ())
    assert len(again.add(a_drawing(seed=2)).drawings) == 2
    assert len(numbers(tmp_path)) == 2


def test_a_damaged_line_is_set_aside_and_told(tmp_path: Path) -> None:
    own = OwnDrawings(tmp_path)
    for seed in range(3):
        own.add(a_drawing(seed=seed))
    path = tmp_path / DRAWINGS
    lines = path.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b'"points"', b'"p\xffints"')
    path.write_bytes(b"\n".join(lines))
    damaged = path.read_bytes()
    kept = OwnDrawings(tmp_path).read()
    assert len(kept.drawings) == 2
    assert "damaged-1-drawings.jsonl" in kept.notes[0]
    assert (tmp_path / "damaged-1-drawings.jsonl").read_bytes() == damaged
    assert OwnDrawings(tmp_path).read().notes == (), "it is told once"
    assert len(open_dataset(own.images_path)) == 2


@pytest.mark.parametrize("name", [IMAGES, LABELS])
def test_a_damaged_idx_file_is_set_aside_and_made_again(tmp_path: Path, name: str) -> None:
    own = OwnDrawings(tmp_path)
    own.add(a_drawing("3"))
    (tmp_path / name).write_bytes(b"<html>not found</html>")
    kept = OwnDrawings(tmp_path).read()
    assert f"damaged-1-{name}" in kept.notes[0]
    assert (tmp_path / f"damaged-1-{name}").read_bytes() == b"<html>not found</html>"
    assert open_dataset(own.images_path).labels.tolist() == [3]


def test_idx_files_that_a_crash_left_behind_are_made_again(tmp_path: Path) -> None:
    own = OwnDrawings(tmp_path)
    own.add(a_drawing("3"))
    labels = (tmp_path / LABELS).read_bytes()
    own.add(a_drawing("4", seed=1))
    (tmp_path / LABELS).write_bytes(labels)
    assert OwnDrawings(tmp_path).read().notes == ()
    assert open_dataset(own.images_path).labels.tolist() == [3, 4]


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, first = OwnDrawings(tmp_path), a_drawing()
    own.add(first)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_drawings.os, "fsync", full)
    with pytest.raises(UserError, match="No space left"):
        own.add(a_drawing(seed=1))
    monkeypatch.undo()
    assert numbers(tmp_path) == [first.number]
    assert len(own.add(a_drawing(seed=2)).drawings) == 2


def test_idx_files_that_cannot_be_written_now_are_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = OwnDrawings(tmp_path)
    own.add(a_drawing())

    def held(path: Path, _array: object) -> None:
        with replacing(path):
            raise PermissionError(13, "Held by another program")

    monkeypatch.setattr(own_drawings, "write_idx", held)
    kept = own.add(a_drawing(seed=1))
    assert len(kept.drawings) == 2
    assert "later" in kept.notes[0]
    monkeypatch.undo()
    own.read()
    assert len(open_dataset(own.images_path)) == 2


@pytest.mark.timeout(240)
@given(st.binary(max_size=400), st.integers(0, 5_000))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_bring_it_down(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, place: int
) -> None:
    folder = tmp_path_factory.mktemp("junk")
    own, drawing = OwnDrawings(folder), a_drawing()
    own.add(drawing)
    path = folder / DRAWINGS
    data = path.read_bytes()
    path.write_bytes(data[:place] + junk + data[place:])
    kept = OwnDrawings(folder).read()
    assert len(open_dataset(own.images_path)) == len(kept.drawings)
    assert len(OwnDrawings(folder).add(a_drawing(seed=1)).drawings) == len(kept.drawings) + 1
    again = OwnDrawings(folder).read()
    assert (len(again.drawings), again.notes) == (len(kept.drawings) + 1, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"raster":560', '"raster":"560"'),
        ('"raster":560', '"raster":1e999'),
        ('"width":40.0', '"width":NaN'),
        ('"width":40.0', '"width":-1'),
        ('"points":[[', '"points":[[NaN,1],['),
        ('"points":[[', '"points":[[1],['),
        ('"picture":"', '"picture":"AAAA'),
        ('"label":"7"', '"label":""'),
        ('"label":"7"', '"label":7'),
        ('"strokes":[', '"strokes":[7,'),
    ],
)
def test_what_no_drawing_can_be_is_refused(old: str, new: str) -> None:
    line = to_line(a_drawing())
    assert old in line
    with pytest.raises(ValueError):  # noqa: PT011 - the caller only counts such lines
        from_line(line.replace(old, new, 1))


KEEPER = """
import sys
from pathlib import Path
from tests.unit.inference.test_own_drawings import a_drawing
from mnist_desktop.inference.own_drawings import OwnDrawings
own = OwnDrawings(Path(sys.argv[1]))
print("ready", flush=True)
for seed in range(100_000):
    drawing = a_drawing(str(seed % 10), seed=seed)
    own.add(drawing)
    print(drawing.number, flush=True)
    if seed % 5 == 4:
        gone = own.read().drawings[0].number
        print("-" + gone, flush=True)
        own.remove([gone])
"""


@pytest.mark.timeout(180)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_nothing_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    told: list[str] = []
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", KEEPER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # The moment is what is drawn by chance here; nothing is waited for.
        time.sleep(random.uniform(0.01, 0.5))
        os.kill(process.pid, signal.SIGKILL)
        told += process.stdout.read().split()
        process.wait()
        process.stdout.close()

        kept = OwnDrawings(tmp_path).read()
        assert kept.notes == ()
        removing = {number[1:] for number in told if number.startswith("-")}
        named = {number for number in told if not number.startswith("-")}
        found = {drawing.number for drawing in kept.drawings}
        assert named - removing <= found, "what was told to be kept is there"
        assert len(found - named) <= 6, "at most the one that was under way at each kill"
        dataset = open_dataset(tmp_path / IMAGES)
        assert dataset.labels is not None
        assert dataset.labels.tolist() == [int(d.label) for d in kept.drawings]
        np.testing.assert_array_equal(dataset.images, [d.picture for d in kept.drawings])
    assert len(told) > 10
