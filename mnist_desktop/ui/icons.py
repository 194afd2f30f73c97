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
DISABLED_OPACITY = 0.4


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
    renderer = _renderer(name, getattr(theme.current(), role))
    made = QIcon()
    for size in SIZES:
        for ratio in _ratios():
            picture = _drawn(renderer, size=size, ratio=ratio)
            made.addPixmap(picture, QIcon.Mode.Normal)
            made.addPixmap(_faint(picture), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, size: int, *, role: str = "text", ratio: float = 1.0) -> QPixmap:
    """Return one picture of an icon, `size` pixels wide before scaling by `ratio`."""
    return _drawn(_renderer(name, getattr(theme.current(), role)), size=size, ratio=ratio)


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


def _renderer(name: str, colour: QColor) -> QSvgRenderer:
    """Return what draws an icon, its `currentColor` lines in `colour`."""
    source = (resource_folder() / "assets" / "icons" / f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.name().encode())))


def _drawn(renderer: QSvgRenderer, *, size: int, ratio: float) -> QPixmap:
    """Draw an icon into a pixmap."""
    made = QPixmap(QSize(size, size) * ratio)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        renderer.render(painter, QRectF(made.rect()))
    made.setDevicePixelRatio(ratio)
    return made


def _faint(picture: QPixmap) -> QPixmap:
    """Return a picture as it looks where nothing can be done with it."""
    made = QPixmap(picture.size())
    made.setDevicePixelRatio(picture.devicePixelRatio())
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setOpacity(DISABLED_OPACITY)
        painter.drawPixmap(0, 0, picture)
    return made
