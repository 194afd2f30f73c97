"""Every wrong thing in a recipe's file is told by its path, with what was expected."""

from __future__ import annotations

from typing import Any

import pytest

from mnist_desktop.trainer.recipe_fields import LIMITS, Field, fields_of
from mnist_desktop.trainer.recipe_file import RecipeError, parse_recipe
from mnist_desktop.trainer.recipe_reader import RecipeReader
from mnist_desktop.trainer.recipe_writer import recipe_text
from mnist_desktop.trainer.recipes import RECIPES, Recipe

SMALL = """
network = ["relu"]
optimizer = "sgd"
learning_rate = 1
epochs = 2
"""


def parsed(text: str) -> Recipe:
    return parse_recipe(text, source="my.toml")


def told(text: str) -> str:
    """Return what is said of a wrong text."""
    with pytest.raises(RecipeError) as caught:
        parsed(text)
    return str(caught.value)


WRONG = [
    ("epochs = 0", "epochs: expected a whole number from 1 to 10,000, but 0 stands there"),
    ("epochs = 3.0", "Write 3, without a point"),
    ("epochs = 3.5", "epochs: expected a whole number"),
    ("epochs = true", "true and false are no numbers"),
    ('epochs = "3"', "without quotation marks"),
    ("epochs = 1979-05-27", "a date or time stands there"),
    ("epochs = [3]", "a list stands there"),
    ("epochs = { a = 1 }", "a table stands there"),
    (f"epochs = 0x{'f' * 5000}", "an enormous number"),
    (f"epochs = {'9' * 5000}", "too many digits"),
    ("learning_rate = 0", "learning_rate: expected a number from above 0 to 100"),
    ("learning_rate = nan", "nan is no number to calculate with"),
    ("learning_rate = -inf", "-inf is no number to calculate with"),
    ("learning_rate = false", "false stands there"),
    ("batch_size = -1", "batch_size: expected"),
    ("warm_up = 1", "warm_up: expected a number from 0 to 0.95"),
    ("validation = 0.6", "validation: expected a number from 0 to 0.5"),
    ("label_smoothing = 1", "label_smoothing: expected"),
    ('schedule = "cycle"', "schedule: expected “one-cycle” or “constant”, but the text “cycle”"),
    ("schedule = 1", "schedule: expected “one-cycle” or “constant”, but 1 stands there"),
    ('name = ""', "name: expected a text of 1 to 40 characters"),
    ('name = "   "', "name: expected a text of 1 to 40 characters, but it has 0"),
    ("name = 3", "name: expected a text in quotation marks, but 3"),
    ('summary = "two\\nlines"', "summary: expected one line"),
    ("epoch = 3", "epoch: there is no such field. Perhaps “epochs” is meant"),
    ("a" * 99 + " = 3", "“my.toml”: " + "a" * 39 + "…: there is no such field"),
    ('"a\\nb" = 3', "“my.toml”: a b: there is no such field"),
    ("what = 3", "what: there is no such field. Known are “name”, “summary”"),
    ('based_on = "standrad"', "based_on: expected the name of a recipe, but the text “standrad”"),
    ("based_on = 3", "Known are “quick”"),
    ('optimizer = "adam"', "optimizer: expected the name of an optimizer"),
    ('optimizer = "adam"', "Perhaps “adamw” is meant"),
    ("optimizer = 3", "optimizer: expected a table of fields, or one of the names “sgd”"),
    ("optimizer.momentum = 1", "optimizer.momentum: expected a number from 0 to below 1"),
    ("optimizer.damped = 1", "optimizer.damped: expected true or false, but 1 stands there"),
    ('optimizer.damped = "true"', "Leave the quotation marks out"),
    ('optimizer.square_decay = "non"', "optimizer.square_decay: expected a number"),
    ("optimizer.beta = 1", "optimizer.beta: there is no such field"),
    ("augmentation.shift = -1", "augmentation.shift: expected a number from 0 to 100"),
    ('augmentation = "some"', "augmentation: expected the name of an augmentation"),
    ("[augmentation]\nshift = 1\nepochs = 3", "above the first [ ] heading"),
    ('network = "strng"', "Perhaps “strong” is meant"),
    ("network = 3", "network: expected a table of fields, or one of the names “fast”, “strong”"),
    ("network = []", "network.layers: the list is empty"),
    ("network.layers = 3", "network.layers: expected a list in [ ], but 3"),
    ("network.layers = [3]", "network.layers[0] (layer 1): expected a layer"),
    ("network.layers = [{}]", "network.layers[0].kind (layer 1): the kind"),
    ('network.layers = ["rely"]', "Perhaps “relu” is meant"),
    ("network.layers = [{ kind = 1 }]", "expected a kind of layer, but 1"),
    ('network.layers = [{ kind = "relu", size = 1 }]', "This kind of layer has no fields"),
    ('network.layers = ["dropout"]', "network.layers[0].rate (layer 1): the field is"),
    (
        'network.layers = ["relu", "relu", { kind = "convolution", filters = 0, size = 3 }]',
        "network.layers[2].filters (layer 3): expected a whole number from 1 to 512",
    ),
    ("network.layers = [" + '"relu",' * 101 + "]", "a list of 1 to 100, but it has 101"),
    ('network.start = "zero"', "network.start: expected “he” or “glorot”"),
    ("network.code_layers = 1", "network.code_layers: the first 1 layers end with pictures"),
    ("network.code_layers = 99", "network.code_layers: the first 99 layers"),
    ("epochs =", "is no TOML: Invalid value where the file ends"),
    ("epochs = 3\nepochs 4", "in line 3, column 8, which is the text “epochs 4”"),
    ("a = " + "[" * 3000, "too deeply"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_a_wrong_field_is_told_with_its_path(line: str, said: str) -> None:
    begin = "" if line.startswith("based_on") else 'based_on = "quick"'
    message = told(f"{begin}\n{line}")
    assert message.startswith("“my.toml”")
    assert said in message


@pytest.mark.parametrize("missing", ["network", "optimizer", "learning_rate", "epochs"])
def test_a_missing_field_is_told(missing: str) -> None:
    lines = [line for line in SMALL.splitlines() if not line.startswith(missing)]
    assert f"{missing}: the field is missing. Add a line {missing} = …" in told("\n".join(lines))


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (
            '{ kind = "dense", units = 9 }, "relu", { kind = "max_pool", size = 1 }',
            "layers[2] (layer 3): it needs pictures",
        ),
        ('{ kind = "unflatten", height = 1, width = 1, channels = 1 }', "none stands before it"),
        (
            '{ kind = "convolution", filters = 1, size = 3, padding = 3 }',
            "layers[0].padding (layer 1): a padding of 3",
        ),
        (
            '{ kind = "dense", units = 100 }, '
            '{ kind = "unflatten", height = 7, width = 7, channels = 2 }',
            "it makes 98 numbers into 7×7 pixels of 2 channels, and is given 100",
        ),
        (
            '{ kind = "convolution", filters = 5, size = 1 }, "pixel_shuffle"',
            "is given 28×28 pixels of 5 channels",
        ),
        (
            ", ".join(['{ kind = "max_pool", size = 15 }'] * 3),
            "layers[2] (layer 3): it is given 1×1 pixels of 1 channel",
        ),
        (
            '{ kind = "convolution", filters = 512, size = 1 }, { kind = "dense", units = 8192 }',
            "would learn 3,288,",
        ),
    ],
)
def test_layers_that_do_not_fit_each_other_are_told(layers: str, said: str) -> None:
    assert said in told(f'based_on = "quick"\nnetwork = [{layers}]')


