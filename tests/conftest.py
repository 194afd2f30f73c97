"""Give every test a home of its own and the shared data where there is some."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # as the package itself does

TOP = Path(__file__).resolve().parents[1]
SHARED_DATA = TOP.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep each test out of the person's own files."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MNIST_DESKTOP_HOME", str(folder))
    return folder


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real data beside the checkout, or skip the test."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data folder ../shared/data is not here")
    return SHARED_DATA


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no proxy of this machine stand between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
