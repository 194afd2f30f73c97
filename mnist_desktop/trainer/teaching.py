"""Teach a model a person's hand, and tell what that gives before anything is replaced."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset, open_dataset_job
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.drawing import SIDE, Drawing
from mnist_desktop.inference.model_file import read_model
from mnist_desktop.progress import Job, Progress
from mnist_desktop.trainer.blending import HALF_WAYS, WAYS, careful_job, file_of
from mnist_desktop.trainer.checkpoint import TrainingError
from mnist_desktop.trainer.crew import available_cores
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.lesson import (
    Parts,
    Rest,
    as_dataset,
    covering,
    redrawn_job,
    rest_job,
    set_apart,
)
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.reading import TrainedModel, read_trained
from mnist_desktop.trainer.recipes import FINE_TUNE, RECIPES

_T = TypeVar("_T")

HAND = replace(RECIPES[FINE_TUNE], epochs=3, own_share=0.4)
"""How long a hand is learned: it is drawn again and again anyway, and nobody likes to wait."""

SHARES = {"own": 0.05, "rest": 0.15, "training": 0.55, "way": 0.1, "judging": 0.15}
"""About how much of the time each part of a lesson takes."""

WHOLE = 1_000
"""What `Progress.total` says of a lesson."""

TEST_DIGITS = 1_000
"""Pictures that a model is judged by where no test split is open."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """What a teaching is started with.

    Parameters
    ----------
    drawings
        Those of the person, with their labels.
    start
        The model to teach; stays as it is.
    known
        Datasets that are open, to mix in, the best first.
    files
        Files of such datasets, opened where none of those fits.
    test
        Samples to judge by that the model never learned from.
    apart
        Whether to set some of the drawings apart to judge by.
    threads
        Cores to use; None for all but one, which the window keeps.
    seed
        Decides which drawings are set apart, and all that is drawn by chance.
    """

    drawings: tuple[Drawing, ...]
    start: Path
    known: tuple[Dataset, ...] = ()
    files: tuple[Path, ...] = ()
    test: Dataset | None = None
    apart: bool = True
    threads: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Score:
    """How many of some pictures a model reads right, before and after it was taught."""

    count: int
    before: int
    after: int


@dataclass(frozen=True, eq=False)
class Taught:
    """What a lesson ended with; nothing is written yet.

    Parameters
    ----------
    model
        Content of the ONNX file of the model that was taught.
    start
        The file of the model it was before.
    taught
        Drawings it learned from.
    own
        How it reads the drawings set apart; None where there were too few to set any apart.
    test, test_name
        How it reads the test pictures, and what they are.
    mixed
        What was mixed in so that nothing is forgotten.
    seconds
        The time of the training alone.
    """

    model: bytes
    start: Path
    taught: int
    own: Score | None
    test: Score
    test_name: str
    mixed: str
    seconds: float


def teach(lesson: Lesson) -> Job[Taught]:
    """Fine-tune a model on the drawings, and read what it has not learned from before and after.

    Raises
    ------
    UserError
        When there are no drawings, or the model cannot be trained further or does not know their
        classes.
    """
    if not lesson.drawings:
        raise TrainingError(
            "There is no drawing to learn from yet",
            "Draw a digit and say what it is; twenty are a good beginning.",
        )
    model = read_trained(read_model(lesson.start), name=lesson.start.stem)
    contract = model.contract
    if (contract.height, contract.width) != (SIDE, SIDE):
        raise TrainingError(
            f"“{model.name}” reads pictures of {contract.height}×{contract.width} pixels, and your "
            f"drawings are kept in {SIDE}×{SIDE}",
            "Choose a model of that size, such as the one that comes with the program.",
        )
    parts = Parts(lesson.drawings, ())
    if lesson.apart:
        parts = set_apart(lesson.drawings, seed=lesson.seed)
    own = yield from _within("own", redrawn_job(parts.taught, contract, seed=lesson.seed))
    known = yield from _known(lesson, model)
    rest = yield from _within("rest", rest_job(contract, known, seed=lesson.seed))
    data, seconds = yield from _train(lesson, own, rest.mix)
    trained = read_trained(data, name=model.name)
    ways = HALF_WAYS if rest.is_generated else WAYS
    weights = yield from _within("way", careful_job(model, trained, rest.check, ways=ways))
    data = file_of(weights, trained.contract)
    before = Classifier.from_bytes(model.data, name=model.name)
    after = Classifier.from_bytes(data, name=model.name)
    test, name = _test(lesson, before, rest)
    judging = _judge_both(before, after, parts.apart, test)
    score_own, score_test = yield from _within("judging", judging)
    if lesson.test is not None and test.name == lesson.test.name:
        accuracy = score_test.after / score_test.count
        data = file_of(weights, replace(trained.contract, accuracy=accuracy))
    return Taught(
        data, lesson.start, len(parts.taught), score_own, score_test, name, rest.name, seconds
    )


def _within(part: str, job: Job[_T]) -> Job[_T]:
    """Pass on a part's progress as that of the whole lesson."""
    names = list(SHARES)
    before = sum(SHARES[name] for name in names[: names.index(part)])
    try:
        while True:
            progress = next(job)
            done = round(WHOLE * (before + SHARES[part] * progress.fraction))
            what = f"Teaching: {progress.what}" if progress.what else "Teaching"
            yield Progress(done, WHOLE, what)
    except StopIteration as end:
        result: _T = end.value
        return result
    finally:
        job.close()


