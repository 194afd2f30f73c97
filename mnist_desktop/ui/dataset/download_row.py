"""One published dataset: what it is, how much of it is there, and what can be done."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.pace import Pace, size_text
from mnist_desktop.datasets.published import Published
from mnist_desktop.datasets.shelf import Holding
from mnist_desktop.progress import Progress
from mnist_desktop.ui import theme
from mnist_desktop.ui.controls import (
    ElidedLabel,
    button,
    percent_text,
    secondary,
    set_role,
    subheading,
)
from mnist_desktop.ui.dataset.summary import counted
from mnist_desktop.ui.train.figures import time_text

GET, RESUME, UNPACK, CANCEL, OPEN = "Get", "Resume", "Unpack", "Cancel", "Open"
_STEPS = 1000  # of the progress bar


class DownloadRow(QFrame):
    """A card for one dataset.

    Signals ask: `get_requested` to fetch the dataset or go on with it, `cancel_requested` to stop
    that, `open_requested` for the path of images that are there, `by_hand_requested` for where the
    files are and where they belong.
    """

    get_requested = Signal(object)
    cancel_requested = Signal()
    open_requested = Signal(object)
    by_hand_requested = Signal(object)

    def __init__(self, dataset: Published, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setObjectName(f"download_{dataset.key}")
        self.setAccessibleName(dataset.title)
        self.dataset = dataset
        self.holding: Holding | None = None
        self._pace = Pace()
        self.state = QLabel()
        self.figures = secondary()
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.get_button = button(GET, "download")
        self.open_button = button(OPEN, "open")
        self.open_menu = QMenu(self.open_button)
        self.cancel_button = button(CANCEL)
        self.by_hand_button = button("By hand…", role="link")
        self.by_hand_button.setToolTip("Where the files are, and the folder they belong into")
        self._build()
        self.get_button.clicked.connect(lambda: self.get_requested.emit(dataset))
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.by_hand_button.clicked.connect(lambda: self.by_hand_requested.emit(dataset))
        self.show_idle()

    def _build(self) -> None:
        """Put the words to the left, what can be done to the right, the progress below."""
        dataset = self.dataset
        head = QHBoxLayout()
        head.setSpacing(theme.BETWEEN)
        head.addWidget(subheading(dataset.title))
        head.addWidget(self.state)
        head.addStretch(1)
        images = counted(dataset.images, "image")
        facts = secondary(f"{dataset.what} · {images} · {dataset.classes} classes")
        hosts = dataset.hosts()
        more = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
        source = ElidedLabel(f"{size_text(dataset.size)} from {hosts[0]}{more} · {dataset.licence}")
        set_role(source, "secondary")
        self.source = source
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(facts)
        words.addWidget(source)
        upper = QHBoxLayout()
        upper.setSpacing(theme.INSIDE)
        upper.addLayout(words, 1)
        for made in (self.by_hand_button, self.get_button, self.open_button, self.cancel_button):
            upper.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        self._lower = QWidget()
        lower = QHBoxLayout(self._lower)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(theme.BETWEEN)
        lower.addWidget(self.progress, 1)
        lower.addWidget(self.figures)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.BETWEEN, 12, theme.BETWEEN, 12)
        column.setSpacing(theme.INSIDE)
        column.addLayout(upper)
        column.addWidget(self._lower)

    # What is shown

    def set_holding(self, holding: Holding) -> None:
        """Show how much of the dataset is there."""
        self.holding = holding
        self._fill_menu(holding)
        if not self.is_fetching:
            self.show_idle()

    @property
    def is_fetching(self) -> bool:
        """Tell whether the row shows a download that runs."""
        return not self._lower.isHidden()

    @property
    def first_button(self) -> QWidget:
        """Return the button that goes on."""
        for made in (self.cancel_button, self.open_button, self.get_button):
            if not made.isHidden():
                return made
        return self.by_hand_button

    @Slot()
    def show_idle(self) -> None:
        """Show that nothing is fetched here now."""
        self._lower.hide()
        text, role = state_text(self.holding)
        self.state.setText(text)
        set_role(self.state, role)
        complete = self.holding is not None and self.holding.complete
        self.get_button.setText(_verb(self.holding))
        self.get_button.setVisible(not complete)
        self.by_hand_button.setVisible(self.holding is None or bool(self.holding.missing))
        self.open_button.setVisible(complete)
        self.cancel_button.hide()

    def show_fetching(self) -> None:
        """Show that the dataset is being fetched."""
        self._pace = Pace()
        self.state.setText("")
        self.figures.setText("Asking …")
        self.progress.setValue(0)
        self._lower.show()
        for made in (self.get_button, self.by_hand_button, self.open_button):
            made.hide()
        self.cancel_button.show()

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        phase = getattr(progress, "phase", "look")
        if phase in ("fetch", "unpack"):
            self.progress.setValue(round(_STEPS * progress.fraction))
        if phase != "fetch":
            self.figures.setText(f"{progress.what} · {percent_text(progress.fraction, 0)}")
            return
        self._pace.see(time.monotonic(), progress.done)
        self.figures.setText(
            figures_text(progress, self._pace.rate, self._pace.seconds_left(progress.total))
        )

    def set_locked(self, locked: bool) -> None:
        """Offer no download while another one runs."""
        self.get_button.setEnabled(not locked)
        self.get_button.setToolTip("One at a time" if locked else "")

    def _fill_menu(self, holding: Holding) -> None:
        """Offer each split that is there."""
        self.open_menu.clear()
        for split in self.dataset.splits:
            path = holding.paths.get(split.file)
            if path is not None:
                action = self.open_menu.addAction(
                    f"{split.title} · {counted(split.count, 'image')}"
                )
                action.triggered.connect(lambda _=False, p=path: self.open_requested.emit(p))
        self.open_button.setMenu(self.open_menu)


def state_text(holding: Holding | None) -> tuple[str, str]:
    """Return how much of a dataset is there, and the role of these words."""
    if holding is None:
        return "", "secondary"
    if holding.complete:
        return "✓ there already", "good"
    if not holding.to_fetch:
        return "there, but packed", "secondary"
    if holding.foreign:
        return f"! “{holding.foreign[0].name}” is there, but is another file", "careful"
    if holding.fetched:
        share = percent_text(holding.fetched / holding.dataset.size, 0)
        return f"{share} there, {size_text(holding.to_fetch)} to fetch", "secondary"
    return "not there yet", "secondary"


def figures_text(progress: Progress, rate: float | None, seconds_left: float | None) -> str:
    """Return how far a download is: 4.2 MB of 11.6 MB · 2.1 MB/s · 4 s left."""
    parts = [f"{size_text(progress.done)} of {size_text(progress.total)}"]
    if rate is not None:
        parts.append(f"{size_text(rate)}/s")
    if seconds_left is not None:
        parts.append(f"{time_text(seconds_left)} left")
    return " · ".join(parts)


def _verb(holding: Holding | None) -> str:
    """Return what pressing the button does."""
    if holding is not None and not holding.to_fetch:
        return UNPACK
    return RESUME if holding is not None and holding.fetched else GET
