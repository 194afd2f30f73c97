"""The panel says what the classifier says, and is calm about what it does not know."""

from __future__ import annotations

import string

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.ink import prepare
from mnist_desktop.ui import theme
from mnist_desktop.ui.draw.bars import rows_of
from mnist_desktop.ui.draw.film_strip import CAPTION, GAP, FilmStrip, frames
from mnist_desktop.ui.draw.panel import PredictionPanel

DIGITS = tuple("0123456789")


def prediction(best: int, share: float, names: tuple[str, ...] = DIGITS) -> Prediction:
    rest = (1 - share) / (len(names) - 1)
    probabilities = np.full(len(names), rest, np.float32)
    probabilities[best] = share
    return Prediction(probabilities, names)


@pytest.fixture
def panel(app: QApplication, qtbot: QtBot) -> PredictionPanel:
    made = PredictionPanel()
    qtbot.addWidget(made)
    made.resize(340, 360)
    made.show()
    return made


def inked(panel: PredictionPanel, colour_name: str) -> int:
    """Return how many pixels of the panel have a colour of the theme."""
    picture = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint32)
    return int((pixels == getattr(theme.current(), colour_name).rgb()).sum())


def test_a_clear_answer(panel: PredictionPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.answered):
        panel.show_prediction(prediction(7, 0.968), 5)
    assert panel.property("label") == "7"
    assert panel.property("confidence") == pytest.approx(0.968)
    assert panel.property("request") == 5
    assert panel.accessibleDescription() == "7 96.8 %"
    assert inked(panel, "accent") > 500


def test_an_unclear_answer_is_no_answer(panel: PredictionPanel) -> None:
    panel.show_prediction(prediction(3, 0.41), 6)
    assert panel.property("label") == ""
    assert panel.property("confidence") == pytest.approx(0.41)
    assert "Not sure" in panel.accessibleDescription()
    assert "perhaps 3" in panel.accessibleDescription()
    assert inked(panel, "accent") == 0


def test_blank_paper_and_no_model_answer_nothing(panel: PredictionPanel) -> None:
    panel.show_prediction(Prediction.empty(DIGITS), 7)
    assert (panel.property("label"), panel.property("confidence")) == ("", 0.0)
    panel.show_prediction(None, 8)
    assert (panel.property("label"), panel.property("confidence")) == ("", 0.0)
    assert "Loading" in panel.accessibleDescription()
    panel.set_waiting(False)
    assert "No model" in panel.accessibleDescription()


@pytest.mark.parametrize("count", [2, 10, 26, 47, 62])
def test_any_number_of_classes_fits(panel: PredictionPanel, count: int) -> None:
    names = tuple((string.digits + string.ascii_letters)[:count])
    panel.show_prediction(prediction(count - 1, 0.9, names), 1)
    assert panel.property("label") == names[-1]
    assert inked(panel, "accent") > 20


CHARACTERS = tuple((string.digits + string.ascii_letters)[:47])


def test_of_many_classes_the_most_probable_are_shown() -> None:
    shares = np.full(47, 0.0001, np.float32)
    shares[[24, 0, 13]] = (0.7, 0.2, 0.1 - 44 * 0.0001)
    rows = rows_of(Prediction(shares, CHARACTERS), leading=True)
    assert [row.name for row in rows] == [CHARACTERS[24], "0", CHARACTERS[13]]
    assert [row.leads for row in rows] == [True, False, False]

    even = Prediction(np.full(47, 1 / 47, np.float32), CHARACTERS)
    rows = rows_of(even, leading=False)
    assert [row.name for row in rows] == [*CHARACTERS[:8], "others"]
    assert sum(row.share for row in rows) == pytest.approx(1.0)
    assert not any(row.leads for row in rows)

    names = tuple(str(number) for number in range(1000))
    thin = Prediction(np.full(1000, 0.001, np.float32), names)
    assert [row.name for row in rows_of(thin, leading=False)] == ["0", "others"]


def test_few_classes_keep_their_order() -> None:
    rows = rows_of(prediction(7, 0.9), leading=True)
    assert [row.name for row in rows] == list(DIGITS)
    assert [row.leads for row in rows].index(True) == 7


def test_blank_paper_says_what_a_model_of_many_classes_reads(panel: PredictionPanel) -> None:
    panel.show_prediction(Prediction.empty(DIGITS), 1)
    digits = panel.grab().toImage()
    panel.show_prediction(Prediction.empty(CHARACTERS), 2)
    assert panel.property("label") == ""
    listed = panel.grab().toImage()
    assert listed != digits
    assert inked(panel, "hover") == 0, "no bars"
    panel.show_prediction(Prediction.empty(tuple(f"class {n}" for n in range(5000))), 3)
    assert panel.grab().toImage() != listed


def test_a_long_name_is_written_smaller(panel: PredictionPanel) -> None:
    names = ("T-shirt/top", "Trouser", "A very long name of an ankle boot")
    panel.show_prediction(prediction(2, 0.99, names), 1)
    picture = panel.grab().toImage()
    right = [picture.pixel(panel.width() - 1, y) for y in range(20, 60)]
    assert set(right) == {theme.current().window.rgb()}, "the name does not run out of the panel"


def test_the_strip_shows_every_step_and_nothing_for_blank_paper(
    app: QApplication, qtbot: QtBot
) -> None:
    strip = FilmStrip()
    qtbot.addWidget(strip)
    strip.resize(340, 190)
    strip.show()
    raster = np.zeros((560, 560), np.uint8)
    strip.show_steps(prepare(raster))
    assert strip.steps is None
    blank = strip.grab().toImage()
    raster[100:400, 260:300] = 255
    strip.show_steps(prepare(raster))
    assert strip.grab().toImage() != blank
    assert "Centred by mass" in strip.accessibleDescription()
    strip.show_steps(prepare(raster, "emnist", size=32))
    assert not strip.grab().toImage().isNull()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("cells", [28, 32])
@pytest.mark.parametrize(("width", "height"), [(318, 250), (866, 440), (400, 300)])
def test_the_frames_fit_and_show_whole_pixels(
    width: int, height: int, cells: int, ratio: float
) -> None:
    found = frames(width, height, cells=cells, others=4, ratio=ratio)
    assert found.left + found.large <= width + 1e-6
    assert found.large + CAPTION <= height
    assert found.large * ratio % cells == pytest.approx(0, abs=1e-6)
    assert found.large >= 0.38 * min(width, height)
    assert 2 * (found.small + CAPTION) + GAP <= found.large + CAPTION + 1e-6, "rows do not touch"
