"""Fetching a dataset from servers, disks and folders that do not behave."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnist_desktop.datasets.download import download_job
from mnist_desktop.datasets.transfer import Patience
from mnist_desktop.errors import UserError
from mnist_desktop.progress import finish
from tests.unit.datasets.downloads import contents, failed, notes
from tests.unit.datasets.mirror_server import (
    Behaviour,
    Mirror,
    announces,
    breaks_off,
    gibberish,
    good,
    ignores_range,
    never_ends,
    other_part,
    redirects,
    refuses,
    sends_page,
    silent,
    small_published,
    stalls,
)

IMAGES = "train-images-idx3-ubyte.gz"
QUICK = Patience(answer=0.3, stall=0.3)

pytestmark = pytest.mark.usefixtures("no_proxy")


def test_a_mirror_that_ignores_range_sends_everything(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = [breaks_off(5000), ignores_range]

    assert finish(download_job(small_published(files, mirror.url), tmp_path)).complete
    assert contents(tmp_path / "mnist") == files


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (refuses(403), "answered 403 (Forbidden)"),
        (refuses(404), "answered 404 (Not Found)"),
        (refuses(599), "answered 599 (a status nobody knows)"),
        (sends_page, "sent something else: it is a web page (HTML)"),
        (announces(10), "has a file of 10 bytes, where"),
        (announces(10**9), "has a file of 1,000,000,000 bytes, where"),
        (never_ends, "sends more than the"),
        (other_part, "answered 206 with another part than was asked for"),
        (
            redirects("file:///etc/passwd"),
            "sends to “file:///etc/passwd”, which is no http address",
        ),
        (redirects("ftp://127.0.0.1/x"), "which is no http address"),
        (redirects("http://[bad/"), "which is no http address"),
        (redirects(IMAGES), "sends from one address to the next without an end"),
        (silent, "did not answer for 0 seconds"),
        (breaks_off(0), "broke off after 0 of"),
        (gibberish, "answered something that is not HTTP"),
    ],
)
def test_a_mirror_that_fails_is_told_and_the_next_one_asked(
    tmp_path: Path,
    files: dict[str, bytes],
    mirror: Mirror,
    second: Mirror,
    behaviour: Behaviour,
    words: str,
) -> None:
    mirror.behave[IMAGES] = behaviour
    dataset = small_published(files, mirror.url, second.url)
    holding, told = notes(download_job(dataset, tmp_path, patience=QUICK))

    assert holding.complete
    assert contents(tmp_path / "mnist") == files
    assert second.names_asked() == [IMAGES]
    assert words in told[0]
    assert told[0].startswith(mirror.url[7:-1])


def test_a_mirror_that_stalls_is_left_for_the_next_one(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror, second: Mirror
) -> None:
    mirror.behave[IMAGES] = [stalls(5000), silent]

    dataset = small_published(files, mirror.url, second.url)
    holding, told = notes(download_job(dataset, tmp_path, patience=QUICK))

    assert holding.complete
    assert contents(tmp_path / "mnist") == files
    assert [note.partition(" ")[2] for note in told] == [
        "sent nothing for 0 seconds",
        "did not answer for 0 seconds",
    ]
    assert second.asked == [(IMAGES, "bytes=5000-")]


def test_a_wrong_file_is_never_used(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    mirror.files[IMAGES] = files[IMAGES][:-1] + b"?"

    error = failed(download_job(small_published(files, mirror.url), tmp_path))

    assert "has another file under the name" in error.failures[0].reason
    assert not error.offline
    assert not list((tmp_path / "mnist").glob("*"))


def test_a_page_does_not_cost_what_arrived_before(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    """A hotel's log-in page answers every address."""
    mirror.behave[IMAGES] = [breaks_off(5000), sends_page]
    dataset = small_published(files, mirror.url)

    error = failed(download_job(dataset, tmp_path))

    assert "web page" in error.failures[-1].reason
    assert error.holding.fetched == 0
    assert (tmp_path / "mnist" / f"{IMAGES}.part").stat().st_size == 5000


def test_without_a_network_it_says_so(tmp_path: Path, files: dict[str, bytes]) -> None:
    nowhere = ("http://127.0.0.1:9/", "https://name.invalid/")

    error = failed(download_job(small_published(files, *nowhere), tmp_path))

    assert error.offline
    assert error.message == "MNIST could not be fetched: there seems to be no network"
    assert [file.name for file in error.missing] == list(files)
    assert len(error.failures) == 2


def test_only_what_is_still_missing_is_named(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    mirror.behave["t10k-images-idx3-ubyte.gz"] = refuses(403)

    error = failed(download_job(small_published(files, mirror.url), tmp_path))

    assert error.missing[0].name == "t10k-images-idx3-ubyte.gz"
    assert [file.name for file in error.missing] == list(files)[2:]
    host = mirror.url[7:-1]
    assert error.message == (
        f"MNIST could not be fetched: “t10k-images-idx3-ubyte.gz” cannot be had from {host}"
    )


def test_a_full_disk_is_told_before_anything_is_fetched(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 1000

    monkeypatch.setattr("shutil.disk_usage", lambda folder: Usage)

    with pytest.raises(UserError, match="only 1,000 are free"):
        finish(download_job(small_published(files, mirror.url), tmp_path))
    assert not mirror.asked


def test_a_disk_that_fills_up_leaves_what_arrived(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = small_published(files, mirror.url)
    mirror.behave[IMAGES] = [breaks_off(5000), good]
    full = OSError(28, "No space left on device")

    def open_(self: Path, mode: str = "r", *rest: object) -> object:
        if mode == "ab" and self.exists():
            raise full
        return real(self, mode, *rest)  # type: ignore[call-overload]

    real = Path.open
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_)
        with pytest.raises(UserError, match="No space left"):
            finish(download_job(dataset, tmp_path))

    assert finish(download_job(dataset, tmp_path)).complete
    assert contents(tmp_path / "mnist") == files


def test_a_persons_own_file_of_that_name_is_kept(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    (folder / IMAGES).write_bytes(b"my own digits")

    finish(download_job(small_published(files, mirror.url), tmp_path))

    assert contents(folder) == files
    assert (folder / f"{IMAGES}.old").read_bytes() == b"my own digits"


def test_a_note_that_cannot_be_believed_begins_anew(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    (folder / f"{IMAGES}.part").write_bytes(b"x" * 1000)
    for note in ("", "[]", "{", '{"url": 3, "validator": "", "sha256": ""}'):
        (folder / f"{IMAGES}.part.json").write_text(note)
        assert finish(download_job(small_published(files, mirror.url), tmp_path)).complete
        assert mirror.asked[0] == (IMAGES, "")
        (folder / IMAGES).unlink()
        (folder / f"{IMAGES}.part").write_bytes(b"x" * 1000)
