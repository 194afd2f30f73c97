"""A recipe's file: what was written reads the same, and nothing in it can do harm."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_desktop.errors import UserError
from mnist_desktop.trainer.augment import PLAIN, Augmentation
from mnist_desktop.trainer.layers import Convolution, MaxPool, Relu
from mnist_desktop.trainer.networks import STRONG, Network
from mnist_desktop.trainer.optimizers import ADAMW, SGD
from mnist_desktop.trainer.recipe_fields import LIMITS, fields_of
from mnist_desktop.trainer.recipe_file import LARGEST_FILE, RecipeError, parse_recipe, read_recipe
from mnist_desktop.trainer.recipe_reader import RecipeReader
from mnist_desktop.trainer.recipe_writer import recipe_digest, recipe_text
from mnist_desktop.trainer.recipes import RECIPES, Recipe
from tests.unit.trainer.recipe_strategies import recipes

SMALL = """
network = ["relu"]
optimizer = "sgd"
learning_rate = 1
epochs = 2
"""


def parsed(text: str) -> Recipe:
    return parse_recipe(text, source="my.toml")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_that_comes_along_reads_as_it_was_written(name: str) -> None:
    assert parsed(recipe_text(RECIPES[name])) == RECIPES[name]


@given(recipes())
@settings(max_examples=60, deadline=None)
def test_any_recipe_reads_as_it_was_written(recipe: Recipe) -> None:
    text = recipe_text(recipe)
    again = parsed(text)
    assert again == recipe
    assert recipe_text(again) == text
    assert recipe_digest(again) == recipe_digest(recipe)


def test_what_is_not_written_is_as_usual() -> None:
    recipe = parsed(SMALL)
    assert recipe == Recipe(
        "my", "From my.toml", Network("my", (Relu(),)), SGD, 1.0, 2, schedule="constant"
    )
    assert type(recipe.learning_rate) is float


def test_a_recipe_begins_from_another_and_says_what_differs() -> None:
    recipe = parsed("""
        based_on = "standard"
        epochs = 12
        augmentation.shift = 3
        optimizer.weight_decay = 0.5
        network.start = "glorot"
    """)
    standard = RECIPES["standard"]
    assert recipe == replace(
        standard,
        name="my",
        summary="From my.toml",
        epochs=12,
        augmentation=replace(standard.augmentation, shift=3.0),
        optimizer=replace(ADAMW, name="my", weight_decay=0.5),
        network=replace(STRONG, name="my", start="glorot"),
    )


def test_parts_that_are_changed_are_called_after_the_recipe() -> None:
    recipe = parsed('name = "mine"\n' + SMALL + "[augmentation]\nshift = 1")
    assert (recipe.name, recipe.network.name, recipe.optimizer.name) == ("mine", "mine", "sgd")


def test_parts_go_by_name() -> None:
    recipe = parsed("""
        based_on = "quick"
        network = "strong"
        augmentation = "none"
        optimizer = { based_on = "adamw", square_decay = "none" }
    """)
    assert recipe.network == STRONG
    assert recipe.augmentation == PLAIN
    assert recipe.optimizer == replace(ADAMW, name="my", square_decay=None)


def test_layers_are_written_by_their_kinds() -> None:
    recipe = parsed("""
        based_on = "quick"
        [network]
        layers = [
          { kind = "convolution", filters = 8, size = 3, bias = false },
          "relu",  # a kind alone is enough where all is as usual
          { kind = "max_pool", size = 2 },
          { kind = "max_pool", size = 2, stride = 1 },
        ]
    """)
    expected = (Convolution(8, 3, bias=False), Relu(), MaxPool(2), MaxPool(2, 1))
    assert recipe.network.body == expected


@dataclass(frozen=True)
class Averaging:
    """What a recipe may have some day."""

    decay: float
    from_epoch: int = 1


@dataclass(frozen=True)
class LaterRecipe(Recipe):
    """A recipe with more fields than today's."""

    smoothed: Averaging | None = None
    betas: tuple[float, ...] = (0.5,)
    patience: int | None = 3


