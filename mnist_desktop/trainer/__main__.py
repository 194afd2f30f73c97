"""`python -m mnist_desktop.trainer`: the command `train`, for a machine without Qt."""

from __future__ import annotations

import sys

from mnist_desktop import cli

if __name__ == "__main__":
    sys.exit(cli.run_command("train", sys.argv[1:], program="python -m mnist_desktop.trainer"))
