"""Fetching a dataset from servers that behave, and from servers that do not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.download import DownloadError, download_job
from mnist_desktop.datasets.published import Published
from mnist_desktop.datasets.receiving import FetchProgress
from mnist_desktop.datasets.shelf import Holding
from mnist_desktop.datasets.transfer import Patience
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, finish
from tests.unit.datasets.mirror_server import (
    Behaviour,
    Mirror,
    Visit,
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
    serving,
    silent,
    small_archive,
    small_files,
    small_published,
    stalls,
)

IMAGES = "train-images-idx3-ubyte.gz"
QUICK = Patience(answer=0.3, stall=0.3)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return small_files(tmp_path_factory.mktemp("files"))


@pytest.fixture
def mirror(files: dict[str, bytes]) -> Iterator[Mirror]:
    with serving(files) as running:
        yield running


@pytest.fixture
def second(files: dict[str, bytes]) -> Iterator[Mirror]:
    with serving(files) as running:
        yield running


def notes(job: Job[Holding]) -> tuple[Holding, list[str]]:
    """Drive a download to its end; return what is there, and what it told on the way."""
    told: list[str] = []

    def report(progress: object) -> None:
        if isinstance(progress, FetchProgress) and progress.note:
            told.append(progress.note)

    return finish(job, report), told


def failed(job: Job[Holding]) -> DownloadError:
    """Drive a download to the failure it must end with."""
    with pytest.raises(DownloadError) as caught:
        finish(job)
    return caught.value


def contents(folder: Path) -> dict[str, bytes]:
    """Return the published files in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".gz"}


def test_all_files_arrive_and_open(tmp_path: Path, files: dict[str, bytes], mirror: Mirror) -> None:
    dataset = small_published(files, mirror.url)

    holding, told = notes(download_job(dataset, tmp_path))

    assert holding.complete
    assert not told
    assert contents(tmp_path / "mnist") == files
    assert {path.name for path in (tmp_path / "mnist").iterdir()} == {*files, "checked.json"}
    assert len(open_dataset(holding.paths[IMAGES])) == 300


