"""Getting a dataset in the window, from a server on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets import mirrors
from mnist_desktop.progress import Progress
from mnist_desktop.ui.dataset.download_row import figures_text, state_text
from mnist_desktop.ui.dataset.download_view import TRY_AGAIN, DownloadView
from mnist_desktop.ui.dataset.empty import GET
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.program import Program
from tests.ui.dataset.dataset_helpers import make_dataset, press
from tests.unit.datasets.mirror_server import (
    Mirror,
    good,
    refuses,
    serving,
    small_archive,
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
    """Return a server of two datasets, which are the only ones that can be fetched here."""
    with serving(files) as running:
        archive, packed = small_archive(files, running.url)
        running.files["gzip.zip"] = packed
        datasets = (small_published(files, running.url), archive)
        monkeypatch.setattr(mirrors, "DATASETS", datasets)
        yield running


@pytest.fixture
def program(start: Callable[..., Program], qtbot: QtBot, mirror: Mirror) -> Program:
    made = start(page="dataset")
    qtbot.waitUntil(lambda: made.core.classifier is not None, timeout=20_000)
    return made


def page_of(program: Program) -> DatasetPage:
    page = program.window.page("dataset")
    assert isinstance(page, DatasetPage)
    return page


def view_of(program: Program, qtbot: QtBot) -> DownloadView:
    """Return the view, once it knows what is there."""
    view = program.downloading.view
    assert view is not None
    qtbot.waitUntil(lambda: all(row.holding is not None for row in view.rows.values()))
    return view


@pytest.fixture
def view(program: Program, qtbot: QtBot) -> DownloadView:
    press(qtbot, page_of(program), GET)
    return view_of(program, qtbot)


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def opened(program: Program, qtbot: QtBot) -> int:
    """Wait for a dataset, and return how many images it has."""
    qtbot.waitUntil(lambda: program.core.dataset is not None, timeout=10_000)
    assert program.core.dataset is not None
    return len(program.core.dataset)


def test_nothing_is_asked_of_a_server_before_a_person_asks(
    view: DownloadView, mirror: Mirror
) -> None:
    row = view.rows["mnist"]

    assert not mirror.asked
    assert row.source.full_text().endswith(f"kB from {mirror.url[7:-1]} · MIT licence")
    assert row.state.text() == "not there yet"
    assert row.get_button.hasFocus()


def test_mnist_is_fetched_and_opens_by_itself(
    program: Program, qtbot: QtBot, view: DownloadView, home: Path
) -> None:
    click(qtbot, view.rows["mnist"].get_button)

    assert opened(program, qtbot) == 300
    assert page_of(program).grid.isVisible()
    assert (home / "datasets" / "mnist" / IMAGES).is_file()


def test_what_was_fetched_is_found_again_without_a_network(
    program: Program,
    qtbot: QtBot,
    view: DownloadView,
    mirror: Mirror,
    start: Callable[..., Program],
) -> None:
    click(qtbot, view.rows["mnist"].get_button)
    opened(program, qtbot)
    asked = len(mirror.asked)
    program.window.close()

    again = start(page="dataset")
    press(qtbot, page_of(again), GET)

    assert opened(again, qtbot) == 300
    assert len(mirror.asked) == asked


def test_a_download_is_cancelled_and_resumed(
    program: Program, qtbot: QtBot, view: DownloadView, mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = [stalls(20_000), good]
    row = view.rows["mnist"]
    click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: row.progress.value() > 0)
    assert not view.rows["emnist"].get_button.isEnabled()
    assert "20.0 kB of" in row.figures.text()

    click(qtbot, row.cancel_button)

    qtbot.waitUntil(lambda: row.get_button.text() == "Resume", timeout=2000)
    assert "to fetch" in row.state.text()
    assert row.get_button.hasFocus()
    click(qtbot, row.get_button)
    assert opened(program, qtbot) == 300
    assert mirror.asked[1] == (IMAGES, "bytes=20000-")


def test_the_status_bar_shows_and_cancels_it(
    program: Program, qtbot: QtBot, view: DownloadView, mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = stalls(20_000)
    click(qtbot, view.rows["mnist"].get_button)
    bar = program.window.status_bar
    qtbot.waitUntil(lambda: bar.job_button.text() == "Fetching MNIST")

    bar.cancel_clicked.emit()

    qtbot.waitUntil(lambda: not program.downloading.runner.is_running, timeout=2000)
    assert program.core.dataset is None


def test_a_failure_tells_what_each_place_said_and_what_to_do_by_hand(
    program: Program,
    qtbot: QtBot,
    view: DownloadView,
    mirror: Mirror,
    home: Path,
    files: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mirror.behave[IMAGES] = refuses(403)
    click(qtbot, view.rows["mnist"].get_button)
    qtbot.waitUntil(lambda: view.strip.kind == "bad" and not view.strip.isHidden())

    assert "MNIST could not be fetched" in view.strip.message()
    assert "answered 403 (Forbidden)." in view.strip.accessibleName()
    assert view.by_hand.isVisible()
    folder = home / "datasets" / "mnist"
    text = view.by_hand.text.toPlainText()
    assert str(folder) in text
    assert f"{mirror.url}{IMAGES}" in text

    shown: list[str] = []
    monkeypatch.setattr(
        "PySide6.QtGui.QDesktopServices.openUrl", lambda url: shown.append(url.toLocalFile())
    )
    click(qtbot, view.by_hand.folder_button)
    assert shown == [str(folder)]
    for name, data in files.items():
        (folder / name).write_bytes(data)
    click(qtbot, view.by_hand.look_button)
    qtbot.waitUntil(view.rows["mnist"].open_button.isVisible)
    assert not view.by_hand.isVisible()


def test_it_can_be_tried_again(
    program: Program, qtbot: QtBot, view: DownloadView, mirror: Mirror
) -> None:
    mirror.behave[IMAGES] = [refuses(503), good]
    click(qtbot, view.rows["mnist"].get_button)
    qtbot.waitUntil(lambda: view.strip.kind == "bad" and not view.strip.isHidden())

    (again,) = (made for made in view.findChildren(QPushButton) if made.text() == TRY_AGAIN)
    click(qtbot, again)

    assert opened(program, qtbot) == 300


def test_without_a_network_it_says_so(
    program: Program, qtbot: QtBot, view: DownloadView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    click(qtbot, view.rows["mnist"].get_button)

    qtbot.waitUntil(lambda: "there seems to be no network" in view.strip.message())
    assert view.by_hand.isVisible()


def test_who_went_elsewhere_is_not_called_back(
    program: Program, qtbot: QtBot, view: DownloadView, mirror: Mirror
) -> None:
    click(qtbot, view.rows["mnist"].get_button)
    program.window.show_page("draw")
    qtbot.waitUntil(lambda: not program.downloading.runner.is_running)

    assert program.window.page_name == "draw"
    assert program.core.dataset is None
    program.window.show_page("dataset")
    press(qtbot, page_of(program), "Open MNIST")
    assert opened(program, qtbot) == 300


def test_an_archive_is_unpacked_and_each_split_can_be_opened(
    program: Program, qtbot: QtBot, view: DownloadView
) -> None:
    click(qtbot, view.rows["emnist"].get_button)
    assert opened(program, qtbot) == 300

    (get,) = (a for a in page_of(program).bar.menu.actions() if a.text() == "Get a dataset…")
    get.trigger()
    row = view.rows["emnist"]
    qtbot.waitUntil(row.open_button.isVisible)
    assert row.state.text() == "✓ there already"
    assert [action.text() for action in row.open_menu.actions()] == ["train · 300 images"]


def test_escape_and_back_lead_to_where_one_was(
    program: Program, qtbot: QtBot, view: DownloadView
) -> None:
    page = page_of(program)
    assert not page.bar.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert page.empty.isVisible()
    assert page.empty.state.buttons[0].hasFocus()

    page.set_dataset(make_dataset())
    program.downloading.show()
    assert page.bar.isVisible()
    click(qtbot, view.back_button)
    assert page.grid.isVisible()
    assert page.grid.hasFocus()


def test_by_hand_can_be_read_before_anything_failed(qtbot: QtBot, view: DownloadView) -> None:
    click(qtbot, view.rows["emnist"].by_hand_button)

    assert view.by_hand.isVisible()
    assert "gzip.zip" in view.by_hand.text.toPlainText()


def test_closing_the_window_ends_the_download_and_keeps_what_came(
    program: Program, qtbot: QtBot, view: DownloadView, mirror: Mirror, home: Path
) -> None:
    mirror.behave[IMAGES] = stalls(20_000)
    row = view.rows["mnist"]
    click(qtbot, row.get_button)
    qtbot.waitUntil(lambda: row.progress.value() > 0)

    program.window.close()

    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=3000)
    assert (home / "datasets" / "mnist" / f"{IMAGES}.part").stat().st_size == 20_000


def test_figures_say_how_far_and_how_fast() -> None:
    progress = Progress(4_200_000, 11_594_722)

    assert figures_text(progress, None, None) == "4.2 MB of 11.6 MB"
    assert figures_text(progress, 2.1e6, 3.5) == "4.2 MB of 11.6 MB · 2.1 MB/s · 0:04 left"
    assert state_text(None) == ("", "secondary")