def test_a_field_added_to_the_recipe_can_be_written_at_once() -> None:
    reader = RecipeReader({"name": "later", "summary": ""})
    content = tomllib.loads(SMALL + 'smoothed.decay = 0.9\nbetas = [1, 2.5]\npatience = "none"')
    recipe = reader.read(LaterRecipe, content)
    assert recipe is not None
    assert recipe.smoothed == Averaging(0.9)
    assert recipe.betas == (1.0, 2.5)
    assert recipe.patience is None
    again = RecipeReader({}).read(LaterRecipe, tomllib.loads(recipe_text(recipe)))
    assert again == recipe


def test_a_field_added_to_the_recipe_leaves_the_digest_alone() -> None:
    recipe = parsed(SMALL)
    later = LaterRecipe(**vars(recipe))
    assert recipe_digest(later) == recipe_digest(recipe)
    assert recipe_digest(replace(later, patience=4)) != recipe_digest(recipe)


def test_a_digest_tells_values_and_not_their_types() -> None:
    recipe = parsed(SMALL)
    assert recipe_digest(replace(recipe, learning_rate=1)) == recipe_digest(recipe)
    assert recipe_digest(replace(recipe, learning_rate=2)) != recipe_digest(recipe)
    assert recipe_digest(replace(recipe, epochs=9), without=["epochs"]) == recipe_digest(
        recipe, without=["epochs"]
    )


# Files


def test_the_longest_recipe_there_can_be_fits_into_a_file(tmp_path: Path) -> None:
    layer = Convolution(1, 15, stride=15, padding=14, bias=False)  # 100 of 1 filter, as long as 512
    recipe = replace(
        RECIPES["thorough"],
        name="字" * 40,
        summary='"' * 200,
        network=Network("字" * 200, (layer,) * 100),
    )
    path = tmp_path / "long.toml"
    path.write_text(recipe_text(recipe).replace("filters = 1,", "filters = 512,"), "utf-8")
    assert path.stat().st_size < LARGEST_FILE
    with pytest.raises(RecipeError, match="would learn"):
        read_recipe(path)


def test_a_file_is_read_whatever_its_name_and_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "내 레시피.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_recipe(path).name == "내 레시피"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfee\x00", "is no text in UTF-8: byte 0 is 0xff"),
        (b"name = '\xe9'", "byte 8 is 0xe9"),
        (b"#" * (LARGEST_FILE + 1), "larger than 16,384 bytes"),
        (b"\0" * 100, "is no TOML"),
        (b"", "network: the field is missing"),
    ],
)
def test_a_file_that_is_no_recipe_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="There is no file"):
        read_recipe(tmp_path / "gone.toml")
    with pytest.raises(RecipeError, match="is a folder"):
        read_recipe(tmp_path)
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(Path("a\0b.toml"))
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(tmp_path / ("n" * 300 + ".toml"))


# Anything at all

KEYS = st.sampled_from(
    [
        *(f.key for kind in (*LIMITS, Recipe) for f in fields_of(kind)),
        *("based_on", "kind", "x", "", "a.b"),
    ]
)
LEAVES = (
    st.integers()
    | st.floats()
    | st.booleans()
    | st.text(max_size=5)
    | st.dates()
    | st.sampled_from(["quick", "adamw", "strong", "none", "relu", "dense", "one-cycle", 10**400])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, TREES, max_size=8), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whatever_toml_holds_gives_a_recipe_or_faults(
    content: dict[str, object], begun: bool
) -> None:
    reader = RecipeReader({"name": "x", "summary": ""})
    recipe = reader.read(Recipe, {"based_on": "standard", **content} if begun else content)
    assert (recipe is None) == bool(reader.faults)
    for fault in reader.faults:
        assert str(fault)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode(errors="replace")))
@settings(max_examples=200, deadline=None)
def test_whatever_a_file_holds_gives_a_recipe_or_a_plain_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    with pytest.raises(UserError):
        read_recipe(path)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_recipe_with_some_bytes_changed_gives_a_recipe_or_a_plain_error(
    data: st.DataObject,
) -> None:
    text = recipe_text(RECIPES[data.draw(st.sampled_from(sorted(RECIPES)))])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text) - 1))
        text = text[:place] + data.draw(st.text(max_size=3)) + text[place + 1 :]
    try:
        recipe = parsed(text)
    except UserError:
        return
    assert parsed(recipe_text(recipe)) == recipe


def test_augmentation_is_plain_data() -> None:
    recipe = parsed('based_on = "quick"\naugmentation = { elastic = 2 }')
    assert recipe.augmentation == Augmentation(shift=1.0, elastic=2.0)
