"""Make small ONNX autoencoders: the principal components of generated digits, and broken ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from onnx import helper, numpy_helper

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.morphing import Autoencoder, decoder_path
from tests.unit.inference.onnx_models import model_of, tensor

CODE_SIZE = 32


def encoder_bytes(weights: np.ndarray, mean: np.ndarray, *, height: int, width: int) -> bytes:
    """Return the encoder `(ink − mean) · weights`, with weights (h·w, k) and the mean (h·w,)."""
    nodes = [
        helper.make_node("Flatten", ["image"], ["ink"], axis=1),
        helper.make_node("Sub", ["ink", "mean"], ["centred"]),
        helper.make_node("MatMul", ["centred", "weights"], ["code"]),
    ]
    constants = {"mean": mean.astype(np.float32), "weights": weights.astype(np.float32)}
    return model_of(
        nodes,
        [tensor("image", ("N", 1, height, width))],
        [tensor("code", ("N", weights.shape[1]))],
        tuple(numpy_helper.from_array(value, name) for name, value in constants.items()),
    )


def decoder_bytes(weights: np.ndarray, mean: np.ndarray, *, height: int, width: int) -> bytes:
    """Return the decoder `code · weightsᵀ + mean`, held between 0 and 1."""
    nodes = [
        helper.make_node("MatMul", ["code", "weights"], ["product"]),
        helper.make_node("Add", ["product", "mean"], ["rows"]),
        helper.make_node("Reshape", ["rows", "shape"], ["logits"]),
        helper.make_node("Clip", ["logits", "low", "high"], ["picture"]),
    ]
    constants = {
        "mean": mean.astype(np.float32),
        "weights": np.ascontiguousarray(weights.T, np.float32),
        "shape": np.array([-1, 1, height, width], np.int64),
        "low": np.array(0, np.float32),
        "high": np.array(1, np.float32),
    }
    picture = ("N", 1, height, width)
    return model_of(
        nodes,
        [tensor("code", ("N", weights.shape[1]))],
        [tensor("logits", picture), tensor("picture", picture)],
        tuple(numpy_helper.from_array(value, name) for name, value in constants.items()),
    )


@cache
def halves() -> tuple[bytes, bytes]:
    """Return encoder and decoder that keep 32 principal components of generated digits."""
    ink = sample_dataset(600, seed=5).images.reshape(600, -1) / 255.0
    mean = ink.mean(axis=0)
    weights = np.linalg.svd(ink - mean, full_matrices=False)[2][:CODE_SIZE].T
    return (
        encoder_bytes(weights, mean, height=28, width=28),
        decoder_bytes(weights, mean, height=28, width=28),
    )


def small_autoencoder() -> Autoencoder:
    """Return an autoencoder of 28×28 pictures that was not trained, but fitted."""
    return Autoencoder.from_bytes(*halves(), name="small")


def plain_halves(side: int, *, code: int = 4) -> tuple[bytes, bytes]:
    """Return halves for square pictures of any side that keep `code` pixels and forget the rest."""
    weights, mean = np.eye(side * side)[:, :code], np.zeros(side * side)
    return (
        encoder_bytes(weights, mean, height=side, width=side),
        decoder_bytes(weights, mean, height=side, width=side),
    )


def write_halves(path: Path, pair: tuple[bytes, bytes] | None = None) -> Path:
    """Write an autoencoder as two files; return that of the encoder."""
    encoder, decoder = pair or halves()
    path.write_bytes(encoder)
    decoder_path(path).write_bytes(decoder)
    return path
