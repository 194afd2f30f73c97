"""Drive the real window, dressed as the program dresses it, and drain its workers afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.page import DrawPage
from mnist_desktop.ui.program import Program


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """Return the application in the light scheme, and leave it there."""
    theme.apply_theme(qapp, "light")
    yield qapp
    theme.apply_theme(qapp, "light")


@pytest.fixture
def start(app: QApplication, qtbot: QtBot, home: object) -> Iterator[Callable[..., Program]]:
    """Return a function that opens the real window; everything it began is ended afterwards."""
    programs: list[Program] = []

    def run(**choices: object) -> Program:
        program = Program(**choices)  # type: ignore[arg-type]
        programs.append(program)
        qtbot.addWidget(program.window)
        with qtbot.waitActive(program.window):
            program.show()
        return program

    yield run
    for program in programs:
        while running := program.core.jobs.running():  # the end of one may begin another
            assert all([runner.wait_closed() for runner in running])
        program.core.predictions.stop()
        for name in program.window.page_names:
            close_down = getattr(program.window.page(name), "close_down", None)
            if close_down is not None:
                close_down()
        program.window.let_close()


@pytest.fixture
def program(start: Callable[..., Program], qtbot: QtBot) -> Program:
    """Return the window with the program's own model loaded, on the Draw page."""
    made = start(page="draw")
    qtbot.waitUntil(lambda: made.core.classifier is not None, timeout=20_000)
    return made


@pytest.fixture
def draw_page(program: Program) -> DrawPage:
    """Return the Draw page of the real window."""
    page = program.window.page("draw")
    assert isinstance(page, DrawPage)
    return page
