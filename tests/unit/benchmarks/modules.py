"""Where the benchmarks are, and which there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

TOP = Path(__file__).resolve().parents[3]
FOLDER = TOP / "benchmarks"
SHARED = {"measuring", "outcomes", "peer_recipes"}
"""Modules there that are no benchmarks."""

NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in SHARED)

Load = Callable[[str], ModuleType]
