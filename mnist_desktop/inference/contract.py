"""Say how a model wants its input and what its output means, and carry that in its metadata."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from mnist_desktop.errors import UserError
from mnist_desktop.inference.checks import check_class_names, check_number, check_text, check_whole
from mnist_desktop.inference.resampling import resample

Layout: TypeAlias = Literal["NCHW", "NHWC", "NHW", "NF"]
Output: TypeAlias = Literal["logits", "probabilities"]
InkRecipe: TypeAlias = Literal["mnist", "emnist", "resize"]
Origin: TypeAlias = Literal["metadata", "trial", "assumed"]

CONTRACT_KEY = "mnist_desktop.contract"
CONTRACT_VERSION = 1

# The longest text of metadata that is looked at, in characters.
MAX_METADATA = 2_000_000

# The largest side of a picture, in pixels, that a contract may ask for.
MAX_SIDE = 1_024

# The values of the key Image.NominalPixelRange in the ONNX metadata standard (docs/MetadataProps.md
# of the onnx project), as values of blank paper and full ink.
PIXEL_RANGES: dict[str, tuple[float, float]] = {
    "NominalRange_0_255": (0.0, 255.0),
    "Normalized_0_1": (0.0, 1.0),
    "Normalized_1_1": (-1.0, 1.0),
    "NominalRange_16_235": (16.0, 235.0),
}


class ModelError(UserError):
    """A model file that cannot be used as a classifier, and why."""


@dataclass(frozen=True)
class Contract:
    """How a model wants its input and what its output means.

    Parameters
    ----------
    class_names
        One name for each output, in the order of the output.
    input_name, output_name
        The tensors of the graph that take the pictures and give the answer.
    layout
        Order of the input's axes: batch N, channel C (always 1), rows H, columns W, or F for all
        pixels of a picture in one row.
    height, width
        Size of the picture the model takes, in pixels.
    low, high
        Input value of blank paper and of full ink: (0, 1), (0, 255), (-1, 1), or (1, 0) for a model
        of dark ink on light paper. A model that wants mean and standard deviation normalised gets
        what 0 and 255 become.
    transposed
        The model wants rows and columns exchanged, as EMNIST's files have them.
    reversed
        The model wants the pixels from the last to the first (the picture turned by 180°).
    ink_recipe
        The name of the ink recipe the model was trained for.
    output
        Whether the output is logits (softmax still to be taken) or already probabilities.
    batch
        The number of pictures the model insists on, None where it takes any.
    recipe, seed, accuracy, trained_on
        How the model was made and its share of right answers on the test split (0 to 1), None where
        it is not known.
    fine_tuned_from
        The model whose training it goes on with, None where it began from nothing.
    sure
        The confidence from which an answer counts, as measured when the model was trained with
        pictures that are of no class; None where nobody measured it.
    origin
        Where this contract comes from: the file's own metadata, found out by trial, or assumed
        because no trial gave a clear answer. Not kept in the file.

    Raises
    ------
    ValueError
        When a value is out of its bounds.
    TypeError
        When a value has the wrong type.
    """

    class_names: tuple[str, ...]
    input_name: str
    output_name: str
    layout: Layout = "NCHW"
    height: int = 28
    width: int = 28
    low: float = 0.0
    high: float = 1.0
    transposed: bool = False
    reversed: bool = False
    ink_recipe: InkRecipe = "mnist"
    output: Output = "logits"
    batch: int | None = None
    recipe: str | None = None
    seed: int | None = None
    accuracy: float | None = None
    trained_on: str | None = None
    fine_tuned_from: str | None = None
    sure: float | None = None
    origin: Origin = "metadata"

    def __post_init__(self) -> None:
        """Refuse values no model can mean."""
        check_class_names(self.class_names)
        for name in ("input_name", "output_name"):
            check_text(name, getattr(self, name))
        for name in ("recipe", "trained_on", "fine_tuned_from"):
            if getattr(self, name) is not None:
                check_text(name, getattr(self, name))
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is {getattr(self, name)!r}, not one of {choices}")
        for name in ("transposed", "reversed"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} is {getattr(self, name)!r}, not true or false")
        check_whole("height", self.height, 1, MAX_SIDE)
        check_whole("width", self.width, 1, MAX_SIDE)
        if self.batch is not None:
            check_whole("batch", self.batch, 1, 65_536)
        if self.seed is not None:
            check_whole("seed", self.seed, 0, 2**63 - 1)
        check_number("low", self.low)
        check_number("high", self.high)
        if self.low == self.high:
            raise ValueError(f"blank paper and full ink have the same value {self.low}")
        if self.accuracy is not None:
            check_number("accuracy", self.accuracy, 0.0, 1.0)
        if self.sure is not None:
            check_number("sure", self.sure, 0.0, 1.0)

    @property
    def upright_shape(self) -> tuple[int, int]:
        """Return height and width of the picture the model takes, as a person sees it."""
        return (self.width, self.height) if self.transposed else (self.height, self.width)

    def arrange(self, images: np.ndarray) -> np.ndarray:
        """Return upright pictures as the values this model wants, in its layout.

        Parameters
        ----------
        images
            (n, h, w) uint8, ink high, upright; resampled by area where the size is another.

        Returns
        -------
        numpy.ndarray
            float32, C-contiguous; (n, 1, height, width), (n, height, width, 1),
            (n, height, width) or (n, height · width), values from `low` to `high`.
        """
        tall, wide = self.upright_shape
        if images.shape[1:] != (tall, wide):
            images = resample(images, tall, wide)
            values = self.low + images * ((self.high - self.low) / 255.0)
        else:
            # 256 possible pixels: looking the value up is faster than computing it.
            values = np.linspace(self.low, self.high, 256, dtype=np.float32)[images]
        if self.transposed:
            values = values.swapaxes(1, 2)
        if self.reversed:
            values = values[:, ::-1, ::-1]
        count = len(values)
        shape: tuple[int, ...] = {
            "NCHW": (count, 1, self.height, self.width),
            "NHWC": (count, self.height, self.width, 1),
            "NHW": (count, self.height, self.width),
            "NF": (count, self.height * self.width),
        }[self.layout]
        return np.ascontiguousarray(values, dtype=np.float32).reshape(shape)


_CHOICES: dict[str, tuple[str, ...]] = {
    "layout": get_args(Layout),
    "output": get_args(Output),
    "ink_recipe": get_args(InkRecipe),
    "origin": get_args(Origin),
}


def to_metadata(contract: Contract) -> dict[str, str]:
    """Return the entries of `metadata_props` that carry `contract`.

    The contract itself is JSON under `mnist_desktop.contract`. Beside it stand the keys other
    programs read: `names` (a Python dict as text, as Ultralytics writes it) and the ONNX metadata
    standard's `Image.BitmapPixelFormat` and, where it knows the scale, `Image.NominalPixelRange`.
    """
    content: dict[str, Any] = {"version": CONTRACT_VERSION, **asdict(contract)}
    del content["origin"]
    entries = {
        CONTRACT_KEY: json.dumps(content, ensure_ascii=False),
        "names": repr(dict(enumerate(contract.class_names))),
        "Image.BitmapPixelFormat": "Gray8",
    }
    for name, values in PIXEL_RANGES.items():
        if values == (contract.low, contract.high):
            entries["Image.NominalPixelRange"] = name
    return entries


def from_metadata(metadata: Mapping[str, str]) -> Contract | None:
    """Return the contract a model carries, or None where it carries none.

    A contract that is there but cannot be read is an error rather than a reason to guess: the file
    says something about itself that we would otherwise contradict.

    Raises
    ------
    ModelError
        When the contract is damaged, claims what cannot be, or is of a later version.
    """
    text = metadata.get(CONTRACT_KEY)
    if text is None:
        return None
    try:
        if len(text) > MAX_METADATA:
            raise ValueError(f"it is {len(text):,} characters long")
        content = json.loads(text)
        if not isinstance(content, dict):
            raise TypeError("it is no JSON object")
        version = check_whole("version", content.get("version"), 1, 2**31)
        if version > CONTRACT_VERSION:
            raise ValueError(f"its version is {version}, this program knows {CONTRACT_VERSION}")
        known = set(Contract.__dataclass_fields__) - {"origin"}
        values = {key: value for key, value in content.items() if key in known}
        if isinstance(values.get("class_names"), list):
            values["class_names"] = tuple(values["class_names"])
        return Contract(**values)
    except (ValueError, TypeError, RecursionError) as error:
        raise ModelError(
            f"The contract inside the model (metadata “{CONTRACT_KEY}”) cannot be used: {error}",
            "Export the model again, or remove that key so that the contract is found by trial.",
        ) from error


def class_names_in(metadata: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the class names other programs leave in a model's metadata, or None.

    Reads `names` (a Python dict or list as text, as Ultralytics writes it) and `class_names` or
    `classes` (a JSON list). What cannot be read is treated as absent: these keys are a convention,
    nobody promised them.
    """
    for key in ("names", "class_names", "classes", "labels"):
        text = metadata.get(key, "")
        if not 0 < len(text) <= MAX_METADATA:
            continue
        try:
            found = ast.literal_eval(text) if key == "names" else json.loads(text)
            if isinstance(found, dict):
                by_index = {int(index): name for index, name in found.items()}
                found = [by_index[index] for index in range(len(by_index))]
            if not isinstance(found, list | tuple):
                continue
            names = tuple(str(name) for name in found)
            check_class_names(names)
        except (ValueError, TypeError, SyntaxError, KeyError, RecursionError, MemoryError):
            continue
        return names
    return None
