"""Covering a picture finds what decides its class."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.inference.explanation import PASSES, explain, log_odds, occlusions
from tests.unit.inference.onnx_models import contract_for, linear_model

BLOCK = (slice(4, 8), slice(16, 20))
AGAINST = (slice(20, 24), slice(4, 8))


def planted(**values: object) -> Classifier:
    """Return a classifier of two classes that looks at two blocks of pixels only."""
    weights = np.zeros((28, 28, 2))
    weights[(*BLOCK, 1)] = 0.5
    weights[(*AGAINST, 1)] = -0.25
    contract = contract_for(weights.reshape(784, 2), **values)
    return Classifier.from_bytes(
        linear_model(weights.reshape(784, 2), contract=contract), name="planted"
    )


def full() -> np.ndarray:
    return np.full((28, 28), 255, np.uint8)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"batch": 1},
        {"batch": 7},
        {"layout": "NHWC", "low": -1.0},
        {"layout": "NF", "transposed": True, "low": 1.0, "high": 0.0},
        {"layout": "NHW", "reversed": True, "output": "probabilities"},
    ],
)
def test_the_block_that_decides_is_found_by_any_contract(values: dict[str, object]) -> None:
    found = explain(planted(**values), full(), index=1)

    # 16 pixels of weight 0.5 make 8 of the log-odds of two classes, the others 4 against it.
    assert found.log_odds == pytest.approx(8 - 4, abs=1e-3)
    assert found.evidence[BLOCK].mean() > 3
    assert found.evidence[5:7, 17:19].min() == found.evidence.max() == pytest.approx(4.5, abs=0.01)
    assert found.evidence[AGAINST].mean() < -1.5
    far = found.evidence.copy()
    far[2:10, 14:22] = far[18:26, 2:10] = 0
    np.testing.assert_allclose(far, 0, atol=1e-3)


def test_what_covering_costs_is_told_as_log_odds() -> None:
    found = explain(planted(), full(), index=1)

    assert found.log_odds_without(5, 17) == pytest.approx(4 - 4.5, abs=0.01)


def test_the_most_probable_class_is_explained_where_none_is_asked_for() -> None:
    assert explain(planted(), full()).index == 1
    only_against = np.zeros((28, 28), np.uint8)
    only_against[AGAINST] = 255
    found = explain(planted(), only_against)
    assert found.index == 0
    assert found.evidence[AGAINST].min() > 0


def test_blank_paper_says_nothing() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[BLOCK] = 255
    found = explain(planted(), picture, index=1)

    assert (found.evidence[BLOCK] > 0).all()
    found.evidence[BLOCK] = 0
    assert not found.evidence.any()


def test_the_map_gets_finer_pass_by_pass() -> None:
    passes = [made.passes for made in occlusions(planted(), full())]

    assert passes == sorted(passes)
    assert set(passes) == set(range(PASSES + 1))


def test_a_whole_picture_takes_few_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier, asked = planted(), list[int]()
    ask = classifier.predict

    def count(images: np.ndarray) -> np.ndarray:
        asked.append(len(images))
        return ask(images)

    monkeypatch.setattr(classifier, "predict", count)
    large = np.full((280, 280), 255, np.uint8)
    explain(classifier, full())
    small_asked, asked[:] = sum(asked), []
    explain(classifier, large)

    assert sum(asked) == small_asked <= 1 + 2 * 49 + 3 * 64


def test_log_odds_tell_sure_from_surer() -> None:
    rows = np.array([[1.0, 1e-6], [1.0, 1e-9], [0.5, 0.5], [0.0, 1.0]], np.float32)

    np.testing.assert_allclose(log_odds(rows, 0), [13.8155, 20.7233, 0.0, -27.631], atol=1e-3)


def test_no_such_class() -> None:
    with pytest.raises(IndexError):
        explain(planted(), full(), index=2)


@settings(max_examples=30, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), seed=st.integers(0, 99))
def test_any_picture_gets_a_map_of_its_own_size(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    found = explain(planted(), picture)

    assert found.evidence.shape == picture.shape
    assert np.isfinite(found.evidence).all()
    assert not found.evidence[picture == 0].any()
