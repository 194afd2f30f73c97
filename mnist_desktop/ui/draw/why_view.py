"""The view “Why”: what in the drawing decides the answer, and what the layers make of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from mnist_desktop.inference.activations import Layer, Layers
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import secondary
from mnist_desktop.ui.draw.evidence_canvas import EvidenceCanvas, telling_places
from mnist_desktop.ui.draw.layer_canvas import LayerCanvas
from mnist_desktop.ui.draw.legend import Legend, Meaning
from mnist_desktop.ui.draw.odds_words import odds_text
from mnist_desktop.ui.draw.why_tasks import (
    Explained,
    Found,
    Looked,
    explain_task,
    find_task,
    look_task,
)
from mnist_desktop.ui.workers import Answer, NewestWorker

NARROWEST, WIDEST = 136, 208
"""Pixels of the column with the words."""
REST_MS = 300
"""How long the pen must rest before the network's layers are found: that takes a moment at first,
for the library which reads models."""


class WhyView(QWidget):
    """Explain the answer to a drawing: a map of what decides, or the maps of a layer.

    Nothing is worked out while it is hidden.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("why")
        self._classifier: Classifier | None = None
        self._picture: NDArray[np.uint8] | None = None
        self._layers: Layers | None = None
        self._reason = ""
        self._has_looked = False
        self.map, self.maps, self.legend = EvidenceCanvas(), LayerCanvas(), Legend()
        self.part, self.target = QComboBox(), QComboBox()
        self.part.setObjectName("why_part")
        self.part.setAccessibleName("What to show: the map of what decides, or a layer")
        self.target.setObjectName("why_class")
        self.target.setAccessibleName("Class to explain")
        self.target.setToolTip("The class to explain; a click on its bar does the same")
        for chooser in (self.part, self.target):
            chooser.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            chooser.setMinimumContentsLength(6)
        self.note = secondary(wrap=True)
        self._build()
        self._worker = NewestWorker(self)
        self._worker.made.connect(self._on_made)
        self._worker.failed.connect(self._on_failed)
        # One of its own: reading a large model must not keep the map waiting.
        self._finder = NewestWorker(self)
        self._finder.made.connect(self._on_made)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._find_layers)
        self.part.currentIndexChanged.connect(self._on_part)
        self.target.currentIndexChanged.connect(self._begin)
        self._fill_parts()
        self._fill_targets()
        self._on_part()

    def _build(self) -> None:
        """Put the pictures at the left, and the choices with the words at the right."""
        self._stack = QStackedLayout()
        self._stack.addWidget(self.map)
        self._stack.addWidget(self.maps)
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        for part in (self.part, self.target, self.legend, self.note):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE + 4)
        row.addLayout(self._stack, 1)
        row.addWidget(self._side)

    # What is in use

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Explain another classifier's answers from now on."""
        self._worker.forget()
        self._finder.forget()
        self._classifier, self._picture = classifier, None
        self._layers, self._reason, self._has_looked = None, "", False
        self._fill_parts()
        self._fill_targets()
        self._on_part()

    def show_answer(self, answer: Answer | None) -> None:
        """Explain the answer to another drawing; None for a blank pad."""
        blank = answer is None or answer.steps.empty
        self._picture = None if blank or answer is None else answer.steps.picture
        self._begin()

    @Slot(int)
    def explain_class(self, index: int) -> None:
        """Explain this class, and not whatever the answer is."""
        if 0 <= index < self.target.count() - 1:
            self.part.setCurrentIndex(0)
            self.target.setCurrentIndex(index + 1)

    def close_down(self) -> None:
        """End the work that is on its way; no other follows."""
        self._classifier = None
        self._rest.stop()
        self._worker.stop()
        self._finder.stop()

    # Working it out

    def layer(self) -> Layer | None:
        """Return the layer that is chosen; None for the map of what decides."""
        chosen = self.part.currentData()
        return chosen if isinstance(chosen, Layer) else None

    @Slot()
    def _begin(self) -> None:
        """Have what is chosen worked out for the newest drawing, if anybody can see it."""
        if not self.isVisible() or self._classifier is None:
            return
        classifier, picture = self._classifier, self._picture
        layer, layers = self.layer(), self._layers
        if not self._has_looked:
            self._rest.start()
        if picture is None:
            self._worker.forget()
            self._show_nothing()
        elif layer is not None and layers is not None:
            self._worker.begin(lambda: look_task(layers, layer, picture))
        elif self.part.currentIndex() == 0:
            chosen = self.target.currentIndex() - 1
            index = chosen if chosen >= 0 else None
            self._worker.begin(lambda: explain_task(classifier, picture, index))

    @Slot()
    def _find_layers(self) -> None:
        """Have the layers of the classifier's network found, once."""
        classifier = self._classifier
        if classifier is not None and not self._has_looked:
            self._has_looked = True
            self._finder.begin(lambda: find_task(classifier))

    @Slot(object)
    def _on_made(self, result: object) -> None:
        """Show what was worked out."""
        if isinstance(result, Found) and result.classifier is self._classifier:
            self._layers, self._reason = result.layers, result.reason
            self._fill_parts()
        elif isinstance(result, Explained) and self.part.currentIndex() == 0:
            self._show_explained(result)
        elif isinstance(result, Looked) and result.layer == self.layer():
            self._show_looked(result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """Say that the model failed."""
        self._show_nothing()
        self._say(str(error))

    # Showing it

    def _show_explained(self, made: Explained) -> None:
        """Show the map, and say what its colours mean."""
        occlusion = made.occlusion
        self.map.show_map(made.picture, occlusion, name=made.name)
        places = {plus: place for place, plus in telling_places(occlusion)}
        lines = [Meaning(f"{made.name}: {odds_text(occlusion.log_odds)}", "ink that speaks")]
        for plus, role, sign, word in (
            (True, "accent", "+", "for"),
            (False, "careful", "−", "against"),
        ):
            detail = "nowhere much"
            if plus in places:
                left = odds_text(occlusion.log_odds_without(*places[plus]))
                detail = f"without it {left}"
            lines.append(Meaning(f"{word} {made.name}", detail, role, sign))
        self.legend.show_lines(lines)
        self._say("")
        self.map.setAccessibleDescription(self.legend.accessibleDescription())

    def _show_looked(self, made: Looked) -> None:
        """Show a layer's maps, and say what they are."""
        contract = self._classifier.contract if self._classifier is not None else None
        layer = made.layer
        is_answer = contract is not None and layer.tensor == contract.output_name
        names = contract.class_names if contract is not None and is_answer else ()
        fitting = names if len(names) == layer.maps else ()
        self.maps.show_maps(layer, made.maps, class_names=fitting)
        low, high = float(made.maps.min()), float(made.maps.max())
        lines = [Meaning(layer.title, layer.size_text), Meaning(f"up to {high:.2f}", role="ink")]
        if low < 0:
            lines.append(Meaning(f"down to {low:.2f}".replace("-", "−"), role="careful"))
        self.legend.show_lines(lines)
        more = layer.maps - self.maps.shown
        self._say(f"The first {self.maps.shown:,}; there is no room for more." if more else "")

    def _show_nothing(self) -> None:
        """Show empty paper, and say what to do."""
        self.map.show_map(None, None, name="")
        layer = self.layer()
        self.maps.show_maps(layer, None)
        lines = [] if layer is None else [Meaning(layer.title, layer.size_text)]
        self.legend.show_lines(lines)
        is_map = self.part.currentIndex() == 0
        words = "Draw, and see which ink decides." if is_map else "Draw, and see what it makes."
        self._say(self._reason if layer is None and not is_map else words)

    def _say(self, words: str) -> None:
        """Show a sentence below the legend, or none."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    @Slot()
    def _on_part(self) -> None:
        """Show the map or a layer."""
        is_map = self.part.currentIndex() == 0
        self._stack.setCurrentWidget(self.map if is_map else self.maps)
        self.target.setVisible(is_map)
        self._worker.forget()
        self._show_nothing()
        self._begin()

    def _fill_parts(self) -> None:
        """Offer the map and the layers there are, or say why there are none."""
        before = self.part.currentIndex()
        with QSignalBlocker(self.part):
            self.part.clear()
            self.part.addItem("What decides")
            layers = self._layers.layers if self._layers is not None else ()
            for number, layer in enumerate(layers, start=1):
                # What follows on it stands in the legend; here is no room.
                self.part.addItem(f"{number} {layer.title.split(',')[0]}", layer)
                row = self.part.count() - 1
                tip = f"{layer.title}: {layer.size_text}"
                self.part.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
            if self._reason:
                self.part.addItem("Layers")
        self.part.view().setMinimumWidth(self.part.view().sizeHintForColumn(0) + theme.EDGE)
        if before > 0:
            self._on_part()

    def _fill_targets(self) -> None:
        """Offer the classes."""
        with QSignalBlocker(self.target):
            self.target.clear()
            names = self._classifier.contract.class_names if self._classifier else ()
            self.target.addItems(["The answer", *(f"Why {name}?" for name in names)])

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the words more room where there is more."""
        super().resizeEvent(event)
        beside = event.size().width() - event.size().height()
        self._side.setFixedWidth(max(NARROWEST, min(WIDEST, beside - theme.INSIDE - 4)))

    def showEvent(self, event: QShowEvent) -> None:
        """Work out what was not while nobody could see it."""
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """Give up what nobody can see."""
        super().hideEvent(event)
        self._rest.stop()
        self._worker.forget()
