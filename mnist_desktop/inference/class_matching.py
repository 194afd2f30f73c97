"""Find out which class of a dataset is which class of a model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import NONE_OF_THEM
from mnist_desktop.datasets.merging import places_of
from mnist_desktop.errors import UserError


def match_classes(
    dataset_names: Sequence[str], model_names: Sequence[str], *, used: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return for every class of a dataset the index of the same class in a model.

    Classes are the same when their names are, and a letter that the model does not tell from its
    capital belongs to that, see `places_of`. Where that fails and both have equally many classes,
    and one side merely numbers them (a model that names nothing, labels without a mapping file),
    the order decides. `NONE_OF_THEM`, the dataset's class of pictures that are of no class, has its
    place behind the model's last one.

    Parameters
    ----------
    dataset_names, model_names
        Names of the classes on both sides, in their order.
    used
        (k,) int64, how many samples each class of the dataset has; a class without samples needs no
        counterpart.

    Returns
    -------
    numpy.ndarray
        (k,) int64; −1 for a class without samples that the model does not know.

    Raises
    ------
    UserError
        When the model does not know every class that occurs.
    """
    if len(dataset_names) > 1 and dataset_names[-1] == NONE_OF_THEM not in model_names:
        places = match_classes(dataset_names[:-1], model_names, used=used[:-1])
        return np.append(places, len(model_names))
    by_name = places_of(dataset_names, model_names)
    missing = np.flatnonzero((by_name < 0) & (used > 0))
    # Two classes of one name cannot be told apart by it.
    unique = len(set(model_names)) == len(model_names) and len(set(dataset_names)) == len(
        dataset_names
    )
    if unique and len(missing) == 0:
        return by_name
    if len(dataset_names) == len(model_names) and (
        list(dataset_names) == list(model_names)
        or _only_numbered(dataset_names)
        or _only_numbered(model_names)
    ):
        return np.arange(len(dataset_names), dtype=np.int64)
    raise UserError(
        f"The model knows {len(model_names)} classes ({_some(model_names)}), the dataset has "
        f"{len(dataset_names)} ({_some(dataset_names)}), so right and wrong cannot be told",
        "Choose a model that was trained for these classes, or a dataset with the model's classes.",
    )


def _only_numbered(names: Sequence[str]) -> bool:
    """Return whether the names are only the numbers from 0 on."""
    return list(names) == [str(index) for index in range(len(names))]


def _some(names: Sequence[str]) -> str:
    """Return the names, or the first of them where they are many."""
    return ", ".join(names) if len(names) <= 12 else ", ".join(names[:10]) + ", …"
