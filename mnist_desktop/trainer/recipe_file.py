"""Read a recipe from a small TOML file, without trusting it.

A file may begin from a recipe that comes with the program and say only what differs:

    based_on = "standard"
    epochs = 12

Else it names network, optimizer, learning rate and epochs; all other fields may be left out. The
module `recipe_fields` knows what can be written, `recipe_writer` writes such a file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from mnist_desktop.trainer.recipe_faults import Fault, RecipeError, error_of, shown
from mnist_desktop.trainer.recipe_network import network_fault
from mnist_desktop.trainer.recipe_reader import RecipeReader
from mnist_desktop.trainer.recipes import Recipe

LARGEST_FILE = 16 << 10
"""Bytes a recipe's file may have: a hundred layers need 10,000. The time of tomllib grows with the
square of the dots in a key: a second for a file that is nothing else, 19 for one of 60 KB."""


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in a TOML file.

    Raises
    ------
    RecipeError
        When the file cannot be read, is no TOML, or says something that cannot be meant; every
        fault is told.
    """
    try:
        if path.is_dir():
            raise RecipeError(f"“{path}” is a folder", "Name the recipe's file in it.")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise RecipeError(
            f"There is no file “{path}”", "Check its name, and the folder it is in."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RecipeError(
            f"“{path}” cannot be read: {reason}", "Choose a file that you may read."
        ) from error
    if len(data) > LARGEST_FILE:
        raise RecipeError(
            f"“{path}” is larger than {LARGEST_FILE:,} bytes, so it is no recipe",
            "A recipe is a small text file; choose that.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError(
            f"“{path}” is no text in UTF-8: byte {error.start} is 0x{data[error.start]:02x}",
            "Save it as UTF-8 text in your editor.",
        ) from error
    return parse_recipe(text, source=path)


def parse_recipe(text: str, *, source: Path | str) -> Recipe:
    """Return the recipe that a TOML text says.

    Parameters
    ----------
    source
        The file it stands in, for messages; its stem is the recipe's name where none is written.

    Raises
    ------
    RecipeError
        As `read_recipe`.
    """
    file = Path(source)
    content = _parse(text, source)
    # What a recipe changes of a network or an optimizer is called after the recipe.
    name = content.get("name", _plain(file.stem)[:40].strip() or "own")
    summary = f"From {_plain(file.name)}"[:200]
    reader = RecipeReader({"name": name, "summary": summary})
    recipe = reader.read(Recipe, content)
    if recipe is not None:
        fault = network_fault(recipe.network)
        if fault is not None:
            where = f"network.{fault.where}"
            reader.faults.append(Fault(where, fault.problem, fault.advice))
    if recipe is None or reader.faults:
        raise error_of(reader.faults, source)
    return recipe


def _plain(text: str) -> str:
    """Return a file's name as one line of text that UTF-8 can write."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)


def _parse(text: str, source: Path | str) -> dict[str, Any]:
    """Return the tables of a TOML text, or say in which line it is none."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise RecipeError(
            f"“{source}” nests lists or tables too deeply", "Write the recipe anew."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(
            f"“{source}” is no TOML: {_place(text, str(error))}",
            'A line is: name = value. Texts stand in "quotation marks", lists in [ ], and no '
            "field twice.",
        ) from error
    except ValueError as error:  # Python refuses numbers of more than 4,300 digits
        raise RecipeError(
            f"“{source}” has a number of too many digits", "Write a smaller one."
        ) from error


def _place(text: str, reason: str) -> str:
    """Return what tomllib says is wrong, with the line as it stands in the file."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", reason, re.DOTALL)
    if found is None:
        return reason.replace("(at end of document)", "where the file ends")
    what, number, column = found[1], int(found[2]), int(found[3])
    line = text.replace("\r\n", "\n").split("\n")[number - 1].strip()
    return f"{what} in line {number}, column {column}, which is {shown(line)}"
