"""No near pair is missed: every one that comparing all with all finds is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_desktop.datasets import near_search
from mnist_desktop.datasets.image_rows import ImageRows
from mnist_desktop.datasets.near_search import NearPairs
from mnist_desktop.datasets.nearness import near_pairs_job
from mnist_desktop.progress import finish
from tests.unit.datasets.twins import all_near, digits


def near(
    images: NDArray[np.uint8], threshold: float, *, moved: bool = False, limit: int = 10_000
) -> NearPairs:
    rows = ImageRows([images])
    among = np.arange(len(images))
    return finish(near_pairs_job(rows, among, threshold=threshold, moved=moved, limit=limit))


def as_dict(found: NearPairs) -> dict[tuple[int, int], float]:
    pairs = [(int(first), int(second)) for first, second in found.numbers]
    assert len(set(pairs)) == len(pairs)
    return dict(zip(pairs, found.distance.tolist(), strict=True))


@st.composite
def image_sets(draw: st.DrawFn) -> NDArray[np.uint8]:
    """Draw images that are near to one another at all distances: templates, noise, ink, moves."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    height, width = draw(st.integers(2, 9)), draw(st.integers(2, 9))
    count, noise = draw(st.integers(2, 40)), draw(st.integers(0, 60))
    templates = generator.integers(0, 256, (draw(st.integers(1, 4)), height, width))
    templates[generator.random(templates.shape) < draw(st.floats(0, 0.8))] = 0
    chosen = templates[generator.integers(0, len(templates), count)]
    chosen = chosen * generator.uniform(draw(st.floats(0.1, 1)), 1, (count, 1, 1))
    chosen = chosen + generator.integers(-noise, noise + 1, chosen.shape)
    for image in chosen[:: draw(st.integers(2, 5))]:
        image[:] = np.roll(image, draw(st.integers(-1, 1)), axis=draw(st.integers(0, 1)))
    images = np.clip(chosen, 0, 255).astype(np.uint8)
    images[images.reshape(count, -1).max(axis=1) == 0, 0, 0] = 1  # none is blank
    return images if draw(st.booleans()) else images.swapaxes(1, 2)


@settings(deadline=None, max_examples=150)
@given(image_sets(), st.sampled_from([0.0, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5]), st.booleans())
def test_as_comparing_all_with_all(
    images: NDArray[np.uint8], threshold: float, moved: bool
) -> None:
    if np.median(images) > 127:
        images = np.maximum(255 - images, 1)  # measured as ink either way; see the test below

    found = as_dict(near(images, threshold, moved=moved))

    expected = all_near(images, threshold=threshold, moved=moved)
    assert found.keys() == expected.keys()
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("threshold", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("moved", [False, True])
def test_as_comparing_all_with_all_in_several_blocks(
    monkeypatch: pytest.MonkeyPatch, threshold: float, moved: bool
) -> None:
    """Blocks are small here, so that pairs lie within one, across two, and at their edges."""
    for name, value in {"HIGH": 16, "WIDE": 24, "ROWS": 8, "COLUMNS": 4}.items():
        monkeypatch.setattr(near_search, name, value)
    generator = np.random.default_rng(5)
    images = digits(60).images.astype(np.int64)
    noise = generator.integers(-40, 41, images.shape) * np.linspace(0.1, 1, 60)[:, None, None]
    images = np.concatenate([images, images + noise])
    pictures = np.clip(images, 0, 255).astype(np.uint8)

    found = as_dict(near(pictures, threshold, moved=moved))

    assert found == pytest.approx(all_near(pictures, threshold=threshold, moved=moved), abs=1e-9)
    assert len(found) >= 10


def test_dark_ink_on_bright_paper_is_measured_by_its_ink() -> None:
    images = digits(50).images
    pictures = np.concatenate([images, np.maximum(images, 9) - 9])

    dark = near(255 - pictures, 0.2)

    assert as_dict(dark) == as_dict(near(pictures, 0.2))
    assert len(dark.numbers) >= 50


def test_an_image_that_was_moved_is_found_only_where_asked() -> None:
    image = digits(1).images
    pictures = np.concatenate([image, np.roll(image, (1, -1), (1, 2)), np.roll(image, 3, 1)])

    assert len(near(pictures, 0.05).numbers) == 0
    found = near(pictures, 0.0, moved=True)
    assert as_dict(found) == {(0, 1): 0.0}


def test_the_nearest_are_kept_where_there_are_too_many() -> None:
    generator = np.random.default_rng(0)
    images = np.repeat(digits(1).images, 60, axis=0).astype(np.int64)
    noise = generator.integers(-30, 31, images.shape) * np.linspace(0.1, 1, 60)[:, None, None]
    pictures = np.clip(images + noise, 0, 255).astype(np.uint8)
    expected = sorted(all_near(pictures, threshold=0.5).values())
    assert len(expected) == 60 * 59 // 2

    found = near(pictures, 0.5, limit=100)

    assert sorted(found.distance.tolist()) == pytest.approx(expected[:100])
    assert found.complete_to == pytest.approx(expected[99])


def test_large_images_need_no_large_matrices() -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (12, 300, 400), dtype=np.uint8)
    images[generator.random(images.shape) < 0.7] = 0
    images[7] = images[2]
    images[7, 0, :40] = 255

    assert list(as_dict(near(images, 0.1))) == [(2, 7)]


def test_a_threshold_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 0"):
        near(digits(3).images, 0.6)


@pytest.mark.parametrize("count", [0, 1])
def test_few_images_have_no_pairs(count: int) -> None:
    assert len(near(digits(3).images[:count], 0.2).numbers) == 0