def test_progress_counts_every_byte_once(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = small_published(files, mirror.url)
    seen: list[FetchProgress] = []

    finish(
        download_job(dataset, tmp_path),
        lambda p: seen.append(p) if isinstance(p, FetchProgress) and p.phase == "fetch" else None,
    )

    assert {progress.total for progress in seen} == {dataset.size}
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert done[-1] == dataset.size


def test_what_is_there_is_not_fetched_again(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = small_published(files, mirror.url)
    finish(download_job(dataset, tmp_path))
    asked = len(mirror.asked)

    assert finish(download_job(dataset, tmp_path)).complete
    (tmp_path / "mnist" / IMAGES).unlink()
    finish(download_job(dataset, tmp_path))

    assert mirror.names_asked()[asked:] == [IMAGES]


def test_a_broken_download_goes_on_where_it_broke(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = [breaks_off(5000), breaks_off(7000), good]

    holding, told = notes(download_job(small_published(files, mirror.url), tmp_path))

    assert holding.complete
    assert contents(tmp_path / "mnist") == files
    assert [span for name, span in mirror.asked if name == IMAGES] == [
        "",
        "bytes=5000-",
        "bytes=12000-",
    ]
    size = len(files[IMAGES])
    assert told == [
        f"{mirror.url[7:-1]} broke off after {count} of {size:,} bytes"
        for count in ("5,000", "12,000")
    ]


def test_a_cancelled_download_goes_on_next_time(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = small_published(files, mirror.url)
    mirror.behave[IMAGES] = [stalls(5000), good]
    job = download_job(dataset, tmp_path)
    while next(job).done < 5000:
        pass

    began = time.perf_counter()
    next(job)
    job.close()
    seconds = time.perf_counter() - began

    assert seconds < 0.3
    assert (tmp_path / "mnist" / f"{IMAGES}.part").stat().st_size == 5000
    assert finish(download_job(dataset, tmp_path)).complete
    assert mirror.asked[1] == (IMAGES, "bytes=5000-")


def test_a_server_that_never_answers_can_be_cancelled_at_once(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    mirror.behave["*"] = silent
    job = download_job(small_published(files, mirror.url), tmp_path)
    next(job)

    began = time.perf_counter()
    next(job)
    job.close()

    assert time.perf_counter() - began < 0.3


def test_a_mirror_that_ignores_range_sends_everything(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = [breaks_off(5000), ignores_range]

    assert finish(download_job(small_published(files, mirror.url), tmp_path)).complete
    assert contents(tmp_path / "mnist") == files


def test_a_file_that_changed_between_two_parts_is_fetched_anew(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    """The server had a wrong file of the same beginning; its ETag tells that it changed."""
    right = files[IMAGES]
    mirror.files[IMAGES] = right[:4000] + bytes(len(right) - 4000)

    def put_right(visit: Visit) -> None:
        visit.serve(upto=5000)
        mirror.files[IMAGES] = right

    mirror.behave[IMAGES] = [put_right, good]

    holding, told = notes(download_job(small_published(files, mirror.url), tmp_path))

    assert holding.complete
    assert contents(tmp_path / "mnist") == files
    assert len(told) == 1


def test_a_part_of_a_wrong_file_does_no_lasting_harm(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror, second: Mirror
) -> None:
    """The first mirror has a wrong file and breaks off; the second goes on, and then anew."""
    right = files[IMAGES]
    mirror.files[IMAGES] = right[:4000] + bytes(len(right) - 4000)
    mirror.behave[IMAGES] = [breaks_off(5000), refuses(503)]

    holding, told = notes(download_job(small_published(files, mirror.url, second.url), tmp_path))

    assert holding.complete
    assert contents(tmp_path / "mnist") == files
    assert [span for name, span in second.asked if name == IMAGES] == ["bytes=5000-", ""]
    assert any("has another file under the name" in note for note in told)


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


def test_redirects_are_followed(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror, second: Mirror
) -> None:
    for status, name in zip((301, 302, 307, 308), files, strict=True):
        mirror.behave[name] = redirects(f"{second.url}{name}", status)

    assert finish(download_job(small_published(files, mirror.url), tmp_path)).complete
    assert second.names_asked() == list(files)


def test_a_mirror_of_ones_own_is_asked_first(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror, second: Mirror
) -> None:
    dataset = small_published(files, mirror.url)

    assert finish(download_job(dataset, tmp_path, mirror=second.url)).complete
    assert not mirror.asked


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


def test_a_part_that_is_whole_already_is_only_checked(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    """The program ended between the last byte and the check."""
    dataset = small_published(files, mirror.url)
    mirror.behave[IMAGES] = [breaks_off(5000), silent]
    job = download_job(dataset, tmp_path)
    while next(job).done < 5000:
        pass
    job.close()
    asked = len(mirror.asked)
    (tmp_path / "mnist" / f"{IMAGES}.part").write_bytes(files[IMAGES])

    assert finish(download_job(dataset, tmp_path)).complete
    assert IMAGES not in mirror.names_asked()[asked:]


# Archives


def archive_from(mirror: Mirror, files: dict[str, bytes], **extra: bytes) -> Published:
    """Let a mirror offer these files as one archive."""
    more = {name.replace("__", "../"): data for name, data in extra.items()}
    dataset, packed = small_archive(files, mirror.url, extra=more)
    mirror.files["gzip.zip"] = packed
    return dataset


def test_an_archive_is_unpacked_and_deleted(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)

    holding = finish(download_job(dataset, tmp_path))

    assert holding.complete
    assert contents(tmp_path / "emnist") == files
    assert not (tmp_path / "emnist" / "gzip.zip").exists()


def test_an_archive_cannot_write_outside_its_folder(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files, __evil=b"evil", unasked=b"more")

    finish(download_job(dataset, tmp_path))

    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {*files, "checked.json"}


def test_an_archive_put_there_by_hand_is_only_unpacked(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)
    (tmp_path / "emnist").mkdir()
    (tmp_path / "emnist" / "gzip.zip").write_bytes(mirror.files["gzip.zip"])

    assert finish(download_job(dataset, tmp_path)).complete
    assert not mirror.asked


def test_a_wrong_archive_put_there_by_hand_is_told(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)
    (tmp_path / "emnist").mkdir()
    wrong = bytearray(mirror.files["gzip.zip"])
    wrong[100] ^= 1
    (tmp_path / "emnist" / "gzip.zip").write_bytes(wrong)

    with pytest.raises(UserError, match="not the published archive"):
        finish(download_job(dataset, tmp_path))


def test_unpacking_goes_on_after_it_was_cancelled(
    tmp_path: Path, files: dict[str, bytes], mirror: Mirror
) -> None:
    dataset = archive_from(mirror, files)
    job = download_job(dataset, tmp_path)
    for progress in job:
        if isinstance(progress, FetchProgress) and progress.phase == "unpack":
            break
    job.close()

    assert (tmp_path / "emnist" / "gzip.zip").exists()
    assert finish(download_job(dataset, tmp_path)).complete
    assert mirror.names_asked() == ["gzip.zip"]
