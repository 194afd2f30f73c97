"""The page about recipes tells the truth: its examples train, and its tables are the program's."""

from __future__ import annotations

import re
from dataclasses import MISSING
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from mnist_desktop.datasets.sample_digits import sample_dataset
from mnist_desktop.inference.classifier import Classifier
from mnist_desktop.progress import finish
from mnist_desktop.trainer.augment import Augmentation
from mnist_desktop.trainer.job import train
from mnist_desktop.trainer.networks import Network
from mnist_desktop.trainer.optimizers import Optimizer
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipe_faults import RecipeError
from mnist_desktop.trainer.recipe_fields import (
    ANY_NUMBER,
    ANY_TEXT,
    LAYERS,
    NAMED,
    Field,
    Limits,
    fields_of,
)
from mnist_desktop.trainer.recipe_file import parse_recipe
from mnist_desktop.trainer.recipes import RECIPES, Recipe

PAGE = Path(__file__).resolve().parents[3] / "docs" / "recipes.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
SECTIONS = {
    Recipe: "## The fields of a recipe",
    Optimizer: "## Optimizer",
    Augmentation: "## Augmentation",
    Network: "## Network",
}


def rows_of(heading: str) -> list[list[str]]:
    """Return the cells of each row of the tables in a section."""
    section = TEXT.split(f"{heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def range_text(field: Field) -> str | None:
    """Return what the page has to say a field may be; None where it says it in words."""
    kinds = get_args(field.kind) or (field.kind,)
    if get_origin(field.kind) is Literal:
        return " or ".join(f'`"{option}"`' for option in get_args(field.kind))
    if field.kind is bool:
        return "`true` or `false`"
    if field.kind is str:
        return f"{field.limits or ANY_TEXT} characters"
    if int in kinds or float in kinds:
        limits = str(field.limits or ANY_NUMBER)
        return f'{limits}, or `"none"`' if type(None) in kinds else limits
    return None


def usual_text(field: Field) -> str | None:
    """Return what the page has to say a field usually is; None where it says it in words."""
    if field.name in ("name", "summary") or isinstance(field.default, Augmentation):
        return None
    if field.default is MISSING:
        return "needed"
    if field.default is None or isinstance(field.default, str):
        return f'`"{field.default or "none"}"`'
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"{field.default:g}"


def assert_told(field: Field, row: list[str]) -> None:
    """Assert that a row tells the range of a field, and what it usually is."""
    may_be, usual = range_text(field), usual_text(field)
    assert may_be is None or row[1] == may_be, row
    assert usual is None or row[2] == usual, row
    assert row[1]
    assert row[2]


@pytest.mark.parametrize("table", SECTIONS, ids=lambda table: table.__name__)
def test_every_field_stands_on_the_page_with_its_range(table: type) -> None:
    rows = {row[0].strip("`"): row for row in rows_of(SECTIONS[table])}
    for field in fields_of(table):
        assert field.key in rows, f"docs/recipes.md does not tell of the field {field.key}"
        assert_told(field, rows[field.key])
    known = {field.key for field in fields_of(table)} | {"based_on"}
    assert {key for key in rows if key not in LAYERS} <= known


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_of_layer_stands_on_the_page(kind: str) -> None:
    rows = [row[1:] for row in rows_of("## Network") if row[0] == f"`{kind}`"]
    assert rows, f"docs/recipes.md does not tell of the layer {kind}"
    told = {row[0].strip("`"): row for row in rows}
    assert told.keys() - {"–"} == {field.key for field in fields_of(LAYERS[kind])}
    for field in fields_of(LAYERS[kind]):
        assert_told(field, told[field.key])


def test_everything_that_goes_by_a_name_stands_on_the_page() -> None:
    for name in (*NAMED[Network], *NAMED[Optimizer], *NAMED[Augmentation]):
        assert f'`"{name}"`' in TEXT
    for name in RECIPES:
        assert f"*{name}*" in TEXT


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_every_example_is_a_recipe(example: str) -> None:
    assert parse_recipe(example, source="my.toml").epochs >= 1


def test_the_example_trains_a_network_that_reads_digits(tmp_path: Path) -> None:
    (example,) = (text for text in EXAMPLES if "[network]" in text)
    recipe = parse_recipe(example, source="my.toml")
    settings = TrainingSettings(
        sample_dataset(1500, seed=1),
        tmp_path / "m.onnx",
        recipe,
        threads=1,
        test=sample_dataset(300, seed=2),
    )
    result = finish(train(settings))
    assert result.epochs == recipe.epochs
    assert result.test_accuracy is not None
    assert result.test_accuracy > 0.8
    assert Classifier.load(result.model).contract.recipe == "my first network"


def test_the_error_on_the_page_is_the_programs() -> None:
    shown = TEXT.split("## When something is wrong")[1].split("```")[1]
    wrong = """
        based_on = "quick"
        epochs = 2.5
        learning_rte = 1
        network = ["relu", "relu", { kind = "dense", units = "ten" }]
    """
    with pytest.raises(RecipeError) as caught:
        parse_recipe(wrong, source="my.toml")
    assert shown.split() == str(caught.value).split()


def test_limits_are_written_as_people_read_them() -> None:
    assert str(Limits(1, 10_000)) == "1 to 10,000"
    assert str(Limits(0, 1, above=True, below=True)) == "above 0 to below 1"
    assert str(Limits(1e-12, 0.95)) == "1e-12 to 0.95"
