"""Read a table that tells the class of each picture in a folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from mnist_desktop.errors import UserError

_FILE_COLUMNS = ("file", "filename", "file_name", "image", "path", "name")
_LABEL_COLUMNS = ("label", "class", "target", "category", "digit")
_MOST_TABLE_BYTES = 1 << 28


def table_lines(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield file, label and class name of each line of a table.

    A head line may say which column is which; without one they are file and label.
    """
    try:
        if path.stat().st_size > _MOST_TABLE_BYTES:
            raise UserError(f"“{path}” is too large for a table of labels")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row]
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"“{path}” could not be read as a table: {reason}",
            "It should have a line for each picture: its file and its label, with a comma between.",
        ) from error
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    file = next((head.index(name) for name in _FILE_COLUMNS if name in head), None)
    label = next((head.index(name) for name in _LABEL_COLUMNS if name in head), None)
    title = head.index("class") if "class" in head and label != head.index("class") else None
    if file is None or label is None:
        file, label, title = 0, 1, None
    else:
        rows = rows[1:]
    for row in rows:
        cells = [cell.strip() for cell in row] + [""] * 3
        wanted = max(file, label, title or 0)
        cells += [""] * (wanted - len(cells) + 1)
        yield row[file] if file < len(row) else "", cells[label], cells[title] if title else ""
