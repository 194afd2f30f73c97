"""The page to draw on: it asks for predictions and shows what comes back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHideEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from mnist_desktop.inference.classifier import Classifier, Prediction
from mnist_desktop.inference.resampling import resample
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import heading
from mnist_desktop.ui.draw.clipboard import lightness
from mnist_desktop.ui.draw.drawer import Drawer
from mnist_desktop.ui.draw.film_strip import FilmStrip
from mnist_desktop.ui.draw.history import PastedPicture
from mnist_desktop.ui.draw.pad import DrawingPad
from mnist_desktop.ui.draw.panel import PredictionPanel
from mnist_desktop.ui.draw.surface import RASTER
from mnist_desktop.ui.draw.toolbar import Toolbar
from mnist_desktop.ui.messages import MessageStrip
from mnist_desktop.ui.workers import Answer

OPEN_MODEL, TRAIN_ONE = "Open a model", "Train one"


class DrawPage(QWidget):
    """Draw, and read the answer while drawing.

    `prediction_requested` carries the raster, a number that rises with each request, and the names
    of the recipe's steps to leave out; give the answer to `show_answer`. `answer_shown` carries
    each `Answer` shown, None for blank paper.
    """

    prediction_requested = Signal(object, int, object)
    answer_shown = Signal(object)
    open_model_requested = Signal()
    train_requested = Signal()
    brush_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classifier: Classifier | None = None
        self._number = 0
        self._valid_from = 0
        self.message = MessageStrip()
        self.pad = DrawingPad()
        self.panel = PredictionPanel()
        self.strip = FilmStrip()
        self.toolbar = Toolbar(self)
        self.drawer = Drawer()
        self.drawer.add_view(
            "steps", "Steps", self.strip, tip="From your ink to what the network gets"
        )
        self._body = _Body(self.pad, self.toolbar, self.panel, self.drawer)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.BETWEEN)
        column.setSpacing(theme.INSIDE)
        column.addWidget(heading("Draw"))
        column.addWidget(self.message)
        column.addWidget(self._body, 1)
        self.setFocusProxy(self.pad)
        self._connect()
        self._show_history()

    def _connect(self) -> None:
        """Connect the parts of this page with one another."""
        tools, pad = self.toolbar, self.pad
        pad.ink_changed.connect(self._ask)
        pad.history_changed.connect(self._show_history)
        tools.undo.triggered.connect(pad.undo)
        tools.redo.triggered.connect(pad.redo)
        tools.clear.triggered.connect(pad.clear)
        tools.copy.triggered.connect(self.copy_picture)
        tools.paste.triggered.connect(self.paste_picture)
        tools.brush_changed.connect(self._set_brush)
        tools.eraser_changed.connect(self._set_eraser)
        self.message.chosen.connect(self._on_chosen)
        self.strip.switched.connect(self._ask)
        self.answer_shown.connect(self._show_remark)
        self.panel.hint.all_on_requested.connect(self.strip.switch_all_on)

    @property
    def newest_request(self) -> int:
        """The number of the newest request; the panel has it when its answer is shown."""
        return self._number

    # What the wiring gives

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Show that another classifier answers from now on, and ask it about the drawing."""
        recipes = {c.contract.ink_recipe for c in (classifier, self._classifier) if c is not None}
        if len(recipes) > 1:
            self.strip.switch_all_on()
        self._classifier = classifier
        if classifier is not None:
            self.message.dismiss()
        self._valid_from = self._number + 1
        self._ask()

    def set_brush(self, width: int) -> None:
        """Choose the pen's width, in pixels of the raster."""
        self.toolbar.size.setValue(width)

    def show_no_model(self) -> None:
        """Say that nothing can answer yet, and what to do."""
        self.panel.set_waiting(False)
        self.message.show_message(
            "There is no model yet that could read what you draw",
            "Train one on the digits you have, or open an ONNX file.",
            kind="careful",
            actions=(OPEN_MODEL, TRAIN_ONE),
        )

    def show_guessed(self, name: str) -> None:
        """Say that the answers of a model may be wrong, because its contract is a guess."""
        self.message.show_message(
            f"“{name}” does not say how it wants its input, and no trial gave a clear answer",
            "Its answers may be wrong here even if it is a good model.",
            kind="careful",
        )

    def show_error(self, error: Exception) -> None:
        """Say what went wrong with a model or a picture."""
        self.message.show_error(error)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer, unless the drawing it was for is gone."""
        if self._valid_from <= answer.request and answer.request >= self.panel.request:
            self.panel.show_prediction(answer.prediction, answer.request)
            self.strip.show_steps(answer.steps)
            self.answer_shown.emit(answer)

    def add_picture(self, ink: np.ndarray) -> None:
        """Put a picture on the pad, scaled to fit into it.

        Parameters
        ----------
        ink
            (h, w) uint8, ink high.
        """
        height, width = ink.shape
        scale = RASTER / max(height, width)
        rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
        fitted = np.zeros((RASTER, RASTER), np.uint8)
        top, left = (RASTER - rows) // 2, (RASTER - columns) // 2
        small = np.clip(np.rint(resample(ink, rows, columns)), 0, 255).astype(np.uint8)
        fitted[top : top + rows, left : left + columns] = small
        self.pad.add_item(PastedPicture(fitted))

    # What a person does

    @Slot()
    def copy_picture(self) -> None:
        """Put the drawing on the clipboard, dark on light."""
        QGuiApplication.clipboard().setImage(self.pad.picture())

    @Slot()
    def paste_picture(self) -> None:
        """Put the clipboard's picture on the pad."""
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self.message.show_message(
                "There is no picture on the clipboard", "Copy one first, then paste it here."
            )
            return
        # Brings in Pillow, which a start must not wait for.
        from mnist_desktop.inference.picture import ink_of

        self.message.dismiss()
        self.add_picture(ink_of(lightness(image)))

    @Slot()
    def _ask(self) -> None:
        """Ask for an answer to what is on the pad; blank paper is answered here, by nothing."""
        self._number += 1
        raster = self.pad.raster()
        if raster.any():
            self.prediction_requested.emit(raster, self._number, self.strip.left_out)
            return
        self._valid_from = self._number + 1
        self.strip.show_steps(None)
        names = () if self._classifier is None else self._classifier.contract.class_names
        self.panel.show_prediction(Prediction.empty(names), self._number)
        self.answer_shown.emit(None)

    @Slot(object)
    def _show_remark(self, answer: Answer | None) -> None:
        """Say in a line what there is to say beside the answer."""
        self.panel.hint.show_answer(answer, self.strip.left_out_words)

    def close_down(self) -> None:
        """End what the drawer's views do beside the window."""
        self.drawer.close_down()

    @Slot()
    def _show_history(self) -> None:
        """Enable what can be done now."""
        self.toolbar.undo.setEnabled(self.pad.can_undo)
        self.toolbar.redo.setEnabled(self.pad.can_redo)
        self.toolbar.clear.setEnabled(bool(self.pad.items))

    @Slot(int)
    def _set_brush(self, width: int) -> None:
        """Use another width, with the brush in hand."""
        self.pad.brush = width
        self.brush_changed.emit(width)

    @Slot(bool)
    def _set_eraser(self, erase: bool) -> None:
        """Take up the eraser or the brush."""
        self.pad.eraser = erase

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Pass on what was chosen in the message."""
        if action == OPEN_MODEL:
            self.open_model_requested.emit()
        elif action == TRAIN_ONE:
            self.train_requested.emit()

    # Events

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the picture."""
        if not self.pad.geometry().contains(self._body.mapFrom(self, event.pos())):
            return
        tools, menu = self.toolbar, QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([tools.copy, tools.paste])
        menu.addSeparator()
        menu.addActions([tools.undo, tools.redo, tools.clear])
        menu.popup(event.globalPos() + QPoint(1, 1))

    def showEvent(self, event: QShowEvent) -> None:
        """Let the keys of this page work."""
        super().showEvent(event)
        for action in self.actions():
            action.setEnabled(True)
        self._show_history()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the keys to the other pages."""
        super().hideEvent(event)
        for action in self.actions():
            action.setEnabled(False)


class _Body(QWidget):
    """Give the pad the largest square there is room for, and the rest to the answer."""

    TOOLS = 36
    ANSWER = 320
    PANEL = 300
    SMALLEST = 240

    def __init__(self, pad: QWidget, toolbar: QWidget, panel: QWidget, drawer: Drawer) -> None:
        super().__init__()
        self._pad, self._toolbar, self._panel, self._drawer = pad, toolbar, panel, drawer
        for part in (pad, toolbar, panel, drawer):
            part.setParent(self)
        self.setMinimumSize(
            self.SMALLEST + theme.EDGE + self.ANSWER, self.SMALLEST + theme.INSIDE + self.TOOLS
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the four parts."""
        super().resizeEvent(event)
        width, height = self.width(), self.height()
        side = min(height - self.TOOLS - theme.INSIDE, width - self.ANSWER - theme.EDGE)
        side = max(self.SMALLEST, side)
        self._pad.setGeometry(0, 0, side, side)
        self._toolbar.setGeometry(0, side + theme.INSIDE, side, self.TOOLS)
        left = side + theme.EDGE
        right = min(width - left, max(self.ANSWER, side))
        drawer = round(min(0.46 * height, height - theme.BETWEEN - self.PANEL))
        self._panel.setGeometry(left, 0, right, height - drawer - theme.BETWEEN)
        self._drawer.setGeometry(left, height - drawer, right, drawer)
