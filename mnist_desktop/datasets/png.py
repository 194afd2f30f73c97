"""Write grey pictures as PNG."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray


def png_bytes(picture: NDArray[np.uint8]) -> bytes:
    """Return a (height, width) uint8 picture as a PNG file, 8-bit grey, 0 black and 255 white."""
    from PIL import Image  # only when a picture is written: the floor itself needs numpy alone

    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    return stream.getvalue()
