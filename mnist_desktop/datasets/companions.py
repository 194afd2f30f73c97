"""What belongs with the images of a dataset: which file they are, their labels, class names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.axes import Axes
from mnist_desktop.datasets.faults import IdxError
from mnist_desktop.datasets.idx import read_header, read_idx_job
from mnist_desktop.datasets.known import Family, class_names, read_mapping
from mnist_desktop.datasets.labelling import Labelling, label_classes, read_labels
from mnist_desktop.datasets.pairing import find_partner, read_name
from mnist_desktop.datasets.recognition import recognise
from mnist_desktop.errors import UserError
from mnist_desktop.progress import Job


def which_is_which(path: Path, labels_path: Path | None) -> tuple[Path, Path | None, bool]:
    """Return the images file, the labels file, and whether the person named the latter.

    Raises
    ------
    UserError
        If `path` holds labels and their images are not beside it, or is not to be read.
    """
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


def names_of_classes(
    images_path: Path, mapping_path: Path | None, family: Family | None
) -> tuple[dict[int, str] | None, tuple[str, ...]]:
    """Return stored label → class name, from a mapping file or because the dataset is known.

    The second part are sentences for the person. Raises `UserError` for a mapping file that was
    named and cannot be used.
    """
    if mapping_path is not None:
        return read_mapping(Path(mapping_path)), ()
    try:
        return class_names(images_path, family), ()
    except UserError as error:
        known = family.names_by_label if family else None
        return known, (f"The mapping file was not used: {error}",)


@dataclass(frozen=True, eq=False)
class StoredLabels:
    """The content of a labels file, before it is known whose labels they are.

    Parameters
    ----------
    path
        The file; None if there is none or it cannot be used.
    array
        Its elements as they are stored; None likewise.
    values
        (n,) int64; None likewise.
    notes
        Sentences for the person.
    by_hand
        Whether a person named the file to go with these images: then it has to fit.
    """

    path: Path | None
    array: NDArray[Any] | None = None
    values: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()
    by_hand: bool = False

    def family(self) -> Family | None:
        """Return the published dataset whose labels these are, by checksum."""
        if self.path is None or self.array is None:
            return None
        return recognise(read_header(self.path), self.array, self.path)

    def labelling(
        self, axes: Axes, count: int, names: dict[int, str] | None, family: Family | None
    ) -> tuple[Labelling, tuple[str, ...]]:
        """Return labels and classes of `count` pictures, and sentences for the person.

        Parameters
        ----------
        axes
            How the images' file is read: an item of it may be several pictures.
        count
            How many pictures there are.
        names
            Stored label → class name, where known.
        family
            Which published dataset the images are, where that is known.

        Raises
        ------
        UserError
            If labels that were named by hand are not as many as the pictures.
        """
        if self.values is None or self.path is None:
            return label_classes(None, names), self.notes
        values, notes = axes.labels_for(self.values), self.notes
        if len(values) != count and self.by_hand:
            raise UserError(
                f"“{self.path.name}” has {len(values):,} labels, but there are {count:,} images, "
                "so nobody can tell which belongs to which",
                "Choose the labels that were made for these images.",
            )
        if len(values) != count:
            return label_classes(None, names), (
                f"The labels were not used: there are {count:,} images, but {len(values):,} labels "
                f"in “{self.path.name}”, so nobody can tell which belongs to which.",
            )
        if family is not None:
            other = self.family()
            if other is not None and other.name != family.name:
                words = f"The images are {family.title}, but the labels are {other.title}."
                notes = (*notes, words)
        labelling = label_classes(values, names)
        return labelling, (*notes, *labelling.notes)


def read_stored_labels(path: Path | None, *, strict: bool, by_hand: bool) -> Job[StoredLabels]:
    """Read a labels file; what is wrong with it is told in the notes, or raised if `strict`."""
    if path is None:
        return StoredLabels(None, notes=("No labels file was found beside the images.",))
    try:
        array = yield from read_idx_job(path)
        values, notes = read_labels(array, path)
    except UserError as error:
        if strict:
            raise
        return StoredLabels(None, notes=(f"The labels were not used: {error}",))
    return StoredLabels(path, array, values, notes, by_hand)


def plain_name(path: Path) -> str:
    """Return a file's name without its endings."""
    name = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    for ending in ("-idx3-ubyte", ".idx3-ubyte", ".idx3", ".idx", ".ubyte"):
        name = name.removesuffix(ending)
    return name
