"""The style sheet: how buttons, fields, lists and bars look in the colours of a theme."""

from __future__ import annotations

from string import Template

_SHEET = Template("""
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 6px; }

QLabel[role="heading"] { font-size: 16px; font-weight: 600; }
QLabel[role="subheading"] { font-size: 13px; font-weight: 600; }
QLabel[role="secondary"] { font-size: 12px; color: $secondary; }
QLabel[role="figure"] { font-size: 20px; font-weight: 600; }
QLabel[role="good"] { color: $good; }
QLabel[role="careful"] { color: $careful; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="badge"] {
    font-size: 12px; color: $secondary; background: $hover; border-radius: 6px; padding: 2px 8px;
}

QFrame[role="line"] { background: $line; border: none; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 6px; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $line; border-radius: 6px;
    padding: 0 13px; min-height: 30px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 0 12px; min-height: 28px; }
QPushButton:disabled { color: $disabled; background: $window; }
QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled {
    background: $hover; color: $disabled; border: 1px solid $line;
}
QPushButton[role="link"] {
    background: transparent; border: 1px solid transparent; color: $accent; padding: 0 5px;
}
QPushButton[role="link"]:hover { background: $hover; }
QPushButton[role="link"]:focus { border: 2px solid $accent; padding: 0 4px; }
QPushButton[role="link"]:disabled { color: $disabled; }
QPushButton[role="chip"] {
    border-radius: 13px; padding: 0 11px; min-height: 24px; max-height: 24px; font-size: 12px;
}
QPushButton[role="chip"]:checked {
    background: $accent; color: $on_accent; border: 1px solid $accent;
}
QPushButton[role="chip"]:focus {
    border: 2px solid $accent; padding: 0 10px; min-height: 22px; max-height: 22px;
}
QPushButton[role="chip"]:checked:focus { border: 2px solid $text; }
QPushButton[role="chip"][tight="true"] { padding: 0 5px; }
QPushButton[role="chip"][tight="true"]:focus { padding: 0 4px; }

QToolButton {
    background: transparent; color: $text; border: 1px solid transparent; border-radius: 6px;
    padding: 5px;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border: 2px solid $accent; padding: 4px; }
QToolButton:disabled { color: $disabled; }
QToolButton#fold { padding-left: 0; }
QToolButton#fold:checked { background: transparent; }
QToolButton#fold:hover { background: $hover; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit, QTextBrowser {
    background: $surface; color: $text; border: 1px solid $line; border-radius: 6px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { padding: 0 7px; min-height: 30px; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 0 6px; min-height: 28px;
}
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border: 2px solid $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $disabled; background: $window;
}
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$icons/arrow-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $line; outline: none; padding: 4px;
    selection-background-color: $hover; selection-color: $text;
}
QSpinBox::up-button, QDoubleSpinBox::up-button {
    subcontrol-origin: border; subcontrol-position: top right; width: 22px; border: none;
}
QSpinBox::down-button, QDoubleSpinBox::down-button {
    subcontrol-origin: border; subcontrol-position: bottom right; width: 22px; border: none;
}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    image: url("$icons/arrow-up.svg"); width: 10px; height: 10px;
}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    image: url("$icons/arrow-down.svg"); width: 10px; height: 10px;
}

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $bar; background: $surface;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
    width: 14px; height: 14px; border: 2px solid $accent;
}
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$icons/$check.svg");
}
QCheckBox::indicator:checked:focus { border: 2px solid $text; }
QRadioButton::indicator:checked {
    width: 8px; height: 8px; border: 5px solid $accent; border-radius: 9px; background: $surface;
}
QRadioButton::indicator:checked:focus { border-color: $text; }

QSlider:horizontal { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
    background: $surface; border: 1px solid $bar;
}
QSlider::handle:horizontal:hover { border-color: $accent; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QSlider::sub-page:horizontal:disabled { background: $line; }

QProgressBar {
    background: $line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
    text-align: center; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollBar:vertical { width: 12px; background: transparent; margin: 0; border: none; }
QScrollBar:horizontal { height: 12px; background: transparent; margin: 0; border: none; }
QScrollBar::handle { background: $bar; border-radius: 4px; border: 2px solid transparent; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 2px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="page"] { background: $window; }

QMenu { background: $surface; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QTableView, QListView, QTreeView {
    background: $surface; alternate-background-color: $window; color: $text;
    border: 1px solid $line; border-radius: 6px; gridline-color: $line; outline: none;
    selection-background-color: $hover; selection-color: $text;
}
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid $accent; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $secondary; border: none; border-bottom: 1px solid $line;
    padding: 4px 8px; font-size: 12px;
}
QTableCornerButton::section { background: $surface; border: none; }
QTabBar { background: transparent; border: none; }
QTabBar::tab {
    background: transparent; color: $secondary; border: none; border-bottom: 2px solid transparent;
    padding: 6px 2px; margin-right: 16px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar:focus::tab:selected { color: $accent; }
QSplitter::handle { background: transparent; }

QFrame#navigation { background: $surface; border: none; border-right: 1px solid $line; }
QFrame#navigation QToolButton {
    color: $secondary; font-size: 12px; border-radius: 6px; padding: 7px 2px 5px 2px;
}
QFrame#navigation QToolButton:checked { color: $text; background: $pressed; }
QFrame#navigation QToolButton:focus { padding: 6px 1px 4px 1px; }
QFrame#status_bar { background: $surface; border: none; border-top: 1px solid $line; }
QFrame#status_bar QToolButton { font-size: 12px; color: $secondary; padding: 3px 8px; }
QFrame#status_bar QToolButton:hover { color: $text; }
QFrame#status_bar QToolButton:focus { padding: 2px 7px; }

QFrame#message_strip { border-radius: 6px; background: $surface; border: 1px solid $line; }
QFrame#message_strip[kind="bad"] { border: 1px solid $bad; }
QFrame#message_strip[kind="careful"] { border: 1px solid $careful; }
QFrame#message_strip[kind="good"] { border: 1px solid $good; }
""")


def style_sheet(colours: dict[str, str], *, icons: str, dark: bool) -> str:
    """Return the style sheet for `colours`.

    Parameters
    ----------
    colours
        A theme's colours as `#rrggbb`, by name.
    icons
        The folder of the small marks Qt draws by itself (arrows, ticks), with forward slashes.
    dark
        Whether the tick on the accent colour is dark.
    """
    return _SHEET.substitute(
        colours,
        icons=icons,
        check="check-dark" if dark else "check-light",
        disabled=_mixed(colours["secondary"], colours["window"], share=0.45),
    )


def _mixed(first: str, second: str, *, share: float) -> str:
    """Return the colour that lies `share` of the way from `first` to `second`."""
    a, b = (bytes.fromhex(colour.removeprefix("#")) for colour in (first, second))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))
