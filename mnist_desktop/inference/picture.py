"""Read a picture file (a photo, a scan, a drawing, an exported sample) as a raster of ink."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from mnist_desktop.errors import UserError

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "PPM")
MAX_PIXELS = 50_000_000  # a large photo; more would only cost memory before it is scaled down

_JPEG_FLOOR = 24  # ringing around strong edges reaches about this far in an ordinary JPEG


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read the picture at `path` as ink, whatever its colours are.

    The paper is what most of the picture's edge shows: dark ink on light paper and light ink on
    dark paper both come out as high ink on 0. Transparent parts are paper. What differs from the
    paper no more than the paper's own edge does (the grain of a photo) is paper too; the values of
    a clean lossless picture stay exactly as they are.

    Returns
    -------
    numpy.ndarray
        (h, w) uint8, 0 blank paper, 255 full ink.

    Raises
    ------
    UserError
        When the file cannot be read, is no picture of a known format, or is too large.
    """
    light, lossy = _read_light(Path(path))
    return ink_of(light, floor=_JPEG_FLOOR if lossy else 0)


def read_grey(path: Path) -> NDArray[np.uint8]:
    """Read the picture at `path` as grey values, without asking what is paper and what is ink.

    Returns
    -------
    numpy.ndarray
        (h, w) uint8, 0 black, 255 white; exactly as stored where the file holds 8-bit grey.

    Raises
    ------
    UserError
        As `read_picture`.
    """
    light, _ = _read_light(Path(path))
    grey: NDArray[np.uint8] = np.clip(np.rint(light), 0, 255).astype(np.uint8)
    return grey


def _read_light(path: Path) -> tuple[NDArray[np.float32], bool]:
    """Return the lightness of a picture file, 0 to 255, and whether it is packed with loss."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(path)
            return _lightness(ImageOps.exif_transpose(image)), image.format == "JPEG"
    except UnidentifiedImageError as error:
        known = ", ".join(FORMATS)
        raise UserError(
            f"“{path}” is no picture of a format known here", f"Known are {known}."
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path) from error
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"“{path}” could not be read as a picture: {reason}",
            "Check that the file is whole and may be read.",
        ) from error


def ink_of(light: NDArray[np.float32], *, floor: float = 0.0) -> NDArray[np.uint8]:
    """Return how far each pixel stands from the paper, towards the ink.

    Parameters
    ----------
    light
        (h, w) float32, lightness 0 to 255.
    floor
        Differences up to this are paper in any case.

    Returns
    -------
    numpy.ndarray
        (h, w) uint8, 0 blank paper, 255 full ink.
    """
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    paper = float(np.median(edge))
    grain = float(np.percentile(np.abs(edge - paper), 75))
    difference = paper - light if paper > 127 else light - paper
    difference[difference <= max(floor, 2 * grain)] = 0
    ink: NDArray[np.uint8] = np.clip(np.rint(difference), 0, 255).astype(np.uint8)
    return ink


def _lightness(image: Image.Image) -> NDArray[np.float32]:
    """Return the picture's lightness, (h, w) float32, 0 to 255, on paper that suits its ink."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        deep = np.array(image, dtype=np.float32)
        if float(deep.max()) > 255:
            deep /= 257
        return deep
    if not image.has_transparency_data:
        return np.array(image.convert("L"), dtype=np.float32)
    pixels = image.convert("RGBA")
    light = np.asarray(pixels.convert("RGB").convert("L"), dtype=np.float32)
    cover = np.asarray(pixels.getchannel("A"), dtype=np.float32) / 255
    total = float(cover.sum())
    ink_is_light = total > 0 and float((light * cover).sum()) / total > 127
    # Where the whole picture is opaque the paper has no say; else it is the ink's opposite.
    paper = np.float32(0 if ink_is_light else 255)
    blended: NDArray[np.float32] = (light * cover + paper * (1 - cover)).astype(np.float32)
    return blended


def _too_large(path: Path) -> UserError:
    """Return the error for a picture with more pixels than anybody draws."""
    return UserError(
        f"“{path}” has more than {MAX_PIXELS // 1_000_000} million pixels",
        "Scale it down or cut the digit out.",
    )
