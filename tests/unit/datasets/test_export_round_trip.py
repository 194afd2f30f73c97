"""Whatever is exported comes back exactly, for any pictures, labels and class names."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.export import (
    ARRANGEMENTS,
    SCALES,
    Arrangement,
    ExportOptions,
    Scale,
    export_job,
)
from mnist_desktop.datasets.picture_folder import scan_job
from mnist_desktop.inference.picture_import import import_job
from mnist_desktop.progress import finish

MANY = settings(max_examples=40, deadline=None)


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder of its own to each example."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def names(count: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Return class names that differ: letters, words, signs that no folder may have."""
    letters = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
    name = st.text(letters, min_size=1, max_size=8) | st.sampled_from(
        ["A", "a", "T-shirt/top", ".."]
    )
    return st.lists(name, min_size=count, max_size=count, unique=True).map(tuple)


@st.composite
def datasets(draw: st.DrawFn, *, labelled: bool = True) -> Dataset:
    """Return a dataset of a few small pictures."""
    count = draw(st.integers(1, 12))
    shape = (count, draw(st.integers(4, 9)), draw(st.integers(4, 9)))
    images = draw(npst.arrays(np.uint8, shape, elements=st.integers(0, 255)))
    if not labelled:
        return Dataset("made", images, None, ())
    values = sorted(draw(st.sets(st.integers(0, 2000), min_size=1, max_size=5)))
    labels = draw(npst.arrays(np.int64, count, elements=st.integers(0, len(values) - 1)))
    return Dataset("made", images, labels, draw(names(len(values))), label_values=tuple(values))


def told(dataset: Dataset) -> list[tuple[bytes, str, int]]:
    """Return what a dataset says of each sample: pixels, class name, stored label."""
    assert dataset.labels is not None
    return [
        (image.tobytes(), dataset.class_names[label], dataset.label_values[label])
        for image, label in zip(dataset.images, dataset.labels, strict=True)
    ]


@MANY
@given(datasets(), st.sampled_from(["", ".gz"]))
def test_idx(dataset: Dataset, ending: str) -> None:
    with folder() as place:
        target = place / f"my-images-idx3-ubyte{ending}"
        finish(export_job(dataset, target))
        back = open_dataset(target)
        assert told(back) == told(dataset)
        assert back.images.shape == dataset.images.shape


@MANY
@given(datasets(), st.sampled_from(SCALES), st.booleans(), st.booleans(), st.booleans())
def test_numpy(dataset: Dataset, scale: Scale, flat: bool, one_hot: bool, is_archive: bool) -> None:
    with folder() as place:
        target = place / ("a.npz" if is_archive else "a.npy")
        options = ExportOptions(
            "npz" if is_archive else "npy", scale=scale, flat=flat, one_hot=one_hot
        )
        finish(export_job(dataset, target, options))
        if is_archive:
            with np.load(target, allow_pickle=False) as archive:
                images, labels = archive["x"], archive["y"]
                mean, sd = archive.get("mean", 0), archive.get("sd", 1)
        else:
            images, labels = np.load(target), np.load(place / "a-labels.npy")
            aside = place / "a-mean-sd.npy"
            mean, sd = np.load(aside) if aside.exists() else (0, 1)
    assert images.ndim == (2 if flat else 3)
    if scale == "signed":
        images = (images + 1) / 2
    elif scale == "standardised":
        images = images.astype(np.float64) * sd + mean
    if scale != "bytes":
        images = np.rint(images * 255)
    assert np.array_equal(images.reshape(dataset.images.shape), dataset.images)
    assert np.array_equal(labels.argmax(axis=1) if one_hot else labels, dataset.labels)


@MANY
@given(datasets())
def test_table(dataset: Dataset) -> None:
    with folder() as place:
        finish(export_job(dataset, place / "a.csv"))
        with (place / "a.csv").open(encoding="ascii", newline="") as stream:
            _, *lines = csv.reader(stream)
    values = np.array([line[1:] for line in lines], np.uint8)
    assert np.array_equal(values.reshape(dataset.images.shape), dataset.images)
    assert [int(line[0]) for line in lines] == [label for *_, label in told(dataset)]


@MANY
@given(datasets())
def test_text(dataset: Dataset) -> None:
    with folder() as place:
        finish(export_job(dataset, place / "a.txt"))
        values = np.loadtxt(place / "a.txt", np.uint8, ndmin=2)
        labels = np.loadtxt(place / "a-labels.txt", np.int64, ndmin=1)
    assert np.array_equal(values.reshape(dataset.images.shape), dataset.images)
    assert labels.tolist() == [label for *_, label in told(dataset)]


@MANY
@given(datasets(), st.sampled_from(ARRANGEMENTS))
def test_pictures_that_are_imported_as_they_are(dataset: Dataset, arrangement: Arrangement) -> None:
    with folder() as place:
        finish(export_job(dataset, place / "p", ExportOptions("png", arrangement=arrangement)))
        found = finish(scan_job(place / "p"))
        target = place / "back-images-idx3-ubyte"
        imported = finish(import_job(found, target, recipe="none"))
        assert imported.skipped == ()
        # Folders stand in the order of their classes, so only what each sample is must be the same.
        assert sorted(told(open_dataset(target))) == sorted(told(dataset))


@MANY
@given(datasets(labelled=False))
def test_pictures_without_labels(dataset: Dataset) -> None:
    with folder() as place:
        finish(export_job(dataset, place / "p"))
        target = place / "back-images-idx3-ubyte"
        finish(import_job(finish(scan_job(place / "p")), target, recipe="none"))
        back = open_dataset(target)
        assert np.array_equal(back.images, dataset.images)
        assert back.labels is None
