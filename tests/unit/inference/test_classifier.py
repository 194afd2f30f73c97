"""A classifier answers as its contract says, and says plainly why a file is none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from mnist_desktop.inference.classifier import Classifier, ModelError, Prediction
from mnist_desktop.inference.contract import Contract, to_metadata
from mnist_desktop.inference.running import as_probabilities
from tests.unit.inference.onnx_models import contract_for, linear_model, model_of, tensor

RANDOM = np.random.default_rng(5)
WEIGHTS = RANDOM.normal(size=(28 * 28, 10)).astype(np.float32)
BIAS = RANDOM.normal(size=10).astype(np.float32)
IMAGES = RANDOM.integers(0, 256, (7, 28, 28), dtype=np.uint8)


def expected_probabilities() -> np.ndarray:
    logits = IMAGES.reshape(7, -1) / 255.0 @ WEIGHTS + BIAS
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"layout": "NHWC", "low": -1.0},
        {"layout": "NHW", "low": 0.0, "high": 255.0},
        {"layout": "NF", "reversed": True},
        {"transposed": True, "output": "probabilities"},
        {"low": 1.0, "high": 0.0, "transposed": True, "reversed": True},
        {"batch": 1},
        {"batch": 4},
        {"low": -0.4242, "high": 2.8215},
    ],
)
def test_whatever_the_contract_the_answer_is_the_same(values: dict[str, object]) -> None:
    contract = contract_for(WEIGHTS, **values)
    classifier = Classifier.from_bytes(linear_model(WEIGHTS, BIAS, contract=contract), name="it")
    assert classifier.contract == contract
    answers = classifier.predict(IMAGES)
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers, expected_probabilities(), atol=1e-4)


def test_an_answer_names_the_most_probable_class(tmp_path: Path) -> None:
    path = tmp_path / "数字 ディジット 숫자.onnx"
    names = tuple("abcdefghij")
    path.write_bytes(linear_model(WEIGHTS, BIAS, contract=contract_for(WEIGHTS, class_names=names)))
    classifier = Classifier.load(path)
    answer = classifier.answer(IMAGES[0])
    assert (classifier.path, classifier.name) == (path, path.stem)
    assert answer.index == expected_probabilities()[0].argmax()
    assert answer.label == names[answer.index]
    assert answer.confidence == pytest.approx(expected_probabilities()[0].max(), abs=1e-4)


def test_no_pictures_give_no_answers() -> None:
    classifier = Classifier.from_bytes(linear_model(WEIGHTS), name="it")
    assert classifier.predict(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)


def test_several_threads_may_ask_at_once() -> None:
    classifier = Classifier.from_bytes(linear_model(WEIGHTS, BIAS), name="it")
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: classifier.predict(IMAGES), range(40)))
    for answer in answers:
        np.testing.assert_array_equal(answer, answers[0])


def test_ink_is_prepared_as_the_contract_says() -> None:
    wide = np.zeros((36 * 20, 10), np.float32)
    contract = contract_for(WEIGHTS, height=36, width=20, ink_recipe="resize")
    classifier = Classifier.from_bytes(linear_model(wide, contract=contract), name="it")
    raster = np.full((90, 90), 255, np.uint8)
    steps = classifier.prepare(raster)
    assert [step.name for step in steps.steps] == ["ink", "small", "fitted"]
    assert [len(step.picture) for step in steps.steps] == [90, 36, 36]
    assert steps.picture.shape == (36, 20)
    assert classifier.prepare(np.zeros((90, 90), np.uint8)).picture.shape == (36, 20)
    assert classifier.answer(steps.picture).confidence == pytest.approx(0.1)


def test_an_empty_prediction_has_no_label() -> None:
    for empty in (Prediction.empty(), Prediction.empty(("a", "b"))):
        assert (empty.label, empty.index, empty.confidence) == ("", -1, 0.0)


def test_the_input_may_be_whole_numbers() -> None:
    nodes = [
        helper.make_node("Cast", ["pixels"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["real", "flat"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weights"], ["answer"]),
    ]
    data = model_of(
        nodes,
        [tensor("pixels", ("N", 28, 28), TensorProto.UINT8)],
        [tensor("answer", ("N", 10))],
        (
            numpy_helper.from_array(np.array([-1, 784], np.int64), "flat"),
            numpy_helper.from_array(WEIGHTS / 255, "weights"),
        ),
    )
    contract = contract_for(WEIGHTS, layout="NHW", high=255.0)
    classifier = Classifier.from_bytes(with_contract(data, contract), name="it")
    wanted = as_probabilities(IMAGES.reshape(7, -1) / 255.0 @ WEIGHTS, "logits")
    np.testing.assert_allclose(classifier.predict(IMAGES), wanted, atol=1e-4)


def test_a_row_without_finite_numbers_says_nothing() -> None:
    rows = np.array([[np.nan, 1, 2], [0, np.inf, 0], [0, 0, 50]], np.float32)
    answers = as_probabilities(rows, "logits")
    np.testing.assert_allclose(answers, [[1 / 3] * 3, [1 / 3] * 3, [0, 0, 1]], atol=1e-6)


def test_weights_in_a_side_file_are_found_beside_the_model(tmp_path: Path) -> None:
    folder = tmp_path / "모델"
    folder.mkdir()
    (folder / "it.onnx").write_bytes(with_side_file("weights.bin"))
    with pytest.raises(ModelError, match=r"it\.onnx.*another file, “weights\.bin”"):
        Classifier.load(folder / "it.onnx")
    WEIGHTS.tofile(folder / "weights.bin")
    answers = Classifier.load(folder / "it.onnx").predict(IMAGES)
    wanted = as_probabilities(IMAGES.reshape(7, -1) / 255.0 @ WEIGHTS, "logits")
    np.testing.assert_allclose(answers, wanted, atol=1e-4)


def test_a_side_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    WEIGHTS.tofile(tmp_path / "weights.bin")
    (tmp_path / "inside" / "it.onnx").write_bytes(with_side_file("../weights.bin"))
    with pytest.raises(ModelError, match=r"another file, “weights\.bin”"):
        Classifier.load(tmp_path / "inside" / "it.onnx")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"\n <!DOCTYPE html><html>404</html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
        (b"PK\x03\x04" + bytes(100), "zip archive"),
        (b"\x1f\x8b\x08" + bytes(100), "gzip"),
        (b"\x00\x00\x08\x03" + bytes(100), "dataset"),
        (b"\x1c\x00\x00\x00TFL3" + bytes(100), "TensorFlow Lite"),
        (b"no model at all, only some words", "not an ONNX model"),
        (linear_model(WEIGHTS)[:5000], "only a part of one"),
    ],
)
def test_a_file_that_is_no_model_is_named(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "it.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=expected) as caught:
        Classifier.load(path)
    assert str(path) in str(caught.value) or "it.onnx" in str(caught.value)
    assert caught.value.advice


def test_a_file_that_is_not_there_or_far_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="could not be read"):
        Classifier.load(tmp_path / "nothing.onnx")
    with (tmp_path / "huge.onnx").open("wb") as stream:
        stream.truncate(513 * 1024 * 1024)
    with pytest.raises(ModelError, match="537,919,488 bytes"):
        Classifier.load(tmp_path / "huge.onnx")


def test_a_damaged_model_is_a_model_error(capfd: pytest.CaptureFixture[str]) -> None:
    whole = linear_model(WEIGHTS, BIAS)
    # The weights are the bulk; damage the graph's own words before and behind them.
    words = [*range(300), *range(len(whole) - 900, len(whole))]
    messages = []
    for seed in range(150):
        random = np.random.default_rng(seed)
        data = bytearray(whole)
        for place in random.choice(words, 2):
            data[place] = random.integers(0, 256)
        try:
            answers = Classifier.from_bytes(bytes(data), name="it").predict(IMAGES)
        except ModelError as error:
            messages.append(error.message)
        else:
            np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-4)
    assert len(messages) > 50
    assert all("“it”" in message for message in messages)
    assert not any("onnxruntime_src" in message for message in messages)
    assert capfd.readouterr().out == ""


def test_names_that_are_no_text_are_refused() -> None:
    data = linear_model(WEIGHTS).replace(b'"input_name"', b'"input\xffname"')
    with pytest.raises(ModelError, match="names that are no text"):
        Classifier.from_bytes(data, name="it")


def test_a_model_from_the_future_is_named() -> None:
    model = helper.make_model(
        helper.make_graph(
            [helper.make_node("Relu", ["x"], ["y"])], "g", [tensor("x", (1,))], [tensor("y", (1,))]
        ),
        ir_version=10,
        opset_imports=[helper.make_opsetid("", 99)],
    )
    with pytest.raises(ModelError, match="opset 99"):
        Classifier.from_bytes(model.SerializeToString(), name="it")
    model.ir_version = 99
    with pytest.raises(ModelError, match="version 99 of the ONNX file format"):
        Classifier.from_bytes(model.SerializeToString(), name="it")
    model.ir_version = 10
    model.opset_import[0].version = 17
    model.graph.node[0].op_type = "Conjure"
    with pytest.raises(ModelError, match="operator Conjure"):
        Classifier.from_bytes(model.SerializeToString(), name="it")


@pytest.mark.parametrize(
    "values",
    [
        {"input_name": "elsewhere"},
        {"output_name": "elsewhere"},
        {"layout": "NHW"},
        {"class_names": tuple("abcdefghijk")},
        {"height": 20, "width": 20},
    ],
)
def test_a_contract_that_does_not_fit_its_model_is_refused(values: dict[str, object]) -> None:
    contract = contract_for(WEIGHTS)
    data = linear_model(WEIGHTS, contract=contract)
    with pytest.raises(ModelError, match="“it” cannot be used: The model"):
        Classifier.from_bytes(with_contract(data, contract_for(WEIGHTS, **values)), name="it")


def with_contract(data: bytes, contract: Contract) -> bytes:
    """Return the model `data` with this contract in its metadata."""
    model = onnx.load_model_from_string(data)
    helper.set_model_props(model, to_metadata(contract))
    return model.SerializeToString()


def with_side_file(location: str) -> bytes:
    """Return a linear model whose weights lie in another file."""
    weights = TensorProto(name="weights", data_type=TensorProto.FLOAT, dims=WEIGHTS.shape)
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", location
    data = model_of(
        [helper.make_node("MatMul", ["pixels", "weights"], ["answer"])],
        [tensor("pixels", ("N", 784))],
        [tensor("answer", ("N", 10))],
        (weights,),
    )
    return with_contract(data, contract_for(WEIGHTS, layout="NF"))
