"""Dress the application as the program does, so that widgets are tested as they look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from mnist_desktop.ui import theme


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """Return the application in the light scheme, and leave it there."""
    theme.apply_theme(qapp, "light")
    yield qapp
    theme.apply_theme(qapp, "light")
