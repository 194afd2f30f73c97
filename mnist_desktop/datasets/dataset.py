"""A dataset: pictures with their labels, class names and orientation, opened together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.axes import DEFAULT, Axes, Reading
from mnist_desktop.datasets.companions import (
    StoredLabels,
    names_of_classes,
    plain_name,
    read_stored_labels,
    which_is_which,
)
from mnist_desktop.datasets.display import axes_of, pictures_so_far, to_pictures
from mnist_desktop.datasets.early import Early, EarlyReports
from mnist_desktop.datasets.identity import Belief, guess_identity
from mnist_desktop.datasets.idx import read_header, read_idx_job
from mnist_desktop.datasets.judgement import (
    UNKNOWN_DATASET,
    UNKNOWN_ORIENTATION,
    Identity,
    Orientation,
)
from mnist_desktop.datasets.known import (
    orientation_of,
    read_mapping,
)
from mnist_desktop.datasets.merging import merge_classes
from mnist_desktop.datasets.pairing import find_other_split, find_partner, read_name
from mnist_desktop.datasets.recognition import recognise_job
from mnist_desktop.datasets.splits import split_stratified
from mnist_desktop.progress import Job, finish, translated

__all__ = [
    "Dataset",
    "find_other_split",
    "find_partner",
    "open_dataset",
    "open_dataset_job",
    "split_stratified",
]


NONE_OF_THEM = "∅"
"""The name of the class, always the last, of pictures that belong to none of the others."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures and what is known of them; nothing in it ever changes.

    Parameters
    ----------
    name
        For people: `MNIST · train`, or from the file's name.
    images
        (n, height, width) uint8, read-only, ink high, upright. A view of the file where possible.
    labels
        (n,) int64, read-only, indices into `class_names`; `None` if there are none.
    class_names
        One per class, as many as there are: 10, 26, 47, 62 or any other number.
    label_values
        The stored label of each class, rising. The classes of EMNIST's letters are stored as 1 to
        26 and are 0 to 25 in `labels`, so that no class stands empty.
    transposed
        Whether `images` shows the stored pictures with rows and columns exchanged, because the
        files hold them lying on their side.
    images_path, labels_path
        Where they were read from; `None` for what was made in memory.
    mapping_path, merge_path
        The files that were named for the class names and for the classes to merge into.
    recognised
        Whether the images are exactly those of a published dataset, by checksum.
    identity, orientation
        Which published dataset it is and how its pictures lie in the file, as far as is known.
    split
        `train`, `test`, or empty where it is not known.
    notes
        Sentences to tell the person: labels that are missing, values that were scaled.
    axes
        How the axes of the images' file became pictures; `None` for what was made in memory.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    label_values: tuple[int, ...] = ()
    transposed: bool = False
    images_path: Path | None = None
    labels_path: Path | None = None
    mapping_path: Path | None = None
    merge_path: Path | None = None
    recognised: bool = False
    identity: Identity = UNKNOWN_DATASET
    orientation: Orientation = UNKNOWN_ORIENTATION
    split: str = ""
    notes: tuple[str, ...] = ()
    axes: Axes | None = None

    def __post_init__(self) -> None:
        """Check that the parts fit together, and lock the arrays."""
        if self.images.dtype != np.uint8 or self.images.ndim != 3:
            raise ValueError(f"images are {self.images.dtype} of rank {self.images.ndim}")
        object.__setattr__(self, "images", _locked(self.images))
        if not self.label_values:
            object.__setattr__(self, "label_values", tuple(range(len(self.class_names))))
        if len(self.label_values) != len(self.class_names):
            raise ValueError("a stored label for each class name, please")
        if self.labels is None:
            return
        labels = _locked(self.labels.astype(np.int64, copy=False))
        if labels.shape != (len(self.images),):
            raise ValueError(f"{len(self.images)} images, labels {labels.shape}")
        if labels.size and not 0 <= labels.min() <= labels.max() < len(self.class_names):
            raise ValueError("a label without a class name")
        object.__setattr__(self, "labels", labels)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the classes to tell apart: all but that of what is none of them."""
        names = self.class_names
        return names[:-1] if names and names[-1] == NONE_OF_THEM else names

    def class_counts(self) -> NDArray[np.int64]:
        """Return how many samples each class has, (k,) int64, read-only; zeros without labels."""
        return self._class_counts

    @cached_property
    def _class_counts(self) -> NDArray[np.int64]:
        if self.labels is None:
            return _locked(np.zeros(len(self.class_names), np.int64))
        return _locked(np.bincount(self.labels, minlength=len(self.class_names)).astype(np.int64))

    def class_name(self, index: int) -> str:
        """Return the class name of sample `index`; empty without labels."""
        return "" if self.labels is None else self.class_names[self.labels[index]]

    def select(self, indices: NDArray[np.integer[Any]] | Sequence[int] | slice) -> Dataset:
        """Return the chosen samples, in that order, as a dataset; a slice copies nothing."""
        chosen = indices if isinstance(indices, slice) else np.asarray(indices, np.int64)
        labels = None if self.labels is None else self.labels[chosen]
        return replace(
            self,
            images=self.images[chosen],
            labels=labels,
            recognised=False,
            identity=UNKNOWN_DATASET,
        )

    def in_pieces(self, size: int = 1024) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield all images in order, at most `size` at once: the index of the first, and a view."""
        for first in range(0, len(self), size):
            yield first, self.images[first : first + size]

    def turned(self) -> Dataset:
        """Return the same samples with rows and columns of each picture exchanged."""
        return replace(self, images=self.images.swapaxes(1, 2), transposed=not self.transposed)


