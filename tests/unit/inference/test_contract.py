"""A contract survives its file, and refuses what a file must not claim."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_desktop.inference.contract import (
    CONTRACT_KEY,
    Contract,
    ModelError,
    class_names_in,
    from_metadata,
    to_metadata,
)

PLAIN = Contract(class_names=("a", "b"), input_name="x", output_name="y")
texts = st.text(min_size=1, max_size=20)
contracts = st.builds(
    Contract,
    class_names=st.lists(texts, min_size=2, max_size=70).map(tuple),
    input_name=texts,
    output_name=texts,
    layout=st.sampled_from(["NCHW", "NHWC", "NHW", "NF"]),
    height=st.integers(1, 1024),
    width=st.integers(1, 1024),
    low=st.floats(-1e6, -1.0),
    high=st.floats(-0.5, 1e6),
    transposed=st.booleans(),
    reversed=st.booleans(),
    ink_recipe=st.sampled_from(["mnist", "emnist", "resize"]),
    output=st.sampled_from(["logits", "probabilities"]),
    batch=st.none() | st.integers(1, 64),
    recipe=st.none() | texts,
    seed=st.none() | st.integers(0, 2**63 - 1),
    accuracy=st.none() | st.floats(0.0, 1.0),
    trained_on=st.none() | texts,
    fine_tuned_from=st.none() | texts,
)


@given(contracts)
def test_a_contract_survives_its_metadata(contract: Contract) -> None:
    assert from_metadata(to_metadata(contract)) == contract


@given(contracts)
def test_other_programs_find_the_class_names(contract: Contract) -> None:
    entries = to_metadata(contract)
    del entries[CONTRACT_KEY]
    assert class_names_in(entries) == contract.class_names
    assert from_metadata(entries) is None


def test_the_standard_keys_say_grey_and_the_range() -> None:
    assert to_metadata(PLAIN)["Image.BitmapPixelFormat"] == "Gray8"
    assert to_metadata(PLAIN)["Image.NominalPixelRange"] == "Normalized_0_1"
    odd = Contract(class_names=("a", "b"), input_name="x", output_name="y", low=1.0, high=0.0)
    assert "Image.NominalPixelRange" not in to_metadata(odd)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": 2}, "version is 2"),
        ({"version": "one"}, "whole number"),
        ({"class_names": ["only one"]}, "1 class names"),
        ({"class_names": "ab"}, "no list of names"),
        ({"class_names": [1, 2]}, "no text"),
        ({"class_names": ["a", "b" * 1000]}, "1,000 characters"),
        ({"input_name": ""}, "input_name"),
        ({"layout": "WHCN"}, "layout"),
        ({"layout": ["NCHW"]}, "layout"),
        ({"height": 0}, "height is 0"),
        ({"width": 10**9}, "width is"),
        ({"width": 28.5}, "whole number"),
        ({"high": float("nan")}, "high is nan"),
        ({"low": 1.0}, "same value"),
        ({"low": "0"}, "not a number"),
        ({"transposed": "no"}, "not true or false"),
        ({"batch": -1}, "batch is -1"),
        ({"accuracy": 99.4}, "accuracy is 99.4"),
        ({"seed": -1}, "seed is -1"),
        ({"ink_recipe": "mine"}, "ink_recipe"),
        ({"output": "labels"}, "output is"),
        ({"trained_on": 5}, "trained_on"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(change: dict[str, object], expected: str) -> None:
    content = json.loads(to_metadata(PLAIN)[CONTRACT_KEY]) | change
    with pytest.raises(ModelError, match=expected):
        from_metadata({CONTRACT_KEY: json.dumps(content)})


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"text"', "{}", '{"version": 1}', "[" * 100_000]
)
def test_a_damaged_contract_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="contract inside the model"):
        from_metadata({CONTRACT_KEY: text})


def test_keys_of_a_later_version_do_no_harm() -> None:
    content = json.loads(to_metadata(PLAIN)[CONTRACT_KEY]) | {"colour": "blue", "origin": "trial"}
    assert from_metadata({CONTRACT_KEY: json.dumps(content)}) == PLAIN


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"names": "{0: 'zero', 1: 'one'}"}, ("zero", "one")),
        ({"names": "{1: 'one', 0: 'zero'}"}, ("zero", "one")),
        ({"names": "['zero', 'one']"}, ("zero", "one")),
        ({"class_names": '["zero", "one"]'}, ("zero", "one")),
        ({"names": "__import__('os').getcwd()", "class_names": '["a", "b"]'}, ("a", "b")),
        ({"names": "{0: 'zero', 2: 'two'}"}, None),
        ({"names": "'zero'"}, None),
        ({"names": "(" * 5_000}, None),
        ({"class_names": "7"}, None),
        ({"class_names": "zero, one"}, None),
        ({}, None),
    ],
)
def test_class_names_of_other_programs(
    metadata: dict[str, str], expected: tuple[str, ...] | None
) -> None:
    assert class_names_in(metadata) == expected


@pytest.mark.parametrize(
    ("layout", "shape"),
    [("NCHW", (2, 1, 3, 5)), ("NHWC", (2, 3, 5, 1)), ("NHW", (2, 3, 5)), ("NF", (2, 15))],
)
def test_pictures_are_arranged_in_the_layout(layout: str, shape: tuple[int, ...]) -> None:
    images = np.arange(30, dtype=np.uint8).reshape(2, 3, 5)
    contract = Contract(
        class_names=("a", "b"), input_name="x", output_name="y", layout=layout, height=3, width=5
    )
    values = contract.arrange(images)
    assert values.shape == shape
    assert values.dtype == np.float32
    np.testing.assert_allclose(values.ravel(), np.arange(30) / 255, rtol=1e-6)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 255), (-1, 1), (1, 0), (-0.4242, 2.8215)])
def test_paper_and_ink_become_the_values_of_the_contract(low: float, high: float) -> None:
    contract = Contract(
        class_names=("a", "b"),
        input_name="x",
        output_name="y",
        height=1,
        width=3,
        low=low,
        high=high,
    )
    values = contract.arrange(np.array([[[0, 51, 255]]], np.uint8)).ravel()
    np.testing.assert_allclose(values, [low, low + 0.2 * (high - low), high], rtol=1e-5, atol=1e-6)


def test_turned_models_get_turned_pictures() -> None:
    image = np.array([[[0, 1, 2], [3, 4, 5]]], np.uint8)
    base = {"class_names": ("a", "b"), "input_name": "x", "output_name": "y", "high": 255.0}
    upright = Contract(**base, height=2, width=3)
    lying = Contract(**base, height=3, width=2, transposed=True)
    backwards = Contract(**base, height=2, width=3, layout="NF", reversed=True)
    assert upright.arrange(image).tolist() == [[[[0, 1, 2], [3, 4, 5]]]]
    assert lying.arrange(image).tolist() == [[[[0, 3], [1, 4], [2, 5]]]]
    assert backwards.arrange(image).tolist() == [[5, 4, 3, 2, 1, 0]]


def test_another_size_is_resampled_and_keeps_its_ink() -> None:
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, 4:24, 10:14] = 255
    contract = Contract(
        class_names=("a", "b"), input_name="x", output_name="y", height=32, width=32
    )
    values = contract.arrange(images)
    assert values.shape == (1, 1, 32, 32)
    assert values.mean() == pytest.approx(images.mean() / 255, rel=1e-5)
    assert values.max() == pytest.approx(1.0)
