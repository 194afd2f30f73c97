"""A dataset: pictures with their labels, class names and orientation, opened together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.display import to_pictures
from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.datasets.idx import read_header, read_idx, read_idx_job
from mnist_desktop.datasets.judgement import (
    UNKNOWN_DATASET,
    UNKNOWN_ORIENTATION,
    Identity,
    Orientation,
)
from mnist_desktop.datasets.known import (
    Family,
    class_names,
    guess,
    identity_of,
    orientation_of,
    read_mapping,
    recognise,
)
from mnist_desktop.datasets.labelling import Labelling, label_classes, read_labels
from mnist_desktop.datasets.merging import merge_classes
from mnist_desktop.datasets.pairing import find_other_split, find_partner, read_name
from mnist_desktop.datasets.splits import split_stratified
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job, finish

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
        """Return how many samples each class has, (k,) int64; zeros without labels."""
        if self.labels is None:
            return np.zeros(len(self.class_names), np.int64)
        return np.bincount(self.labels, minlength=len(self.class_names)).astype(np.int64)

    def class_name(self, index: int) -> str:
        """Return the class name of sample `index`; empty without labels."""
        return "" if self.labels is None else self.class_names[self.labels[index]]

    def select(self, indices: NDArray[np.integer[Any]] | Sequence[int] | slice) -> Dataset:
        """Return the chosen samples, in that order, as a dataset; a slice copies nothing."""
        chosen = indices if isinstance(indices, slice) else np.asarray(indices, np.int64)
        labels = None if self.labels is None else self.labels[chosen]
        return replace(self, images=self.images[chosen], labels=labels, recognised=False)

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

    Raises
    ------
    UserError
        If the images, or a file that was asked for by name, cannot be read, or if a class belongs
        to none of those to merge into. A labels file that was merely found and is damaged or of
        another length is told in `notes` instead.
    """
    job = open_dataset_job(
        path, labels_path=labels_path, mapping_path=mapping_path, merge_path=merge_path
    )
    return finish(job)


def open_dataset_job(
    path: Path,
    *,
    labels_path: Path | None = None,
    mapping_path: Path | None = None,
    merge_path: Path | None = None,
) -> Job[Dataset]:
    """Open as `open_dataset` does, reporting how far it is."""
    target = read_mapping(Path(merge_path)) if merge_path else None
    images_path, labels_path, chosen = _which_is_which(Path(path), labels_path)
    header = read_header(images_path)
    array = yield from read_idx_job(images_path)
    images, notes = yield from to_pictures(array, images_path)
    family = recognise(header, array, images_path)
    recognised = family is not None
    if family is None and images.shape[1:] == (28, 28):
        family = guess(images_path)
    names, mapping_notes = _class_names(images_path, mapping_path, family)
    labelling, label_notes = _labels(labels_path, len(images), names, family, strict=chosen)
    transposed = family is not None and family.transposed
    split = family.split if family else read_name(images_path.name).split
    dataset = Dataset(
        name=family.title if family else _plain_name(images_path),
        images=images.swapaxes(1, 2) if transposed else images,
        labels=labelling.labels,
        class_names=labelling.class_names,
        label_values=labelling.label_values,
        transposed=transposed,
        images_path=images_path,
        labels_path=labels_path if labelling.labels is not None else None,
        mapping_path=mapping_path,
        merge_path=merge_path,
        recognised=recognised,
        identity=identity_of(family, recognised=recognised),
        orientation=orientation_of(family, recognised=recognised),
        split=split,
        notes=(*notes, *mapping_notes, *label_notes),
    )
    return dataset if target is None else merge_classes(dataset, target)


def _which_is_which(path: Path, labels_path: Path | None) -> tuple[Path, Path | None, bool]:
    """Return the images file, the labels file, and whether the person named the latter."""
    header = read_header(path)
    is_labels = len(header.shape) == 1 or (
        len(header.shape) == 2 and read_name(path.name).kind == "labels"
    )
    if not is_labels:
        chosen = labels_path is not None
        return path, Path(labels_path) if labels_path else find_partner(path), chosen
    if labels_path is not None:
        raise IdxError(
            path,
            "holds labels, and so cannot be the images",
            offset=3,
            expected="rank 3",
            found=f"rank {len(header.shape)}",
            advice="Choose the images file first and then the labels.",
        )
    images = find_partner(path)
    if images is None:
        raise UserError(
            f"“{path}” holds {header.item_count:,} labels, and their images are not beside it",
            "Put the images file into the same folder (train-images-idx3-ubyte belongs with "
            "train-labels-idx1-ubyte), or open the images and choose these labels by hand.",
        )
    return images, path, True


def _class_names(
    images_path: Path, mapping_path: Path | None, family: Family | None
) -> tuple[dict[int, str] | None, tuple[str, ...]]:
    """Return stored label → class name, from a mapping file or because the dataset is known."""
    if mapping_path is not None:
        return read_mapping(Path(mapping_path)), ()
    try:
        return class_names(images_path, family), ()
    except UserError as error:
        known = family.names_by_label if family else None
        return known, (f"The mapping file was not used: {error}",)


def _labels(
    path: Path | None,
    count: int,
    names: dict[int, str] | None,
    family: Family | None,
    *,
    strict: bool,
) -> tuple[Labelling, tuple[str, ...]]:
    """Return labels with their classes; what keeps them from being used is told in the notes."""
    without = label_classes(None, names)
    if path is None:
        return without, ("No labels file was found beside the images.",)
    try:
        array = read_idx(path)
        stored, notes = read_labels(array, path)
    except UserError as error:
        if strict:
            raise
        return without, (f"The labels were not used: {error}",)
    if len(stored) != count:
        return without, (
            f"The labels were not used: there are {count:,} images, but {len(stored):,} labels "
            f"in “{path.name}”, so nobody can tell which belongs to which.",
        )
    if family is not None:
        other = recognise(read_header(path), array, path)
        if other is not None and other.name != family.name:
            notes = (*notes, f"The images are {family.title}, but the labels are {other.title}.")
    labelling = label_classes(stored, names)
    return labelling, (*notes, *labelling.notes)


def _plain_name(path: Path) -> str:
    """Return a file's name without its endings."""
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    for ending in ("-idx3-ubyte", ".idx3-ubyte", ".idx3", ".idx", ".ubyte"):
        name = name.removesuffix(ending)
    return name


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view as a plain array (slicing a `memmap` object is slower)."""
    view = array.view(np.ndarray)
    view.flags.writeable = False
    return view
