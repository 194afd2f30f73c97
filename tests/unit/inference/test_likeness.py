"""How usual a picture is, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mnist_desktop.datasets.idx import read_idx
from mnist_desktop.inference.classifier import Prediction
from mnist_desktop.inference.ink import prepare
from mnist_desktop.inference.likeness import (
    FACTS,
    INK_FROM,
    Level,
    Likeness,
    apart_of,
    measure,
    remark,
    thickness_of,
    total_ink,
)
from mnist_desktop.inference.pen import Stroke, draw

DIGITS = tuple("0123456789")


def drawing(*ways: list[tuple[float, float]], pen: float = 24) -> np.ndarray:
    return draw([Stroke(np.array(way, np.float32), pen) for way in ways], (280, 280))


SEVEN = [(80.0, 70.0), (200.0, 70.0), (120.0, 220.0)]


def level_of(raster: np.ndarray) -> Likeness:
    found = measure(prepare(raster), "mnist")
    assert found is not None
    return found


def answer(**shares: float) -> Prediction:
    probabilities = np.zeros(10, np.float32)
    for name, share in shares.items():
        probabilities[int(name[1:])] = share
    rest = (1 - probabilities.sum()) / (10 - len(shares))
    probabilities[probabilities == 0] = rest
    return Prediction(probabilities, DIGITS, 0.7)


def test_size_and_place_are_no_problem() -> None:
    for size, left in ((0.35, 0.0), (0.6, 60.0), (1.0, 0.0), (0.35, 180.0)):
        way = [(left + size * x, size * y) for x, y in SEVEN]
        found = level_of(drawing(way, pen=24 * size))
        assert found == Likeness(Level.LIKE), (size, left)


@pytest.mark.parametrize(
    ("raster", "what"),
    [
        (drawing([(20, 20), (260, 260)], [(20, 260), (260, 20)], pen=4), "Very thin lines"),
        (drawing([(140, 140)], pen=120), "A filled blot"),
        (drawing([(60, 60), (60, 220)], [(200, 60), (200, 220)]), "Separate things"),
        (drawing(SEVEN) // 4, "Faint ink"),
        (drawing(*([(40, y), (240, y)] for y in range(40, 240, 40)), pen=24), "Separate things"),
    ],
)
def test_what_is_really_unusual_has_a_word(raster: np.ndarray, what: str) -> None:
    found = level_of(raster)
    assert (found.level, found.what) == (Level.UNLIKE, what)
    assert found.advice


def test_a_dot_apart_is_named_only_where_the_drawing_is_not_read() -> None:
    found = level_of(drawing(SEVEN, [(240, 240)]))
    assert found == Likeness(Level.EDGE, "A piece stands apart", "Taking it away may help")
    assert remark(found, answer(_7=0.9)) == ""
    assert remark(found, answer(_7=0.4)) == "A piece stands apart. Taking it away may help"


def test_nothing_is_said_of_blank_paper_or_unknown_training_data() -> None:
    blank = np.zeros((28, 28), np.uint8)
    assert measure(prepare(blank), "mnist") is None
    assert measure(prepare(drawing(SEVEN), "resize"), "resize") is None
    assert remark(None, Prediction.empty(DIGITS)) == ""
    assert remark(None, None) == ""


def test_a_larger_picture_is_measured_in_the_same_units() -> None:
    for size in (28, 32, 56):
        for recipe in ("mnist", "emnist"):
            steps = prepare(drawing(SEVEN), recipe, size=size)
            found = measure(steps, recipe)
            assert found is not None
            assert found.level >= Level.EDGE, (size, recipe)


def test_what_is_said_beside_an_answer() -> None:
    usual, thin = Likeness(Level.LIKE), Likeness(Level.UNLIKE, "Very thin lines", "Press harder")
    assert remark(usual, answer(_4=0.9)) == ""
    assert remark(thin, answer(_4=0.9)) == "Very thin lines: unlike the training data"
    assert remark(thin, answer(_4=0.5, _9=0.45)) == "Very thin lines. Press harder"
    assert remark(usual, answer(_4=0.5, _9=0.45)) == "Something between 4 and 9"
    assert remark(usual, answer(_4=0.2)) == "It looks like no digit"
    letters = Prediction(np.full(3, 1 / 3, np.float32), ("a", "b", "c"), 0.7)
    assert remark(None, letters) == "It looks like nothing this model knows"


@pytest.mark.parametrize("thickness", [2, 3, 5])
def test_thickness_of_a_line(thickness: int) -> None:
    picture = np.zeros((200, 300), np.uint8)
    picture[50 : 50 + thickness, 10:290] = 255
    assert thickness_of(picture) == pytest.approx(thickness, rel=0.03)
    assert thickness_of(np.zeros((5, 5), np.uint8)) == 0.0


def parts_by_walking(picture: np.ndarray) -> list[int]:
    """Return the sizes of the parts, found pixel by pixel."""
    left = {(int(r), int(c)) for r, c in np.argwhere(picture >= INK_FROM)}
    sizes = []
    while left:
        waiting, size = [left.pop()], 0
        while waiting:
            row, column = waiting.pop()
            size += 1
            for near in [(row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1)]:
                if near in left:
                    left.remove(near)
                    waiting.append(near)
        sizes.append(size)
    return sizes


@given(
    hnp.arrays(
        np.uint8,
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        elements=st.sampled_from([0, INK_FROM - 1, INK_FROM, 255]),
    )
)
def test_parts_are_found_as_by_walking(picture: np.ndarray) -> None:
    sizes = parts_by_walking(picture)
    wanted = 1 - max(sizes) / sum(sizes) if sizes else 0.0
    assert apart_of(picture) == pytest.approx(wanted)


def test_the_facts_are_those_of_mnist(shared_data: Path) -> None:
    images = read_idx(shared_data / "mnist" / "train-images-idx3-ubyte.gz")
    facts = FACTS["mnist"]
    sample = np.random.default_rng(0).choice(len(images), 3000, replace=False)
    thickness = np.array([thickness_of(images[k]) for k in sample])
    ink = np.array([total_ink(images[k]) for k in sample])
    apart = np.array([apart_of(images[k]) for k in sample])
    for values, (_, low, high, _) in ((thickness, facts.thickness), (ink, facts.ink)):
        assert 0.005 < (values < low).mean() < 0.016
        assert 0.005 < (values > high).mean() < 0.016
    assert (apart > facts.apart[0]).mean() < 0.017
    assert (apart > facts.apart[1]).mean() < 0.004
