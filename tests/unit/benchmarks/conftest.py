"""Let tests import the benchmarks, which are scripts and no package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import pytest

from tests.unit.benchmarks.modules import FOLDER, NAMES, SHARED, Load


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Import modules of the benchmarks as they import each other, for one test."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module
    for name in (*NAMES, *SHARED):
        sys.modules.pop(name, None)
