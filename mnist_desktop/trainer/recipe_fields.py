"""What a recipe's file may say: each field with its kind and limits, and what goes by a name.

All of it is read off the dataclasses themselves. A field added to `Recipe` or to one of its parts,
a network added to `networks`, a layer added to `layers` can be written in a file at once; only
where its limits are narrower than those of its kind does it need a line in `LIMITS`.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import ModuleType
from typing import Any, TypeVar, get_type_hints

from mnist_desktop.trainer import layers, networks, optimizers
from mnist_desktop.trainer.augment import PLAIN, Augmentation
from mnist_desktop.trainer.layers import Convolution, Dense, Dropout, MaxPool, PixelShuffle
from mnist_desktop.trainer.layers import Unflatten as _Unflatten
from mnist_desktop.trainer.networks import Network
from mnist_desktop.trainer.optimizers import Optimizer
from mnist_desktop.trainer.recipes import RECIPES, Recipe

Kept = TypeVar("Kept")

BASED_ON = "based_on"
"""The key that names what a table begins from."""

KIND = "kind"
"""The key that names the kind of a layer."""

NONE = "none"
"""The text that stands for nothing where a field may have nothing."""


@dataclass(frozen=True)
class Limits:
    """The range of a number, or of the length of a text or list.

    Parameters
    ----------
    low, high
        The ends.
    above, below
        Whether the end itself is excluded.
    """

    low: float
    high: float
    above: bool = False
    below: bool = False

    def allow(self, value: float) -> bool:
        """Return whether `value` lies within; NaN never does."""
        over = value > self.low if self.above else value >= self.low
        under = value < self.high if self.below else value <= self.high
        return over and under

    def __str__(self) -> str:
        low = f"{'above ' if self.above else ''}{_number(self.low)}"
        return f"{low} to {'below ' if self.below else ''}{_number(self.high)}"


def _number(value: float) -> str:
    """Write a number for people: 10,000 and 0.95."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


ANY_NUMBER = Limits(-1_000_000_000, 1_000_000_000)
ANY_TEXT = Limits(0, 200)
ANY_LIST = Limits(1, 100)
"""The limits of what `LIMITS` does not name."""

LIMITS: dict[type, dict[str, Limits]] = {
    Recipe: {
        "name": Limits(1, 40),
        "learning_rate": Limits(0, 100, above=True),
        "epochs": Limits(1, 10_000),
        "warm_up": Limits(0, 0.95),
        "batch_size": Limits(1, 8192),
        "label_smoothing": Limits(0, 0.9),
        "averaging": Limits(0, 1),
        "validation": Limits(0, 0.5),
        "samples_per_epoch": Limits(2, 10_000_000),
        "own_share": Limits(0, 1, above=True, below=True),
    },
    Optimizer: {
        "name": Limits(1, 40),
        "momentum": Limits(0, 1, below=True),
        "square_decay": Limits(0, 1, below=True),
        "epsilon": Limits(1e-12, 1),
        "weight_decay": Limits(0, 10),
    },
    Augmentation: {
        "shift": Limits(0, 100),
        "rotation": Limits(0, 180),
        "zoom": Limits(0, 1),
        "shear": Limits(0, 1),
        "elastic": Limits(0, 20),
        "untouched": Limits(0, 1),
    },
    Network: {"name": Limits(1, 200), "code_layers": Limits(0, 100)},
    Convolution: {
        "filters": Limits(1, 512),
        "size": Limits(1, 15),
        "stride": Limits(1, 15),
        "padding": Limits(0, 14),
    },
    MaxPool: {"size": Limits(1, 15), "stride": Limits(1, 15)},
    Dropout: {"rate": Limits(0, 0.95)},
    Dense: {"units": Limits(1, 8192)},
    _Unflatten: {
        "height": Limits(1, 256),
        "width": Limits(1, 256),
        "channels": Limits(1, 512),
    },
    PixelShuffle: {"size": Limits(1, 8)},
}
"""The limits of fields; wider than anything sensible, narrower than what would harm."""

_KEYS: dict[tuple[type, str], str] = {(Network, "body"): "layers"}
"""Fields that are called otherwise in a file."""

LISTS: dict[type, str] = {Network: "layers"}
"""The field of a table that a list in the table's place stands for."""


@dataclass(frozen=True)
class Field:
    """A field of a table in a recipe's file.

    Parameters
    ----------
    name, key
        What it is called in Python, and in the file.
    kind
        Its type, as Python writes it.
    limits
        The limits of its number, text or list.
    default
        What it is where it is not written; `MISSING` for what has to be.
    """

    name: str
    key: str
    kind: Any
    limits: Limits | None
    default: Any


@cache
def fields_of(table: type) -> tuple[Field, ...]:
    """Return the fields of a part of a recipe, in their order."""
    hints, limits = get_type_hints(table), LIMITS.get(table, {})
    assert is_dataclass(table)
    return tuple(
        Field(
            field.name,
            _KEYS.get((table, field.name), field.name),
            hints[field.name],
            limits.get(field.name),
            field.default if field.default_factory is MISSING else field.default_factory(),
        )
        for field in fields(table)
    )


def _kind_name(layer: type) -> str:
    """Return what a kind of layer is called in a file: `max_pool` for `MaxPool`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", layer.__name__).lower()


def _constants(module: ModuleType, kind: type[Kept]) -> dict[str, Kept]:
    """Return the constants of a kind in a module, by their names as a file writes them."""
    return {
        name.lower().replace("_", "-"): value
        for name, value in vars(module).items()
        if isinstance(value, kind)
    }


LAYERS: dict[str, type] = {
    _kind_name(found): found
    for found in vars(layers).values()
    if isinstance(found, type) and is_dataclass(found) and hasattr(found, "forward")
}
"""Every kind of layer by its name in a file."""

NAMED: dict[type, dict[str, Any]] = {
    Recipe: RECIPES,
    Network: _constants(networks, Network),
    Optimizer: _constants(optimizers, Optimizer),
    Augmentation: {NONE: PLAIN},
}
"""What can be named in place of a table, and begun from by `based_on` within one."""
