"""The contract of a model that carries none is found out by trial."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from mnist_desktop.datasets.dataset import Dataset, open_dataset
from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier, ModelError
from mnist_desktop.inference.contract import Contract
from mnist_desktop.inference.evaluation import evaluate
from mnist_desktop.inference.trial import NORMALISED, kind_of_scores, usual_class_names
from mnist_desktop.progress import finish
from tests.unit.inference.onnx_models import contract_for, linear_model, model_of, tensor


@cache
def reader() -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias of a linear discriminant of generated digits.

    Scaled so that it is as certain as it is right on others (0.40 minimises the cross-entropy), as
    a trained network is.
    """
    samples = sample_dataset(2000, seed=3)
    pixels = samples.images.reshape(len(samples), -1) / 255.0
    labels = np.asarray(samples.labels)
    means = np.array([pixels[labels == digit].mean(axis=0) for digit in range(10)])
    spread = pixels - means[labels]
    covariance = spread.T @ spread / len(samples) + 0.05 * np.eye(784)
    weights = np.linalg.solve(covariance, means.T)
    bias = -0.5 * np.einsum("ij,ji->i", means, weights)
    return (0.4 * weights).astype(np.float32), (0.4 * bias).astype(np.float32)


def found(data: bytes, samples: Dataset | None = None) -> Contract:
    """Return the contract a classifier without metadata gets."""
    return Classifier.from_bytes(data, name="it", samples=samples).contract


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"layout": "NHWC", "low": -1.0},
        {"layout": "NHW", "high": 255.0, "output": "probabilities"},
        {"layout": "NF", "high": 255.0, "reversed": True},
        {"low": 1.0, "high": 0.0},
        {"low": 255.0, "high": 0.0, "layout": "NF"},
        {"low": 1.0, "high": -1.0, "batch": 1},
        {"low": NORMALISED[0], "high": NORMALISED[1], "batch": 8},
        {"low": NORMALISED[1], "high": NORMALISED[0]},
        {"transposed": True, "ink_recipe": "emnist"},
        {"transposed": True, "reversed": True, "ink_recipe": "emnist", "layout": "NHW"},
    ],
    ids=str,
)
@pytest.mark.parametrize("symbolic", [False, True], ids=["fixed", "symbolic"])
def test_any_usual_contract_is_found(values: dict[str, object], symbolic: bool) -> None:
    weights, bias = reader()
    contract = contract_for(weights, **values)
    data = linear_model(weights, bias, contract=contract, metadata={}, symbolic=symbolic)
    result = found(data)
    assert result.origin == "trial"
    assert (result.low, result.high) == pytest.approx((contract.low, contract.high))
    assert replace(result, low=contract.low, high=contract.high, origin="metadata") == contract


def test_the_models_of_other_people(shared_data: Path) -> None:
    digits = open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz").select(slice(2000))
    accuracies = {}
    for name in ("zoo-mnist-8", "handwritten-exporter", "sklearn-784-reversed"):
        classifier = Classifier.load(shared_data / "models" / f"{name}.onnx")
        accuracies[name] = finish(evaluate(classifier, digits)).accuracy
        contract = classifier.contract
        assert contract.origin == "trial"
        assert contract.class_names == tuple("0123456789")
        if name == "sklearn-784-reversed":
            assert (contract.layout, contract.reversed, contract.transposed) == ("NF", True, False)
            assert (contract.output, contract.low, contract.high) == ("probabilities", 0.0, 255.0)
        else:
            assert (contract.layout, contract.reversed, contract.transposed) == (
                "NCHW",
                False,
                False,
            )
            assert (contract.output, contract.low, contract.high) == ("logits", 0.0, 1.0)
            assert contract.batch == 1
    # On all 10,000 they read 98.9, 99.06 and 92.6 %; the first 2,000 are the harder ones.
    assert accuracies["zoo-mnist-8"] == pytest.approx(0.983, abs=0.003)
    assert accuracies["handwritten-exporter"] == pytest.approx(0.985, abs=0.003)
    assert accuracies["sklearn-784-reversed"] == pytest.approx(0.907, abs=0.005)


