"""Divergence is told from a bad start and from a bad batch."""

from __future__ import annotations

import pytest

from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.networks import AUTOENCODER, FAST
from mnist_desktop.trainer.watch import LOOK_BACK, DivergedError, Watch
from mnist_desktop.trainer.weights import Architecture


def test_a_loss_far_above_guessing_is_divergence_too() -> None:
    watch = Watch(Architecture(FAST, 28, 28, 4))
    for step in range(LOOK_BACK - 1):
        watch.check(40.0, 1, step)
    with pytest.raises(TrainingError, match=r"guessing has 1\.39"):
        watch.check(40.0, 1, LOOK_BACK)


def test_a_bad_start_or_a_bad_batch_is_no_divergence() -> None:
    watch = Watch(Architecture(FAST, 28, 28, 4))
    for step in range(300):
        watch.check(40.0 if step < 5 or step == 200 else 1.0, 1, step)


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_no_number_is_divergence_at_once(loss: float) -> None:
    watch = Watch(Architecture(AUTOENCODER, 28, 28, 1))
    assert watch.guessing == pytest.approx(0.693, abs=1e-3)
    with pytest.raises(DivergedError, match="in step 7 of epoch 2") as caught:
        watch.check(loss, 2, 7)
    assert "learning rate" in caught.value.advice
