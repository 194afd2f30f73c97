"""The work behind the page: the way between two ends, found beside the window."""

from __future__ import annotations

from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.morphing import Autoencoder
from mnist_desktop.inference.way import Way, find_way, fine_steps
from mnist_desktop.progress import Job
from mnist_desktop.ui.morph.end_picker import End
from mnist_desktop.ui.morph.row_painter import STEPS


def way_job(
    autoencoder: Autoencoder, classifier: Classifier | None, first: End, second: End
) -> Job[Way]:
    """Find the way between two ends; a job without steps, it takes some hundredths of a second."""
    yield from ()
    return find_way(
        autoencoder, classifier, first=first.image, second=second.image, steps=fine_steps(STEPS)
    )
