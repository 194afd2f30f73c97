"""Look at a session from outside: what goes in, what comes out, which arrangements fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime

from mnist_desktop.inference.contract import Contract, Layout, ModelError
from mnist_desktop.inference.running import INPUT_TYPES, as_rows, describe, run_once

# Sides to try where a model leaves the size of its pictures open: MNIST's, and LeNet's.
USUAL_SIDES = (28, 32)

# Sides a picture of one character can have.
SIDES = range(8, 513)

# Name of the output of an autoencoder's encoder, as the trainer writes it.
CODE = "code"

# How many pixels a model may insist on at once; more only fills the memory.
MOST_PIXELS = 16_000_000

_ADVICE = (
    "Expected is a classifier of grey pictures: one input of shape (N, 1, 28, 28), (N, 28, 28, 1), "
    "(N, 28, 28) or (N, 784), also in other sizes, and one row of scores for each picture."
)


@dataclass(frozen=True)
class ScoreOutput:
    """An output that gives a row of scores for each picture.

    Parameters
    ----------
    name
        Name of the output.
    classes
        Number of scores in a row.
    class_names
        Names of the classes where the output itself has them (scikit-learn's maps), else None.
    """

    name: str
    classes: int
    class_names: tuple[str, ...] | None


@dataclass(frozen=True)
class Fit:
    """One way to feed a model that it does not refuse.

    Parameters
    ----------
    layout, height, width, batch
        As in a contract.
    outputs
        The outputs that give scores; at least one.
    """

    layout: Layout
    height: int
    width: int
    batch: int | None
    outputs: tuple[ScoreOutput, ...]


def only_input(session: onnxruntime.InferenceSession) -> onnxruntime.NodeArg:
    """Return the one input that a classifier of pictures has.

    Weights that old files list as inputs do not count; onnxruntime leaves them out.

    Raises
    ------
    ModelError
        When there are none or several, or it takes something that pixels cannot be.
    """
    inputs = session.get_inputs()
    if len(inputs) != 1:
        listed = ", ".join(f"“{entry.name}”" for entry in inputs[:5]) or "none"
        raise ModelError(f"The model asks for {len(inputs)} inputs ({listed}), not one", _ADVICE)
    if inputs[0].type not in INPUT_TYPES:
        raise ModelError(
            f"The model's input “{inputs[0].name}” takes {inputs[0].type}, not pixels", _ADVICE
        )
    return inputs[0]


def checked_contract(
    class_names: tuple[str, ...], input_name: str, output_name: str, **values: Any
) -> Contract:
    """Return a contract of what a file declares; ModelError where none can be so."""
    try:
        return Contract(class_names, input_name, output_name, **values)
    except (ValueError, TypeError) as error:
        raise ModelError(f"The model is not made for characters: {error}", _ADVICE) from error


def find_fits(session: onnxruntime.InferenceSession) -> list[Fit]:
    """Return every arrangement of pictures that the model declares possible and answers to.

    Raises
    ------
    ModelError
        When there is none, with what was expected and what was found.
    """
    if [output.name for output in session.get_outputs()] == [CODE]:
        # Its code has the shape of scores, and would be taken for the answer of some 32 classes.
        raise ModelError(
            "The model is the encoder of an autoencoder: it answers with a code, not with scores",
            "Open it on the Morph page, and a classifier here.",
        )
    entry = only_input(session)
    fits: list[Fit] = []
    complaint = ""
    for layout, height, width in shapes_of(entry.name, list(entry.shape)):
        declared = entry.shape[0] if entry.shape else None
        # A model may call its batch open and yet insist on one picture at a time.
        batches = [declared] if isinstance(declared, int) and declared > 0 else [None, 1]
        for batch in batches:
            try:
                fits.append(_try(session, entry.name, layout, height, width, batch))
                break
            except ModelError as error:
                complaint = complaint or error.message
    if not fits:
        raise ModelError(complaint, _ADVICE)
    return fits


def shapes_of(name: str, shape: list[object]) -> Iterator[tuple[Layout, int, int]]:
    """Yield layout, height and width of the pictures an input of this declared shape can take.

    Parameters
    ----------
    name
        Name of the input, for the error.
    shape
        As onnxruntime gives it: numbers, and texts or None for what is open; empty where even the
        rank is.

    Raises
    ------
    ModelError
        When pictures of one grey value a pixel do not fit this shape.
    """
    axes = [axis if isinstance(axis, int) and axis > 0 else None for axis in shape]
    found: list[tuple[Layout, int, int]] = []
    if len(axes) in (0, 4):
        _, one, two, three = axes or [None] * 4
        if one in (None, 1):
            found += [("NCHW", *sides) for sides in _sides(two, three)]
        if three in (None, 1):
            found += [("NHWC", *sides) for sides in _sides(one, two)]
    if len(axes) in (0, 3):
        _, one, two = axes or [None] * 3
        found += [("NHW", *sides) for sides in _sides(one, two)]
    if len(axes) in (0, 2):
        pixels = axes[1] if axes else None
        sides_tried = USUAL_SIDES if pixels is None else (math.isqrt(pixels),)
        found += [
            ("NF", side, side)
            for side in sides_tried
            if side in SIDES and pixels in (None, side * side)
        ]
    if not found:
        shown = " × ".join(str(axis) if axis else "?" for axis in axes)
        colour = len(axes) == 4 and 3 in (axes[1], axes[3])
        reason = ", pictures in colour" if colour else ""
        raise ModelError(f"The model's input “{name}” has the shape {shown}{reason}", _ADVICE)
    yield from found


def _sides(height: int | None, width: int | None) -> list[tuple[int, int]]:
    """Return the sizes of picture to try; none where the declared ones are no picture's."""
    height, width = height or width, width or height
    if height is None or width is None:
        return [(side, side) for side in USUAL_SIDES]
    return [(height, width)] if height in SIDES and width in SIDES else []


def _try(
    session: onnxruntime.InferenceSession,
    name: str,
    layout: Layout,
    height: int,
    width: int,
    batch: int | None,
) -> Fit:
    """Return how the model answers to pictures arranged so, or raise ModelError."""
    count = batch or 2
    if count * height * width > MOST_PIXELS:
        raise ModelError(f"The model insists on {count:,} pictures of {height} × {width} at once")
    contract = checked_contract(("0", "1"), name, "?", layout=layout, height=height, width=width)
    pictures = np.zeros((count, height, width), np.uint8)
    pictures[:, height // 4 : -(height // 4), width // 2 - 1 : width // 2 + 1] = 255
    answers = run_once(session, contract, pictures)
    outputs: dict[str, ScoreOutput] = {}
    for entry, answer in zip(session.get_outputs(), answers, strict=True):
        rows = as_rows(answer, count)
        if rows is not None:
            keys = tuple(map(str, answer[0])) if isinstance(answer, list) else None
            outputs.setdefault(entry.name, ScoreOutput(entry.name, rows.shape[1], keys))
    if not outputs:
        found = "; ".join(describe(answer) for answer in answers[:3])
        raise ModelError(
            f"The model answers {count} pictures with {found}, not a row of scores for each"
        )
    return Fit(layout, height, width, batch, tuple(outputs.values()))
