"""A replay goes along the pen's way, and tells where the answer changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.sample_digits import sample_strokes
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.pen import Stroke, draw
from mnist_desktop.inference.replay import (
    MOMENTS,
    Item,
    Moment,
    Replay,
    find_moments,
    part_of,
    rasters,
    replay_job,
)
from mnist_desktop.progress import finish
from tests.unit.inference.onnx_models import contract_for, linear_model

LINE = Stroke(np.array([[20, 100], [220, 100]], np.float32), 20.0)
DOT = Stroke(np.array([[50, 50]], np.float32), 30.0)
ERASER = Stroke(np.array([[120, 20], [120, 180]], np.float32), 40.0, erase=True)
PICTURE = np.zeros((240, 240), np.uint8)
PICTURE[150:200, 30:60] = 255


def top_or_bottom() -> Classifier:
    """Return a model that tells whether the ink of a picture lies in its upper or lower half."""
    weights = np.zeros((784, 2))
    weights[:392, 0] = weights[392:, 1] = 0.1
    contract = contract_for(weights, class_names=("top", "bottom"), ink_recipe="resize", sure=0.8)
    return Classifier.from_bytes(linear_model(weights, contract=contract), name="halves")


def replay_of(*drawing: Item) -> Replay:
    return finish(replay_job(drawing, top_or_bottom(), raster=240))


def test_moments_lie_along_the_way_and_at_every_end() -> None:
    moments = find_moments([LINE, DOT, ERASER])

    assert len(moments) <= MOMENTS
    assert [m for m in moments if m.length == 0] == [Moment(1), Moment(2), Moment(3)]
    lengths = np.array([0.0, *(m.length for m in moments if m.finished == 0), 200.0])
    np.testing.assert_allclose(np.diff(lengths), lengths[1])
    assert 20 < len(lengths) < 40, "a way of 200 pixels beside one of 160"


def test_more_items_than_moments_are_passed_over_evenly() -> None:
    moments = find_moments([DOT] * 500)
    places = [moment.finished for moment in moments]

    assert len(places) == MOMENTS
    assert (places[0], places[-1]) == (1, 500)
    assert set(np.diff(places)) <= {8, 9}


def test_nothing_has_no_moments() -> None:
    assert find_moments([]) == ()
    with pytest.raises(ValueError, match="without items"):
        finish(replay_job([], top_or_bottom(), raster=240))


def test_part_is_cut_at_the_length() -> None:
    drawing = (DOT, LINE, PICTURE)

    assert part_of(drawing, Moment(2)) == (DOT, LINE)
    first, cut = part_of(drawing, Moment(1, 50.0))
    assert first is DOT
    assert isinstance(cut, Stroke)
    np.testing.assert_allclose(cut.points, [[20, 100], [70, 100]])
    assert (cut.width, cut.erase) == (LINE.width, LINE.erase)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda points, width, erase: Stroke(np.array(points, np.float32), width, erase),
            st.lists(st.tuples(*[st.floats(-50, 300, width=32)] * 2), min_size=1, max_size=6),
            st.floats(1, 60),
            st.booleans(),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 30),
)
def test_what_is_drawn_bit_by_bit_is_what_is_drawn_at_once(
    strokes: list[Stroke], count: int
) -> None:
    moments = find_moments(strokes, count)
    made = list(rasters(strokes, moments, raster=240, side=240))

    assert len(made) == len(moments) <= count
    assert moments[-1] == Moment(len(strokes))
    for moment, ink in zip(moments, made, strict=True):
        part = [item for item in part_of(strokes, moment) if isinstance(item, Stroke)]
        np.testing.assert_allclose(ink.astype(int), draw(part, (240, 240)), atol=2)


def test_eraser_and_picture_count() -> None:
    drawing = (LINE, PICTURE, ERASER)
    moments = (Moment(1), Moment(2), Moment(3))
    line, picture, erased = rasters(drawing, moments, raster=240, side=120)

    assert line.shape == (120, 120)
    assert line[50, 60] == 255
    assert line[80, 20] == 0
    assert picture[80, 20] == 255
    assert erased[50, 60] == 0
    assert erased[80, 20] == 255


def test_answer_turns_where_the_ink_has_moved_down() -> None:
    below = Stroke(np.array([[20, 200], [220, 200], [20, 210], [220, 220]], np.float32), 30.0)
    replay = replay_of(LINE, below)

    (turn,) = replay.turns()
    assert (turn.before, turn.after) == ("top", "bottom")
    first = int(np.ceil(turn.place * (len(replay) - 1)))
    assert replay.prediction(first).label == "bottom"
    assert replay.prediction(first).is_sure
    assert replay.moments[first].finished == 1, "while the second stroke was under way"
    (doubt,) = [d for d in replay.doubts() if d[0] > 0.2]
    assert doubt[0] < turn.place <= doubt[1] + 1 / (len(replay) - 1)
    assert replay.part(len(replay) - 1) == (LINE, below)


def test_a_moment_without_ink_has_no_answer() -> None:
    replay = replay_of(ERASER, LINE)

    assert replay.prediction(0).is_empty
    assert replay.first_sure() is not None
    assert replay.moments[replay.first_sure() or 0].finished == 1
    assert replay.turns() == ()


def test_the_last_answer_is_the_one_to_the_whole_ink() -> None:
    whole = np.zeros((240, 240), np.uint8)
    whole[200:230, 20:200] = 255
    replay = finish(replay_job([LINE], top_or_bottom(), raster=240, whole=whole))

    assert replay.prediction(len(replay) - 1).label == "bottom"
    assert replay.prediction(len(replay) - 2).label == "top"


@pytest.mark.parametrize("digit", [1, 4, 8])
def test_the_end_of_a_replay_is_read_as_the_digit(digit: int) -> None:
    from mnist_desktop.inference.classifier import default_model_path

    drawing = [Stroke(60 + 440 * way, 40.0) for way in sample_strokes(digit, seed=1)]
    replay = finish(replay_job(drawing, Classifier.load(default_model_path()), raster=560))

    assert replay.prediction(len(replay) - 1).label == str(digit)
    assert 30 < len(replay) <= MOMENTS
