"""What the page says of a dataset, its file and one sample, in words. No Qt."""

from __future__ import annotations

import math

from mnist_desktop.datasets.anatomy import TYPE_NAMES
from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.early import Early
from mnist_desktop.datasets.header import ELEMENT_TYPES, IdxHeader
from mnist_desktop.datasets.judgement import Certainty, Orientation
from mnist_desktop.datasets.picking import Order, Picking
from mnist_desktop.datasets.statistics import Statistics
from mnist_desktop.ui.dataset.order_words import order_words


def counted(number: int, word: str, plural: str = "") -> str:
    """Write a number with its word: 1 image, 60,000 images."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def dataset_line(dataset: Dataset) -> str:
    """Return size and kind of a dataset: 60,000 images · 28 × 28 · 10 classes."""
    count, height, width = dataset.images.shape
    parts = [counted(count, "image"), f"{width} × {height}"]
    if dataset.labels is not None:
        parts.append(counted(len(dataset.class_names), "class", "classes"))
    return " · ".join(parts)


def early_line(early: Early) -> str:
    """Return how far an early dataset is: 349,000 of 814,255 images · 28 × 28 · unpacking … 43 %.

    While the values of all images are only looked at no more of them come, so it says that.
    """
    _, height, width = early.whole.images.shape
    count = f"{early.ready:,} of {counted(early.count, 'image')}"
    doing = early.what.split(" ")[0].lower()
    return f"{count} · {width} × {height} · {doing} … {early.fraction:.0%}".replace("%", " %")


def shown_line(picking: Picking, dataset: Dataset, *, shown: int) -> str:
    """Return how many samples are shown, of how many, and why just these."""
    total = len(dataset)
    text = counted(total, "image") if shown == total else f"{shown:,} of {counted(total, 'image')}"
    reasons = []
    if picking.classes and dataset.labels is not None:
        names = [dataset.class_names[place] for place in sorted(picking.classes)]
        listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
        reasons.append(f"{'class' if len(names) == 1 else 'classes'} {listed}")
    if picking.misread:
        reasons.append("misread")
    if picking.order is not Order.FILE:
        reasons.append(order_words(picking))
    return " · ".join([text, *reasons])


def type_name(header: IdxHeader) -> str:
    """Return the element type of a file as people call it."""
    return TYPE_NAMES[next(code for code, kind in ELEMENT_TYPES.items() if kind == header.dtype)]


def header_facts(header: IdxHeader) -> list[tuple[str, str]]:
    """Return what the header of a file says, as pairs of a word and a value."""
    code = next(code for code, kind in ELEMENT_TYPES.items() if kind == header.dtype)
    packed = " (unpacked)" if header.compressed else ""
    return [
        ("Type", f"0x{code:02X} {TYPE_NAMES[code]}"),
        ("Shape", " × ".join(f"{size:,}" for size in header.shape)),
        ("Data from", f"byte {header.data_offset:,}{packed}"),
        ("Packed", "gzip" if header.compressed else "no"),
    ]


def sample_offset(header: IdxHeader, index: int) -> int:
    """Return at which byte of the (unpacked) file a sample begins."""
    return header.data_offset + index * item_bytes(header)


def item_bytes(header: IdxHeader) -> int:
    """Return how many bytes a sample takes in the (unpacked) file."""
    return math.prod(header.shape[1:]) * header.dtype.itemsize


def turn_words(dataset: Dataset) -> str:
    """Return what it is called to show the pictures the other way."""
    if dataset.transposed:
        return "Show as stored"
    return "Turn upright" if dataset.orientation.lying else "Turn rows into columns"


def orientation_words(orientation: Orientation, *, shown_turned: bool) -> str:
    """Return how the pictures lie in the file, and which way they are shown."""
    stored = "lie on their side" if orientation.lying else "stand upright"
    if orientation.certainty is Certainty.UNKNOWN:
        return "Shown turned" if shown_turned else "Shown as stored"
    if shown_turned:
        upright = " upright" if orientation.lying else ""
        return f"The stored pictures {stored}; they are shown turned{upright}"
    return f"The stored pictures {stored} and are shown so"


def ink_facts(statistics: Statistics | None) -> list[tuple[str, str]]:
    """Return range, mean and spread of the ink as pairs of a word and a value.

    Mean and standard deviation are told for 0 to 255 and, as most programs that learn write them,
    for 0 to 1.
    """
    if statistics is None:
        return [(word, "…") for word in ("Range", "Mean", "Deviation")]
    mean, deviation = statistics.mean, statistics.deviation
    return [
        ("Range", f"{statistics.least} to {statistics.most}"),
        ("Mean", f"{mean:.2f} of 255 ({mean / 255:.4f})"),
        ("Deviation", f"{deviation:.2f} of 255 ({deviation / 255:.4f})"),
    ]