def test_an_autoencoder_that_gives_other_pictures_back_is_told() -> None:
    text = recipe_text(RECIPES["autoencoder"])
    last = '{ kind = "convolution", filters = 1, size = 3, padding = 1 }'
    assert last in text
    other = text.replace(last, last.replace("filters = 1", "filters = 2"))
    assert "this ends with 28×28 pixels of 2 channels" in told(other)


def test_every_fault_is_told_at_once_but_not_too_many() -> None:
    message = told('based_on = "quick"\nepochs = 0\nbatch_size = "x"\nnam = 1')
    assert "has 3 faults" in message
    assert all(f"\n  • {field}: " in message for field in ("epochs", "batch_size", "nam"))
    many = told('based_on = "quick"\n' + "".join(f"x{n} = 1\n" for n in range(30)))
    assert "has 30 faults" in many
    assert many.count("•") == 4
    assert "and 27 more" in many


def numbers() -> list[Any]:
    return [
        pytest.param(table, field, id=f"{table.__name__}.{field.key}")
        for table in LIMITS
        for field in fields_of(table)
        if field.limits is not None and field.kind is not str
    ]


@pytest.mark.parametrize(("table", "field"), numbers())
def test_limits_hold_to_the_last_step(table: type, field: Field) -> None:
    needed = {"filters": 1, "size": 1, "rate": 0.0, "units": 1, "height": 1, "width": 1}
    needed |= {"channels": 1, "learning_rate": 1.0, "epochs": 1, "network": "fast"}
    needed |= {"optimizer": "sgd", "layers": ["relu"]}
    must = {f.key: needed[f.key] for f in fields_of(table) if f.key in needed}
    limits = field.limits
    assert limits is not None
    step = 1 if isinstance(limits.low, int) and field.kind in (int, int | None) else 1e-9
    low = limits.low + step if limits.above else limits.low
    high = limits.high - step if limits.below else limits.high
    for value, good in ((low, True), (high, True), (low - step, False), (high + step, False)):
        reader = RecipeReader({"name": "x", "summary": ""})
        made: Any = reader.read(table, {**must, field.key: value})
        assert (made is not None) is good, (value, reader.faults)
        if good:
            assert getattr(made, field.name) == value
