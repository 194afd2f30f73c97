"""What the orders of samples are called. No Qt."""

from __future__ import annotations

from mnist_desktop.datasets.picking import Order, Picking

ORDERS = {
    Order.FILE: ("As in the file", ""),
    Order.FIRST_OF_EACH: ("First of each class", ""),
    Order.RANDOM: ("Random sample", "Some of the images, drawn by chance"),
    Order.SHUFFLED: ("Shuffled", "All of them in an order made by chance"),
    Order.BRIGHTNESS: (
        "By brightness",
        "By the mean of the pixels, from 0 for blank paper to 255 for nothing but ink",
    ),
    Order.LOSS: (
        "By loss",
        "By the model's loss: large where it gives the label little chance",
    ),
    Order.CONFIDENCE: ("By confidence", "By how sure the model is of its answer"),
}
"""What each order is called, and what it means."""
DIRECTIONS = {
    Order.BRIGHTNESS: ("Least ink first", "Most ink first"),
    Order.LOSS: ("Smallest loss first", "Largest loss first"),
    Order.CONFIDENCE: ("Least sure first", "Surest first"),
}
"""What begins, with the smallest value and with the largest."""


def order_words(picking: Picking) -> str:
    """Return in a few words how samples are ordered: largest loss first."""
    names = DIRECTIONS.get(picking.order)
    return picking.order.value if names is None else names[picking.largest_first].lower()
