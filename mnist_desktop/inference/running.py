"""Run a session as its contract says: pictures in, a row of scores for each out."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime

from mnist_desktop.inference.contract import Contract, ModelError, Output

# How many pictures go through a model at once; more only costs memory.
BATCH = 256

# The logarithm of a probability below this is not taken: one misread sample for which the model
# gave the truth no chance at all would else decide a whole mean.
SMALLEST_PROBABILITY = 1e-12

INPUT_TYPES: dict[str, np.dtype[Any]] = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(double)": np.dtype(np.float64),
    "tensor(float16)": np.dtype(np.float16),
    "tensor(uint8)": np.dtype(np.uint8),
    "tensor(int32)": np.dtype(np.int32),
    "tensor(int64)": np.dtype(np.int64),
}


def scores(
    session: onnxruntime.InferenceSession, contract: Contract, images: np.ndarray
) -> np.ndarray:
    """Return what the model puts out for `images`, before any softmax.

    Parameters
    ----------
    session, contract
        The model and how it wants its input.
    images
        (n, h, w) uint8, ink high, upright.

    Returns
    -------
    numpy.ndarray
        (n, k) float32; unbounded where the contract says logits.

    Raises
    ------
    ModelError
        When the model fails or puts out something of another shape.
    """
    size = contract.batch or BATCH
    classes = len(contract.class_names)
    rows = np.empty((len(images), classes), np.float32)
    for start in range(0, len(images), size):
        chunk = images[start : start + size]
        count = len(chunk)
        if contract.batch is not None and count < size:
            # A fixed batch must be full; what the padding answers is thrown away.
            chunk = np.concatenate([chunk, np.zeros((size - count, *chunk.shape[1:]), np.uint8)])
        (answer,) = run_once(session, contract, chunk, [contract.output_name])
        found = as_rows(answer, len(chunk))
        if found is None or found.shape[1] != classes:
            raise ModelError(
                f"The model's output “{contract.output_name}” is {describe(answer)}; expected "
                f"{len(chunk)} rows of {classes} scores"
            )
        rows[start : start + count] = found[:count]
    return rows


def run_once(
    session: onnxruntime.InferenceSession,
    contract: Contract,
    images: np.ndarray,
    outputs: list[str] | None = None,
) -> list[Any]:
    """Return what the named outputs (all of them for None) give for one batch, as it comes.

    Raises
    ------
    ModelError
        When the model fails on this input.
    """
    values = contract.arrange(images)
    kind = input_type(session, contract.input_name)
    if kind != values.dtype:
        values = (np.rint(values) if kind.kind in "iu" else values).astype(kind)
    try:
        answers: list[Any] = session.run(outputs, {contract.input_name: values})
    # onnxruntime's exceptions share no base but Exception itself.
    except Exception as error:
        raise ModelError(f"The model failed on its input: {str(error)[:300]}") from error
    return answers


def input_type(session: onnxruntime.InferenceSession, name: str) -> np.dtype[Any]:
    """Return the element type of the input `name`.

    Raises
    ------
    ModelError
        When there is no such input, or it takes something that pixels cannot be.
    """
    for entry in session.get_inputs():
        if entry.name == name:
            if entry.type not in INPUT_TYPES:
                raise ModelError(f"The model's input “{name}” is {entry.type}; expected numbers")
            return INPUT_TYPES[entry.type]
    raise ModelError(f"The model has no input “{name}”")


def as_rows(answer: object, count: int) -> np.ndarray | None:
    """Return a model's output as (count, k) float32 with k ≥ 2, or None where it is no such thing.

    Understood are tensors (n, k) with any axes of length 1 behind, as fully convolutional networks
    have, and the list of maps that scikit-learn's models put out.
    """
    if isinstance(answer, list):
        if len(answer) != count or not all(isinstance(row, dict) and row for row in answer):
            return None
        keys = list(answer[0]) if answer else []
        try:
            answer = np.array([[row[key] for key in keys] for row in answer], dtype=np.float32)
        except (KeyError, TypeError, ValueError):
            return None
    if not isinstance(answer, np.ndarray) or answer.dtype.kind not in "f":
        return None
    if answer.ndim < 2 or len(answer) != count or any(axis != 1 for axis in answer.shape[2:]):
        return None
    return answer.reshape(count, -1).astype(np.float32) if answer.shape[1] >= 2 else None


def describe(answer: object) -> str:
    """Return in a few words what a model put out."""
    if isinstance(answer, np.ndarray):
        return f"{answer.dtype} of shape {answer.shape}"
    if isinstance(answer, list):
        inner = type(answer[0]).__name__ if answer else "nothing"
        return f"a list of {len(answer)} × {inner}"
    return type(answer).__name__


def as_probabilities(rows: np.ndarray, output: Output) -> np.ndarray:
    """Return scores as probabilities: no value below 0, every row with the sum 1.

    A row with a value that is no finite number says nothing (some models answer so to a blank
    picture); it becomes the same probability for every class.

    Parameters
    ----------
    rows
        (n, k) float32.
    output
        What the scores are; probabilities are only brought to the sum 1.

    Returns
    -------
    numpy.ndarray
        (n, k) float32, 0 to 1.
    """
    values = rows.astype(np.float64)
    silent = ~np.isfinite(values).all(axis=1)
    values[silent] = 0.0
    if output == "logits":
        values = np.exp(values - values.max(axis=1, keepdims=True))
    else:
        values = np.clip(values, 0.0, None)
        values[values.sum(axis=1) == 0.0] = 1.0
    values /= values.sum(axis=1, keepdims=True)
    return values.astype(np.float32)
