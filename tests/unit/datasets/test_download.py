"""Fetching a dataset from servers that behave, and from connections that break."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.download import download_job
from mnist_desktop.datasets.receiving import FetchProgress
from mnist_desktop.datasets.transfer import Patience
from mnist_desktop.progress import finish
from tests.unit.datasets.downloads import contents, notes
from tests.unit.datasets.mirror_server import (
    Mirror,
    Visit,
    breaks_off,
    good,
    redirects,
    refuses,
    silent,
    small_published,
    stalls,
)

IMAGES = "train-images-idx3-ubyte.gz"
QUICK = Patience(answer=0.3, stall=0.3)

pytestmark = pytest.mark.usefixtures("no_proxy")


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
