"""The rules of the house that a program can check: floors, imports, what may stand in a file."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PACKAGE = TOP / "mnist_desktop"
FLOORS = ("datasets", "inference", "trainer", "ui")

# What the modules of a floor must not have pulled in, all imported together in a fresh interpreter.
FORBIDDEN = {
    "datasets": {"PySide6", "matplotlib", "onnxruntime", "onnx"},
    "inference": {"PySide6", "matplotlib", "onnx"},
    "trainer": {"PySide6", "matplotlib"},
}

IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sys.modules)
"""


def fresh_interpreter(code: str, *arguments: str) -> str:
    """Run `code` in a new interpreter without a screen and return what it printed."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=TOP,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def imports(path: Path) -> list[str]:
    """Return the absolute names of all that the module at `path` imports, wherever in it."""
    package = list(path.relative_to(TOP).with_suffix("").parts[:-1])
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*start, *([node.module] if node.module else [])])
            names += [stem, *(f"{stem}.{alias.name}" for alias in node.names)]
    return names


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize("floor", FORBIDDEN)
def test_a_floor_alone_pulls_in_nothing_from_above(floor: str) -> None:
    loaded = set(fresh_interpreter(IMPORT_ALL, f"mnist_desktop.{floor}").split())

    above = {f"mnist_desktop.{name}" for name in FLOORS[FLOORS.index(floor) + 1 :]}
    assert not loaded & (FORBIDDEN[floor] | above)


def test_the_commands_alone_pull_in_nothing_heavy() -> None:
    loaded = set(fresh_interpreter(IMPORT_ALL, "mnist_desktop.commands").split())

    assert "mnist_desktop.commands.output" in loaded
    assert not loaded & {"PySide6", "matplotlib", "onnxruntime", "onnx", "numpy"}


@pytest.mark.parametrize("floor", FLOORS)
def test_no_import_climbs(floor: str) -> None:
    above = FLOORS[FLOORS.index(floor) + 1 :]
    climbing = [
        f"{path.relative_to(TOP)}: {name}"
        for path in modules(PACKAGE / floor)
        if path.name != "__main__.py"
        for name in imports(path)
        if name.split(".")[:1] == ["mnist_desktop"] and name.split(".")[1:2] in [[a] for a in above]
    ]

    assert not climbing


def test_qt_and_matplotlib_stay_in_the_window() -> None:
    outside = [
        f"{path.relative_to(TOP)}: {name}"
        for path in modules(PACKAGE)
        if (PACKAGE / "ui") not in path.parents
        for name in imports(path)
        if name.split(".")[0] in {"PySide6", "shiboken6", "matplotlib"}
    ]

    assert not outside


def test_onnxruntime_comes_before_qt() -> None:
    """On Windows onnxruntime fails to load once Qt's runtime libraries are there."""
    code = "import sys, mnist_desktop.ui.application\nprint(*sys.modules)"
    loaded = fresh_interpreter(code).split()

    assert loaded.index("onnxruntime") < loaded.index("PySide6")


def test_onnxruntime_leaves_nothing_behind(tmp_path: Path) -> None:
    """Its telemetry would keep a device number in the person's cache folder (docs/adr/0007)."""
    code = (
        "import os, pathlib, sys\n"
        "os.environ.update(HOME=sys.argv[1], XDG_CACHE_HOME=sys.argv[1])\n"
        "from mnist_desktop.inference.classifier import Classifier, default_model_path\n"
        "Classifier.load(default_model_path())\n"
        "print(*pathlib.Path(sys.argv[1]).rglob('*'))\n"
    )

    assert fresh_interpreter(code, str(tmp_path)).strip() == ""


def test_none_keeps_its_references() -> None:
    """PySide6 6.12 on Python 3.11 loses one at most calls that return nothing (docs/adr/0004)."""
    from PySide6.QtGui import QImage, QPainter

    picture = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    stamp = picture.copy()
    before = sys.getrefcount(None)
    painter = QPainter(picture)
    for _ in range(1000):
        painter.drawImage(0, 0, stamp)
    painter.end()

    assert sys.getrefcount(None) > before - 100


def tracked_texts() -> list[tuple[str, str]]:
    """Return name and text of every file that git knows and that is text."""
    if shutil.which("git") is None or not (TOP / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True, timeout=60
    )
    texts = []
    for name in filter(None, listing.stdout.split("\0")):
        data = (TOP / name).read_bytes() if (TOP / name).is_file() else b"\0"
        if b"\0" not in data[:8192]:
            texts.append((name, data.decode("utf-8", errors="replace")))
    return texts


def test_no_file_names_a_registry_or_somebodys_folder() -> None:
    # In pieces, so that this file does not hold what it looks for.
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb.debian" + ".org"]
    folders = ["/home" + r"/\w", "/Users" + r"/\w", "/root" + "/", "/work" + "/", r"[A-Z]:\\Users"]
    pattern = re.compile("|".join([*map(re.escape, hosts), *folders]))
    texts = tracked_texts()

    found = [f"{name}: {m.group()}" for name, text in texts if (m := pattern.search(text))]

    assert len(texts) > 10
    assert not found
