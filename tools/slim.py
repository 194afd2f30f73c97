"""What the packaged folder leaves out, what it must have, and how its libraries get smaller.

Used by build.spec alone. Every entry of the lists was tried: the window, the charts, training and
the self-test work without what is left out here, and do not without what `REQUIRED` names.
"""

from __future__ import annotations

import fnmatch
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

# PyInstaller's table of contents: name inside the folder, path on the disk, kind.
Entry: TypeAlias = tuple[str, str, str]

TOP = Path(__file__).resolve().parents[1]

EXCLUDED_MODULES = [
    # the standard library's parts that nobody here uses (unittest stays: pyparsing needs it)
    *("tkinter", "_tkinter", "turtle", "idlelib", "sqlite3", "_sqlite3", "curses", "_curses"),
    *("pydoc", "pydoc_data", "doctest", "ensurepip", "venv", "lib2to3", "test"),
    *("setuptools", "pkg_resources", "pip", "wheel", "_distutils_hack"),
    # tools of the libraries, not the libraries
    *("onnxruntime.transformers", "onnxruntime.tools", "onnxruntime.quantization"),
    *("onnxruntime.backend", "onnxruntime.datasets"),
    *("onnx.backend", "onnx.reference", "onnx.tools", "onnx.bin", "onnx.test"),
    *("matplotlib.tests", "matplotlib.testing", "mpl_toolkits.axes_grid1", "numpy.f2py"),
    *("numpy.distutils", "numpy.testing", "numpy.conftest"),
    *("PIL.ImageTk", "PIL.ImageQt", "PIL.AvifImagePlugin", "PIL.WebPImagePlugin"),
    *("PIL._avif", "PIL._webp", "PIL._imagingtk", "PIL._imagingcms", "PIL.ImageCms"),
    # what only the checks and tests import
    *("pytest", "_pytest", "hypothesis", "mypy", "IPython", "pygments", "PyInstaller"),
    # parts of Qt beyond widgets and SVG
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtNetwork", "PySide6.QtSql", "PySide6.QtTest"),
    *("PySide6.QtDesigner", "PySide6.QtHelp", "PySide6.QtUiTools", "PySide6.QtXml"),
]

# Patterns of names inside the folder; "*" also goes across "/".
SUPERFLUOUS = [
    # Qt: platforms nobody has on a desktop, formats nobody opens through Qt, other modules' parts
    "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/generic/*",
    "PySide6/Qt/plugins/networkinformation/*",
    "PySide6/Qt/plugins/printsupport/*",
    "PySide6/Qt/plugins/qml*",
    "PySide6/Qt/plugins/sqldrivers/*",
    "PySide6/Qt/plugins/tls/*",
    "PySide6/Qt/plugins/vectorimageformats/*",
    "PySide6/Qt/plugins/xcbglintegrations/*",
    "PySide6/Qt/plugins/wayland-graphics-integration-*",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqminimal*.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    *(
        f"PySide6/Qt/plugins/imageformats/libq{name}.so"
        for name in ("gif", "icns", "ico", "pdf", "tga", "tiff", "wbmp", "webp")
    ),
    "PySide6/Qt/qml/*",
    "PySide6/Qt/translations/*",
    # matplotlib: what only PDF and PostScript output and its own examples need
    "matplotlib/mpl-data/sample_data/*",
    "matplotlib/mpl-data/fonts/afm/*",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    "matplotlib/mpl-data/plot_directive/*",
    # onnxruntime: the library for C programs (the module holds everything itself)
    *(["onnxruntime/capi/libonnxruntime.so*"] if sys.platform == "linux" else []),
    "onnx/backend/*",
    "onnx/*.h",
    "onnx/*.cc",
    "onnx/*.proto*",
    "onnx/*.pyi",
    "numpy/*.pyi",
    "*/tests/*",
    "PIL/_avif*",
    "PIL/_webp*",
    "PIL/_imagingcms*",
    "PIL/_imagingtk*",
]

