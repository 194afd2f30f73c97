"""What the page says where there is nothing to show yet."""

from __future__ import annotations

from dataclasses import dataclass

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.inference.morphing import Autoencoder

TRAIN, OPEN, SAMPLES = "Train an autoencoder", "Open a dataset", "Use sample digits"


@dataclass(frozen=True)
class Missing:
    """One sentence, and what can be done: the texts of the buttons."""

    sentence: str
    actions: tuple[str, ...] = ()


WAITING = Missing("Loading the autoencoder …")
NO_AUTOENCODER = Missing(
    "There is no autoencoder yet that could draw what lies between two images.", (TRAIN,)
)


def what_is_missing(
    autoencoder: Autoencoder | None, dataset: Dataset | None, *, told: bool
) -> Missing | None:
    """Return what keeps two images from being morphed, None when nothing does.

    Parameters
    ----------
    told
        Whether it is known which autoencoder there is, if any.
    """
    if autoencoder is None:
        return NO_AUTOENCODER if told else WAITING
    if dataset is None:
        return Missing("Writing sample digits …")
    height, width = dataset.images.shape[1:]
    if not autoencoder.fits(dataset.images):
        return Missing(
            f"The autoencoder {autoencoder.name} draws images of {autoencoder.height} × "
            f"{autoencoder.width}; those of {dataset.name} are {height} × {width}.",
            (TRAIN, SAMPLES),
        )
    if len(dataset) < 2:
        images = "1 image" if len(dataset) == 1 else "no images"
        return Missing(f"A way needs two ends, and {dataset.name} has {images}.", (OPEN, SAMPLES))
    return None
