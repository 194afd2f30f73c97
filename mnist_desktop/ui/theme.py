"""The colours and measures of the window, in a light and a dark scheme."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from mnist_desktop.files import resource_folder
from mnist_desktop.ui.style import style_sheet

INSIDE, BETWEEN, EDGE = 8, 16, 24
"""Spacing in pixels: inside a group, between groups, at the edges of a page."""

TEXT_PX, SECONDARY_PX, HEADING_PX, ANSWER_PX = 13, 12, 16, 72
CORNER = 6

SCHEMES = ("system", "light", "dark")
BUNDLED_FAMILY = "DejaVu Sans"


@dataclass(frozen=True)
class Theme:
    """The named colours of one scheme; everything painted takes its colours from here.

    Text on `window`, `surface` or `hover` has a contrast of at least 4.5:1, marks at least 3:1.

    Parameters
    ----------
    name
        "light" or "dark".
    window, surface, line
        The window's ground, what lies on it (fields, cards, charts), and the lines between.
    hover, pressed
        The ground of a control under the pointer, and held down.
    text, secondary
        Words, and words that matter less.
    accent, on_accent, accent_hover
        The one accent, text upon it, and the accent under the pointer.
    bar
        Marks that are not the leading one.
    paper, ink, guide
        The drawing pad.
    good, careful, bad
        Judgements; never without a sign or a word beside the colour.
    """

    name: str
    window: QColor
    surface: QColor
    line: QColor
    hover: QColor
    pressed: QColor
    text: QColor
    secondary: QColor
    accent: QColor
    on_accent: QColor
    accent_hover: QColor
    bar: QColor
    paper: QColor
    ink: QColor
    guide: QColor
    good: QColor
    careful: QColor
    bad: QColor

    @property
    def is_dark(self) -> bool:
        """Say whether this is the dark scheme."""
        return self.name == "dark"

    def names(self) -> dict[str, str]:
        """Return every colour as `#rrggbb`, by its field's name."""
        return {
            f.name: getattr(self, f.name).name()
            for f in fields(self)
            if isinstance(getattr(self, f.name), QColor)
        }


def _theme(name: str, **colours: str) -> Theme:
    """Build a theme from hexadecimal colours."""
    return Theme(name=name, **{key: QColor(value) for key, value in colours.items()})


LIGHT = _theme(
    "light",
    window="#F6F6F4",
    surface="#FFFFFF",
    line="#DEDDD8",
    hover="#ECEBE7",
    pressed="#E0DFDA",
    text="#1B1B1A",
    secondary="#62615C",
    accent="#2B62D9",
    on_accent="#FFFFFF",
    accent_hover="#2455BF",
    bar="#8B8A83",
    paper="#FFFFFF",
    ink="#1B1B1A",
    guide="#DEDDD8",
    good="#1A7A43",
    careful="#A15F00",
    bad="#C4372C",
)
DARK = _theme(
    "dark",
    window="#1C1D1F",
    surface="#26282B",
    line="#3A3C40",
    hover="#2F3135",
    pressed="#393C41",
    text="#ECEBE8",
    secondary="#A3A29C",
    accent="#7AA2FF",
    on_accent="#14161A",
    accent_hover="#94B4FF",
    bar="#81837F",
    paper="#131415",
    ink="#ECEBE8",
    guide="#3A3C40",
    good="#5FCB8A",
    careful="#E3A64A",
    bad="#F0796D",
)


class ThemeNotifier(QObject):
    """Know the scheme in use, and tell when it changes.

    It lives as a child of the application, so that nothing outlasts it.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme_notifier")
        self.choice = "system"
        self.theme = LIGHT
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def _follow_system(self) -> None:
        """Switch along with the desktop when that is what was chosen."""
        app = QApplication.instance()
        if self.choice == "system" and isinstance(app, QApplication):
            apply_theme(app, "system")


def notifier() -> ThemeNotifier:
    """Return the application's theme notifier (its `changed` signal has no argument)."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("a theme needs a QApplication")
    found = app.findChild(
        ThemeNotifier, "theme_notifier", Qt.FindChildOption.FindDirectChildrenOnly
    )
    return found if found is not None else ThemeNotifier(app)


def current() -> Theme:
    """Return the theme in use."""
    return notifier().theme


def apply_theme(app: QApplication, choice: str) -> None:
    """Dress the application in a scheme.

    Parameters
    ----------
    app
        The application.
    choice
        "light", "dark", or "system" for whatever the desktop says; unknown counts as light.

    Raises
    ------
    ValueError
        When `choice` is none of `SCHEMES`.
    """
    if choice not in SCHEMES:
        raise ValueError(f"unknown colour scheme {choice!r}")
    state = notifier()
    state.choice = choice
    dark = choice == "dark" or (
        choice == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    )
    theme = DARK if dark else LIGHT
    first = not app.property("dressed")
    if first:
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(_text_font())
        app.setProperty("dressed", True)
    if first or theme is not state.theme:
        state.theme = theme
        app.setPalette(palette(theme))
        icons = (resource_folder() / "assets" / "icons").as_posix()
        app.setStyleSheet(style_sheet(theme.names(), icons=icons, dark=theme.is_dark))
        state.changed.emit()


def palette(theme: Theme) -> QPalette:
    """Return the palette of `theme`, from which Fusion paints every standard widget."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.hover),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.secondary),
        (role.Button, theme.surface),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.bad),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Light, theme.hover),
        (role.Midlight, theme.hover),
        (role.Mid, theme.line),
        (role.Dark, theme.line),
        (role.Shadow, theme.line),
    ):
        made.setColor(which, colour)
    disabled = QColor(theme.secondary)
    disabled.setAlpha(150)
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, disabled)
    return made


def font(px: int = TEXT_PX, *, bold: bool = False) -> QFont:
    """Return the application's font at `px` pixels with tabular figures, semi-bold where asked."""
    made = QFont(QApplication.font())
    made.setPixelSize(px)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _text_font() -> QFont:
    """Return the desktop's own text font at our size, with the bundled one where there is none."""
    fonts = resource_folder() / "assets" / "fonts"
    for file in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        # From bytes: a path with letters outside the system's code page must not matter.
        QFontDatabase.addApplicationFontFromData((fonts / file).read_bytes())
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    # “Sans Serif” is what Qt says when the desktop has named no font.
    families = [BUNDLED_FAMILY] if family == "Sans Serif" else [family, BUNDLED_FAMILY]
    made = QFont()
    made.setFamilies(families)
    made.setPixelSize(TEXT_PX)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
