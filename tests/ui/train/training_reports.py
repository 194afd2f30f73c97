"""Reports of trainings that never ran, as the trainer would make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mnist_desktop.trainer.progress import TrainingProgress


def reports(
    *,
    epochs: int = 3,
    steps: int = 10,
    loss: Callable[[int, int], float] = lambda epoch, step: 1.0,
    accuracy: Callable[[int, int], float] = lambda epoch, step: 0.5,
    validation: Callable[[int], float | None] = lambda epoch: 0.9 + epoch / 100,
) -> Iterator[TrainingProgress]:
    """Yield what a fit tells, from the loss and accuracy of each single step."""
    best: tuple[float, int | None] = (-1.0, None)
    yield TrainingProgress(0, epochs * steps, kind="start", epoch=1, epochs=epochs, steps=steps)
    for epoch in range(1, epochs + 1):
        losses = accuracies = 0.0
        for step in range(1, steps + 1):
            losses += loss(epoch, step)
            accuracies += accuracy(epoch, step)
            told = dict(
                done=(epoch - 1) * steps + step,
                total=epochs * steps,
                epoch=epoch,
                epochs=epochs,
                step=step,
                steps=steps,
                loss=losses / step,
                accuracy=accuracies / step,
                images_per_second=21_431.0,
                seconds_left=102.0,
            )
            yield TrainingProgress(**told, kind="step", best_epoch=best[1])
        value = validation(epoch)
        if value is None or value >= best[0]:
            best = (value or 0.0, epoch)
        yield TrainingProgress(
            **told,
            kind="epoch",
            best_epoch=best[1],
            validation_accuracy=value,
            validation_loss=None if value is None else 1 - value,
        )
