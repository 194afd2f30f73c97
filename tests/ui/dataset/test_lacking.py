"""What cannot be done says what it needs."""

from __future__ import annotations

from typing import cast

from mnist_desktop.datasets.picking import Order
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.ui.dataset.page import DatasetPage
from tests.ui.dataset.dataset_helpers import make_dataset
from tests.ui.dataset.finding_helpers import Reader


def entry(page: DatasetPage, order: Order) -> tuple[bool, str, str]:
    """Return whether an order can be chosen, its text and its tip."""
    box = page.view_bar.picker.order
    item = box.model().item(box.findData(order))
    return item.isEnabled(), item.text(), item.toolTip()


def test_what_needs_labels_says_so(page: DatasetPage) -> None:
    page.set_classifier(cast(Classifier, Reader()))
    page.set_dataset(make_dataset(labelled=False))
    enabled, text, tip = entry(page, Order.FIRST_OF_EACH)
    assert (enabled, text) == (False, "First of each class (needs labels)")
    assert "no labels" in tip
    assert entry(page, Order.LOSS)[:2] == (False, "By loss (needs labels)")
    assert not page.view_bar.misread.isEnabled()
    assert "no labels" in page.view_bar.misread.toolTip()
    assert entry(page, Order.CONFIDENCE)[:2] == (True, "By confidence")


def test_what_needs_a_model_says_so(filled: DatasetPage) -> None:
    for order, text in ((Order.LOSS, "By loss"), (Order.CONFIDENCE, "By confidence")):
        assert entry(filled, order)[:2] == (False, f"{text} (needs a model)")
    assert not filled.view_bar.misread.isEnabled()
    assert entry(filled, Order.FIRST_OF_EACH)[:2] == (True, "First of each class")
    filled.set_classifier(cast(Classifier, Reader()))
    assert entry(filled, Order.LOSS)[:2] == (True, "By loss")
    assert filled.view_bar.misread.isEnabled()


def test_a_model_of_other_classes_is_told(filled: DatasetPage) -> None:
    filled.set_classifier(cast(Classifier, Reader(("A", "B", "C"))))
    enabled, text, tip = entry(filled, Order.LOSS)
    assert (enabled, text) == (False, "By loss (needs a model of these classes)")
    assert "A, B, C" in tip
    assert entry(filled, Order.CONFIDENCE)[0]
