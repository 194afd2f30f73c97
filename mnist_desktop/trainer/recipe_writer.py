"""Write a recipe as a TOML text that people can read and change, and reads as the same again."""

from __future__ import annotations

import hashlib
import json
import re
import types
from collections.abc import Collection
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, TypeAlias, get_args

from mnist_desktop.trainer.layers import Layer
from mnist_desktop.trainer.recipe_fields import KIND, LAYERS, NONE, fields_of
from mnist_desktop.trainer.recipes import Recipe

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Toml: TypeAlias = "bool | int | float | str | list[Toml] | dict[str, Toml]"
"""What can be written."""

HEAD = """\
# A recipe: everything that decides a training but the dataset and the seed.
# Change what you like, give it a name of your own, and train with --recipe FILE.
"""


def recipe_text(recipe: Recipe) -> str:
    """Return `recipe` as a TOML text with every field; `recipe_file.parse_recipe` reads it."""
    return f"{HEAD}\n{_table_text(_table(recipe, whole=True))}"


def recipe_digest(recipe: Recipe, *, without: Collection[str] = ()) -> str:
    """Return a hash of all that `recipe` says otherwise than a recipe usually does.

    A field that is added to `Recipe` with a default one day leaves it as it was.

    Parameters
    ----------
    without
        Fields of the recipe that do not count.
    """
    table = _table(recipe, whole=False)
    decisive = {key: value for key, value in table.items() if key not in without}
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def _table(part: DataclassInstance, *, whole: bool) -> dict[str, Toml]:
    """Return a part of a recipe as a table.

    Parameters
    ----------
    whole
        Whether it has every field, or only those that are not as usual.
    """
    return {
        field.key: _value(field.kind, getattr(part, field.name), whole=whole)
        for field in fields_of(type(part))
        if whole or getattr(part, field.name) != field.default
    }


def _value(kind: object, value: object, *, whole: bool) -> Toml:
    """Return a value of a field as TOML knows it."""
    if value is None:
        return NONE
    if isinstance(kind, types.UnionType):
        (kind,) = (option for option in get_args(kind) if option is not types.NoneType)
    if isinstance(value, tuple):
        return [_value(get_args(kind)[0], entry, whole=whole) for entry in value]
    if kind is Layer:
        return _layer(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _table(value, whole=whole)
    if isinstance(value, bool | str):
        return value
    assert isinstance(value, int | float)
    # A float field may hold a whole number: it must not make another text, or another digest.
    return float(value) if kind is float else value


def _layer(layer: object) -> Toml:
    """Return a layer as the table of what is not as usual, or its kind where all is."""
    assert is_dataclass(layer)
    assert not isinstance(layer, type)
    (name,) = (name for name, kind in LAYERS.items() if kind is type(layer))
    table = _table(layer, whole=False)
    return {KIND: name, **table} if table else name


def _table_text(values: dict[str, Toml], prefix: str = "") -> str:
    """Write a table: its plain fields first, since behind a heading all belongs to that."""
    lines = [f"{k} = {_value_text(v)}\n" for k, v in values.items() if not isinstance(v, dict)]
    for key, value in values.items():
        if isinstance(value, dict):
            heading = f"{prefix}{key}"
            lines.append(f"\n[{heading}]\n{_table_text(value, f'{heading}.')}")
    return "".join(lines)


def _value_text(value: Toml) -> str:
    """Write a value on a line; the entries of a list on a line each."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_value_text(entry)},\n" for entry in value) + "]"
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_value_text(entry)}" for key, entry in value.items())
        return f"{{ {inside} }}"
    return repr(value)


def _quoted(text: str) -> str:
    """Write a text between quotation marks, with control characters by their numbers."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\u{ord(m[0]):04x}", escaped) + '"'
