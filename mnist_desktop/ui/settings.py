"""What the window remembers between two starts."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from mnist_desktop.files import user_folder
from mnist_desktop.ui import theme

RECENT_FILES = 8
BRUSH_RANGE = (16, 72)
"""The narrowest and the widest pen, in pixels of the pad's raster."""
DEFAULT_BRUSH = 40


class Settings:
    """A person's choices, in `settings.ini` in the user's folder.

    A value that is missing, of the wrong kind or out of its range counts as never chosen: a
    broken file must not keep the program from starting.
    """

    def __init__(self) -> None:
        file = user_folder() / "settings.ini"
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def save(self) -> None:
        """Write to the disk now; Qt replaces the file as a whole."""
        self._store.sync()

    @property
    def page(self) -> str:
        """The page that was shown last, empty when none was."""
        return self._text("window/page")

    @page.setter
    def page(self, name: str) -> None:
        self._store.setValue("window/page", name)

    @property
    def geometry(self) -> QByteArray:
        """Where the window stood, as Qt writes it; empty when it never stood anywhere."""
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, state: QByteArray) -> None:
        self._store.setValue("window/geometry", state)

    @property
    def scheme(self) -> str:
        """One of `theme.SCHEMES`."""
        value = self._text("window/scheme")
        return value if value in theme.SCHEMES else "system"

    @scheme.setter
    def scheme(self, choice: str) -> None:
        self._store.setValue("window/scheme", choice)

    @property
    def brush(self) -> int:
        """The width of the pen in pixels of the pad's raster."""
        try:
            value = int(self._text("draw/brush"))
        except ValueError:
            return DEFAULT_BRUSH
        return value if BRUSH_RANGE[0] <= value <= BRUSH_RANGE[1] else DEFAULT_BRUSH

    @brush.setter
    def brush(self, width: int) -> None:
        self._store.setValue("draw/brush", width)

    @property
    def drawer_view(self) -> str:
        """The view of the drawing that was shown last, empty when none was chosen."""
        return self._text("draw/view")

    @drawer_view.setter
    def drawer_view(self, name: str) -> None:
        self._store.setValue("draw/view", name)

    @property
    def dataset_view(self) -> str:
        """How the dataset page looks, as its `ViewState` writes it; empty when never seen."""
        return self._text("dataset/view")

    @dataset_view.setter
    def dataset_view(self, text: str) -> None:
        self._store.setValue("dataset/view", text)

    @property
    def export(self) -> str:
        """What was chosen for the last export, as its `ExportChoices` writes it."""
        return self._text("dataset/export")

    @export.setter
    def export(self, choices: str) -> None:
        self._store.setValue("dataset/export", choices)

    @property
    def picture_import(self) -> str:
        """What was chosen for the last import, as its `ImportChoices` writes it."""
        return self._text("dataset/import")

    @picture_import.setter
    def picture_import(self, choices: str) -> None:
        self._store.setValue("dataset/import", choices)

    @property
    def duplicates(self) -> str:
        """How duplicates were looked for last, as `DuplicatesChoices` writes it."""
        return self._text("dataset/duplicates")

    @duplicates.setter
    def duplicates(self, text: str) -> None:
        self._store.setValue("dataset/duplicates", text)

    @property
    def training(self) -> str:
        """What was chosen in the form of the last training, as the form writes it."""
        return self._text("train/choices")

    @training.setter
    def training(self, choices: str) -> None:
        self._store.setValue("train/choices", choices)

    @property
    def model(self) -> Path | None:
        """The model that was chosen instead of the one that comes with the program."""
        text = self._text("files/model")
        return Path(text) if text else None

    @model.setter
    def model(self, path: Path | None) -> None:
        self._store.setValue("files/model", "" if path is None else str(path))

    @property
    def autoencoder(self) -> Path | None:
        """The autoencoder that was chosen instead of the one that comes with the program."""
        text = self._text("files/autoencoder")
        return Path(text) if text else None

    @autoencoder.setter
    def autoencoder(self, path: Path | None) -> None:
        self._store.setValue("files/autoencoder", "" if path is None else str(path))

    @property
    def folder(self) -> Path:
        """The folder a file was last opened from."""
        text = self._text("files/folder")
        return Path(text) if text and Path(text).is_dir() else Path.home()

    @folder.setter
    def folder(self, path: Path) -> None:
        self._store.setValue("files/folder", str(path))

    @property
    def recent(self) -> list[Path]:
        """The files opened last, newest first."""
        value = self._store.value("files/recent")
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list):
            return []
        return [Path(text) for text in texts if isinstance(text, str) and text][:RECENT_FILES]

    def add_recent(self, path: Path) -> None:
        """Put `path` first among the recent files, and remember its folder."""
        path = Path(os.path.abspath(path))
        kept = [path, *(known for known in self.recent if known != path)][:RECENT_FILES]
        self._store.setValue("files/recent", [str(known) for known in kept])
        self.folder = path.parent

    def drop_recent(self, path: Path) -> None:
        """Forget a recent file, because it is gone."""
        kept = [str(known) for known in self.recent if known != Path(os.path.abspath(path))]
        self._store.setValue("files/recent", kept)

    def _text(self, key: str) -> str:
        """Return a value as text, empty when it is none."""
        value = self._store.value(key)
        return str(value) if isinstance(value, str | int) else ""
