"""The window with everything connected, and the application it lives in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from mnist_desktop import __version__
from mnist_desktop.ui import theme
from mnist_desktop.ui.main_window import MainWindow
from mnist_desktop.ui.pages import PAGES
from mnist_desktop.ui.settings import Settings
from mnist_desktop.ui.wiring.core import Core
from mnist_desktop.ui.wiring.doctor import DoctorWiring
from mnist_desktop.ui.wiring.downloading import DownloadWiring
from mnist_desktop.ui.wiring.duplicates import DuplicatesWiring
from mnist_desktop.ui.wiring.earlier import EarlierWiring
from mnist_desktop.ui.wiring.evaluation import EvaluationWiring
from mnist_desktop.ui.wiring.explaining import ExplainingWiring
from mnist_desktop.ui.wiring.exporting import ExportingWiring
from mnist_desktop.ui.wiring.finding import FindingWiring
from mnist_desktop.ui.wiring.importing import ImportingWiring
from mnist_desktop.ui.wiring.looking import LookingWiring
from mnist_desktop.ui.wiring.menus import Menus
from mnist_desktop.ui.wiring.morphing import MorphWiring
from mnist_desktop.ui.wiring.opening import OpeningWiring
from mnist_desktop.ui.wiring.own import OwnWiring
from mnist_desktop.ui.wiring.replaying import ReplayWiring
from mnist_desktop.ui.wiring.summing import SummingWiring
from mnist_desktop.ui.wiring.teaching import TeachingWiring
from mnist_desktop.ui.wiring.training import TrainingWiring
from mnist_desktop.ui.wiring.turning import TurningWiring


class Program:
    """The window with everything connected; made once for each window.

    Parameters
    ----------
    page
        The page to show first; None for the one shown last.
    files
        Files to open: IDX, ONNX or pictures.
    """

    def __init__(self, *, page: str | None = None, files: list[Path] | None = None) -> None:
        self.settings = Settings()
        # Before the first widget: dressing them all again would cost a tenth of the start.
        theme.apply_theme(application(), self.settings.scheme)
        self.window = MainWindow(PAGES)
        self.core = Core(self.window, self.settings)
        self.menus = Menus(self.core)
        self.looking = LookingWiring(self.core)
        self.explaining = ExplainingWiring(self.core)
        self.replaying = ReplayWiring(self.core)
        self.earlier = EarlierWiring(self.core)
        self.summing = SummingWiring(self.core)
        self.exporting = ExportingWiring(self.core)
        self.importing = ImportingWiring(self.core)
        self.opening = OpeningWiring(self.core)
        self.turning = TurningWiring(self.core)
        self.downloading = DownloadWiring(self.core)
        self.doctor = DoctorWiring(self.core)
        self.training = TrainingWiring(self.core)
        self.evaluation = EvaluationWiring(self.core)
        self.finding = FindingWiring(self.core, self.evaluation)
        self.morphing = MorphWiring(self.core)
        self.own = OwnWiring(self.core)
        self.teaching = TeachingWiring(self.core, self.own)
        self.duplicates = DuplicatesWiring(self.core)
        self.has_begun = False
        self._page, self._files = page, list(files or [])
        self.window.first_painted.connect(self._begin)
        # A thread that outlives the application takes the whole process down with it.
        application().aboutToQuit.connect(self.core.end_all)
        application().aboutToQuit.connect(self.own.files.finish)
        application().aboutToQuit.connect(self.teaching.files.finish)
        if not self.settings.geometry.isEmpty():
            self.window.restoreGeometry(self.settings.geometry)

    def show(self) -> None:
        """Show the window on its first page; files and the model are loaded after that."""
        names = self.window.page_names
        wanted = next(
            (name for name in (self._page, self.settings.page, "draw") if name in names), names[0]
        )
        self.window.show_page(wanted)
        self.window.show()

    def _begin(self) -> None:
        """Load what a person asked for, now that there is something to see."""
        models = [path for path in self._files if path.suffix.lower() == ".onnx"]
        if not models:
            self.core.load_first_model()
        shown = self.window.page_name
        self.core.open_files(self._files)
        if self._page in self.window.page_names:
            self.window.show_page(shown)
        self.has_begun = True


def application() -> QApplication:
    """Return the application, made now if there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(["mnist-desktop"])
    # Strokes need every place the mouse went through, not one for each frame. Only now: the X11
    # plugin turns this on when it is loaded.
    made.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    made.setApplicationName("mnist-desktop")
    made.setApplicationDisplayName("MNIST Desktop")
    made.setApplicationVersion(__version__)
    made.setDesktopFileName("mnist-desktop")
    return made
