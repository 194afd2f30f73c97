"""The morph page in the real window: what it gets, and where its requests lead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnist_desktop.inference import morphing
from mnist_desktop.inference.morphing import decoder_path, default_autoencoder_path
from mnist_desktop.trainer.progress import TrainingResult
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.morph.page import MorphPage
from mnist_desktop.ui.program import Program
from mnist_desktop.ui.settings import Settings
from mnist_desktop.ui.train.page import TrainPage
from mnist_desktop.ui.wiring import morphing as wiring
from tests.ui.helpers import a_digit, answer_to, draw_by_mouse
from tests.unit.inference.onnx_autoencoder import plain_halves, write_halves

Start = Callable[..., Program]


def shown(program: Program, qtbot: QtBot) -> MorphPage:
    """Return the page of the window, once it shows all that it will."""
    page = program.window.show_page("morph")
    assert isinstance(page, MorphPage)
    qtbot.waitUntil(
        lambda: program.morphing.is_ready and not program.core.jobs.running(), timeout=20_000
    )
    return page


def test_page_is_the_fifth_and_needs_nothing(program: Program, qtbot: QtBot) -> None:
    qtbot.keyClick(program.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert program.window.page_name == "morph"
    page = shown(program, qtbot)

    assert program.morphing.autoencoder is not None
    assert program.morphing.autoencoder.path == default_autoencoder_path()
    assert page.way is not None
    assert page.way.probabilities is not None, "the model in use reads the steps"
    assert program.window.focusWidget() is page.stage.way_view.slider


def test_page_to_begin_with(start: Start, qtbot: QtBot) -> None:
    program = start(page="morph")
    page = shown(program, qtbot)
    qtbot.waitUntil(lambda: page.way is not None and page.way.probabilities is not None)
    assert program.window.page_name == "morph"


def test_ends_come_from_the_open_dataset(program: Program, qtbot: QtBot) -> None:
    page = shown(program, qtbot)
    program.core.open_samples()
    qtbot.waitUntil(lambda: page.used_dataset is program.core.dataset, timeout=20_000)
    assert not page.head.open_dataset.isVisible()
    page.dataset_wanted.emit()
    assert program.window.page_name == "dataset"


def test_drawing_is_offered_as_the_network_gets_it(
    program: Program, draw_page: DrawPage, qtbot: QtBot
) -> None:
    page = shown(program, qtbot)
    assert not page.stage.first.draw.isVisible()
    program.window.show_page("draw")
    draw_by_mouse(draw_page.pad, a_digit(3))
    answer_to(draw_page, qtbot)
    steps = draw_page.strip.steps
    assert steps is not None

    shown(program, qtbot)
    assert page.stage.first.draw.isVisible()
    with qtbot.waitSignal(page.way_shown):
        page.stage.first.draw.click()
    assert np.array_equal(page.stage.first.picture.image, steps.picture)  # type: ignore[arg-type]

    program.window.show_page("draw")
    draw_page.pad.clear()
    shown(program, qtbot)
    assert not page.stage.first.draw.isVisible()


def test_autoencoder_file_goes_to_its_page_and_is_remembered(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    classifier = program.core.classifier
    path = write_halves(tmp_path / "eigen.onnx")
    program.core.open_files([decoder_path(path)])
    assert program.window.page_name == "morph"
    page = shown(program, qtbot)

    assert program.morphing.autoencoder is not None
    assert program.morphing.autoencoder.path == path
    assert "autoencoder eigen" in page.head.subject.full_text()
    assert program.core.classifier is classifier
    assert Settings().autoencoder == path


def test_remembered_autoencoder_is_used_again(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_halves(tmp_path / "eigen.onnx")
    settings = Settings()
    settings.autoencoder = path
    settings.save()
    program = start(page="draw")
    shown(program, qtbot)
    assert program.morphing.autoencoder is not None
    assert program.morphing.autoencoder.path == path


def test_remembered_autoencoder_that_is_broken_gives_way_to_the_own_one(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    path = write_halves(tmp_path / "eigen.onnx", (b"<html>", b"<html>"))
    settings = Settings()
    settings.autoencoder = path
    settings.save()
    program = start(page="draw")
    page = shown(program, qtbot)
    qtbot.waitUntil(lambda: program.morphing.autoencoder is not None, timeout=20_000)
    assert program.morphing.autoencoder is not None
    assert program.morphing.autoencoder.path == default_autoencoder_path()
    assert page.way is not None


def test_file_that_cannot_be_used_is_told_and_the_way_stays(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    page = shown(program, qtbot)
    before, way = program.morphing.autoencoder, page.way
    path = write_halves(tmp_path / "odd.onnx", (plain_halves(28)[0], plain_halves(20)[1]))
    program.core.open_files([path])
    qtbot.waitUntil(lambda: "decoder belongs to another one" in page.message.message())
    assert program.morphing.autoencoder is before
    assert page.way is way


def test_trained_autoencoder_is_used_without_leaving_the_page(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    shown(program, qtbot)
    program.window.show_page("train")
    classifier = program.core.classifier
    path = write_halves(tmp_path / "trained.onnx")
    result = TrainingResult(
        model=path,
        decoder=decoder_path(path),
        run=tmp_path,
        epochs=1,
        best_epoch=1,
        parameters=1,
        train_seconds=1.0,
        validation_accuracy=None,
        test_accuracy=None,
        finished_early=False,
    )
    program.core.training.finished.emit(result)
    qtbot.waitUntil(
        lambda: (
            program.morphing.autoencoder is not None and program.morphing.autoencoder.path == path
        )
    )
    assert program.window.page_name == "train"
    assert program.core.classifier is classifier


def test_without_any_autoencoder_the_way_leads_to_training_one(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (wiring, morphing):
        monkeypatch.setattr(module, "default_autoencoder_path", lambda: tmp_path / "none.onnx")
    page = shown(program, qtbot)
    assert page.way is None
    page.train_autoencoder_requested.emit()
    assert program.window.page_name == "train"
    train = program.window.page("train")
    assert isinstance(train, TrainPage)
    assert train.form.recipes.chosen().name == wiring.RECIPE