# Each pattern must be met by at least one file of the finished folder …
REQUIRED = [
    "assets/fonts/DejaVuSans.ttf",
    "assets/icon/mnist-desktop.svg",
    "models/digits.onnx",
    *(f"models/{path.name}" for path in sorted((TOP / "models").glob("*.onnx"))),
    "onnxruntime/capi/onnxruntime_pybind11_state*",
    "onnx/onnx_cpp2py_export*",
    "matplotlib/mpl-data/fonts/ttf/LastResortHE-Regular.ttf",
    "PySide6/*QtSvg*",
]
if sys.platform == "linux":
    REQUIRED += [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland*.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "libxcb-cursor.so.0",
        "libxkbcommon-x11.so.0",
        "libxcb-icccm.so.4",
        "libxcb-keysyms.so.1",
        "libxcb-shape.so.0",
    ]

# … and none of these by any.
FORBIDDEN = ["*Qt6WebEngine*", "*Qt6Quick*", "*Qt6Qml*", "*tcl8*", "*/sympy/*", "torch/*"]


def superfluous(name: str) -> bool:
    """Tell whether the file called `name` in the folder is left out."""
    return any(fnmatch.fnmatch(name, pattern) for pattern in SUPERFLUOUS)


def needed_libraries(entries: Iterable[Entry]) -> list[Entry]:
    """Return `entries` without the shared libraries that nothing kept is linked against.

    Modules, plugins and whatever lies in a package's own folder are what a program loads by itself;
    Qt's own libraries and those of the system are there only because something names them.
    """
    from PyInstaller.depend.bindepend import get_imports

    entries = list(entries)
    if sys.platform != "linux":
        return entries
    by_name = {Path(name).name: (name, source, kind) for name, source, kind in entries}
    kept = [entry for entry in entries if not _only_when_named(entry)]
    seen = {Path(entry[0]).name for entry in kept}
    for _, source, _ in kept:  # grows while it is walked: what is kept may need more
        for library, _ in get_imports(source):
            name = Path(library).name
            if name in by_name and name not in seen:
                seen.add(name)
                kept.append(by_name[name])
    return [entry for entry in entries if entry in set(kept)]


def _only_when_named(entry: Entry) -> bool:
    """Tell whether the library is there only for others that are linked against it."""
    name, _, kind = entry
    folder = Path(name).parent.as_posix()
    return kind == "BINARY" and folder in {".", "PySide6/Qt/lib"} and "libpython" not in name


def finish(folder: Path) -> None:
    """Strip the libraries of the finished folder, check it, and tell its size."""
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.exists():  # to a library that was left out
            path.unlink()
    if sys.platform == "linux":
        _strip(folder)
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    inside = [name.removeprefix("_internal/") for name in names]
    missing = [pattern for pattern in REQUIRED if not fnmatch.filter(inside, pattern)]
    extra = [name for pattern in FORBIDDEN for name in fnmatch.filter(inside, pattern)]
    if missing or extra:
        lines = [f"missing in the folder: {name}" for name in missing]
        lines += [f"must not be in the folder: {name}" for name in extra]
        lines.append("Missing libraries of the system: make setup installs them.")
        raise SystemExit("\n".join(lines))
    size = sum(path.stat().st_size for path in folder.rglob("*") if not path.is_symlink())
    print(f"{folder}: {size / 1e6:.0f} MB in {len(names)} files")


def _strip(folder: Path) -> None:
    """Take the symbols out of every library, but not out of the `*.libs` folders.

    OpenBLAS, in numpy.libs, no longer loads once it was stripped: its wheel was patched after
    linking, and strip drops what the patch appended.
    """
    if shutil.which("strip") is None:
        return
    for path in folder.rglob("*.so*"):
        if path.is_symlink() or any(part.endswith(".libs") for part in path.parts):
            continue
        subprocess.run(["strip", "--strip-unneeded", str(path)], check=True, capture_output=True)
