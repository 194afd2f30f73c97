"""The inspector shows how much ink there is and where, in numbers and over the picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.ink_measures import measure_ink
from mnist_desktop.ui import theme
from mnist_desktop.ui.dataset.ink_marks import box_area, centre_point
from mnist_desktop.ui.dataset.ink_panel import measured_facts
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import move_mouse

Key = Qt.Key


@pytest.fixture
def inked(page: DatasetPage) -> DatasetPage:
    """Return a page that shows a picture with a known amount of ink, and a blank one."""
    images = np.zeros((2, 10, 20), np.uint8)
    images[0, 2:5, 4:12] = 255
    images[0, 7, 8] = 20
    page.set_dataset(Dataset(name="made", images=images, labels=None, class_names=()))
    return page


def test_numbers_of_the_ink(inked: DatasetPage) -> None:
    ink = inked.inspector.ink
    assert ink.reading.text() == "25 pixels with ink, 87.5 % is blank paper"
    assert ink.facts.facts() == {
        "Ink box": "8 × 6 at column 4, line 2",
        "Centre of mass": "column 7.5, line 3.0",
        "Mean": "30.7 of 255",
    }
    inked.go_to(1)
    assert ink.facts.facts()["Ink box"] == "no ink"
    assert ink.reading.text() == "0 pixels with ink, 100.0 % is blank paper"


def test_bars_are_read_by_pointer_and_keys(qtbot: QtBot, inked: DatasetPage) -> None:
    inked.inspector.ensureWidgetVisible(inked.inspector.ink)
    ink, histogram = inked.inspector.ink, inked.inspector.ink.histogram
    area = histogram.bar_area(16)
    move_mouse(histogram, QPointF(area.center().x(), 5).toPoint())
    assert ink.reading.text() == "Ink 241 to 255: 24 pixels"
    qtbot.keyClick(histogram, Key.Key_Home)
    assert ink.reading.text() == "Ink 1 to 15: 0 pixels"
    qtbot.keyClick(histogram, Key.Key_Right)
    assert ink.reading.text() == "Ink 16 to 30: 1 pixel"
    assert histogram.accessibleDescription() == "Ink 16 to 30: 1 pixel"
    for key, place in (
        (Key.Key_Left, 0),
        (Key.Key_Left, 0),
        (Key.Key_End, 16),
        (Key.Key_Right, 16),
    ):
        qtbot.keyClick(histogram, key)
        assert histogram.current == place
    inked.go_to(1)
    assert ink.reading.text() == "Ink 241 to 255: 0 pixels"
    assert histogram.accessibleDescription() == "Ink 241 to 255: 0 pixels"


def test_bars_are_as_high_as_their_pixels_are_many(inked: DatasetPage) -> None:
    histogram = inked.inspector.ink.histogram
    heights = [histogram.bar_area(place).height() for place in range(17)]
    assert heights[16] == max(heights) > 40
    assert 2 <= heights[1] < 4, "a single pixel is still seen"
    assert sum(height > 0 for height in heights) == 2
    assert all(
        histogram.bar_at(QPointF(histogram.bar_area(place).center().x(), 3)) == place
        for place in range(17)
    )


def test_marks_lie_where_the_ink_is() -> None:
    picture = np.zeros((10, 20), np.uint8)
    picture[2:4, 5:15] = 200
    measures = measure_ink(picture)
    area = QRectF(100, 50, 400, 200)
    assert box_area(measures, area) == QRectF(200, 90, 200, 40)
    assert centre_point(measures, area) == QPointF(300, 110)
    blank = measure_ink(np.zeros((10, 20), np.uint8))
    assert centre_point(blank, area) is None
    assert box_area(blank, area).isEmpty()


def accented(page: DatasetPage) -> NDArray[np.bool_]:
    """Return where the picture in the inspector has the accent colour."""
    image = page.inspector.view.grab().toImage()
    accent = theme.current().accent.rgb()
    return np.array(
        [[image.pixel(x, y) == accent for x in range(image.width())] for y in range(image.height())]
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_are_drawn_when_asked(app: QApplication, inked: DatasetPage, scheme: str) -> None:
    theme.apply_theme(app, scheme)
    assert not accented(inked).any()
    inked.inspector.marks_button.click()
    marked = accented(inked)
    measures = measure_ink(inked.dataset.images[0])  # type: ignore[union-attr]
    area = inked.inspector.view.image_area()
    centre = centre_point(measures, area)
    assert centre is not None
    near = marked[round(centre.y()) - 2 : round(centre.y()) + 2]
    assert near[:, round(centre.x()) - 5 : round(centre.x()) + 5].any()
    box = box_area(measures, area)
    top = marked[round(box.top()) - 2 : round(box.top()) + 2].any(axis=0)
    assert top[round(box.left()) + 2 : round(box.right()) - 2].all()
    inked.go_to(1)
    assert not accented(inked).any(), "blank paper has no box"
    inked.inspector.marks_button.click()
    inked.go_to(0)
    assert not accented(inked).any()


def test_facts_of_a_single_pixel() -> None:
    picture = np.zeros((5, 5), np.uint8)
    picture[4, 0] = 7
    assert dict(measured_facts(measure_ink(picture))) == {
        "Ink box": "1 × 1 at column 0, line 4",
        "Centre of mass": "column 0.0, line 4.0",
        "Mean": "0.3 of 255",
    }
