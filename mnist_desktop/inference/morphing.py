"""An autoencoder: pictures to short codes and back, and the straight way between two codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_desktop.files import resource_folder
from mnist_desktop.inference.contract import ModelError
from mnist_desktop.inference.halves import PICTURE, check_decoder, check_encoder
from mnist_desktop.inference.interface import CODE
from mnist_desktop.inference.model_file import open_session, read_model

__all__ = [
    "Autoencoder",
    "decoder_path",
    "default_autoencoder_path",
    "encoder_path",
    "is_autoencoder_file",
    "straight",
]

BATCH = 128
"""How many pictures go through a model at once; more only costs memory."""

_ENDING, _DECODER_ENDING = ".onnx", ".decoder.onnx"


def decoder_path(encoder: Path) -> Path:
    """Return where the decoder of an autoencoder stands: `m.onnx` → `m.decoder.onnx`."""
    return encoder.with_name(f"{encoder.stem}{_DECODER_ENDING}")


def encoder_path(path: Path) -> Path:
    """Return the encoder that a file of an autoencoder belongs to: `m.decoder.onnx` → `m.onnx`."""
    if path.name.lower().endswith(_DECODER_ENDING):
        return path.with_name(path.name[: -len(_DECODER_ENDING)] + _ENDING)
    return path


def is_autoencoder_file(path: Path) -> bool:
    """Return whether a file has the name of one half of an autoencoder, and the other is there."""
    encoder = encoder_path(path)
    return encoder.is_file() and decoder_path(encoder).is_file()


def default_autoencoder_path() -> Path:
    """Return where the encoder of the autoencoder that comes with the program lies."""
    return resource_folder() / "models" / "morph.onnx"


def straight(
    first: NDArray[np.float32], second: NDArray[np.float32], steps: int
) -> NDArray[np.float32]:
    """Return the codes on the straight line between two codes.

    Parameters
    ----------
    first, second
        (k,) float32.
    steps
        How many codes, both ends among them; at least 2.

    Returns
    -------
    numpy.ndarray
        (steps, k) float32, at equal distances; the first and the last are the two given.
    """
    if steps < 2:
        raise ValueError(f"{steps} steps; a way has two ends")
    share = np.linspace(0.0, 1.0, steps, dtype=np.float32)[:, np.newaxis]
    return (1 - share) * first + share * second


class Autoencoder:
    """Two ONNX models: one turns pictures into codes, one turns codes into pictures.

    Immutable once made; it may be used from any thread, by one or by several at a time.

    Parameters
    ----------
    encoder, decoder
        The opened models.
    name
        How to call it on screen.
    path
        The encoder's file, None where it never was a file.

    Raises
    ------
    ModelError
        When the two are not the halves of one autoencoder of grey pictures.
    """

    def __init__(
        self,
        encoder: onnxruntime.InferenceSession,
        decoder: onnxruntime.InferenceSession,
        *,
        name: str,
        path: Path | None = None,
    ) -> None:
        self._encoder, self._decoder = encoder, decoder
        self.height, self.width, self.code_size = check_encoder(encoder)
        check_decoder(decoder, code=self.code_size, height=self.height, width=self.width)
        self.name = name
        self.path = path
        metadata = encoder.get_modelmeta().custom_metadata_map
        self.trained_on: str = metadata.get("trained_on", "")[:200]
        # The first run of a session allocates, and tells whether the halves do what they declare.
        self.decode(self.encode(np.zeros((1, self.height, self.width), np.uint8)))

    @classmethod
    def load(cls, path: Path) -> Autoencoder:
        """Return the autoencoder whose encoder is `path`, with the decoder that stands beside it.

        The decoder's own path will do as well.

        Raises
        ------
        ModelError
            When a file cannot be read, is no ONNX model or not half of an autoencoder, when the
            decoder is missing, or when the two do not fit together.
        """
        path = encoder_path(Path(path))
        shown, partner = f"“{path}”", decoder_path(path)
        encoder = open_session(read_model(path), name=shown, folder=path.parent)
        with _told_of(shown):
            check_encoder(encoder)
        if not partner.exists():
            raise ModelError(
                f"{shown} has no decoder: “{partner.name}” is not beside it",
                "Put both files into the same folder.",
            )
        decoder = open_session(read_model(partner), name=f"“{partner}”", folder=path.parent)
        with _told_of(shown):
            return cls(encoder, decoder, name=path.stem, path=path)

    @classmethod
    def from_bytes(cls, encoder: bytes, decoder: bytes, *, name: str) -> Autoencoder:
        """Return the autoencoder in the contents of two ONNX files; otherwise as `load`."""
        return cls(
            open_session(encoder, name=f"“{name}” (encoder)"),
            open_session(decoder, name=f"“{name}” (decoder)"),
            name=name,
        )

    def fits(self, images: NDArray[np.uint8]) -> bool:
        """Return whether these pictures, (…, h, w), have the size that it encodes."""
        return images.shape[-2:] == (self.height, self.width)

    def encode(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the code of each picture.

        Parameters
        ----------
        images
            (n, height, width) uint8, ink high, upright.

        Returns
        -------
        numpy.ndarray
            (n, code_size) float32, unbounded.

        Raises
        ------
        ModelError
            When the pictures have another size, or the model fails on them.
        """
        if not self.fits(images):
            height, width = images.shape[-2:]
            raise ModelError(
                f"The autoencoder {self.name} knows pictures of {self.height} × {self.width}; "
                f"these are {height} × {width}",
                "Train an autoencoder on this dataset, or open one with pictures of that size.",
            )
        shares = images.astype(np.float32)[:, np.newaxis] / np.float32(255)
        return _run(self._encoder, CODE, shares, (self.code_size,))

    def decode(self, codes: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the picture of each code, (n, code_size) → (n, height, width) uint8, ink high.

        Raises
        ------
        ModelError
            When the model fails on them.
        """
        shares = _run(self._decoder, PICTURE, codes, (1, self.height, self.width))
        pictures = np.rint(np.clip(shares[:, 0], 0.0, 1.0) * 255)
        return pictures.astype(np.uint8)

    def morph(
        self, first: NDArray[np.uint8], second: NDArray[np.uint8], steps: int
    ) -> NDArray[np.uint8]:
        """Return the pictures of the straight line between the codes of two pictures.

        Parameters
        ----------
        first, second
            (height, width) uint8, ink high, upright.
        steps
            How many pictures, both ends among them; at least 2.

        Returns
        -------
        numpy.ndarray
            (steps, height, width) uint8. The ends are the two pictures as the autoencoder draws
            them, which is near the originals, not equal.
        """
        for picture in (first, second):
            if not self.fits(picture):
                self.encode(picture[np.newaxis])  # raises, and says why
        one, other = self.encode(np.stack([first, second]))
        return self.decode(straight(one, other, steps))


@contextmanager
def _told_of(shown: str) -> Iterator[None]:
    """Say in the errors of the block which file cannot be used."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"{shown} cannot be used: {error.message}", error.advice) from error


def _run(
    session: onnxruntime.InferenceSession,
    output: str,
    values: NDArray[np.float32],
    shape: tuple[int, ...],
) -> NDArray[np.float32]:
    """Return what `output` gives for (n, …) float32 values: (n, *shape) float32, all finite."""
    name = session.get_inputs()[0].name
    results = np.empty((len(values), *shape), np.float32)
    for start in range(0, len(values), BATCH):
        part = np.ascontiguousarray(values[start : start + BATCH], np.float32)
        try:
            (answer,) = session.run([output], {name: part})
        # onnxruntime's exceptions share no base but Exception itself.
        except Exception as error:
            raise ModelError(f"The autoencoder failed: {str(error)[:300]}") from error
        if not isinstance(answer, np.ndarray) or answer.shape != (len(part), *shape):
            found = getattr(answer, "shape", type(answer).__name__)
            wanted = (len(part), *shape)
            raise ModelError(f"The autoencoder's “{output}” is {found}; expected {wanted}")
        results[start : start + BATCH] = answer
    if not np.isfinite(results).all():
        raise ModelError(f"The autoencoder's “{output}” has values that are no finite numbers")
    return results
