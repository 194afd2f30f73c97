"""What a person chooses in menus and file dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from mnist_desktop.inference.classifier import shipped_models
from mnist_desktop.inference.own_models import own_models
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.help_sheet import HelpSheet
from mnist_desktop.ui.wiring.core import Core

FILES = (
    "All that can be opened (*ubyte* *.gz *.idx* *.onnx *.png *.jpg *.jpeg *.bmp);;"
    "IDX files (*ubyte* *.gz *.idx*);;Models (*.onnx);;Pictures (*.png *.jpg *.jpeg *.bmp);;"
    "All files (*)"
)
DATASETS = "IDX files (*ubyte* *.gz *.idx*);;All files (*)"
CLASS_NAMES = "Mapping files (*mapping*.txt *.txt);;All files (*)"
MODELS = "Models (*.onnx);;All files (*)"


class Menus(QObject):
    """Connect menus, file dialogs, the colour scheme and the help with what they are for."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._core, self._window = core, core.window
        self._help: HelpSheet | None = None
        window = self._window
        window.open_requested.connect(self.choose_file)
        window.scheme_requested.connect(self.set_scheme)
        window.help_requested.connect(self.show_help)
        window.page_made.connect(self._on_page_made)
        window.status_bar.model_clicked.connect(self.show_model_menu)
        window.status_bar.dataset_clicked.connect(core.show_dataset)
        core.recent_changed.connect(self._show_recent)
        self._show_recent()
        self.set_scheme(core.settings.scheme)

    @Slot(str, object)
    def _on_page_made(self, name: str, page: QWidget) -> None:
        """Connect the requests of a new page that need a dialog."""
        if name == "draw":
            page.open_model_requested.connect(self.choose_model)  # type: ignore[attr-defined]
        elif name == "dataset":
            page.open_requested.connect(self._on_open_requested)  # type: ignore[attr-defined]
            page.labels_requested.connect(self.choose_labels)  # type: ignore[attr-defined]
            page.class_names_requested.connect(self.choose_class_names)  # type: ignore[attr-defined]
        elif name == "evaluate":
            page.model_wanted.connect(self.choose_model)  # type: ignore[attr-defined]

    # Files

    @Slot()
    def choose_file(self) -> None:
        """Let a person choose any file to open."""
        self._ask("Open", FILES, lambda path: self._core.open_files([path]))

    @Slot()
    def choose_model(self) -> None:
        """Let a person choose a model."""
        self._ask("Open a model", MODELS, self._core.open_model)

    @Slot()
    def choose_dataset(self) -> None:
        """Let a person choose a dataset."""
        self._ask("Open a dataset", DATASETS, self._core.open_dataset)

    @Slot(object)
    def choose_labels(self, images: Path) -> None:
        """Let a person choose the labels that go with some images."""
        self._ask(
            f"Labels for {images.name}",
            DATASETS,
            lambda path: self._core.open_dataset(images, labels_path=path),
        )

    @Slot(object)
    def choose_class_names(self, images: Path) -> None:
        """Let a person choose the mapping file with the class names of some images."""
        self._ask(
            f"Class names for {images.name}",
            CLASS_NAMES,
            lambda path: self._core.open_dataset(images, mapping_path=path),
        )

    @Slot(object)
    def _on_open_requested(self, path: Path | None) -> None:
        """Open a file that a page names, or let a person choose a dataset."""
        if path is None:
            self.choose_dataset()
        else:
            self._core.open_files([path])

    def _ask(self, title: str, filters: str, use: object) -> None:
        """Show a file dialog that does not block, and use the chosen file."""
        dialog = QFileDialog(self._window, title, str(self._core.settings.folder), filters)
        dialog.setObjectName("file_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: use(Path(name)))  # type: ignore[operator]
        dialog.open()

    @Slot()
    def _show_recent(self) -> None:
        """Fill the menu of recent files."""
        self._window.set_recent(self._core.settings.recent)

    # Model, colours, help

    @Slot()
    def show_model_menu(self) -> None:
        """Offer what can be done about the model, above its button."""
        button = self._window.status_bar.model_button
        menu = self.model_menu()
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def model_menu(self) -> QMenu:
        """Return the menu of the model in use."""
        menu = QMenu(self._window)
        menu.setObjectName("model_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opens = menu.addAction("Open a model …", self.choose_model)
        icons.dress(opens, "open")
        if "evaluate" in self._window.page_names and self._core.classifier is not None:
            tests = menu.addAction("Evaluate it", lambda: self._window.show_page("evaluate"))
            icons.dress(tests, "evaluate")
        self._add_shipped(menu)
        return menu

    def _add_shipped(self, menu: QMenu) -> None:
        """Offer the models that came along and the person's own, the one in use ticked."""
        current = self._core.classifier
        menu.addSeparator()
        offered = {path: f"{title} (built in)" for path, title in shipped_models().items()}
        offered |= {path: f"{title} (yours)" for path, title in own_models().items()}
        for path, title in offered.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(current is not None and current.path == path)
            action.triggered.connect(lambda _=False, chosen=path: self._core.open_model(chosen))

    @Slot(str)
    def set_scheme(self, choice: str) -> None:
        """Dress the window in a colour scheme, and remember it."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply_theme(app, choice)
        self._core.settings.scheme = choice
        self._window.set_scheme(choice)

    @Slot()
    def show_help(self) -> None:
        """Show keys and help beside the window."""
        if self._help is None:
            self._help = HelpSheet(self._window)
        self._help.show()
        self._help.raise_()
        self._help.activateWindow()