def _known(lesson: Lesson, model: TrainedModel) -> Job[list[Dataset]]:
    """Return the datasets to mix in; of the files the first that fits, where none is open."""
    known = [dataset for dataset in lesson.known if covering(dataset, model.contract) is not None]
    for path in () if known else lesson.files:
        try:
            dataset = yield from open_dataset_job(path)
        except UserError:
            continue  # a file that was opened once, and is gone or another by now
        if covering(dataset, model.contract) is not None:
            known.append(dataset)
            break
    return known


def _train(lesson: Lesson, own: Dataset, mix: Dataset) -> Job[tuple[bytes, float]]:
    """Train, with files in a folder that is gone afterwards; return the model and the seconds."""
    threads = lesson.threads or max(1, available_cores() - 1)
    with tempfile.TemporaryDirectory(prefix="mnist-desktop-") as folder:
        settings = TrainingSettings(
            own,
            Path(folder) / "taught.onnx",
            HAND,
            seed=lesson.seed,
            threads=threads,
            validation=0.0,
            start=lesson.start,
            mix=mix,
            runs=Path(folder) / "runs",
        )
        result = yield from _within("training", train(settings))
        return result.model.read_bytes(), result.train_seconds


def _test(lesson: Lesson, model: Classifier, rest: Rest) -> tuple[Dataset, str]:
    """Return the pictures to judge by, with the model's labels, and what they are.

    Without a test split those are samples of what was mixed in, but others.
    """
    fitting = None if lesson.test is None else covering(lesson.test, model.contract)
    if fitting is not None and len(fitting):
        return fitting, fitting.name
    chosen = np.random.default_rng(lesson.seed).permutation(len(rest.check))[:TEST_DIGITS]
    return rest.check.select(np.sort(chosen)), f"{len(chosen):,} {rest.name}"


def _judge_both(
    before: Classifier, after: Classifier, apart: tuple[Drawing, ...], test: Dataset
) -> Job[tuple[Score | None, Score]]:
    """Return how both models read the drawings set apart, and the test pictures."""
    own: Score | None = None
    if apart:
        pictures = np.stack([drawing.picture for drawing in apart])
        mine = as_dataset(apart, pictures, before.contract)
        assert mine.labels is not None
        own = Score(
            len(apart),
            _right(before, mine.images, mine.labels),
            _right(after, mine.images, mine.labels),
        )
    assert test.labels is not None
    total, done, found = 2 * len(test), 0, []
    for model in (before, after):
        right = 0
        for first, piece in test.in_pieces(500):
            right += _right(model, piece, test.labels[first : first + len(piece)])
            done += len(piece)
            yield Progress(done, total, "reading what it has not learned from")
        found.append(right)
    return own, Score(len(test), *found)


def _right(model: Classifier, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> int:
    """Return how many pictures a model reads right; of those of no class it must be unsure."""
    shares = model.predict(images)
    answers = shares.argmax(axis=1)
    outside = labels == len(model.contract.class_names)
    unsure = shares.max(axis=1) < model.sure_from
    return int(np.where(outside, unsure, answers == labels).sum())
