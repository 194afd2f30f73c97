"""A classifier: an ONNX model together with its contract."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.files import resource_folder
from mnist_desktop.inference.contract import Contract, ModelError, from_metadata
from mnist_desktop.inference.ink import InkStep, InkSteps, prepare
from mnist_desktop.inference.model_file import open_session, read_model, session_options
from mnist_desktop.inference.resampling import resample
from mnist_desktop.inference.running import as_probabilities, scores
from mnist_desktop.inference.trial import find_out

__all__ = [
    "Classifier",
    "ModelError",
    "Prediction",
    "default_model_path",
    "session_options",
    "shipped_models",
]

# How many generated digits a model without a contract is tried on.
TRIAL_SAMPLES = 300

MAX_KEPT = 32 * 1024 * 1024
"""Bytes of a model file above which its content is not kept beside the opened model."""


SURE = 0.5
"""The confidence from which an answer counts where a model's contract says nothing of it.

Below it more speaks against the likeliest class than for it.
"""


@dataclass(frozen=True, eq=False)
class Prediction:
    """The probabilities a classifier gives for one picture.

    Parameters
    ----------
    probabilities
        (k,) float32, 0 to 1 with the sum 1; all 0 where there was nothing to answer.
    class_names
        One name for each probability.
    sure_from
        The confidence from which the answer counts.
    """

    probabilities: np.ndarray
    class_names: tuple[str, ...]
    sure_from: float = SURE

    @classmethod
    def empty(cls, class_names: tuple[str, ...] = ()) -> Prediction:
        """Return the prediction for a blank picture: no label, no confidence."""
        return cls(np.zeros(len(class_names), np.float32), class_names)

    @property
    def is_empty(self) -> bool:
        """Return whether there was nothing to answer."""
        return not self.probabilities.any()

    @property
    def index(self) -> int:
        """Return the index of the most probable class, -1 where there is no answer."""
        return -1 if self.is_empty else int(self.probabilities.argmax())

    @property
    def label(self) -> str:
        """Return the name of the most probable class, "" where there is no answer."""
        return "" if self.is_empty else self.class_names[self.index]

    @property
    def confidence(self) -> float:
        """Return the probability of the most probable class, 0 to 1."""
        return 0.0 if self.is_empty else float(self.probabilities.max())

    @property
    def is_sure(self) -> bool:
        """Return whether there is an answer, and one that counts."""
        return not self.is_empty and self.confidence >= self.sure_from


class Classifier:
    """An ONNX model that reads pictures as its contract says.

    Immutable once made; `predict` may be called from any thread, one at a time or several.

    Parameters
    ----------
    session
        The opened model.
    contract
        How it wants its input; must fit the session.
    name
        How to call it on screen.
    path
        The file it comes from, None where it never was a file.
    content
        The content of that file. Kept, for a look at the model's layers, up to `MAX_KEPT` bytes.
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        contract: Contract,
        *,
        name: str,
        path: Path | None = None,
        content: bytes | None = None,
    ) -> None:
        self._session = session
        self.contract = contract
        self.name = name
        self.path = path
        self.content = content if content is not None and len(content) <= MAX_KEPT else None
        # The first run of a session allocates; a person's first stroke must not wait for it.
        self.predict(np.zeros((1, contract.height, contract.width), np.uint8))

    @classmethod
    def load(cls, path: Path, *, samples: Dataset | None = None) -> Classifier:
        """Return the classifier in the ONNX file `path`.

        Parameters
        ----------
        path
            The ONNX file; weights in side files are found beside it.
        samples
            Labelled samples by which to find out the contract of a model that carries none; the
            generated digits where None.

        Raises
        ------
        ModelError
            When the file cannot be read, is no ONNX model, or is not a classifier of pictures.
        """
        path = Path(path)
        data = read_model(path)
        return cls._open(data, name=path.stem, shown=f"“{path}”", path=path, samples=samples)

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str, samples: Dataset | None = None) -> Classifier:
        """Return the classifier in the content of an ONNX file; otherwise as `load`."""
        return cls._open(data, name=name, shown=f"“{name}”", path=None, samples=samples)

    @classmethod
    def _open(
        cls, data: bytes, *, name: str, shown: str, path: Path | None, samples: Dataset | None
    ) -> Classifier:
        """Open a session, read or find out its contract and put both together."""
        session = open_session(data, name=shown, folder=path.parent if path else None)
        try:
            contract = from_metadata(session.get_modelmeta().custom_metadata_map)
            if contract is None:
                contract = find_out(session, samples or sample_dataset(TRIAL_SAMPLES))
            return cls(session, contract, name=name, path=path, content=data)
        except ModelError as error:
            raise ModelError(f"{shown} cannot be used: {error.message}", error.advice) from error

    def prepare(self, raster: np.ndarray, *, without: Collection[str] = ()) -> InkSteps:
        """Return a raster's way to the picture this model wants, by the recipe of its contract.

        Parameters
        ----------
        raster
            (h, w) uint8, ink high.
        without
            Names of steps to leave out.
        """
        shape = self.contract.upright_shape
        made = prepare(raster, self.contract.ink_recipe, size=max(shape), without=without)
        if made.picture.shape == shape:
            return made
        # The recipes make squares; what the network really gets is told as a step of its own.
        fitted = np.clip(np.rint(resample(made.picture, *shape)), 0, 255).astype(np.uint8)
        title = f"Resized to {shape[1]}×{shape[0]}"
        steps = made.steps if made.empty else (*made.steps, InkStep("fitted", title, fitted))
        return InkSteps(steps, fitted, empty=made.empty)

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the probabilities of every class for every picture.

        Parameters
        ----------
        images
            (n, h, w) uint8, ink high, upright; another size than the contract's is resampled.

        Returns
        -------
        numpy.ndarray
            (n, k) float32, 0 to 1, every row with the sum 1.

        Raises
        ------
        ModelError
            When the model fails on this input.
        """
        rows = scores(self._session, self.contract, images)
        return as_probabilities(rows, self.contract.output)

    def answer(self, image: np.ndarray) -> Prediction:
        """Return the prediction for one picture, (h, w) uint8, ink high, upright."""
        probabilities = self.predict(image[np.newaxis])[0]
        return Prediction(probabilities, self.contract.class_names, self.sure_from)

    @property
    def sure_from(self) -> float:
        """Return the confidence from which an answer of this model counts, 0 to 1."""
        return SURE if self.contract.sure is None else self.contract.sure


def default_model_path() -> Path:
    """Return where the model that comes with the program, and is used first, lies."""
    return resource_folder() / "models" / "digits.onnx"


def shipped_models() -> dict[Path, str]:
    """Return the classifiers that come with the program: where each lies, and what it reads.

    Only those that are there; the one that is used first comes first.
    """
    characters = default_model_path().with_name("characters.onnx")
    known = {default_model_path(): "Digits", characters: "Letters and digits"}
    return {path: title for path, title in known.items() if path.is_file()}
