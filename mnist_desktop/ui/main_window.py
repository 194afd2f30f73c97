"""The window: the rail, the page that is shown, and the status bar. What they do is in `wiring`."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QKeySequence,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.files import resource_folder
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.pages import PAGES, PageEntry
from mnist_desktop.ui.status_bar import StatusBar

RAIL_WIDTH = 84


class MainWindow(QMainWindow):
    """Show one page at a time, and say what a person asks for.

    Pages are made when they are first shown; `page_made` then carries the name and the page.
    """

    page_made = Signal(str, object)
    page_shown = Signal(str)
    first_painted = Signal()
    files_dropped = Signal(list)
    open_requested = Signal()
    recent_requested = Signal(object)
    scheme_requested = Signal(str)
    help_requested = Signal()
    close_requested = Signal()

    def __init__(self, entries: tuple[PageEntry, ...] = PAGES) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("MNIST Desktop")
        self.setWindowIcon(_window_icon())
        self.setMinimumSize(900, 520)
        self.resize(1180, 800)
        self.setAcceptDrops(True)
        self._entries = {entry.name: entry for entry in entries}
        self._pages: dict[str, QWidget] = {}
        self._may_close = False
        self._painted = False
        self.stack = QStackedWidget()
        self.status_bar = StatusBar()
        self.recent_menu = QMenu("Open &recent")
        self._scheme_actions: dict[str, QAction] = {}
        self._rail_buttons: dict[str, QToolButton] = {}
        self.navigation = self._made_rail()
        self._lay_out()

    def _lay_out(self) -> None:
        """Put rail, page and status bar together."""
        ground = QWidget()
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self.navigation)
        upper.addWidget(self.stack, 1)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(self.status_bar)
        self.setCentralWidget(ground)

    # Pages

    @property
    def page_names(self) -> tuple[str, ...]:
        """The names of all pages, in the order of the rail."""
        return tuple(self._entries)

    @property
    def page_name(self) -> str:
        """The name of the page that is shown, empty before the first."""
        shown = self.stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "")

    def page(self, name: str) -> QWidget | None:
        """Return a page that has been shown before, or None."""
        return self._pages.get(name)

    def close_down_pages(self) -> None:
        """End what the pages do beside the window."""
        for page in self._pages.values():
            close_down = getattr(page, "close_down", None)
            if close_down is not None:
                close_down()

    def show_page(self, name: str) -> QWidget:
        """Show a page, made now if it never was, and give it the keyboard.

        Raises
        ------
        KeyError
            When there is no page of this name.
        """
        page = self.prepare_page(name)
        self.stack.setCurrentWidget(page)
        self._rail_buttons[name].setChecked(True)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit(name)
        return page

    def prepare_page(self, name: str) -> QWidget:
        """Make a page unless there is one already, without showing it; see `show_page`."""
        page = self._pages.get(name)
        if page is None:
            page = self._entries[name].make()
            self._pages[name] = page
            self.stack.addWidget(page)
            self.page_made.emit(name, page)
        return page

    # The rail

    def _made_rail(self) -> QFrame:
        """Return the rail: a button for each page, the menu at its foot."""
        rail = QFrame()
        rail.setObjectName("navigation")
        rail.setAccessibleName("Pages")
        rail.setFixedWidth(RAIL_WIDTH)
        column = QVBoxLayout(rail)
        column.setContentsMargins(theme.INSIDE, theme.INSIDE, theme.INSIDE, theme.INSIDE)
        column.setSpacing(4)
        group = QButtonGroup(self)
        for place, entry in enumerate(self._entries.values(), 1):
            made = _rail_button(entry.title, entry.name)
            made.setCheckable(True)
            made.setToolTip(f"{entry.title} (Ctrl+{place})")
            made.clicked.connect(lambda _=False, name=entry.name: self.show_page(name))
            group.addButton(made)
            column.addWidget(made)
            self._rail_buttons[entry.name] = made
            self._add_action(
                f"Show {entry.title}",
                f"Ctrl+{place}",
                lambda name=entry.name: self.show_page(name),
            )
        column.addStretch(1)
        menu_button = _rail_button("More", "menu")
        menu_button.setObjectName("more_button")
        menu = self._made_menu()
        menu_button.clicked.connect(lambda: menu.popup(_beside(menu_button, menu)))
        menu_button.setToolTip("Open files, colours, help")
        column.addWidget(menu_button)
        return rail

    def _made_menu(self) -> QMenu:
        """Return the menu at the foot of the rail."""
        menu = QMenu(self)
        opens = self._add_action("&Open …", "Ctrl+O", self.open_requested.emit)
        opens.setObjectName("open_file")
        icons.dress(opens, "open")
        menu.addAction(opens)
        menu.addMenu(self.recent_menu)
        icons.dress(self.recent_menu, "history")
        menu.addSeparator()
        schemes = QMenu("&Colours", menu)
        icons.dress(schemes, "scheme")
        group = QActionGroup(menu)
        for choice, text in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark")):
            action = schemes.addAction(text)
            action.setCheckable(True)
            action.setObjectName(f"scheme_{choice}")
            action.triggered.connect(lambda _=False, c=choice: self.scheme_requested.emit(c))
            group.addAction(action)
            self._scheme_actions[choice] = action
        menu.addMenu(schemes)
        menu.addSeparator()
        helps = self._add_action("&Keys and help", "F1", self.help_requested.emit)
        helps.setObjectName("show_help")
        icons.dress(helps, "help")
        menu.addAction(helps)
        menu.addSeparator()
        menu.addAction(self._add_action("&Quit", "Ctrl+Q", self.close))
        return menu

    def _add_action(self, text: str, key: str, does: object) -> QAction:
        """Return an action whose key works in the whole window."""
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _=False: does())  # type: ignore[operator]
        self.addAction(action)
        return action

    def set_scheme(self, choice: str) -> None:
        """Tick the colour scheme in use."""
        self._scheme_actions[choice].setChecked(True)

    def set_recent(self, paths: list[Path]) -> None:
        """Fill the menu of recent files."""
        self.recent_menu.clear()
        self.recent_menu.setEnabled(bool(paths))
        for path in paths:
            action = self.recent_menu.addAction(f"{path.name}   {path.parent}".replace("&", "&&"))
            action.triggered.connect(lambda _=False, p=path: self.recent_requested.emit(p))

    # Events

    def let_close(self) -> None:
        """Close the window now, without asking again."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close only when everything that runs has ended; ask for that first."""
        if not self._may_close:
            # Whoever hears this may call `let_close` at once, or when the last job has ended.
            self.close_requested.emit()
        event.setAccepted(self._may_close)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window has been painted for the first time."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files from this computer."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over the dropped files."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)


def _rail_button(text: str, icon: str) -> QToolButton:
    """Return a button of the rail; a click does not take the keyboard from the page."""
    made = QToolButton()
    made.setText(text)
    made.setAccessibleName(text)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    made.setIconSize(QSize(24, 24))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    icons.dress(made, icon)
    return made


def _beside(button: QToolButton, menu: QMenu) -> QPoint:
    """Return where `menu` stands beside `button`, both with their feet on one line."""
    return button.mapToGlobal(QPoint(button.width() + 4, button.height())) - QPoint(
        0, menu.sizeHint().height()
    )


def _window_icon() -> QIcon:
    """Return the program's icon."""
    picture = QPixmap()
    picture.loadFromData((resource_folder() / "assets" / "icon" / "mnist-desktop.png").read_bytes())
    return QIcon(picture)
