"""Words and their values, one a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QWidget

from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import ElidedLabel, secondary


class FactList(QWidget):
    """Lists facts as a word and a value each; values can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(theme.BETWEEN)
        self._form.setVerticalSpacing(4)
        self._facts: dict[str, str] = {}

    def facts(self) -> dict[str, str]:
        """Return what is listed, value by word."""
        return dict(self._facts)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """List these facts; the lines are kept where the words stay."""
        if list(self._facts) != [word for word, _ in facts]:
            while self._form.rowCount():
                self._form.removeRow(0)
            for word, _ in facts:
                shown = ElidedLabel()
                shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._form.addRow(secondary(word), shown)
        for row, (_, value) in enumerate(facts):
            shown = self._form.itemAt(row, QFormLayout.ItemRole.FieldRole).widget()
            assert isinstance(shown, ElidedLabel)
            shown.set_full_text(value)
        self._facts = dict(facts)
