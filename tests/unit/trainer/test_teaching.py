"""A lesson: what teaches, what is set apart, what is mixed in, and what comes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_desktop.datasets.dataset import NONE_OF_THEM, Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset, sample_strokes
from mnist_desktop.errors import UserError
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.drawing import Drawing
from mnist_desktop.inference.ink import draw, prepare
from mnist_desktop.inference.model_file import read_model
from mnist_desktop.inference.own_drawings import new_drawing
from mnist_desktop.inference.pen import Stroke
from mnist_desktop.progress import finish
from mnist_desktop.trainer import lesson as lesson_parts
from mnist_desktop.trainer import teaching
from mnist_desktop.trainer.blending import HALF_WAYS, blended, careful_job, file_of
from mnist_desktop.trainer.lesson import redrawn_job, rest_job, set_apart
from mnist_desktop.trainer.reading import read_trained
from mnist_desktop.trainer.teaching import Lesson, teach
from tests.unit.inference.onnx_models import contract_for, linear_model

WEIGHTS = np.zeros((784, 10))
DIGITS = contract_for(WEIGHTS)


def drawn(label: str, *, seed: int, mirrored: bool = False) -> Drawing:
    """Return a drawing of a digit with its label."""
    ways = sample_strokes(int(label), seed=seed)
    ways = [np.abs(way - (1.0, 0.0)) if mirrored else way for way in ways]
    strokes = [Stroke(way * 160 + 60, 20.0) for way in ways]
    picture = prepare(draw(strokes, (280, 280))).picture
    return new_drawing(label, picture, strokes, raster=280)


def some(count: int) -> list[Drawing]:
    return [drawn(str(k % 10), seed=k) for k in range(count)]


@pytest.mark.parametrize(("count", "apart"), [(0, 0), (9, 0), (10, 0), (20, 4), (33, 7)])
def test_a_fifth_is_set_apart_and_every_class_teaches(count: int, apart: int) -> None:
    drawings = some(count)
    parts = set_apart(drawings)
    assert len(parts.apart) == apart
    assert {d.number for d in (*parts.taught, *parts.apart)} == {d.number for d in drawings}
    assert len(parts.taught) + len(parts.apart) == count
    assert {d.label for d in parts.taught} == {d.label for d in drawings}


def test_a_drawing_is_drawn_again_by_other_pens() -> None:
    wiped = drawn("3", seed=2)
    wiped = replace(wiped, strokes=(*wiped.strokes, Stroke([[9.0, 9.0]], 20.0, erase=True)))
    own = finish(redrawn_job([drawn("7", seed=1), wiped], DIGITS))
    again = len(own) // 2
    assert own.class_counts().tolist() == [0, 0, 0, again, 0, 0, 0, again, 0, 0, 0]
    sevens, threes = np.unique(own.images[:again], axis=0), np.unique(own.images[again:], axis=0)
    assert len(sevens) == again
    assert len(threes) == 1, "what was wiped away cannot be drawn again"


def test_what_is_open_is_mixed_in_with_scribbles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_parts, "STRANGERS", 30)
    fives = sample_dataset(200).select(np.flatnonzero(sample_dataset(200).labels == 5))
    digits = replace(sample_dataset(200), name="mine")
    rest = finish(rest_job(DIGITS, [fives, digits]))
    assert rest.name == "mine"
    assert not rest.is_generated
    assert rest.mix.class_names[-1] == NONE_OF_THEM
    assert len(rest.check) == 200
    assert Counter(rest.mix.labels.tolist()) == {**dict.fromkeys(range(10), 20), 10: 30}


def test_digits_are_generated_where_nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_parts, "STRANGERS", 10)
    monkeypatch.setattr(lesson_parts, "GENERATED", 40)
    rest = finish(rest_job(DIGITS, []))
    assert rest.name == "generated digits"
    assert rest.is_generated
    assert rest.mix.class_counts().tolist() == [4] * 10 + [10]


def test_a_model_that_reads_more_needs_samples_of_all_it_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lesson_parts, "STRANGERS", 5)
    letters = contract_for(np.zeros((784, 3)), class_names=("A", "B", "7"))
    with pytest.raises(UserError, match="all the classes"):
        finish(rest_job(letters, [sample_dataset(50)]))


@pytest.mark.timeout(300)
def test_a_hand_is_learned_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_parts, "STRANGERS", 60)
    short = replace(teaching.HAND, epochs=2, samples_per_epoch=1_280, own_share=0.5)
    monkeypatch.setattr(teaching, "HAND", replace(short, learning_rate=1e-3))
    # A hand that mirrors its 7: no model can know that.
    drawings = tuple(drawn("7", seed=k, mirrored=True) for k in range(20))
    drawings += tuple(drawn(str(k % 10), seed=k) for k in range(20) if k % 10 != 7)
    test = sample_dataset(200, seed=9)
    samples = sample_dataset(2_000)
    other = Dataset("others", samples.images, samples.labels, samples.class_names)
    lesson = Lesson(drawings, default_model_path(), (other,), threads=1)
    ends = []
    job = teach(lesson)
    while True:
        try:
            ends.append(next(job).fraction)
        except StopIteration as end:
            taught = end.value
            break
    assert ends == sorted(ends)
    assert taught.own is not None
    assert taught.own.before < taught.own.after
    assert taught.taught + taught.own.count == len(drawings)
    assert taught.test_name == "1,000 others"
    model = Classifier.from_bytes(taught.model, name="taught")
    assert model.contract.fine_tuned_from is not None
    right = (model.predict(test.images).argmax(axis=1) == test.labels).mean()
    assert right > 0.95


def test_only_so_far_as_nothing_is_lost_and_no_less_sure() -> None:
    before = read_trained(read_model(default_model_path()), name="digits")
    random = np.random.default_rng(1)
    noise = random.normal(0.0, 0.2, before.weights.parameters.shape).astype(np.float32)
    worse = replace(before.weights, parameters=before.weights.parameters + noise)
    check = sample_dataset(300)
    images, labels = check.images, check.labels
    start = Classifier.load(default_model_path()).predict(images)
    for weights, whole in ((before.weights, True), (worse, False)):
        chosen = finish(careful_job(before, replace(before, weights=weights), check))
        model = Classifier.from_bytes(file_of(chosen, before.contract), name="chosen")
        shares = model.predict(images)
        assert shares.max(axis=1).mean() == pytest.approx(start.max(axis=1).mean(), abs=1e-3)
        if whole:
            np.testing.assert_allclose(shares, start, atol=1e-3)
        else:
            noisy = Classifier.from_bytes(file_of(worse, before.contract), name="noisy")
            right = (noisy.predict(images).argmax(axis=1) == labels).mean()
            assert right < (shares.argmax(axis=1) == labels).mean()


def test_between_two_models_lies_their_mean() -> None:
    before = read_trained(read_model(default_model_path()), name="digits").weights
    after = replace(before, parameters=before.parameters + 1.0)
    assert max(HALF_WAYS) == 0.5
    found = blended(before, after, 0.25).parameters
    np.testing.assert_allclose(found, before.parameters + 0.25, atol=1e-5)


def test_a_model_of_others_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "theirs.onnx"
    model.write_bytes(linear_model(WEIGHTS, contract=DIGITS))
    with pytest.raises(UserError, match="cannot be trained further"):
        finish(teach(Lesson(tuple(some(1)), model)))


def test_drawings_of_classes_the_model_does_not_know_are_refused() -> None:
    odd = replace(some(1)[0], label="Ankle boot")
    with pytest.raises(UserError, match="does not know “Ankle boot”"):
        finish(teach(Lesson((odd,), default_model_path())))


def test_without_drawings_there_is_no_lesson() -> None:
    with pytest.raises(UserError, match="no drawing"):
        finish(teach(Lesson((), default_model_path())))
