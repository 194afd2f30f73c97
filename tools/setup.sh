#!/bin/sh
# Make this checkout ready to use: .venv with the pinned packages, and the system libraries Qt needs.
#
# Usage: sh tools/setup.sh run|dev
#   run  what the program itself needs
#   dev  the same, and what the checks, the tests and the packager need
#
# Done once it takes about a second: a stamp in .venv says what was installed, from which pins and
# for which folder. Nothing is installed into the system but by apt-get, as root or with sudo that
# asks no password; otherwise the line to type is printed and the rest goes on.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-run}
case $kind in
    run | dev) ;;
    *) echo "usage: sh tools/setup.sh run|dev" >&2; exit 2 ;;
esac

say() { printf '%s\n' "set-up: $*"; }
fail() { printf '%s\n' "set-up: $*" >&2; exit 1; }

# ---------------------------------------------------------------- the system's packages

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1
}

apt_install() { # PACKAGE ... : install, or return 1
    say "installing system packages: $*"
    log=$(mktemp)
    if {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
                --no-install-recommends "$@"
    } </dev/null >"$log" 2>&1; then
        rm -f "$log"
    else
        tail -n 5 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# Debian's package and a library of it, or a command after a colon. Asking for the library and not
# for the package also works where the package has another name (Ubuntu's …t64, other families).
needed() {
    cat <<'TABLE'
libglib2.0-0 libglib-2.0.so.0
libgl1 libGL.so.1
libegl1 libEGL.so.1
libxkbcommon0 libxkbcommon.so.0
libfontconfig1 libfontconfig.so.1
libdbus-1-3 libdbus-1.so.3
libxcb-cursor0 libxcb-cursor.so.0
libxkbcommon-x11-0 libxkbcommon-x11.so.0
libxcb-icccm4 libxcb-icccm.so.4
libxcb-keysyms1 libxcb-keysyms.so.1
libxcb-shape0 libxcb-shape.so.0
TABLE
    [ "$kind" = run ] || cat <<'TABLE'
xvfb :Xvfb
xauth :xauth
xdotool :xdotool
binutils :objdump
TABLE
}

missing_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
    needed | while read -r package thing; do
        case $thing in
            :*) command -v "${thing#:}" >/dev/null 2>&1 || printf '%s ' "$package" ;;
            *)
                case $libraries in
                    *"$thing"*) ;;
                    *) printf '%s ' "$package" ;;
                esac
                ;;
        esac
    done
}

# ---------------------------------------------------------------- Python

usable() { # COMMAND : it is Python 3.11 or newer
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

complete() { # COMMAND : it can also make an environment (Debian keeps that in a package of its own)
    usable "$1" && "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

find_python() { # CHECK : print the first Python that passes it; $PYTHON goes first
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3; do
        if "$1" "$name"; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

missing_python() { # print the Debian packages without which no environment can be made
    if up_to_date || environment_works || find_python complete >/dev/null; then return 0; fi
    python=$(find_python usable || echo python3)
    case $python in
        *python3) echo python3 python3-venv ;;
        *) echo "$(basename "$python")" "$(basename "$python")-venv" ;;
    esac
}

make_environment() {
    python=$(find_python complete) || fail "Python 3.11 or newer, able to make environments, is needed."
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

environment_works() {
    [ -x .venv/bin/python ] && usable .venv/bin/python &&
        .venv/bin/python -c 'import pip' >/dev/null 2>&1
}

wanted() { # KIND : print what the stamp must say
    version=$(.venv/bin/python -c 'import sys; print(sys.version)' 2>/dev/null | tr '\n' ' ')
    pins=$(cat pyproject.toml constraints.txt tools/setup.sh | cksum)
    echo "$1 | $pins | $version | $(pwd -P)"
}

# ---------------------------------------------------------------- what is missing

install_system() {
    packages="$(missing_libraries)$(missing_python)"
    [ -n "$packages" ] || return 0
    # The list is words without spaces, so it is split on purpose.
    # shellcheck disable=SC2086
    if may_install && apt_install $packages; then return 0; fi
    if command -v apt-get >/dev/null 2>&1; then
        say "some system packages are missing; please type:"
        echo "    sudo apt-get install -y --no-install-recommends $packages"
    else
        say "some system packages are missing; Debian calls them: $packages"
    fi
}

installed() { # KIND : the stamp says that this kind is there
    [ -f ".venv/stamp-$1" ] && [ "$(cat ".venv/stamp-$1")" = "$(wanted "$1")" ]
}

up_to_date() { # what `dev` needs includes what `run` needs
    installed dev || installed "$kind"
}

pip_install() {
    .venv/bin/python -m pip install --no-input --disable-pip-version-check --compile \
        $quiet --constraint constraints.txt "$@"
}

install_packages() {
    if up_to_date; then return 0; fi
    environment_works || make_environment
    rm -f .venv/stamp-*
    # A person at a terminal sees pip's own progress; a log stays short.
    quiet=-qq
    [ -t 1 ] && quiet=
    say "installing the pinned packages into .venv (some hundred megabytes, a minute or two)"
    # The builder is pinned like everything else: installed first and used without isolation.
    pip_install setuptools
    extras=
    [ "$kind" = run ] || extras='[dev]'
    pip_install --no-build-isolation --editable ".$extras"
    wanted "$kind" >".venv/stamp-$kind"
}

# Without bytecode a start takes twice as long, and a folder one may only read never gets it later.
compile_own() {
    .venv/bin/python -m compileall -q mnist_desktop || true
}

install_system
install_packages
compile_own