def open_dataset(
    path: Path,
    *,
    labels_path: Path | None = None,
    mapping_path: Path | None = None,
    merge_path: Path | None = None,
    reading: Reading = DEFAULT,
) -> Dataset:
    """Open the dataset that a file belongs to.

    Parameters
    ----------
    path
        An images or a labels file, plain or gzipped.
    labels_path
        The labels, where they are not to be looked for beside the images.
    mapping_path
        A file of class names (label and character codes), likewise.
    merge_path
        Another such file, whose classes the dataset shall have: see `merge_classes`.
    reading
        What to show of a file with more axes than pictures have.

    Raises
    ------
    UserError
        If the images, or a file that was asked for by name, cannot be read or does not fit, or if a
        class belongs to none of those to merge into. A labels file that was merely found and is
        damaged or of another length is told in `notes` instead.
    """
    job = open_dataset_job(
        path,
        labels_path=labels_path,
        mapping_path=mapping_path,
        merge_path=merge_path,
        reading=reading,
    )
    return finish(job)


def open_dataset_job(
    path: Path,
    *,
    labels_path: Path | None = None,
    mapping_path: Path | None = None,
    merge_path: Path | None = None,
    reading: Reading = DEFAULT,
) -> Job[Dataset]:
    """Open as `open_dataset` does, reporting how far it is.

    As soon as there is a picture to see the reports are `Early`: they carry the images that are
    there, while the rest is still unpacked or scaled, or compared with the published datasets.
    """
    target = read_mapping(Path(merge_path)) if merge_path else None
    by_hand = labels_path is not None
    images_path, labels_path, chosen = which_is_which(Path(path), labels_path)
    header = read_header(images_path)
    parts = _Parts(
        axes=axes_of(header.shape, images_path, reading),
        images_path=images_path,
        stored=(yield from read_stored_labels(labels_path, strict=chosen, by_hand=by_hand)),
        mapping_path=mapping_path,
        merge_path=merge_path,
        target=target,
    )
    early_reports = EarlyReports(parts.dataset)
    unpacking = translated(read_idx_job(images_path), pictures_so_far(parts.axes))
    array = yield from translated(unpacking, early_reports.translate)
    scaling = to_pictures(array, parts.axes)
    images, notes = yield from translated(scaling, early_reports.translate)
    early = parts.dataset(images, notes)
    what = f"Looking at {images_path.name}"
    yield Early(0, 0, what, whole=early, ready=len(early), kind="early")
    exact = yield from recognise_job(header, array, images_path)
    # Imported here: judging how pictures lie needs the sample digits, a dataset themselves.
    from mnist_desktop.datasets.settling import settle

    make = partial(parts.dataset, images, notes)
    return settle(make, images, path=images_path, exact=exact, stored=parts.stored)


@dataclass(frozen=True, eq=False)
class _Parts:
    """What is known of a dataset but its pictures."""

    axes: Axes
    images_path: Path
    stored: StoredLabels
    mapping_path: Path | None
    merge_path: Path | None
    target: dict[int, str] | None

    def dataset(
        self,
        images: NDArray[np.uint8],
        notes: tuple[str, ...] = (),
        belief: Belief | None = None,
    ) -> Dataset:
        """Return the dataset with these pictures.

        Without a belief which dataset it is, its names and how its pictures lie are guessed from
        the files' names.
        """
        belief = belief or guess_identity(images.shape, self.images_path)
        family = belief.family
        names, mapping_notes = names_of_classes(self.images_path, self.mapping_path, family)
        labelling, label_notes = self.stored.labelling(self.axes, len(images), names, family)
        transposed = family is not None and family.transposed
        labelled = labelling.labels is not None
        dataset = Dataset(
            name=family.title if family else plain_name(self.images_path),
            images=images.swapaxes(1, 2) if transposed else images,
            labels=labelling.labels,
            class_names=labelling.class_names,
            label_values=labelling.label_values,
            transposed=transposed,
            images_path=self.images_path,
            labels_path=self.stored.path if labelled else None,
            mapping_path=self.mapping_path,
            merge_path=self.merge_path,
            recognised=belief.certain,
            identity=belief.identity,
            orientation=orientation_of(family, certain=belief.certain),
            split=family.split if family else read_name(self.images_path.name).split,
            notes=(*notes, *mapping_notes, *label_notes),
            axes=self.axes,
        )
        dataset = dataset if self.target is None else merge_classes(dataset, self.target)
        dataset.class_counts()  # counted here and kept, so that who shows them need not wait
        return dataset


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view as a plain array (slicing a `memmap` object is slower)."""
    view = array.view(np.ndarray)
    view.flags.writeable = False
    return view
