"""The nearest images are found exactly, in any memory layout, and a search can be given up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.nearest import NearestSearch, Neighbours


def dataset_of(images: NDArray[np.uint8]) -> Dataset:
    return Dataset(name="made", images=images, labels=None, class_names=())


def by_hand(
    images: NDArray[np.uint8], picture: NDArray[np.uint8], count: int, without: int | None = None
) -> tuple[list[int], list[int]]:
    """Return indices and squared distances, found by plain whole numbers."""
    squared = ((images.astype(np.int64) - picture.astype(np.int64)) ** 2).sum(axis=(1, 2))
    order = [int(place) for place in np.argsort(squared, kind="stable") if place != without]
    return order[:count], [int(squared[place]) for place in order[:count]]


def told(found: Neighbours) -> tuple[list[int], list[int]]:
    return found.indices.tolist(), found.squared.tolist()


@settings(max_examples=150, deadline=None)
@given(
    shape=st.tuples(st.integers(0, 40), st.integers(1, 34), st.integers(1, 34)),
    count=st.integers(1, 50),
    few=st.booleans(),
    turned=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_exactly_what_whole_numbers_give(
    shape: tuple[int, int, int], count: int, few: bool, turned: bool, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    # Few values make many equal distances; many of them the largest sums.
    values = np.array([0, 1], np.uint8) if few else np.arange(250, 256, dtype=np.uint8)
    images = generator.choice(values, shape)
    if turned:
        images = images.swapaxes(1, 2)
    search = NearestSearch(dataset_of(images))
    picture = generator.choice(values, search.shape)
    assert told(search.find(picture, count=count)) == by_hand(images, picture, count)
    if len(images):
        own = int(generator.integers(len(images)))
        expected = by_hand(images, images[own], count, without=own)
        assert told(search.find(images[own], count=count, without=own)) == expected


def test_many_pieces_are_put_together() -> None:
    generator = np.random.default_rng(5)
    images = generator.integers(0, 256, (5000, 28, 28), dtype=np.uint8)
    images[4321] = images[17]
    search = NearestSearch(dataset_of(images))
    assert search.find(images[17], without=17).indices[0] == 4321
    for place in (0, 4999, 2500):
        found = told(search.find(images[place], count=30))
        assert found == by_hand(images, images[place], 30)
    assert search.find(images[0]).distances[0] == 0


def test_blank_and_full_pictures_of_any_size_are_exact() -> None:
    images = np.zeros((3, 100, 101), np.uint8)
    images[1] = 255
    images[2, 0, 0] = 1
    found = NearestSearch(dataset_of(images)).find(images[1], count=3)
    assert told(found) == ([1, 2, 0], [0, 10_100 * 255**2 - 255**2 + 254**2, 10_100 * 255**2])


def test_a_search_given_up_leaves_the_next_one_right() -> None:
    images = np.random.default_rng(2).integers(0, 256, (60_000, 28, 28), dtype=np.uint8)
    search = NearestSearch(dataset_of(images))
    job = search.find_job(images[3])
    reports = [next(job), next(job)]
    job.close()
    assert 0 < reports[0].done < reports[1].done < reports[1].total == 60_000
    assert told(search.find(images[59_999], count=5)) == by_hand(images, images[59_999], 5)


def test_another_size_or_type_is_refused() -> None:
    search = NearestSearch(dataset_of(np.zeros((4, 28, 28), np.uint8)))
    with pytest.raises(ValueError, match="images"):
        search.find(np.zeros((28, 27), np.uint8))
    with pytest.raises(ValueError, match="images"):
        search.find(np.zeros((28, 28), np.float32))


def test_a_mapped_file_is_searched_and_stays_readable(tmp_path: Path) -> None:
    path = tmp_path / "many-images-idx3-ubyte"
    images = np.random.default_rng(4).integers(0, 256, (30_000, 28, 28), dtype=np.uint8)
    write_idx(path, images)
    opened = open_dataset(path)
    for dataset in (opened, opened.turned(), replace(opened, images=opened.images[7:20_000])):
        search = NearestSearch(dataset)
        picture = np.array(dataset.images[100])
        found = told(search.find(picture, count=4))
        assert found == by_hand(np.array(dataset.images), picture, 4)
        assert np.array_equal(dataset.images[100], picture)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux about memory")
def test_a_search_does_not_keep_a_mapped_file_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "many-images-idx3-ubyte"
    count = 80_000
    with path.open("wb") as stream:
        stream.write(np.array([0x0803, count, 28, 28], ">u4").tobytes())
        stream.truncate(16 + 784 * count)
    search = NearestSearch(open_dataset(path))
    picture = np.zeros((28, 28), np.uint8)
    search.find(picture)
    before = mapped_kilobytes()
    search.find(picture)
    assert mapped_kilobytes() - before < 784 * count / 1024 / 4


def mapped_kilobytes() -> int:
    """Return how much of mapped files is in this process's memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile:"))


def test_real_digits_have_their_like_beside_them(shared_data: Path) -> None:
    dataset = open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz")
    search = NearestSearch(dataset)
    assert dataset.labels is not None
    right = [
        dataset.labels[search.find(dataset.images[place], count=1, without=place).indices[0]]
        == dataset.labels[place]
        for place in range(200)
    ]
    # One nearest neighbour of 10,000 is right about 95 times in a hundred.
    assert np.mean(right) > 0.9
