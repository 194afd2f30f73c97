"""The command that fetches published datasets, against a server on this machine."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_desktop.datasets import mirrors
from mnist_desktop.datasets.mirrors import MNIST
from tests.unit.cli import say, start
from tests.unit.datasets.mirror_server import (
    Mirror,
    refuses,
    serving,
    small_files,
    small_published,
    stalls,
)

IMAGES = "train-images-idx3-ubyte.gz"


pytestmark = pytest.mark.usefixtures("no_proxy")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return small_files(tmp_path_factory.mktemp("files"))


@pytest.fixture
def mirror(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """Return a server of what is, for these tests, the only published dataset."""
    with serving(files) as running:
        monkeypatch.setattr(mirrors, "DATASETS", (small_published(files, running.url),))
        yield running


def test_a_dataset_is_announced_fetched_and_named(
    capsys: pytest.CaptureFixture[str], home: Path, mirror: Mirror, files: dict[str, bytes]
) -> None:
    said = say(capsys, "download", "MNIST")

    assert said.code == 0
    folder = home / "datasets" / "mnist"
    assert said.out.splitlines() == [str(folder / name) for name in files]
    assert said.err.startswith("MNIST: ")
    assert f"from {mirror.url[7:-1]}" in said.err
    assert {path.name for path in folder.iterdir()} == {*files, "checked.json"}


def test_what_is_there_needs_no_server(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mirror: Mirror
) -> None:
    say(capsys, "download", "mnist", "--folder", tmp_path)
    asked = len(mirror.asked)

    said = say(capsys, "download", "mnist", "--folder", tmp_path, "--json")

    assert said.code == 0
    assert len(mirror.asked) == asked
    (dataset,) = said.done["datasets"]  # type: ignore[misc]
    assert dataset["complete"]
    assert dataset["files"][IMAGES] == str(tmp_path / "mnist" / IMAGES)


def test_events_for_a_program(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mirror: Mirror
) -> None:
    said = say(capsys, "download", "mnist", "--folder", tmp_path, "--json")

    (begin,) = (event for event in said.events if event["event"] == "begin")
    assert begin["bytes"] == sum(map(len, mirror.files.values()))
    assert begin["hosts"] == [mirror.url[7:-1]]
    assert any(event["event"] == "progress" for event in said.events)


def test_the_list_tells_what_there_is_without_asking_anybody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mirror: Mirror
) -> None:
    before = say(capsys, "download", "--list", "--folder", tmp_path)
    say(capsys, "download", "mnist", "--folder", tmp_path)
    asked = len(mirror.asked)
    after = say(capsys, "download", "--list", "--folder", tmp_path)
    told = say(capsys, "download", "--list", "--folder", tmp_path, "--json").done

    assert "not there" in before.out
    assert "   there\n" in after.out
    assert "600 images, 10 classes; MIT licence" in after.out
    assert len(mirror.asked) == asked
    assert [dataset["bytes_missing"] for dataset in told["datasets"]] == [0]  # type: ignore[attr-defined]


def test_the_real_list_has_every_dataset(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = say(capsys, "download", "--list", "--folder", tmp_path)

    assert said.code == 0
    for words in ("mnist ", "fashion-mnist", "kmnist", "qmnist", "emnist", "562 MB"):
        assert words in said.out


def test_a_failure_tells_how_to_do_it_by_hand(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = refuses(403)

    said = say(capsys, "download", "mnist", "--folder", tmp_path)

    assert said.code == 1
    assert "answered 403 (Forbidden)" in said.err
    assert f"into the folder\n  {tmp_path / 'mnist'}\n" in said.err
    assert f"  {mirror.url}{IMAGES}\n" in said.err


def test_a_failure_for_a_program(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = refuses(404)

    said = say(capsys, "download", "mnist", "--folder", tmp_path, "--json")

    last = said.events[-1]
    assert said.code == 1
    assert last["event"] == "error"
    assert not last["offline"]
    assert last["missing"][0] == {  # type: ignore[index]
        "name": IMAGES,
        "bytes": len(mirror.files[IMAGES]),
        "urls": [f"{mirror.url}{IMAGES}"],
    }


@pytest.mark.parametrize(
    "arguments", [(), ("mnist", "--list"), ("mnist", "--mirror", "file:///etc/")]
)
def test_what_cannot_be_meant_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert say(capsys, "download", *arguments).code == 2


def test_an_unknown_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    said = say(capsys, "download", "imagenet")

    assert said.code == 1
    assert "Known are mnist, fashion-mnist" in said.err


def test_ctrl_c_stops_at_once_and_the_next_call_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """With the real tables and a mirror of one's own, which has something else and stalls."""
    wrong = b"\x1f\x8b" + bytes(20_000)
    with serving({IMAGES: wrong + bytes(MNIST.files[0].size - len(wrong))}) as mirror:
        mirror.behave[IMAGES] = stalls(5000)
        command = ("download", "mnist", "--json", "--folder", tmp_path, "--mirror", mirror.url)
        with start(*command) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if json.loads(line).get("done") == 5000:
                    break
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=20)[0]

    assert process.returncode == 130
    assert json.loads(rest.splitlines()[-1]) == {"event": "stopped", "code": 130}
    assert (tmp_path / "mnist" / f"{IMAGES}.part").stat().st_size == 5000
    told = say(capsys, "download", "--list", "--json", "--folder", tmp_path).done["datasets"]
    assert told[0]["bytes_missing"] == MNIST.size - 5000  # type: ignore[index]
