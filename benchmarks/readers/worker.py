"""Read MNIST's training files by other people's readers, for `../idx.py`; a JSON request a line.

    {"reader": "idx2numpy", "ending": ".gz", "times": 3}  →  [milliseconds of the processor]

The only argument is the folder of the files. The readers live in an environment of this benchmark
alone; the program never imports them. Whatever a reader returns is summed up.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

import idx2numpy
import numpy as np
from mlxtend.data import loadlocal_mnist
from mnist import MNIST

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def by_idx2numpy(folder: Path, ending: str) -> tuple[Any, Any]:
    """Read as the project's page tells; packed files are opened by Python's gzip module."""
    if not ending:
        return tuple(idx2numpy.convert_from_file(str(folder / name)) for name in (IMAGES, LABELS))  # type: ignore[return-value]
    found = []
    for name in (IMAGES, LABELS):
        with gzip.open(folder / f"{name}{ending}") as stream:
            found.append(idx2numpy.convert_from_file(stream))
    return found[0], found[1]


def by_python_mnist(folder: Path, ending: str) -> tuple[Any, Any]:
    """Read into NumPy arrays, the fastest of its ways."""
    return MNIST(str(folder), return_type="numpy", gz=bool(ending)).load_training()


def by_mlxtend(folder: Path, ending: str) -> tuple[Any, Any]:
    """Read plain files; it does not unpack."""
    return loadlocal_mnist(
        images_path=str(folder / f"{IMAGES}{ending}"), labels_path=str(folder / f"{LABELS}{ending}")
    )


READERS = {"idx2numpy": by_idx2numpy, "python-mnist": by_python_mnist, "mlxtend": by_mlxtend}


def main() -> None:
    """Answer requests until there are no more."""
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        request = json.loads(line)
        read = READERS[request["reader"]]
        found = []
        for _ in range(request["times"]):
            began = time.process_time()
            images, labels = read(folder, request["ending"])
            int(np.sum(images, dtype=np.int64)), int(np.sum(labels, dtype=np.int64))
            found.append(1000 * (time.process_time() - began))
            del images, labels
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
