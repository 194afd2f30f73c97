"""Look at the halves of an autoencoder from outside: what they must read and write."""

from __future__ import annotations

from typing import Any

import onnxruntime

from mnist_desktop.inference.contract import ModelError
from mnist_desktop.inference.interface import CODE, SIDES

PICTURE = "picture"
"""Name of the decoder's output, as the trainer writes it."""

LONGEST_CODE = 65_536
"""The most numbers a code may have; an autoencoder of characters needs some dozens."""

_TRAIN = "Train one with the recipe autoencoder; it writes both files."


def check_encoder(session: onnxruntime.InferenceSession) -> tuple[int, int, int]:
    """Return height and width of the pictures and the length of the codes of an encoder.

    Raises
    ------
    ModelError
        When it is no encoder of grey pictures of one size.
    """
    inputs = [tuple(entry.shape) for entry in session.get_inputs()]
    codes = [tuple(entry.shape) for entry in session.get_outputs() if entry.name == CODE]
    if len(inputs) == 1 and len(inputs[0]) == 4 and len(codes) == 1 and len(codes[0]) == 2:
        _, channels, height, width = inputs[0]
        size = codes[0][1]
        fixed = all(isinstance(side, int) and side in SIDES for side in (height, width))
        if channels == 1 and fixed and isinstance(size, int) and 1 <= size <= LONGEST_CODE:
            _check_floats(session)
            return height, width, size
    raise ModelError(
        "it is no encoder of pictures; expected is one input (N, 1, height, width) and an output "
        f"“{CODE}” (N, k), found {_described(session)}",
        _TRAIN,
    )


def check_decoder(
    session: onnxruntime.InferenceSession, *, code: int, height: int, width: int
) -> None:
    """Refuse what does not turn codes of that length into pictures of that size.

    Raises
    ------
    ModelError
        When it does not.
    """
    inputs = [tuple(entry.shape) for entry in session.get_inputs()]
    pictures = [tuple(entry.shape) for entry in session.get_outputs() if entry.name == PICTURE]
    if len(inputs) != 1 or len(inputs[0]) != 2 or len(pictures) != 1 or len(pictures[0]) != 4:
        raise ModelError(
            "its decoder is none; expected is one input (N, k) and an output "
            f"“{PICTURE}” (N, 1, height, width), found {_described(session)}",
            _TRAIN,
        )
    _check_floats(session)
    read, written = inputs[0][1], pictures[0][1:]
    if read != code or written != (1, height, width):
        drawn = " × ".join(str(side) for side in written[1:])
        raise ModelError(
            f"its decoder belongs to another one: the encoder makes codes of {code} numbers from "
            f"pictures of {height} × {width}, the decoder pictures of {drawn} from {read} numbers",
            "Put the two files of one training beside each other.",
        )


def _check_floats(session: onnxruntime.InferenceSession) -> None:
    """Refuse a half that reads anything but float32."""
    kind = session.get_inputs()[0].type
    if kind != "tensor(float)":
        raise ModelError(f"its input is {kind}; expected is tensor(float)", _TRAIN)


def _described(session: onnxruntime.InferenceSession) -> str:
    """Return in a few words what a model reads and writes."""

    def listed(entries: list[Any]) -> str:
        shapes = [f"“{e.name[:40]}” {tuple(e.shape)}".replace("'", "") for e in entries[:3]]
        return ", ".join(shapes) or "nothing"

    return f"{listed(session.get_inputs())} → {listed(session.get_outputs())}"
