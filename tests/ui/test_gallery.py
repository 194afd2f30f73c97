"""Pictures of the window are of the window as it is when it is ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from mnist_desktop.ui import theme

TOP = Path(__file__).resolve().parents[2]


def colours(picture: Path) -> dict[tuple[int, int, int], int]:
    """Return how often each colour occurs."""
    with Image.open(picture) as image:
        found = image.convert("RGB").getcolors(1 << 24)
    return {colour: count for count, colour in found}


def rgb(name: str, scheme: theme.Theme) -> tuple[int, int, int]:
    colour = getattr(scheme, name)
    return (colour.red(), colour.green(), colour.blue())


def run(home: Path, *arguments: str) -> None:
    """Run the program in a process of its own, without a screen."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "MNIST_DESKTOP_HOME": str(home),
        "PYTHONPATH": str(TOP),
    }
    subprocess.run([sys.executable, "-m", *arguments], check=True, env=environment, timeout=100)


@pytest.mark.parametrize("page", ["draw", "dataset", "train", "evaluate"])
def test_a_picture_of_each_page(tmp_path: Path, page: str) -> None:
    picture = tmp_path / f"{page}.png"
    run(tmp_path / "home", "mnist_desktop", "--page", page, "--screenshot", str(picture))
    seen = colours(picture)
    assert seen[rgb("window", theme.LIGHT)] > 10_000
    assert len(seen) > 50
    if page == "draw":
        assert seen[rgb("accent", theme.LIGHT)] > 1000, "a digit is drawn and answered"


def test_every_page_in_both_schemes(tmp_path: Path) -> None:
    run(tmp_path / "home", "mnist_desktop.ui.gallery", str(tmp_path / "pictures"))
    names = sorted(path.stem for path in (tmp_path / "pictures").glob("*.png"))
    assert names == sorted(
        f"{page}-{scheme}"
        for page in ("draw", "dataset", "train", "evaluate", "morph")
        for scheme in ("light", "dark")
    )
    for scheme in (theme.LIGHT, theme.DARK):
        for path in (tmp_path / "pictures").glob(f"*-{scheme.name}.png"):
            seen = colours(path)
            assert seen[rgb("window", scheme)] > 10_000, path.name
            assert seen[rgb("surface", scheme)] > 10_000, path.name
            assert len(seen) > 50, path.name
