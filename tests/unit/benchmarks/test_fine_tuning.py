"""Twenty real digits of a person are learned, and MNIST is not forgotten."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from mnist_desktop.datasets.dataset import open_dataset
from mnist_desktop.inference.classifier import default_model_path
from tests.unit.benchmarks.modules import Load


@pytest.mark.timeout(240)
def test_a_hand_is_learned_and_mnist_is_kept(shared_data: Path, load: Load) -> None:
    module = load("fine_tuning")
    mnist = shared_data / "mnist"
    mix = open_dataset(mnist / "train-images-idx3-ubyte.gz").select(slice(0, 20_000))
    test = open_dataset(mnist / "t10k-images-idx3-ubyte.gz")
    options = argparse.Namespace(threads=1, model=default_model_path(), without_mnist=False)
    (hand,) = module.hands([6], digits=20)
    assert sorted(one.label for one in hand.teach) == sorted("0123456789" * 2)
    assert len(hand.read) == 230

    row = module.measure(hand, options, mix, test)
    writer, taught, read, before, after, mnist_before, mnist_after, *_ = row

    assert (writer, taught, read) == ("6", "20", "230")
    assert int(after) <= max(4, int(before) // 2)
    lost = float(mnist_before.split()[0]) - float(mnist_after.split()[0])
    assert lost <= 0.1
