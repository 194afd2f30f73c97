"""What a page says: the message strip, and what stands where nothing is yet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnist_desktop.errors import UserError
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.controls import button, icon_button, secondary


class MessageStrip(QFrame):
    """One line in a page that says what happened and what to do; it never blocks.

    `chosen` is emitted with the text of the action that was pressed.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_strip")
        self._sign = QLabel()
        self._sign.setFixedSize(20, 20)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._advice = secondary(wrap=True)
        self._advice.setTextFormat(Qt.TextFormat.PlainText)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(theme.INSIDE)
        close = icon_button("close", "Dismiss this message")
        close.setIconSize(QSize(16, 16))
        close.clicked.connect(self.dismiss)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._message)
        words.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, theme.INSIDE, theme.INSIDE, theme.INSIDE)
        row.setSpacing(theme.INSIDE)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addLayout(self._actions)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._kind = "info"
        theme.notifier().changed.connect(self._draw_sign)
        self.hide()

    @property
    def kind(self) -> str:
        """Return the kind of what is shown: "bad", "careful", "good" or "info"."""
        return self._kind

    def message(self) -> str:
        """Return what is shown, empty when nothing is."""
        return "" if self.isHidden() else self._message.text()

    def show_message(
        self, message: str, advice: str = "", *, kind: str = "info", actions: Sequence[str] = ()
    ) -> None:
        """Show a message in place of the one before.

        Parameters
        ----------
        message
            What happened.
        advice
            What to do about it.
        kind
            "bad", "careful", "good" or "info".
        actions
            Texts of buttons that offer to do it.
        """
        self._kind = kind
        self._message.setText(message)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        while (item := self._actions.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for text in actions:
            made = button(text)
            made.clicked.connect(lambda _=False, text=text: self.chosen.emit(text))
            self._actions.addWidget(made)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw_sign()
        self.setAccessibleName(f"{message}. {advice}")
        self.show()
        QTimer.singleShot(0, self, self._fit)

    def show_error(self, error: Exception, *, actions: Sequence[str] = ()) -> None:
        """Show what went wrong, with the advice a `UserError` carries."""
        if isinstance(error, UserError):
            self.show_message(error.message, error.advice, kind="bad", actions=actions)
        else:
            self.show_message(
                f"Something unexpected went wrong: {error}", kind="bad", actions=actions
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the text needs at the new width."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    @Slot()
    def _fit(self) -> None:
        """Ask for the height that the text needs: within a splitter nobody else does."""
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    @Slot()
    def dismiss(self) -> None:
        """Take the message away."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    @Slot()
    def _draw_sign(self) -> None:
        """Show the sign that goes with the kind, in its colour."""
        role = self._kind if self._kind in ("good", "careful", "bad") else "secondary"
        name = self._kind if self._kind in ("good", "careful", "bad") else "info"
        self._sign.setPixmap(icons.pixmap(name, 20, role=role, ratio=self.devicePixelRatioF()))


class EmptyState(QWidget):
    """What a page shows when it has nothing: one sentence and what to do next.

    `chosen` is emitted with the text of the button that was pressed.

    Parameters
    ----------
    sentence
        What is missing, or what the page is for.
    actions
        The texts of the buttons; the first is the primary one.
    icon
        The name of an icon above the sentence.
    """

    chosen = Signal(str)

    def __init__(
        self,
        sentence: str,
        actions: Sequence[str] = (),
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setSpacing(theme.BETWEEN)
        column.addStretch(2)
        self._icon_name = icon
        self._sign = QLabel()
        if icon:
            column.addWidget(self._sign, 0, centre)
            theme.notifier().changed.connect(self._draw_sign)
            self._draw_sign()
        self.sentence = QLabel(sentence)
        self.sentence.setAlignment(centre)
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumWidth(320)
        self.sentence.setMaximumWidth(520)
        # In a row of its own between stretches: aligned in the column it would get one line only.
        words = QHBoxLayout()
        words.addStretch(1)
        words.addWidget(self.sentence, 100)
        words.addStretch(1)
        column.addLayout(words)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addStretch(1)
        self.buttons = [
            button(text, role="primary" if place == 0 else "") for place, text in enumerate(actions)
        ]
        for text, made in zip(actions, self.buttons, strict=True):
            made.clicked.connect(lambda _=False, text=text: self.chosen.emit(text))
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    @Slot()
    def _draw_sign(self) -> None:
        """Draw the icon in the theme's colours."""
        self._sign.setPixmap(
            icons.pixmap(self._icon_name, 40, role="secondary", ratio=self.devicePixelRatioF())
        )