def test_the_classes_are_named_as_the_file_says() -> None:
    weights, bias = reader()
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    contract = found(linear_model(weights, bias, metadata={"names": str(dict(enumerate(words)))}))
    assert (contract.class_names, contract.origin) == (words, "trial")
    backwards = linear_model(
        weights[:, ::-1],
        bias[::-1],
        metadata={"class_names": '["9","8","7","6","5","4","3","2","1","0"]'},
    )
    assert found(backwards).class_names == tuple("9876543210")
    wrong_number = linear_model(weights, bias, metadata={"names": "{0: 'a', 1: 'b'}"})
    assert found(wrong_number).class_names == tuple("0123456789")


def test_a_declared_range_is_believed() -> None:
    weights, bias = reader()
    contract = contract_for(weights, high=255.0)
    declared = {"Image.NominalPixelRange": "NominalRange_0_255"}
    result = found(linear_model(weights, bias, contract=contract, metadata=declared))
    assert (result.low, result.high) == (0.0, 255.0)


def test_some_of_the_digits_are_enough() -> None:
    weights, bias = reader()
    result = found(linear_model(weights[:, :4], bias[:4], metadata={}))
    assert (result.class_names, result.origin) == (tuple("0123"), "trial")


def test_a_model_of_something_else_gets_the_usual_contract() -> None:
    weights = np.random.default_rng(1).normal(size=(784, 26)).astype(np.float32)
    contract = found(linear_model(weights, metadata={}))
    assert contract.origin == "assumed"
    assert contract.class_names == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert (contract.low, contract.high, contract.transposed) == (0.0, 1.0, False)


def test_a_model_of_something_else_is_found_out_by_samples_of_it() -> None:
    weights, bias = reader()
    digits = sample_dataset(300, seed=8)
    names = tuple("JIHGFEDCBA")
    letters = Dataset("letters", digits.images, digits.labels, names)
    metadata = {"names": str(list(names))}
    contract = contract_for(weights, low=-1.0)
    assert found(linear_model(weights, bias, contract=contract, metadata=metadata), letters) == (
        replace(contract, class_names=names, origin="trial")
    )


def test_larger_pictures_are_found() -> None:
    weights, bias = reader()
    grown = weights.reshape(28, 28, 10).repeat(2, axis=0).repeat(2, axis=1).reshape(-1, 10) / 4
    contract = found(linear_model(grown, bias, metadata={}))
    assert (contract.height, contract.width, contract.origin) == (56, 56, "trial")


def small_model(
    *,
    inputs: list[tuple[str, list[object], int]],
    node: str = "Identity",
    outputs: int = 1,
    **attributes: object,
) -> bytes:
    """Return a model of one node that is no classifier of pictures."""
    return model_of(
        [helper.make_node(node, [name for name, _, _ in inputs], ["answer"], **attributes)],
        [tensor(name, shape, kind) for name, shape, kind in inputs],
        [helper.make_empty_tensor_value_info("answer")] * outputs,
    )


REAL = TensorProto.FLOAT


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (small_model(inputs=[("x", ["N", 3, 224, 224], REAL)]), "\\? × 3 × 224 × 224.*in colour"),
        (small_model(inputs=[("x", ["N", 100], REAL)], node="Softmax"), None),
        (small_model(inputs=[("x", ["N", 785], REAL)]), "the shape \\? × 785"),
        (small_model(inputs=[("x", ["N", 1, 784], REAL)]), "the shape \\? × 1 × 784"),
        (small_model(inputs=[("x", [1, 2, 3, 4, 5], REAL)]), "shape 1 × 2 × 3 × 4 × 5"),
        (small_model(inputs=[("x", [784], REAL)]), "the shape 784"),
        (small_model(inputs=[("x", ["N", 784], TensorProto.STRING)]), "tensor\\(string\\)"),
        (small_model(inputs=[("x", ["N", 784], TensorProto.BOOL)]), "tensor\\(bool\\)"),
        (
            small_model(inputs=[("a", ["N", 784], REAL), ("b", ["N", 784], REAL)], node="Add"),
            "2 inputs \\(“a”, “b”\\)",
        ),
        (
            small_model(inputs=[("x", ["N", 1, 28, 28], REAL)]),
            "shape \\(2, 1, 28, 28\\)",
        ),
        (small_model(inputs=[("x", [50_000, 784], REAL)]), "insists on 50,000 pictures"),
        (small_model(inputs=[("x" * 600, ["N", 784], REAL)]), "input_name is 600 characters"),
        (
            small_model(inputs=[("x", ["N", 784], REAL)], node="ArgMax", axis=1),
            "int64 of shape \\(2, 1\\), not a row of scores",
        ),
        (
            small_model(inputs=[("x", ["N", 784], REAL)], node="ReduceMax", axes=[1]),
            "float32 of shape \\(2, 1\\)",
        ),
        (
            small_model(inputs=[("x", ["N", 28, 28], REAL)], node="ReduceMax", axes=[0]),
            "float32 of shape",
        ),
    ],
    ids=lambda value: None if isinstance(value, bytes) else str(value),
)
def test_what_is_no_classifier_of_pictures_is_refused(data: bytes, expected: str | None) -> None:
    if expected is None:
        assert found(data).class_names == tuple(str(index) for index in range(100))
        return
    with pytest.raises(ModelError, match=expected) as caught:
        Classifier.from_bytes(data, name="it")
    assert "“it” cannot be used" in caught.value.message
    assert caught.value.advice


