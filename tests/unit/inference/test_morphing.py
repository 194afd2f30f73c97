"""An autoencoder's halves are found, checked and used; a way tells where the answer turns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier, ModelError
from mnist_desktop.inference.morphing import (
    Autoencoder,
    decoder_path,
    default_autoencoder_path,
    encoder_path,
    straight,
)
from mnist_desktop.trainer.export import export_autoencoder
from mnist_desktop.trainer.networks import AUTOENCODER
from mnist_desktop.trainer.weights import Architecture, Weights, first_parameters
from tests.unit.cli import small_model
from tests.unit.inference.onnx_autoencoder import (
    CODE_SIZE,
    decoder_bytes,
    halves,
    plain_halves,
    small_autoencoder,
    write_halves,
)
from tests.unit.inference.onnx_models import model_of, tensor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose name no code page knows in full."""
    path = tmp_path / "数字 ディジット 숫자"
    path.mkdir()
    return path


# The files


def test_decoder_stands_beside_the_encoder() -> None:
    assert decoder_path(Path("a/m.v2.onnx")) == Path("a/m.v2.decoder.onnx")
    assert encoder_path(Path("a/m.v2.decoder.onnx")) == Path("a/m.v2.onnx")
    assert encoder_path(Path("a/m.onnx")) == Path("a/m.onnx")


def test_load_from_either_half(folder: Path) -> None:
    path = write_halves(folder / "変形.onnx")

    for given_path in (path, decoder_path(path)):
        autoencoder = Autoencoder.load(given_path)

        assert (autoencoder.height, autoencoder.width) == (28, 28)
        assert autoencoder.code_size == CODE_SIZE
        assert autoencoder.path == path
        assert autoencoder.name == "変形"


def test_what_the_trainer_writes_is_understood() -> None:
    architecture = Architecture(AUTOENCODER, 28, 28, 10)
    parameters = first_parameters(architecture, np.random.default_rng(1))
    statistics = np.ones(architecture.statistics_layout().size, np.float32)
    weights = Weights(architecture, parameters, statistics)
    encoder, decoder = export_autoencoder(weights, {"trained_on": "MNIST · train"})

    autoencoder = Autoencoder.from_bytes(
        encoder.SerializeToString(), decoder.SerializeToString(), name="fresh"
    )

    assert autoencoder.trained_on == "MNIST · train"
    assert autoencoder.encode(sample_dataset(10).images).shape == (10, 32)
    assert autoencoder.morph(*sample_dataset(10).images[:2], 3).shape == (3, 28, 28)


def test_missing_decoder_is_told_by_name(folder: Path) -> None:
    path = write_halves(folder / "m.onnx")
    decoder_path(path).unlink()

    with pytest.raises(ModelError, match=r"no decoder: “m\.decoder\.onnx” is not beside it"):
        Autoencoder.load(path)


def test_missing_encoder_is_told_by_name(folder: Path) -> None:
    path = write_halves(folder / "m.onnx")
    path.unlink()

    with pytest.raises(ModelError, match=r"m\.onnx” could not be read"):
        Autoencoder.load(decoder_path(path))


def test_classifier_is_no_autoencoder(folder: Path) -> None:
    path = folder / "digits.onnx"
    path.write_bytes(small_model())

    with pytest.raises(ModelError, match=r"digits\.onnx” cannot be used: it is no encoder") as told:
        Autoencoder.load(path)
    assert "“answer”" in told.value.message


def test_autoencoder_is_no_classifier() -> None:
    with pytest.raises(ModelError, match="encoder of an autoencoder"):
        Classifier.load(default_autoencoder_path())


@pytest.mark.parametrize("swapped", ["decoder as encoder", "encoder as decoder"])
def test_halves_in_the_wrong_place(swapped: str) -> None:
    encoder, decoder = halves()
    pair = (decoder, decoder) if swapped == "decoder as encoder" else (encoder, encoder)

    with pytest.raises(ModelError, match=r"no encoder|decoder is none"):
        Autoencoder.from_bytes(*pair, name="swapped")


