"""Our icons: one set of SVG lines, coloured from the theme, sharp at every scale."""

from __future__ import annotations

import weakref
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mnist_desktop.files import resource_folder
from mnist_desktop.ui import theme

SIZES = (16, 20, 24)
"""The sizes, in pixels before scaling, in which an icon is prepared."""


class TakesIcon(Protocol):
    """Anything that shows an icon: a button, an action."""

    def setIcon(self, icon: QIcon) -> None:
        """Show `icon`."""


def icon(name: str, *, role: str = "text") -> QIcon:
    """Return an icon in the colours of the present theme.

    Parameters
    ----------
    name
        The name of a file in `assets/icons`, without its ending.
    role
        The field of the theme that colours it.

    Raises
    ------
    FileNotFoundError
        When there is no such icon.
    """
    source = (resource_folder() / "assets" / "icons" / f"{name}.svg").read_bytes()
    colours = theme.current()
    faint = QColor(colours.secondary)
    faint.setAlpha(120)
    made = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, getattr(colours, role)),
        (QIcon.Mode.Disabled, faint),
    ):
        for size in SIZES:
            for ratio in _ratios():
                made.addPixmap(_drawn(source, colour, size=size, ratio=ratio), mode)
    return made


def pixmap(name: str, size: int, *, role: str = "text", ratio: float = 1.0) -> QPixmap:
    """Return one picture of an icon, `size` pixels wide before scaling by `ratio`."""
    source = (resource_folder() / "assets" / "icons" / f"{name}.svg").read_bytes()
    return _drawn(source, getattr(theme.current(), role), size=size, ratio=ratio)


def dress(target: TakesIcon, name: str, *, role: str = "text") -> None:
    """Give `target` an icon that follows the theme for as long as `target` lives.

    Calling it again replaces the icon.
    """
    target.setIcon(icon(name, role=role))
    known = getattr(target, "icon_follower", None)
    if isinstance(known, _Follower):
        known.name, known.role = name, role
    else:
        target.icon_follower = _Follower(target, name, role)  # type: ignore[attr-defined]


class _Follower(QObject):
    """Set an icon anew when the theme changes."""

    def __init__(self, target: TakesIcon, name: str, role: str) -> None:
        super().__init__(target if isinstance(target, QObject) else None)
        self.name, self.role = name, role
        self._target = weakref.ref(target)
        theme.notifier().changed.connect(self.refresh)

    def refresh(self) -> None:
        """Draw the icon in the theme's present colours."""
        target = self._target()
        if target is not None:
            target.setIcon(icon(self.name, role=self.role))


def _ratios() -> tuple[float, ...]:
    """Return the pixel ratios worth drawing for: one, and the highest of any screen."""
    app = QGuiApplication.instance()
    highest = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return (1.0, highest) if highest > 1.0 else (1.0,)


def _drawn(source: bytes, colour: QColor, *, size: int, ratio: float) -> QPixmap:
    """Draw an SVG whose lines are `currentColor` into a pixmap."""
    renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.name().encode())))
    made = QPixmap(QSize(size, size) * ratio)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setOpacity(colour.alphaF())
        renderer.render(painter, QRectF(made.rect()))
    made.setDevicePixelRatio(ratio)
    return made
