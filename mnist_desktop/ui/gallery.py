"""Pictures of the window, with nobody at the screen: for the self-test and for the documents.

Usage: python -m mnist_desktop.ui.gallery FOLDER [--data FOLDER] [--size 1280x800] [--recipe NAME]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from mnist_desktop.datasets.sample_digits import sample_strokes
from mnist_desktop.errors import UserError
from mnist_desktop.files import write_bytes
from mnist_desktop.inference.ink import Stroke
from mnist_desktop.ui.charts import Chart
from mnist_desktop.ui.dataset.page import DatasetPage
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.draw.surface import RASTER
from mnist_desktop.ui.evaluate.page import EvaluatePage
from mnist_desktop.ui.program import Program, application
from mnist_desktop.ui.train.page import TrainPage

LONGEST_WAIT = 300.0
"""Seconds that a picture may take: a training of one epoch on a slow, busy machine."""

TRAIN_IMAGES = "mnist/train-images-idx3-ubyte.gz"


def photograph(picture: Path, *, page: str | None, files: list[Path]) -> None:
    """Show the window, wait until it is ready, and save a picture of it.

    Parameters
    ----------
    picture
        The PNG file to write.
    page
        The page to show; None for the one shown last. On the Draw page a digit is drawn.
    files
        Files to open first.

    Raises
    ------
    UserError
        When the window does not become ready, or the picture cannot be written.
    """
    application()
    program = Program(page=page, files=files)
    program.show()
    try:
        wait_for(lambda: is_ready(program), what="the window")
        draw_page = program.window.page("draw")
        if program.window.page_name == "draw" and isinstance(draw_page, DrawPage):
            draw_digit(program, draw_page, 7)
        save(program, picture)
    finally:
        close(program)


def render(
    folder: Path,
    *,
    data: Path | None = None,
    size: tuple[int, int] = (1280, 800),
    recipe: str = "quick",
) -> None:
    """Save a picture of every page in both colour schemes into `folder`.

    Parameters
    ----------
    folder
        Where the pictures go, as `draw-light.png` and so on; made if need be.
    data
        A folder with real files (`mnist/…`); the generated sample digits are shown without it.
    size
        Width and height of the window in pixels.
    recipe
        The recipe of the training that is shown.

    Raises
    ------
    UserError
        When something does not become ready, or a picture cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    application()
    # Offscreen the pointer begins over the rail, and would light up a button in every picture.
    QCursor.setPos(size[0] // 3, 4)
    program = Program(page="draw")
    program.window.resize(*size)
    program.show()
    try:
        wait_for(lambda: is_ready(program), what="the window")
        fill(program, data, recipe=recipe)
        for scheme in ("light", "dark"):
            program.menus.set_scheme(scheme)
            for name in program.window.page_names:
                program.window.show_page(name)
                wait_for(lambda: is_ready(program), what=f"the page {name}")
                save(program, folder / f"{name}-{scheme}.png")
    finally:
        close(program)


def fill(program: Program, data: Path | None, *, recipe: str) -> None:
    """Do on every page what a person would do there first."""
    window = program.window
    draw_digit(program, cast(DrawPage, window.show_page("draw")), 7)
    images = None if data is None else data / TRAIN_IMAGES
    if images is not None and images.is_file():
        program.core.open_dataset(images)
    else:
        program.core.open_samples()
    wait_for(lambda: program.core.dataset is not None and is_ready(program), what="the dataset")
    dataset_page = cast(DatasetPage, window.show_page("dataset"))
    dataset_page.go_to(0)
    train_page = cast(TrainPage, window.show_page("train"))
    wait_for(lambda: is_ready(program), what="the page train")
    own = program.core.classifier
    train_page.form.recipes.choose(recipe)
    train_page.controls.start.emit()
    wait_for(lambda: program.core.classifier is not own, what="a training")
    program.core.open_default_model()
    evaluate_page = cast(EvaluatePage, window.show_page("evaluate"))
    wait_for(lambda: is_ready(program), what="the model")
    evaluate_page.evaluate_button.click()
    wait_for(lambda: not evaluate_page.is_running and is_ready(program), what="an evaluation")


def draw_digit(program: Program, page: DrawPage, digit: int) -> None:
    """Draw a generated digit on the pad, and wait for the answer."""
    for points in sample_strokes(digit, seed=3):
        places = np.asarray(points * 0.64 * RASTER + 0.18 * RASTER, np.float32)
        page.pad.add_item(Stroke(places, width=float(page.pad.brush)))
    if program.core.classifier is not None:
        wait_for(lambda: page.panel.property("request") == page.newest_request, what="an answer")


def is_ready(program: Program) -> bool:
    """Say whether the window shows all that it will show by itself."""
    charts = [chart for chart in program.window.findChildren(Chart) if chart.isVisible()]
    return (
        program.window.isVisible()
        and program.has_begun
        and not program.core.jobs.running()
        and program.morphing.is_ready
        and all(chart.canvas is not None and not chart.is_stale for chart in charts)
    )


def wait_for(condition: Callable[[], bool], *, what: str, seconds: float = LONGEST_WAIT) -> None:
    """Let the window live until `condition` holds.

    Raises
    ------
    UserError
        When it does not within `seconds`.
    """
    loop, look, end = QEventLoop(), QTimer(), QTimer()
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    end.setSingleShot(True)
    end.timeout.connect(lambda: loop.exit(1))
    look.start(10)
    end.start(round(1000 * seconds))
    if not condition() and loop.exec() == 1:
        raise UserError(f"Waited {seconds:.0f} s for {what}")


def save(program: Program, picture: Path) -> None:
    """Save a picture of the window, in place of an earlier one."""
    # One turn of the event loop, so that what has just been asked for is laid out.
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    program.window.grab().save(buffer, "PNG")
    write_bytes(picture, buffer.data().data())


def close(program: Program) -> None:
    """Close the window, and wait until everything has ended."""
    loop = QEventLoop()
    program.core.closing.ready.connect(loop.quit)
    if program.core.training.is_running:
        program.core.training.wait_closed()
    QTimer.singleShot(0, program.window.close)
    loop.exec()


def main(argv: list[str] | None = None) -> int:
    """Render every page; return the exit code."""
    parser = argparse.ArgumentParser(description="Save a picture of every page in both schemes.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="a folder that has mnist/train-images-…")
    parser.add_argument("--size", default="1280x800", help="WIDTHxHEIGHT of the window")
    parser.add_argument("--recipe", default="quick", help="the recipe of the training shown")
    arguments = parser.parse_args(argv)
    width, height = (int(part) for part in arguments.size.split("x"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        # Runs and settings of a person are not for these pictures, nor the other way round.
        os.environ["MNIST_DESKTOP_HOME"] = home
        try:
            render(
                arguments.folder,
                data=arguments.data,
                size=(width, height),
                recipe=arguments.recipe,
            )
        except UserError as error:
            print(error, file=sys.stderr)
            return 1
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.emit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