@pytest.mark.parametrize(
    ("encoder", "decoder", "told"),
    [
        (halves()[0], plain_halves(28, code=4)[1], "codes of 32 numbers .* from 4 numbers"),
        (plain_halves(28)[0], plain_halves(32)[1], "of 28 × 28, the decoder pictures of 32 × 32"),
    ],
    ids=["code", "size"],
)
def test_halves_of_two_trainings_do_not_fit(encoder: bytes, decoder: bytes, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        Autoencoder.from_bytes(encoder, decoder, name="mixed")


def test_decoder_that_is_a_web_page(folder: Path) -> None:
    path = write_halves(folder / "m.onnx", (halves()[0], b"<html>404</html>"))

    with pytest.raises(ModelError, match=r"m\.decoder\.onnx” is a web page"):
        Autoencoder.load(path)


def test_half_that_fails_when_it_runs_is_refused() -> None:
    # Declares a code for each picture, but makes 28 codes of one.
    rolled = model_of(
        [helper.make_node("Reshape", ["image", "shape"], ["code"])],
        [tensor("image", ("N", 1, 28, 28))],
        [tensor("code", ("N", 28))],
        (numpy_helper.from_array(np.array([-1, 28], np.int64), "shape"),),
    )
    with pytest.raises(ModelError, match=r"“code” is \(28, 28\); expected \(1, 28\)"):
        Autoencoder.from_bytes(rolled, plain_halves(28, code=28)[1], name="rolled")


def test_values_that_are_no_numbers_are_refused() -> None:
    encoder, _ = halves()
    weights = np.full((784, CODE_SIZE), np.nan)
    decoder = decoder_bytes(weights, np.zeros(784), height=28, width=28)

    with pytest.raises(ModelError, match="no finite numbers"):
        Autoencoder.from_bytes(encoder, decoder, name="nan")


def test_half_that_reads_other_numbers_is_refused() -> None:
    nodes = [
        helper.make_node("Flatten", ["image"], ["flat"], axis=1),
        helper.make_node("Cast", ["flat"], ["code"], to=TensorProto.FLOAT),
    ]
    encoder = model_of(
        nodes,
        [tensor("image", ("N", 1, 28, 28), TensorProto.UINT8)],
        [tensor("code", ("N", 784))],
    )
    with pytest.raises(ModelError, match=r"tensor\(uint8\); expected is tensor\(float\)"):
        Autoencoder.from_bytes(encoder, halves()[1], name="bytes")


# Codes and pictures


def test_pictures_come_back_nearly_as_they_were() -> None:
    images = sample_dataset(200, seed=9).images
    autoencoder = small_autoencoder()

    codes = autoencoder.encode(images)
    again = autoencoder.decode(codes)

    assert codes.shape == (200, CODE_SIZE)
    assert codes.dtype == np.float32
    assert again.shape == images.shape
    assert again.dtype == np.uint8
    error = np.abs(again.astype(int) - images).mean()
    assert error < images.mean() / 2  # 32 principal components are that good


def test_many_pictures_go_through_in_portions_without_a_seam() -> None:
    images = sample_dataset(300, seed=9).images
    autoencoder = small_autoencoder()

    assert np.allclose(
        autoencoder.encode(images)[[0, 127, 128, 299]],
        autoencoder.encode(images[[0, 127, 128, 299]]),
        atol=1e-4,
    )
    assert autoencoder.encode(images[:0]).shape == (0, CODE_SIZE)


def test_morph_goes_from_one_decoded_end_to_the_other() -> None:
    first, second = sample_dataset(10, seed=2).images[:2]
    autoencoder = small_autoencoder()

    pictures = autoencoder.morph(first, second, 9)

    ends = autoencoder.decode(autoencoder.encode(np.stack([first, second])))
    assert pictures.shape == (9, 28, 28)
    assert np.array_equal(pictures[[0, -1]], ends)
    back = autoencoder.morph(second, first, 9)
    assert np.abs(back[::-1].astype(int) - pictures).max() <= 1


def test_size_that_does_not_fit_is_told() -> None:
    autoencoder = small_autoencoder()
    small, large = np.zeros((28, 28), np.uint8), np.zeros((32, 32), np.uint8)

    assert autoencoder.fits(small)
    assert not autoencoder.fits(large)
    with pytest.raises(ModelError, match="of 28 × 28; these are 32 × 32"):
        autoencoder.encode(large[np.newaxis])
    with pytest.raises(ModelError, match="of 28 × 28; these are 32 × 32"):
        autoencoder.morph(small, large, 3)


@given(
    ends=st.lists(st.floats(-1e3, 1e3, width=32), min_size=2, max_size=2),
    steps=st.integers(2, 50),
)
def test_straight_line_keeps_its_ends_and_never_turns(ends: list[float], steps: int) -> None:
    first, second = (np.full(3, end, np.float32) for end in ends)

    line = straight(first, second, steps)

    assert line.shape == (steps, 3)
    assert line.dtype == np.float32
    assert np.array_equal(line[0], first)
    assert np.array_equal(line[-1], second)
    moves = np.diff(line[:, 0]) * np.sign(ends[1] - ends[0])
    assert (moves >= -1e-3).all()


def test_a_line_has_two_ends() -> None:
    with pytest.raises(ValueError, match="two ends"):
        straight(np.zeros(2, np.float32), np.ones(2, np.float32), 1)


# The one that comes with the program


def test_the_programs_own_autoencoder_draws_digits(shared_data: Path) -> None:
    if not default_autoencoder_path().exists():
        pytest.skip("the program's autoencoder is not here yet")
    from mnist_desktop.datasets.dataset import open_dataset
    from mnist_desktop.inference.classifier import default_model_path

    autoencoder = Autoencoder.load(default_autoencoder_path())
    images = open_dataset(shared_data / "mnist" / "t10k-images-idx3-ubyte.gz").images[:1000]
    classifier = Classifier.load(default_model_path())

    again = autoencoder.decode(autoencoder.encode(images))

    assert np.abs(again.astype(int) - images).mean() < images.mean() / 4
    said, meant = (
        classifier.predict(again).argmax(axis=1),
        classifier.predict(images).argmax(axis=1),
    )
    assert (said == meant).mean() > 0.95
