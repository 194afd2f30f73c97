"""Any rank becomes pictures: which axis is what, and what a person may choose of them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.datasets.axes import APART, DEFAULT, MIXED, Axes, Reading, understand
from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.errors import UserError


def known_axes(shape: tuple[int, ...], reading: Reading = DEFAULT) -> Axes:
    """Return the axes of a shape that has pictures."""
    axes = understand(shape, reading)
    assert axes is not None
    return axes


@pytest.mark.parametrize(
    ("shape", "channels", "leading", "picture"),
    [
        ((3, 784), 1, (3,), (28, 28)),
        ((3, 20, 30), 1, (3,), (20, 30)),
        ((3, 20, 30, 3), 3, (3,), (20, 30)),
        ((3, 4, 20, 30), 4, (3,), (20, 30)),
        ((3, 9, 20, 30), 1, (3, 9), (20, 30)),
        ((6, 3, 9, 20, 30), 1, (6, 3, 9), (20, 30)),
        ((6, 9, 20, 30, 1), 1, (6, 9), (20, 30)),
        ((6, 9, 2, 20, 30), 2, (6, 9), (20, 30)),
        ((0, 20, 30), 1, (0,), (20, 30)),
    ],
)
def test_axes_are_told_apart(
    shape: tuple[int, ...], channels: int, leading: tuple[int, ...], picture: tuple[int, int]
) -> None:
    axes = known_axes(shape)
    assert (axes.channels, axes.leading, axes.picture_shape) == (channels, leading, picture)
    assert axes.has_choice == (channels > 1 or len(leading) > 1)


@pytest.mark.parametrize("shape", [(), (5,), (5, 10), (5, 9), (3, 0, 28), (3, 28, 0), (2, 2, 0, 9)])
def test_tables_and_values_are_no_pictures(shape: tuple[int, ...]) -> None:
    assert understand(shape) is None


@settings(deadline=None)
@given(
    shape=st.lists(st.integers(1, 6), min_size=3, max_size=6).map(tuple),
    data=st.data(),
)
def test_every_reading_shows_what_it_names(shape: tuple[int, ...], data: st.DataObject) -> None:
    axes = known_axes(shape)
    channel = data.draw(st.sampled_from([MIXED, APART, *range(axes.channels)]))
    leading = tuple(
        data.draw(st.one_of(st.none(), st.integers(0, size - 1))) for size in axes.leading
    )
    axes = known_axes(shape, Reading(channel, leading))
    array = np.arange(math.prod(shape)).reshape(shape)
    found = axes.arrange(array)
    # The same, axis by axis: channels behind the axes in front, then one index after the other.
    if axes.channel_axis is not None:
        array = np.moveaxis(array, axes.channel_axis, len(axes.leading))
    else:
        array = array.reshape(*axes.leading, 1, *axes.picture_shape)
    for place, index in enumerate(leading):
        if index is not None:
            array = np.take(array, [index], axis=place)
    channels = array.reshape(-1, axes.channels, *axes.picture_shape)
    if channel == APART:
        assert np.array_equal(found, channels.reshape(-1, *axes.picture_shape))
    elif channel >= 0 or axes.channels == 1:
        assert np.array_equal(found, channels[:, max(0, channel)])
    else:
        assert np.array_equal(np.moveaxis(found, -1, 1), channels)
    assert len(found) == axes.pictures_of(shape[0]) or leading[0] is not None
    labels = axes.labels_for(np.arange(shape[0]))
    if len(labels) == len(found) and leading[0] is None:
        assert labels.tolist() == np.repeat(np.arange(shape[0]), axes.per_item).tolist()


def test_what_is_not_there_cannot_be_shown(tmp_path: Path) -> None:
    for reading in (Reading(channel=3), Reading(channel=-3), Reading(leading=(2,))):
        with pytest.raises(ValueError, match=r"channel|index"):
            understand((2, 5, 7, 3), reading)
    write_idx(tmp_path / "colours", np.zeros((2, 5, 7, 3), np.uint8))
    with pytest.raises(UserError, match="it has no channel 7 of 3"):
        open_dataset(tmp_path / "colours", reading=Reading(channel=7))


def test_channels_are_mixed_as_the_eye_does_or_chosen(tmp_path: Path) -> None:
    colours = np.random.default_rng(0).integers(0, 256, (20, 6, 7, 3), dtype=np.uint8)
    write_idx(tmp_path / "colours", colours)
    grey = open_dataset(tmp_path / "colours")
    expected = colours @ np.array([0.299, 0.587, 0.114])
    assert np.abs(grey.images - expected).max() <= 0.51
    assert "3 channels are shown as one grey" in grey.notes[0]
    green = open_dataset(tmp_path / "colours", reading=Reading(channel=1))
    assert np.array_equal(green.images, colours[..., 1])
    assert "Channel 2 of 3" in green.notes[0]
    apart = open_dataset(tmp_path / "colours", reading=Reading(channel=APART))
    assert len(apart) == 60
    assert np.array_equal(apart.images[4], colours[1, ..., 1])


def test_pictures_in_front_of_one_another_share_a_label(tmp_path: Path) -> None:
    stack = np.random.default_rng(0).integers(0, 256, (3, 7, 8, 9), dtype=np.uint8)
    write_idx(tmp_path / "a-images", stack)
    write_idx(tmp_path / "a-labels", np.array([4, 0, 2], np.uint8))
    flat = open_dataset(tmp_path / "a-images")
    assert np.array_equal(flat.images, stack.reshape(21, 8, 9))
    assert flat.labels is not None
    assert flat.labels.tolist() == 7 * [4] + 7 * [0] + 7 * [2]
    assert "(3 × 7) are laid out one after the other" in flat.notes[0]
    assert flat.axes is not None
    assert [flat.axes.item_of(picture) for picture in (0, 6, 7, 20)] == [0, 0, 1, 2]
    third = open_dataset(tmp_path / "a-images", reading=Reading(leading=(None, 2)))
    assert np.array_equal(third.images, stack[:, 2])
    assert third.labels is not None
    assert third.labels.tolist() == [4, 0, 2]
    assert "Of the second axis (7) only 2 is shown." in third.notes
    last = open_dataset(tmp_path / "a-images", reading=Reading(leading=(2,)))
    assert last.labels is not None
    assert last.labels.tolist() == 7 * [2]
    assert last.axes is not None
    assert last.axes.item_of(5) == 2
