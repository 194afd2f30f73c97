#!/bin/sh
# Set up what the program needs and open it; without a screen, check it and leave a picture.
#
# Usage: sh tools/run.sh [ARGUMENT ...]    the program's own arguments
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh run

if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ $# -eq 0 ]; then
    echo "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): running the self-test instead."
    mkdir -p build
    if .venv/bin/python -m mnist_desktop --self-test --screenshot build/window.png; then
        echo "A picture of the window: $(pwd)/build/window.png"
        exit 0
    fi
    exit 1
fi
exec .venv/bin/python -m mnist_desktop "$@"