def test_far_too_many_classes_are_refused() -> None:
    data = model_of(
        [helper.make_node("Tile", ["x", "times"], ["answer"])],
        [tensor("x", ["N", 784])],
        [helper.make_empty_tensor_value_info("answer")],
        (numpy_helper.from_array(np.array([1, 20]), "times"),),
    )
    with pytest.raises(ModelError, match="15680 class names; expected 2 to 10,000"):
        Classifier.from_bytes(data, name="it")


def test_a_model_that_answers_nothing_finite_is_refused() -> None:
    data = model_of(
        [helper.make_node("Mul", ["x", "nan"], ["answer"])],
        [tensor("x", ["N", 784])],
        [tensor("answer", ["N", 784])],
        (numpy_helper.from_array(np.float32(np.nan), "nan"),),
    )
    with pytest.raises(ModelError, match="no numbers"):
        Classifier.from_bytes(data, name="it")


def test_the_scores_are_found_among_other_outputs() -> None:
    weights, bias = reader()
    hidden = np.random.default_rng(2).normal(size=(784, 64)).astype(np.float32)
    constants = {"weights": weights, "bias": bias, "hidden": hidden, "deep": np.array([2, 3])}
    data = model_of(
        [
            helper.make_node("MatMul", ["x", "hidden"], ["features"]),
            helper.make_node("MatMul", ["x", "weights"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["rows"]),
            helper.make_node("ReduceMean", ["x"], ["average"], axes=[1]),
            helper.make_node("Unsqueeze", ["rows", "deep"], ["scores"]),
        ],
        [tensor("x", ["N", 784])],
        [helper.make_empty_tensor_value_info(name) for name in ("features", "average", "scores")],
        tuple(numpy_helper.from_array(value, name) for name, value in constants.items()),
    )
    assert (found(data).output_name, found(data).origin) == ("scores", "trial")


def test_a_model_that_calls_its_batch_open_and_takes_one() -> None:
    weights, bias = reader()
    constants = {"weights": weights, "bias": bias, "flat": np.array([1, 784])}
    data = model_of(
        [
            helper.make_node("Reshape", ["x", "flat"], ["row"]),
            helper.make_node("Gemm", ["row", "weights", "bias"], ["scores"]),
        ],
        [tensor("x", ["N", 28, 28, 1])],
        [tensor("scores", ["N", 10])],
        tuple(numpy_helper.from_array(value, name) for name, value in constants.items()),
    )
    contract = found(data)
    assert (contract.layout, contract.batch, contract.origin) == ("NHWC", 1, "trial")


def test_scores_are_told_from_probabilities() -> None:
    assert kind_of_scores(np.array([[0.2, 0.8], [1.0, 0.0]], np.float32)) == "probabilities"
    assert kind_of_scores(np.array([[0.1, 0.9], [0.7, 0.9]], np.float32)) == "probabilities"
    assert kind_of_scores(np.array([[-0.1, 1.1]], np.float32)) == "logits"
    assert kind_of_scores(np.array([[0.0, 7.0]], np.float32)) == "logits"
    assert kind_of_scores(np.array([[0.0, 0.1]], np.float32)) == "logits"


def test_classes_without_names_get_the_usual_ones() -> None:
    assert usual_class_names(10) == tuple("0123456789")
    assert usual_class_names(62)[-1] == "z"
    assert usual_class_names(3) == ("0", "1", "2")
