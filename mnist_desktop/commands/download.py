"""`mnist-desktop download`: fetch a published dataset, or list those there are."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_desktop.commands.driving import UsageError, drive, show_progress
from mnist_desktop.commands.output import Output, bar, duration
from mnist_desktop.progress import Progress

if TYPE_CHECKING:
    from mnist_desktop.datasets.download import DownloadError
    from mnist_desktop.datasets.published import Published
    from mnist_desktop.datasets.shelf import Holding

SUMMARY = "Fetch MNIST, Fashion-MNIST, KMNIST, QMNIST or EMNIST, or list what is there of them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="mnist, fashion-mnist, kmnist, qmnist or emnist"
    )
    parser.add_argument(
        "--list", action="store_true", help="tell what there is and how large; fetches nothing"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="the datasets folder, with a folder for each dataset (default: the program's own)",
    )
    parser.add_argument(
        "--mirror",
        metavar="ADDRESS",
        help="an http or https folder that has the files, to be asked before the published places",
    )
    parser.epilog = (
        "What is there already is not fetched again, and what broke off goes on. Proxies are taken "
        "from the environment (https_proxy)."
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Fetch or list."""
    from mnist_desktop.datasets.mirrors import published
    from mnist_desktop.datasets.shelf import datasets_folder

    folder = arguments.folder or datasets_folder()
    if arguments.list == bool(arguments.names):
        raise UsageError("Name a dataset to fetch, or ask for the list", "Try download --list.")
    if arguments.list:
        return _list(folder, output)
    mirror = _checked_mirror(arguments.mirror)
    datasets = [published(name) for name in arguments.names]
    return _fetch(dict.fromkeys(datasets), folder, mirror, output)


def _list(folder: Path, output: Output) -> int:
    """Tell what there is, and what of it is there."""
    from mnist_desktop.datasets.pace import size_text
    from mnist_desktop.datasets.shelf import survey_job

    holdings = drive(survey_job(folder), output, show_progress(output))
    for holding in holdings:
        dataset = holding.dataset
        output.line(f"{dataset.key:<14} {size_text(dataset.size):>8}   {_state(holding)}")
        output.line(
            f"{'':<14} {dataset.what}: {dataset.images:,} images, {dataset.classes} classes; "
            f"{dataset.licence}"
        )
    output.line(f"folder: {folder}")
    output.done(folder=folder, datasets=[_facts(holding) for holding in holdings])
    return 0


def _fetch(datasets: dict[Published, None], folder: Path, mirror: str, output: Output) -> int:
    """Fetch each dataset, and tell where its files are."""
    from mnist_desktop.datasets.download import DownloadError, download_job
    from mnist_desktop.datasets.shelf import look_job

    holdings = []
    for dataset in datasets:
        found = drive(look_job(dataset, folder), output, show_progress(output))
        _announce(found, mirror, output)
        job = download_job(dataset, folder, mirror=mirror)
        try:
            holding = drive(job, output, _reporter(output))
        except DownloadError as error:
            _tell_failure(error, output)
            return 1
        holdings.append(holding)
        for path in holding.paths.values():
            output.line(str(path))
    output.done(folder=folder, datasets=[_facts(holding) for holding in holdings])
    return 0


def _announce(holding: Holding, mirror: str, output: Output) -> None:
    """Say what will be fetched from where, and how large it is, before it is."""
    from mnist_desktop.datasets.pace import size_text
    from mnist_desktop.datasets.published import host_of

    dataset = holding.dataset
    hosts = [*([host_of(mirror)] if mirror else []), *dataset.hosts()]
    output.event(
        "begin",
        name=dataset.key,
        bytes=dataset.size,
        bytes_missing=holding.to_fetch,
        folder=holding.folder,
        hosts=hosts,
    )
    if not holding.to_fetch:
        output.notice(f"{dataset.title}: {_state(holding)}, nothing is fetched")
        return
    begun = f" of {size_text(dataset.size)}" if holding.fetched else ""
    others = f" (or {', '.join(hosts[1:])})" if len(hosts) > 1 else ""
    output.notice(
        f"{dataset.title}: {size_text(holding.to_fetch)}{begun} from {hosts[0]}{others}, "
        f"into {holding.folder}"
    )


def _reporter(output: Output) -> Callable[[Progress], object]:
    """Return what draws the live line with speed and time left, and writes the events."""
    from mnist_desktop.datasets.pace import Pace, size_text

    pace = Pace()

    def report(progress: Progress) -> None:
        note = getattr(progress, "note", "")
        if note:
            output.event("note", text=note)
            output.notice(f"{note}.")
        if getattr(progress, "phase", "") != "fetch":
            show_progress(output)(progress)
            return
        pace.see(time.monotonic(), progress.done)
        left = pace.seconds_left(progress.total)
        output.frequent_event(
            "progress",
            done=progress.done,
            total=progress.total,
            what=progress.what,
            bytes_per_second=pace.rate,
            seconds_left=left,
        )
        speed = f"  {size_text(pace.rate)}/s" if pace.rate else ""
        time_left = f", {duration(left)} left" if left is not None else ""
        fraction = progress.fraction
        output.live(f"{bar(fraction)} {fraction:4.0%}  {progress.what}{speed}{time_left}")

    return report


def _tell_failure(error: DownloadError, output: Output) -> None:
    """Tell why a dataset could not be fetched, and how to do without this program's help."""
    from mnist_desktop.datasets.published import addresses
    from mnist_desktop.datasets.shelf import by_hand

    holding = error.holding
    output.error(
        error,
        offline=error.offline,
        folder=holding.folder,
        missing=[
            {"name": f.name, "bytes": f.size, "urls": addresses(holding.dataset, f)}
            for f in error.missing
        ],
        failures=[str(failure) for failure in error.failures],
    )
    output.notice(f"\n{by_hand(holding, missing=error.missing)}")


def _checked_mirror(address: str | None) -> str:
    """Return the address of a mirror of one's own, or empty; what is no http address is refused."""
    if not address:
        return ""
    from mnist_desktop.datasets.transfer_errors import TransferError, check_address

    try:
        check_address(address)
    except TransferError as error:
        raise UsageError(f"“{address}” is no http or https address") from error
    return address


def _state(holding: Holding) -> str:
    """Say how much of a dataset is there."""
    if holding.complete:
        return "there"
    if not holding.to_fetch:
        return "there, to be unpacked"
    if holding.fetched:
        return f"begun: {holding.fetched / holding.dataset.size:.0%}".replace("%", " %")
    return "not there"


def _facts(holding: Holding) -> dict[str, object]:
    """Return what a program wants to know of a dataset."""
    dataset = holding.dataset
    return {
        "name": dataset.key,
        "title": dataset.title,
        "complete": holding.complete,
        "bytes": dataset.size,
        "bytes_missing": holding.to_fetch,
        "images": dataset.images,
        "licence": dataset.licence,
        "publisher": dataset.publisher,
        "folder": holding.folder,
        "files": holding.paths,
    }
