"""No exception is lost, and no name of a person is in the report."""

from __future__ import annotations

import getpass
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.ui import crash
from mnist_desktop.ui.crash import CrashHook


@pytest.fixture
def hook(app: QApplication, qtbot: QtBot) -> Iterator[CrashHook]:
    made = CrashHook()
    put_back = made.install()
    yield made
    put_back()
    if made.dialog is not None:
        made.dialog.accept()


def fail() -> None:
    raise ZeroDivisionError("planted")


def caught() -> BaseException:
    try:
        fail()
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def test_an_exception_is_shown_with_a_report_to_copy(
    hook: CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: hook.dialog is not None)
    assert hook.dialog is not None
    hook.dialog.copy_report()
    text = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError: planted" in text
    assert "in fail" in text
    assert "onnxruntime" in text
    assert "planted" in capsys.readouterr().err


def test_an_exception_in_a_thread_is_shown(
    hook: CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: hook.dialog is not None)
    assert hook.dialog is not None
    assert "planted" in hook.dialog.report.toPlainText()


def test_a_second_exception_does_not_open_a_second_dialog(
    hook: CrashHook, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    error = caught()
    for _ in range(3):
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: hook.dialog is not None)
    first = hook.dialog
    qtbot.wait(0)
    assert hook.dialog is first
    assert capsys.readouterr().err.count("planted") >= 3, "each is printed"


def test_a_report_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "hanako")
    monkeypatch.setattr(Path, "home", lambda: Path("/somewhere/hanako"))
    text = crash.without_name('File "/somewhere/hanako/app/x.py"\nhello hanako, hanakosan stays')
    assert "/somewhere/hanako" not in text
    assert '"~/app/x.py"' in text
    assert "hello user, hanakosan stays" in text
