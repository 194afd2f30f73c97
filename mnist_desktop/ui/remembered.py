"""Read choices that were kept as a line of JSON, and believe none of it unseen. No Qt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def sound_values(text: str, usual: Mapping[str, object]) -> dict[str, Any]:
    """Return those of the values in a JSON object that are known and of the kind expected.

    Parameters
    ----------
    text
        As `json.dumps` wrote it, or anything else.
    usual
        A value of the right kind for each name that is known. A whole number may stand for a
        fraction, but a truth value for no number; a list of texts is a tuple of them.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return {}
    sound = {}
    for name, expected in usual.items():
        value = told.get(name)
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = tuple(value)
        if type(value) is type(expected) or (type(value) is int and isinstance(expected, float)):
            sound[name] = value
    return sound
