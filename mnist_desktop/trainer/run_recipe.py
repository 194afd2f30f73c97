"""The recipe of a kept run, whatever version of the program kept it."""

from __future__ import annotations

from pathlib import Path

from mnist_desktop.trainer.recipe_file import read_recipe
from mnist_desktop.trainer.recipes import RECIPES, Recipe
from mnist_desktop.trainer.run_settings import former_fingerprint, recipe_fingerprint
from mnist_desktop.trainer.runs import RECIPE, RunError, read_settings


def read_run_recipe(folder: Path) -> Recipe:
    """Return the recipe of the run in `folder`.

    Raises
    ------
    RecipeError
        When its file is damaged.
    RunError
        When the folder is none of a run, or its file was changed, or an earlier version wrote the
        run, which kept only the name of its recipe, and no recipe of that name says the same now.
    """
    settings = read_settings(folder)
    if (folder / RECIPE).exists():
        recipe = read_recipe(folder / RECIPE)
        if recipe_fingerprint(recipe) != settings.recipe_fingerprint:
            raise RunError(
                f"“{folder / RECIPE}” is no longer the recipe that the run was started with",
                "Undo the change, or start a new training with that file as its recipe.",
            )
        return recipe
    known = RECIPES.get(settings.recipe)
    if known is None or former_fingerprint(known) != settings.recipe_fingerprint:
        raise RunError(
            f"The run “{folder.name}” was started by an earlier version of this program, with a "
            f"recipe “{settings.recipe}” that this version does not have",
            "Start a new training.",
        )
    return known
