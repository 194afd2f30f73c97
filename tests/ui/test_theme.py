"""Both schemes are readable, and everything follows a switch."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from mnist_desktop.files import resource_folder
from mnist_desktop.ui import controls, icons, theme


def luminance(colour: QColor) -> float:
    """Return the relative luminance as WCAG 2 defines it."""
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [theme.LIGHT, theme.DARK], ids=lambda s: s.name)
def test_words_and_marks_stand_out(scheme: theme.Theme) -> None:
    for ground in ("window", "surface"):
        for words in ("text", "secondary", "accent", "good", "careful", "bad"):
            assert contrast(getattr(scheme, words), getattr(scheme, ground)) >= 4.5, (words, ground)
        assert contrast(scheme.bar, getattr(scheme, ground)) >= 3.0
    assert contrast(scheme.text, scheme.pressed) >= 4.5
    assert contrast(scheme.on_accent, scheme.accent) >= 4.5
    assert contrast(scheme.on_accent, scheme.accent_hover) >= 4.5
    assert contrast(scheme.ink, scheme.paper) >= 7.0


def test_switching_tells_once_and_changes_the_palette(app: QApplication, qtbot: QtBot) -> None:
    told: list[str] = []
    theme.notifier().changed.connect(lambda: told.append(theme.current().name))
    theme.apply_theme(app, "dark")
    theme.apply_theme(app, "dark")
    assert told == ["dark"]
    assert app.palette().window().color() == theme.DARK.window
    theme.apply_theme(app, "light")
    assert told == ["dark", "light"]


def test_an_unknown_scheme_is_refused(app: QApplication) -> None:
    with pytest.raises(ValueError, match="purple"):
        theme.apply_theme(app, "purple")


def test_a_dressed_button_follows_the_theme(app: QApplication, qtbot: QtBot) -> None:
    pressed = controls.button("Go", "play")
    qtbot.addWidget(pressed)

    def colour() -> QColor:
        picture = pressed.icon().pixmap(QSize(24, 24)).toImage()
        return picture.pixelColor(8, 12)  # on the left side of the triangle

    before = colour()
    theme.apply_theme(app, "dark")
    assert luminance(colour()) > luminance(before) + 0.5


def test_every_icon_draws_something(app: QApplication) -> None:
    files = sorted((resource_folder() / "assets" / "icons").glob("*.svg"))
    assert len(files) > 30
    for file in files:
        picture = icons.icon(file.stem).pixmap(QSize(24, 24)).toImage()
        inked = sum(picture.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24))
        assert 8 < inked < 300, file.name


def test_icons_that_follow_the_theme_name_no_colour() -> None:
    for file in (resource_folder() / "assets" / "icons").glob("*.svg"):
        text = file.read_text()
        if not file.stem.startswith(("arrow-", "check-")):
            assert not re.search(r"#[0-9a-fA-F]{3,6}", text), file.name


def test_the_bundled_font_is_there(app: QApplication) -> None:
    assert QFontInfo(theme.font(13)).pixelSize() == 13
    assert theme.font(16, bold=True).weight() > theme.font(16).weight()


def test_disabled_buttons_look_disabled(app: QApplication, qtbot: QtBot) -> None:
    pressed = QPushButton("Go")
    qtbot.addWidget(pressed)
    pressed.resize(100, 32)
    enabled = pressed.grab().toImage()
    pressed.setEnabled(False)
    assert pressed.grab().toImage() != enabled
