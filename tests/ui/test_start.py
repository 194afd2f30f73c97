"""A start brings in only what the first page needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from mnist_desktop.ui.program import Program, application
app = application()
program = Program(page="draw")
program.core.classifier_changed.connect(lambda _: app.quit())
program.show()
app.exec()
order = list(sys.modules)
assert order.index("onnxruntime") < order.index("PySide6"), "onnxruntime comes first"
heavy = {"matplotlib", "onnx", "PIL", "mnist_desktop.trainer", "mnist_desktop.ui.train",
         "mnist_desktop.ui.dataset", "mnist_desktop.ui.evaluate", "mnist_desktop.ui.morph"}
print(sorted(heavy & set(sys.modules)))
"""


def test_nothing_heavy_is_imported_for_the_first_page(tmp_path: Path) -> None:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "MNIST_DESKTOP_HOME": str(tmp_path),
        "PYTHONPATH": str(TOP),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
