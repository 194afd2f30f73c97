"""Servers of files for the tests of downloads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.datasets.mirror_server import Mirror, serving, small_files


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return generated digits as the four files of MNIST, packed."""
    return small_files(tmp_path_factory.mktemp("files"))


@pytest.fixture
def mirror(files: dict[str, bytes]) -> Iterator[Mirror]:
    """Return a server of these files."""
    with serving(files) as running:
        yield running


@pytest.fixture
def second(files: dict[str, bytes]) -> Iterator[Mirror]:
    """Return another one."""
    with serving(files) as running:
        yield running
