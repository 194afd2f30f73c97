"""The numbers behind the charts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.ui.train.curves import (
    KEPT_POINTS,
    TrainingCurves,
    accuracy_axis,
    curves_of_run,
    epoch_axis,
    loss_axis,
)
from tests.ui.train.training_reports import reports

shares = st.lists(st.floats(0, 1), min_size=1, max_size=30)
losses = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)


def filled(**told: object) -> TrainingCurves:
    curves = TrainingCurves()
    for report in reports(**told):  # type: ignore[arg-type]
        curves.add(report)
    return curves


def test_constant_measures_make_level_lines() -> None:
    curves = filled(loss=lambda e, s: 0.7, accuracy=lambda e, s: 0.25)
    assert curves.loss.y == pytest.approx([0.7] * len(curves.loss.y))
    assert curves.accuracy.y == pytest.approx([0.25] * len(curves.accuracy.y))
    assert curves.loss.x[-1] == pytest.approx(3.0)


def test_each_report_adds_only_what_happened_since_the_last_one() -> None:
    # Means since the epoch began would lag behind: at the end of epoch 1 they still hold the start.
    curves = filled(epochs=2, steps=200, loss=lambda e, s: 2.0 if e == 1 and s <= 100 else 1.0)
    at_end_of_first = min(
        zip(curves.loss.x, curves.loss.y, strict=True), key=lambda p: abs(p[0] - 1)
    )
    assert at_end_of_first[1] == pytest.approx(1.0, abs=0.02)
    assert curves.loss.y[-1] == pytest.approx(1.0, abs=1e-6)


def test_line_has_no_jump_where_an_epoch_begins() -> None:
    curves = filled(epochs=4, steps=100, loss=lambda e, s: 3.0 - (e - 1 + s / 100) / 2)
    jumps = [abs(b - a) for a, b in zip(curves.loss.y, curves.loss.y[1:], strict=False)]
    assert max(jumps) < 0.03


def test_long_trainings_keep_a_bounded_number_of_points() -> None:
    curves = filled(epochs=3, steps=2_000)
    assert KEPT_POINTS / 3 < len(curves.loss.x) <= 1.1 * KEPT_POINTS
    assert curves.loss.x == sorted(curves.loss.x)
    assert curves.loss.x[-1] == pytest.approx(3.0)


def test_best_epoch_is_the_trainers() -> None:
    curves = filled(epochs=3, validation=lambda e: (0.9, 0.95, 0.94)[e - 1])
    assert curves.best_epoch == 2
    assert curves.best() == (2, 0.95)
    assert curves.accuracy.epochs == [1, 2, 3]


def test_without_validation_there_are_no_points_and_no_best_value() -> None:
    curves = filled(validation=lambda e: None)
    assert curves.accuracy.points == []
    assert curves.best() is None


def test_a_loss_that_is_no_number_leaves_the_line_as_it_was() -> None:
    curves = filled(epochs=1, loss=lambda e, s: 1.0 if s < 6 else math.nan)
    assert all(math.isfinite(y) for y in curves.loss.y)
    assert curves.loss.x[-1] == pytest.approx(0.5)


def test_curves_of_an_earlier_run() -> None:
    metrics = [
        {"epoch": 1, "loss": 0.5, "accuracy": 0.8, "validation_accuracy": 0.9, "seconds": 7.0},
        {"epoch": 2, "loss": "?", "accuracy": None, "validation_accuracy": 0.85, "seconds": 14.0},
    ]
    curves = curves_of_run(metrics, epochs=6)
    assert (curves.epochs, curves.best(), curves.seconds) == (6, (1, 0.9), 14.0)
    assert (curves.loss.x, curves.loss.y) == ([1.0], [0.5])
    assert curves.accuracy.points == [0.9, 0.85]


def test_the_best_epoch_of_an_autoencoder_is_that_of_the_lowest_loss() -> None:
    metrics = [{"epoch": e, "validation_loss": v} for e, v in ((1, 0.2), (2, 0.1), (3, 0.15))]
    assert curves_of_run(metrics, epochs=3, answers=False).best() == (2, 0.1)


@given(values=shares)
def test_accuracy_axis_shows_all_values_and_ends_at_one(values: list[float]) -> None:
    axis = accuracy_axis(values)
    assert axis.high == 1.0
    assert axis.low <= min(values)
    assert axis.ticks[0] == axis.low


def test_accuracy_axis_zooms_in_as_a_model_gets_good() -> None:
    assert [accuracy_axis([v]).low for v in (0.3, 0.85, 0.93, 0.985, 0.997)] == [
        0.0,
        0.8,
        0.9,
        0.98,
        0.99,
    ]


@given(values=losses)
def test_loss_axis_shows_all_values(values: list[float]) -> None:
    axis = loss_axis(values)
    assert axis.low <= min(values) * (1 + 1e-9)
    assert max(values) <= axis.high
    assert 3 <= len(axis.ticks) <= 8
    assert all(b > a for a, b in zip(axis.ticks, axis.ticks[1:], strict=False))


def test_loss_axis_stays_while_values_fill_it_and_moves_when_they_do_not() -> None:
    first = loss_axis([0.1, 0.9])
    assert loss_axis([0.1, 0.8], now=first) is first
    assert loss_axis([0.1, 3.0], now=first).high >= 3.0
    assert loss_axis([0.01, 0.1], now=first).high < 0.2


@given(epochs=st.integers(1, 5_000))
def test_epoch_axis_has_few_whole_ticks_within_the_training(epochs: int) -> None:
    axis = epoch_axis(epochs)
    assert 2 <= len(axis.ticks) <= 7
    assert axis.ticks[0] == 0
    assert axis.ticks[-1] <= epochs == axis.high
