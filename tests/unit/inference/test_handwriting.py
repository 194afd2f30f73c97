"""Strokes on the pad in any size, place, pen and slant; and what is no character."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.sample_digits import sample_strokes
from mnist_desktop.inference import scribbles
from mnist_desktop.inference.classifier import Classifier, default_model_path
from mnist_desktop.inference.handwriting import PAD, Habits, lay_out, picture_of

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(0, 9), st.floats(0.0, 20.0))
def test_a_drawing_lies_on_the_pad_in_the_size_asked_for(
    seed: int, digit: int, slant: float
) -> None:
    habits = Habits(size=(0.4, 0.6), pens=(12, 20), slant=slant)
    laid = lay_out(sample_strokes(digit, seed=seed % 1000), np.random.default_rng(seed), habits)
    points = np.concatenate([stroke.points for stroke in laid])
    assert points.min() >= -1e-3
    assert points.max() <= PAD + 1e-3
    extent = float(np.ptp(points, axis=0).max())
    assert 0.4 * PAD - 0.1 <= extent <= 0.6 * PAD + 0.1
    assert {stroke.width for stroke in laid} <= set(range(12, 21))
    assert len({stroke.width for stroke in laid}) == 1


def test_a_dot_is_drawn_as_one() -> None:
    random = np.random.default_rng(0)
    picture = picture_of([np.array([[3.0, 3.0]])], random)
    assert picture.max() == 255
    assert picture.shape == (28, 28)


def test_slant_leans_and_size_does_not_change_what_the_network_gets() -> None:
    one = [np.array([[0.0, 0.0], [0.0, 1.0]])]
    leaning = lay_out(one, np.random.default_rng(1), Habits(slant=20.0))[0].points
    assert leaning[0, 0] != pytest.approx(leaning[1, 0])
    straight = lay_out(one, np.random.default_rng(1))[0].points
    assert straight[0, 0] == pytest.approx(straight[1, 0])


@pytest.mark.parametrize("maker", [*scribbles.SCRIBBLES, *scribbles.SHAPES])
def test_every_kind_draws_something_and_each_time_another(maker: scribbles.Maker) -> None:
    pictures = []
    for seed in range(20):
        strokes = maker(np.random.default_rng(seed))
        assert all(s.ndim == 2 and s.shape[1] == 2 and np.isfinite(s).all() for s in strokes)
        pictures.append(picture_of(strokes, np.random.default_rng(seed)))
    assert all(picture.any() for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) > 15


@settings(max_examples=20)
@given(SEEDS)
def test_the_same_chance_draws_the_same(seed: int) -> None:
    for draws in (scribbles.scribble, scribbles.shape):
        first, again = (draws(np.random.default_rng(seed)) for _ in range(2))
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_generated_digits_drawn_on_the_pad_are_read() -> None:
    random = np.random.default_rng(0)
    classifier = Classifier.load(default_model_path())
    pictures = [picture_of(sample_strokes(k % 10, seed=k), random) for k in range(100)]
    read = classifier.predict(np.stack(pictures)).argmax(axis=1)
    assert np.mean(read == np.arange(100) % 10) > 0.9
