"""The command that examines a file, and its exit codes."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.idx import read_idx, write_idx
from mnist_desktop.datasets.sample_digits import sample_dataset
from tests.unit.cli import run_process, say, write_digits


def test_a_sound_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    images = write_digits(tmp_path, 20)

    said = say(capsys, "inspect", "--json", images)

    assert said.code == 0
    done = said.done
    assert (done["verdict"], done["type"], done["shape"]) == ("sound", "uint8", [20, 28, 28])
    assert done["problems"] == []
    assert done["partner"] == str(tmp_path / "train-labels-idx1-ubyte")


def test_every_byte_of_the_header_is_explained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    images = write_digits(tmp_path, 20)
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(images.read_bytes(), mtime=0))

    plain = say(capsys, "inspect", "--json", images).done["header"]
    both = say(capsys, "inspect", "--json", packed).done["header"]

    assert plain[3] == {  # type: ignore[index]
        "layer": "idx",
        "offset": 4,
        "bytes": "00 00 00 14",
        "meaning": "number of images: 20",
    }
    assert [group["layer"] for group in both].count("gzip") == 8  # type: ignore[union-attr]
    assert [group for group in both if group["layer"] == "idx"] == plain  # type: ignore[union-attr]


def test_a_damaged_file_is_told_and_its_whole_items_saved(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole = write_digits(tmp_path, 20)
    data = whole.read_bytes()
    damaged, target = tmp_path / "数字-images-idx3-ubyte", tmp_path / "saved-idx3-ubyte"
    damaged.write_bytes(data[:-100])

    said = say(capsys, "inspect", "--json", damaged, "--rescue", target)

    assert said.code == 1
    done = said.done
    assert (done["verdict"], done["recoverable"], done["saved"]) == ("damaged", 19, 19)
    (problem,) = done["problems"]  # type: ignore[misc]
    assert problem["fault"]
    assert problem["offset"] == len(data) - 100
    np.testing.assert_array_equal(read_idx(target), read_idx(whole)[:19])


def test_labels_are_saved_with_the_images(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    images = write_digits(tmp_path, 20)
    images.write_bytes(images.read_bytes()[:-100])
    target = tmp_path / "saved-images-idx3-ubyte.gz"

    said = say(capsys, "inspect", "--json", images, "--rescue", target, "--with-partner")

    labels = tmp_path / "saved-labels-idx1-ubyte.gz"
    assert (said.done["saved"], said.done["saved_partner"]) == (19, str(labels))
    assert target.read_bytes()[:2] == b"\x1f\x8b"
    assert len(read_idx(target)) == len(read_idx(labels)) == 19
    alone = say(capsys, "inspect", "--json", images, "--with-partner")
    assert alone.code == 2
    assert "--rescue" in alone.err


def test_what_is_sound_is_not_saved(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    images = write_digits(tmp_path, 20)
    target = tmp_path / "saved"

    said = say(capsys, "inspect", "--json", images, "--rescue", target)

    assert (said.code, said.done["saved"], target.exists()) == (0, None, False)
    assert "Nothing was saved: the file is sound." in said.err


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><html>", b"PK\x03\x04", b"\1\2\3\4"])
def test_what_is_no_idx_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)

    said = say(capsys, "inspect", "--json", path)

    assert said.code == 2
    assert said.done["verdict"] == "not idx"
    assert said.done["problems"]


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = say(capsys, "inspect", "--json", tmp_path / "missing")

    assert said.code == 2
    assert said.events[-1]["event"] == "error"
    assert "missing" in said.err


def test_a_person_reads_what_it_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "numbers"
    path.write_bytes(b"")
    write_idx(path, np.arange(6, dtype=np.float32).reshape(2, 3))
    path.write_bytes(gzip.compress(path.read_bytes()))

    said = say(capsys, "inspect", path)

    assert said.code == 0
    assert "2 × 3  float32, packed with gzip" in said.out
    assert "verdict      sound" in said.out
    assert "does not end in .gz" in said.out


def test_inspecting_does_not_load_onnxruntime(tmp_path: Path) -> None:
    images = write_digits(tmp_path, 5)
    blocked = tmp_path / "onnxruntime.py"
    blocked.write_text("raise ImportError('onnxruntime was asked for')")

    said = run_process("inspect", images, folder=tmp_path)

    assert (said.code, said.err) == (0, "")


def test_identity_and_orientation_are_told_with_how_sure_they_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    digits = sample_dataset(200, seed=4)
    assert digits.labels is not None
    images = tmp_path / "emnist-digits-test-images-idx3-ubyte"
    write_idx(images, np.ascontiguousarray(digits.images.swapaxes(1, 2)))
    labels = tmp_path / "emnist-digits-test-labels-idx1-ubyte"
    write_idx(labels, digits.labels.astype(np.uint8))

    done = say(capsys, "inspect", "--json", images).done
    identity, orientation = done["identity"], done["orientation"]
    assert done["published"] == ""
    assert isinstance(identity, dict)
    assert (identity["title"], identity["certainty"]) == ("EMNIST digits · test", "guess")
    assert "name" in identity["reason"]
    assert isinstance(orientation, dict)
    assert (orientation["lying"], orientation["certainty"]) == (True, "likely")

    text = say(capsys, "inspect", images).out
    assert "may be       EMNIST digits · test (guess)" in text
    assert "pictures     lie on their side (likely)" in text

    neutral = tmp_path / "some.idx"
    images.rename(neutral)
    for path in (neutral, labels):
        done = say(capsys, "inspect", "--json", path).done
        assert done["identity"]["certainty"] == "unknown"  # type: ignore[index]
        assert done["orientation"]["certainty"] == "unknown"  # type: ignore[index]
    assert "pictures" not in say(capsys, "inspect", neutral).out


def test_real_files(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    said = say(capsys, "inspect", "--json", shared_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    assert said.code == 0
    assert said.done["shape"] == [10_000, 28, 28]
    assert said.done["published"] == "MNIST · test"
    assert said.done["identity"] == {
        "title": "MNIST · test",
        "certainty": "certain",
        "reason": "The checksum of the content is that of the published file",
    }
    assert said.done["orientation"]["lying"] is False  # type: ignore[index]
    labels = shared_data / "odd" / "qmnist-test-labels-idx2-int.gz"
    assert say(capsys, "inspect", "--json", labels).done["identity"]["certainty"] == "certain"  # type: ignore[index]

    odd = sorted((shared_data / "odd").glob("*"))
    codes = {path.name: say(capsys, "inspect", path).code for path in odd if path.is_file()}
    assert set(codes.values()) <= {0, 1, 2}
    assert 1 in codes.values()
    assert 2 in codes.values()
