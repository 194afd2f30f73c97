"""A drawing that its person has named, and how it stands as a line of text in a file."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.checks import check_number, check_text, check_whole
from mnist_desktop.inference.pen import Stroke

SIDE = 28
"""Width and height of the picture of a drawing, in pixels."""

MOST_POINTS = 200_000
"""Points that all strokes of a drawing may have; an hour of scribbling has fewer."""

MOST_TEXT = 8_000_000
"""Characters that the line of a drawing may have: more than its points can take."""

_NUMBER = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, eq=False)
class Drawing:
    """What somebody drew on the pad, and said that it is.

    Parameters
    ----------
    number
        32 hexadecimal digits that no other drawing has.
    label
        Name of the class that the person said it is; `NONE_OF_THEM` for a drawing of no class.
    picture
        (28, 28) uint8, ink high: the drawing by the ink recipe of the model that was in use.
    strokes
        In pixels of a raster of `raster` × `raster`; empty where the ink was pasted as a picture.
    raster
        Side of the raster in pixels.
    made
        When, as ISO 8601 with the time zone.
    answer
        The class that the model in use took it for; "" where it was not sure.
    """

    number: str
    label: str
    picture: NDArray[np.uint8]
    strokes: tuple[Stroke, ...]
    raster: int
    made: str
    answer: str = ""

    def __post_init__(self) -> None:
        """Refuse what no drawing can be."""
        if not _NUMBER.fullmatch(self.number):
            raise ValueError(f"{self.number[:40]!r} is no number of a drawing")
        check_text("label", self.label)
        if self.picture.shape != (SIDE, SIDE) or self.picture.dtype != np.uint8:
            raise ValueError(f"a picture is {self.picture.dtype} of shape {self.picture.shape}")
        check_whole("raster", self.raster, 1, 65_536)
        if sum(len(stroke.points) for stroke in self.strokes) > MOST_POINTS:
            raise ValueError(f"more than {MOST_POINTS:,} points")


def to_line(drawing: Drawing) -> str:
    """Return a drawing as one line of JSON, without the line end."""
    content = {
        "number": drawing.number,
        "label": drawing.label,
        "answer": drawing.answer,
        "made": drawing.made,
        "raster": drawing.raster,
        "strokes": [_from_stroke(stroke) for stroke in drawing.strokes],
        "picture": base64.b64encode(drawing.picture.tobytes()).decode(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_line(line: str) -> Drawing:
    """Return the drawing that a line holds.

    Raises
    ------
    ValueError
        When it holds none, or one that cannot be.
    """
    if len(line) > MOST_TEXT:
        raise ValueError(f"the line has {len(line):,} characters")
    try:
        content = json.loads(line)
        texts = [content[name] for name in ("number", "label", "made", "answer")]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("a text is none")
        number, label, made, answer = texts
        pixels = np.frombuffer(base64.b64decode(content["picture"], validate=True), np.uint8)
        strokes = tuple(_to_stroke(stroke) for stroke in content["strokes"])
        raster = check_whole("raster", content["raster"], 1, 65_536)
        picture = pixels.reshape(SIDE, SIDE)
        return Drawing(number, label, picture, strokes, raster, made, answer)
    except (TypeError, KeyError, AttributeError, RecursionError, binascii.Error) as error:
        raise ValueError(f"the line is no drawing: {error}") from error


def points_of(strokes: Sequence[Stroke]) -> list[NDArray[np.float32]]:
    """Return the way of each stroke that leaves ink, (k, 2) each, to be drawn by another pen."""
    return [stroke.points for stroke in strokes if not stroke.erase and len(stroke.points)]


def _from_stroke(stroke: Stroke) -> dict[str, Any]:
    """Return a stroke as JSON has it; a tenth of a pixel is finer than any pen."""
    points = np.round(stroke.points.astype(np.float64), 1).tolist()
    return {"width": stroke.width, "erase": stroke.erase, "points": points}


def _to_stroke(content: dict[str, Any]) -> Stroke:
    """Return the stroke that JSON holds; `Stroke` refuses what no pen can do."""
    check_number("width", content["width"], 0.0, 65_536.0)
    points = np.array(content["points"], np.float32)
    return Stroke(points, float(content["width"]), bool(content["erase"]))
