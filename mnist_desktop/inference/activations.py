"""Look into a network: what each of its layers makes of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.classifier import MAX_KEPT, Classifier
from mnist_desktop.inference.contract import ModelError
from mnist_desktop.inference.model_file import open_session
from mnist_desktop.inference.running import run_once

if TYPE_CHECKING:
    from onnx import NodeProto

__all__ = ["Layer", "Layers"]

MAX_LAYERS = 100
"""More layers than these nobody looks through; of a deeper network the first ones are shown."""

MAX_VALUES = 4 << 20
"""Values of a layer above which it is left out; a small picture's layers have some thousands."""

WORDS: Mapping[str, str] = {
    "Conv": "Convolution",
    "ConvTranspose": "Convolution",
    "Gemm": "Dense",
    "MatMul": "Dense",
    "BatchNormalization": "Normalised",
    "Relu": "ReLU",
    "MaxPool": "Max pool",
    "AveragePool": "Mean pool",
    "GlobalAveragePool": "Mean of maps",
    "GlobalMaxPool": "Max of maps",
    "Add": "Sum",
    "Concat": "Joined",
    "Softmax": "Softmax",
}
"""What a person calls an operator; the others by their own names."""

# Only move values about, or say what is no part of the answer: nothing new is to be seen there.
_SILENT = frozenset(
    ["ArgMax", "Cast", "Constant", "Dropout", "Expand", "Flatten", "Gather", "Identity", "Pad"]
) | {"Reshape", "Shape", "Slice", "Squeeze", "Transpose", "Unsqueeze", "ZipMap"}

