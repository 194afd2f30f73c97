"""Recipes of every shape for Hypothesis: all a file may say, and nothing that it may not."""

from __future__ import annotations

import types
import unicodedata
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st

from mnist_desktop.trainer.networks import AUTOENCODER, Network
from mnist_desktop.trainer.recipe_fields import (
    ANY_NUMBER,
    ANY_TEXT,
    LAYERS,
    Limits,
    fields_of,
)
from mnist_desktop.trainer.recipe_network import network_fault
from mnist_desktop.trainer.recipes import Recipe


def one_line(text: str) -> bool:
    return not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text)


def values(kind: object, limits: Limits | None) -> st.SearchStrategy[Any]:
    """Return values that a field of this kind may have."""
    if get_origin(kind) is types.UnionType:
        (inner,) = (option for option in get_args(kind) if option is not types.NoneType)
        return st.none() | values(inner, limits)
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if kind is Network:
        return networks()
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return parts(kind)
    if kind is bool:
        return st.booleans()
    if kind is int:
        limits = limits or ANY_NUMBER
        return st.integers(int(limits.low), int(limits.high)).filter(limits.allow)
    if kind is float:
        limits = limits or ANY_NUMBER
        return st.floats(limits.low, limits.high).filter(limits.allow)
    assert kind is str, kind
    limits = limits or ANY_TEXT
    letters = st.characters(codec="utf-8")
    text = st.text(letters, min_size=int(limits.low), max_size=min(20, int(limits.high)))
    return text.filter(one_line).filter(lambda t: bool(t.strip()) or not limits.low)


def parts(kind: type) -> st.SearchStrategy[Any]:
    """Return whole parts of a recipe, field by field."""
    return st.builds(kind, **{f.name: values(f.kind, f.limits) for f in fields_of(kind)})


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return networks whose layers fit each other."""
    if draw(st.integers(0, 5)) == 0:
        return AUTOENCODER
    layer = st.sampled_from(sorted(LAYERS)).flatmap(lambda name: parts(LAYERS[name]))
    name = draw(values(str, Limits(1, 60)))
    start = draw(st.sampled_from(("he", "glorot")))
    body: tuple[Any, ...] = ()
    for more in draw(st.lists(layer, min_size=1, max_size=8)):
        longer = Network(name, (*body, more), start)
        if network_fault(longer) is None:
            body = longer.body
    return Network(name, body or AUTOENCODER.body[:3], start)


def recipes() -> st.SearchStrategy[Recipe]:
    """Return recipes that a file can hold."""
    return parts(Recipe)
