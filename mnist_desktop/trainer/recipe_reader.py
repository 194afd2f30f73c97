"""Turn what TOML read into a recipe, collecting every fault on the way.

Nothing in a file is believed: each value is held against the kind and the limits of its field.
"""

from __future__ import annotations

import math
import types
import unicodedata
from dataclasses import MISSING, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from mnist_desktop.trainer.layers import Layer
from mnist_desktop.trainer.recipe_faults import Fault, nearest, one_of, shortened, shown
from mnist_desktop.trainer.recipe_fields import (
    ANY_LIST,
    ANY_NUMBER,
    ANY_TEXT,
    BASED_ON,
    KIND,
    LAYERS,
    LISTS,
    NAMED,
    NONE,
    Field,
    Limits,
    fields_of,
)
from mnist_desktop.trainer.recipes import Recipe

Part = TypeVar("Part")

FAULTY = object()
"""What a value becomes that cannot be used; its fault has been noted."""

NUMBERS = {int: "a whole number", float: "a number"}


class RecipeReader:
    """Read values of a file into the parts of a recipe.

    Parameters
    ----------
    fallbacks
        Texts for fields that a person need not write, by key: the recipe's name, its summary.
    """

    def __init__(self, fallbacks: dict[str, str]) -> None:
        self.faults: list[Fault] = []
        self._fallbacks = fallbacks

    def read(self, kind: type[Part], content: dict[str, Any]) -> Part | None:
        """Return what a file says, a recipe or a part of one; None when it has faults."""
        read = self._table(kind, content, "", None)
        return read if isinstance(read, kind) else None

    def _fault(self, where: str, problem: str, advice: str = "") -> object:
        """Note a fault."""
        self.faults.append(Fault(where, problem, advice))
        return FAULTY

    def _wrong(self, where: str, expected: str, value: object, advice: str = "") -> object:
        """Note that something else is expected than what stands there."""
        return self._fault(where, f"expected {expected}, but {shown(value)} stands there", advice)

    def _value(
        self, kind: object, value: object, where: str, limits: Limits | None, base: object
    ) -> object:
        """Return a value of the kind of its field, whatever that is."""
        options = get_args(kind)
        if get_origin(kind) in (Union, types.UnionType):
            if value == NONE:
                return None
            (kind,) = (option for option in options if option is not types.NoneType)
            return self._value(kind, value, where, limits, base)
        if get_origin(kind) is Literal:
            if value in options:
                return value
            advice = nearest(value, options) if isinstance(value, str) else ""
            return self._wrong(where, one_of(options), value, advice)
        if get_origin(kind) is tuple:
            return self._list(options[0], value, where, limits or ANY_LIST)
        if kind is Layer:
            return self._layer(value, where)
        if is_dataclass(kind):
            assert isinstance(kind, type)
            return self._table(kind, value, where, base)
        if kind is bool:
            quoted = "Leave the quotation marks out." if value in ("true", "false") else ""
            right = isinstance(value, bool)
            return value if right else self._wrong(where, "true or false", value, quoted)
        if kind is str:
            return self._text(value, where, limits or ANY_TEXT)
        if kind is int or kind is float:
            return self._number(kind, value, where, limits or ANY_NUMBER)
        raise TypeError(f"no way to read {kind} for {where}")

    def _number(
        self, kind: type[int] | type[float], value: object, where: str, limits: Limits
    ) -> object:
        """Return a whole number or any number within its limits."""
        kinds = (int, float) if kind is float else (int,)
        if isinstance(value, kinds) and not isinstance(value, bool) and limits.allow(value):
            return kind(value)
        advice = ""
        if isinstance(value, bool):
            advice = "true and false are no numbers."
        elif isinstance(value, str):
            advice = "A number stands without quotation marks."
        elif isinstance(value, float) and not math.isfinite(value):
            advice = f"{value} is no number to calculate with."
        elif isinstance(value, float) and kind is int and value.is_integer():
            advice = f"Write {shown(int(value))}, without a point."
        return self._wrong(where, f"{NUMBERS[kind]} from {limits}", value, advice)

    def _text(self, value: object, where: str, limits: Limits) -> object:
        """Return a text of a length within its limits that fits on a line."""
        if not isinstance(value, str):
            return self._wrong(where, "a text in quotation marks", value)
        if not limits.allow(len(value)) or (limits.low and not value.strip()):
            expected = f"a text of {limits} characters"
            return self._fault(where, f"expected {expected}, but it has {len(value.strip())}")
        if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in value):
            return self._fault(where, "expected one line of text, but a control character is in it")
        return value

    def _list(self, kind: object, value: object, where: str, limits: Limits) -> object:
        """Return each of a list of values of one kind."""
        if not isinstance(value, list):
            return self._wrong(where, "a list in [ ]", value)
        if not value:
            return self._fault(where, "the list is empty", "Write at least one, such as { … }.")
        if not limits.allow(len(value)):
            return self._fault(where, f"expected a list of {limits}, but it has {len(value)}")
        read = [
            self._value(kind, entry, f"{where}[{number}]", None, None)
            for number, entry in enumerate(value)
        ]
        return FAULTY if FAULTY in read else tuple(read)

    def _layer(self, value: object, where: str) -> object:
        """Return a layer: a table with its kind, or the kind alone."""
        content = {KIND: value} if isinstance(value, str) else value
        if not isinstance(content, dict):
            return self._wrong(where, f'a layer such as {{ {KIND} = "relu" }}', value)
        content = dict(content)
        kind = content.pop(KIND, None)
        if kind is None:
            known = f"Known are {one_of(LAYERS)}."
            return self._fault(f"{where}.{KIND}", "the kind of the layer is missing", known)
        if not isinstance(kind, str) or kind not in LAYERS:
            advice = nearest(kind, LAYERS) if isinstance(kind, str) else ""
            return self._wrong(f"{where}.{KIND}", "a kind of layer", kind, advice)
        return self._table(LAYERS[kind], content, where, None)

    def _named(self, kind: type, value: object, where: str) -> object:
        """Return what a text names."""
        known = NAMED[kind]
        if isinstance(value, str) and value in known:
            return known[value]
        advice = nearest(value, known) if isinstance(value, str) else f"Known are {one_of(known)}."
        return self._wrong(where, f"the name of {_article(kind)}", value, advice)

    def _table(self, kind: type, value: object, where: str, base: object) -> object:
        """Return a part of a recipe, from its name or its table; what is not written is as in base.

        Parameters
        ----------
        base
            What it begins from; None for the defaults.
        """
        named = kind in NAMED
        if isinstance(value, str) and named:
            return self._named(kind, value, where)
        if isinstance(value, list) and kind in LISTS:
            value = {LISTS[kind]: value}
        if not isinstance(value, dict):
            known = f", or one of the names {one_of(NAMED[kind])}" if named else ""
            return self._wrong(where, f"a table of fields{known}", value)
        content = dict(value)
        if named and BASED_ON in content:
            base = self._named(kind, content.pop(BASED_ON), _join(where, BASED_ON))
        known_fields = {field.key: field for field in fields_of(kind)}
        for key in content:
            if key not in known_fields:
                self._unknown(kind, key, where)
        read = {
            field.name: self._field(field, content, where, base) for field in known_fields.values()
        }
        wrong = FAULTY in read.values() or any(key not in known_fields for key in content)
        return FAULTY if wrong else kind(**read)

    def _field(self, field: Field, content: dict[str, Any], where: str, base: object) -> object:
        """Return a field of a table: as written, or as it usually is."""
        where = _join(where, field.key)
        usual = field.default if base is None or base is FAULTY else getattr(base, field.name)
        if field.key in content:
            begin = None if usual is MISSING else usual
            return self._value(field.kind, content[field.key], where, field.limits, begin)
        if field.key in self._fallbacks:
            return self._fallbacks[field.key]
        if usual is not MISSING:
            return usual
        if base is FAULTY:
            return FAULTY  # it may well stand in what could not be found
        begin = f' or begin from another recipe, such as {BASED_ON} = "standard"'
        line = f"Add a line {field.key} = …{'' if '.' in where else begin}."
        return self._fault(where, "the field is missing", line)

    def _unknown(self, kind: type, key: str, where: str) -> None:
        """Note a field that there is not, with the names it may have meant."""
        known = [field.key for field in fields_of(kind)]
        known += [BASED_ON] if kind in NAMED else []
        outer = {field.key for field in fields_of(Recipe)}
        if where and key not in known and key in outer:
            # Below a [heading] every line belongs to its table: the commonest slip in TOML.
            advice = f"“{key}” is of the recipe itself: write its line above the first [ ] heading."
        else:
            advice = nearest(key, known) if known else "This kind of layer has no fields."
        self._fault(_join(where, shortened(key)), "there is no such field", advice)


def _join(where: str, key: str) -> str:
    """Return the dotted path of a key within a table."""
    return f"{where}.{key}" if where else key


def _article(kind: type) -> str:
    """Return “a recipe”, “an optimizer”."""
    name = kind.__name__.lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