# What belongs to the layer before it, when nothing else uses that layer's output.
_FOLLOWS = frozenset(
    ["BatchNormalization", "Clip", "Elu", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Mish"]
) | {"PRelu", "Relu", "Selu", "Sigmoid", "Softplus", "Tanh"}
_BIAS = frozenset(("Add", "Sub", "Mul", "Div"))


@dataclass(frozen=True)
class Layer:
    """A layer that can be looked at.

    Parameters
    ----------
    tensor
        The name of its output in the graph.
    title
        What it does: Convolution, ReLU.
    maps, height, width
        How many pictures it makes, and their size in pixels; 1 × 1 where it makes mere numbers.
    """

    tensor: str
    title: str
    maps: int
    height: int
    width: int

    @property
    def size_text(self) -> str:
        """Return its size in words: 32 maps of 13×13."""
        if self.height == self.width == 1:
            return f"{self.maps:,} values"
        return f"{self.maps:,} map{'s' if self.maps != 1 else ''} of {self.width}×{self.height}"


class Layers:
    """The layers of a classifier's network, found in a copy of its model that tells them.

    Immutable once made; it may be used from any thread.

    Parameters
    ----------
    classifier
        Whose network to look into.

    Raises
    ------
    ModelError
        When its model cannot be looked into; the message says why.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._contract = contract = classifier.contract
        content = classifier.content
        if content is None:
            raise ModelError(
                f"“{classifier.name}” has more than {MAX_KEPT >> 20} MB; its layers are not shown"
            )
        try:
            titles, copy = _with_outputs(content, contract.input_name, contract.output_name)
        # A damaged file was refused when it was opened; what onnxruntime reads, protobuf may not.
        except Exception as error:
            raise ModelError(
                f"The layers of “{classifier.name}” cannot be read: {error}"
            ) from error
        if not titles:
            raise ModelError(f"“{classifier.name}” has no layers between picture and answer")
        folder = classifier.path.parent if classifier.path else None
        self._session = open_session(copy, name=f"“{classifier.name}”", folder=folder)
        blank = np.zeros((1, contract.height, contract.width), np.uint8)
        found = (self._look(tensor, title, blank) for tensor, title in titles.items())
        self.layers = tuple(layer for layer in found if layer is not None)
        if not self.layers:
            raise ModelError(f"No layer of “{classifier.name}” puts out numbers for a picture")

    def maps(self, layer: Layer, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what a layer makes of a picture.

        Parameters
        ----------
        layer
            One of `layers`.
        picture
            (h, w) uint8, ink high, upright.

        Returns
        -------
        numpy.ndarray
            (maps, height, width) float32, upright; a value that is no finite number is 0.

        Raises
        ------
        ModelError
            When the model fails on this picture, or the layer comes out otherwise than before.
        """
        found = self._run(layer.tensor, picture[np.newaxis])
        if found is None or found.shape != (layer.maps, layer.height, layer.width):
            raise ModelError(f"The layer “{layer.tensor}” has another size for this picture")
        return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)

    def _look(self, tensor: str, title: str, blank: NDArray[np.uint8]) -> Layer | None:
        """Return the layer with this output, None where it cannot be shown."""
        try:
            found = self._run(tensor, blank)
        except ModelError:
            return None
        return None if found is None else Layer(tensor, title, *found.shape)

    def _run(self, tensor: str, images: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """Return a layer for one picture as maps, None where it is no such thing."""
        count = self._contract.batch or 1
        if count > 1:
            images = np.repeat(images, count, axis=0)
        (answer,) = run_once(self._session, self._contract, images, [tensor])
        return _as_maps(
            answer,
            count,
            transposed=self._contract.transposed,
            reverse=self._contract.reversed,
        )


def _as_maps(
    answer: Any,  # noqa: ANN401 - whatever a model puts out
    count: int,
    *,
    transposed: bool,
    reverse: bool,
) -> NDArray[np.float32] | None:
    """Return the first picture's part of a layer as (maps, h, w), upright, or None."""
    if not isinstance(answer, np.ndarray) or answer.dtype.kind not in "fiu":
        return None
    if not 2 <= answer.ndim <= 4 or len(answer) != count or not 0 < answer.size <= MAX_VALUES:
        return None
    values: NDArray[np.float32] = answer[0].astype(np.float32)
    if values.ndim == 1:
        return values.reshape(-1, 1, 1)
    if values.ndim == 2:
        values = values[np.newaxis]
    elif values.shape[0] == values.shape[1] != values.shape[2]:
        # Made by a program that puts the maps last; square ones tell.
        values = values.transpose(2, 0, 1)
    if reverse:
        values = values[:, ::-1, ::-1]
    return np.ascontiguousarray(values.swapaxes(1, 2) if transposed else values)


def _with_outputs(content: bytes, source: str, answer: str) -> tuple[dict[str, str], bytes]:
    """Return the layers' tensors with their titles, and a copy of the model that puts them out.

    Parameters
    ----------
    content
        The content of a model file.
    source, answer
        The tensors with which the layers begin and end.
    """
    # Brought in when a person first looks into a network; a start must not wait for it.
    import onnx

    model = onnx.load_model_from_string(content)
    titles = _layers(list(model.graph.node), source, answer)
    known = {output.name for output in model.graph.output}
    model.graph.output.extend(
        # Without a type: onnxruntime works it out.
        onnx.ValueInfoProto(name=name)
        for name in titles
        if name not in known
    )
    return titles, model.SerializeToString()


def _layers(nodes: list[NodeProto], source: str, answer: str) -> dict[str, str]:
    """Return the outputs worth looking at, in order, each with the words for what made it."""
    users: dict[str, list[NodeProto]] = {}
    for node in nodes:
        for name in node.input:
            users.setdefault(name, []).append(node)
    reached, words, titles = {source}, dict[str, str](), dict[str, str]()
    for node in nodes:
        inputs = [name for name in node.input if name in reached]
        if not inputs or not node.output or not node.output[0]:
            continue
        output = node.output[0]
        reached.update(node.output)
        before = words.get(inputs[0], "")
        if node.op_type in _SILENT:
            continue
        own = WORDS.get(node.op_type, node.op_type)
        joined = before and len(inputs) == 1
        # A bias that stands alone adds no word to what it belongs to.
        words_here = before if joined and node.op_type in _BIAS else own
        if joined and node.op_type in _FOLLOWS:
            words_here = f"{before}, {own}"
        following = users.get(output, [])
        goes_on = len(following) == 1 and following[0].op_type in _FOLLOWS | _BIAS
        if goes_on and sum(name in reached for name in following[0].input) == 1:
            words[output] = words_here
        else:
            titles[output] = words_here
        if output == answer or len(titles) == MAX_LAYERS:
            titles[output] = words_here
            break
    return titles
