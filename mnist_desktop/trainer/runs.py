"""A run's folder: what it was started with, a line for each epoch, and the latest checkpoint.

    settings.json     written once, at the start
    recipe.toml       the whole recipe, written once, just before
    start.onnx        the model whose training goes on, where there is one, likewise
    metrics.jsonl     a line for each epoch
    checkpoint.npz    the state after the latest epoch; gone when the run has ended well
    result.json       written once, at the end
    model.onnx        the trained model

Every file is replaced whole, and the checkpoint last, so a run that is killed at any moment has a
folder to go on from. Nothing is pickled.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mnist_desktop.files import user_folder, write_bytes
from mnist_desktop.inference.morphing import decoder_path
from mnist_desktop.trainer.checkpoint import Checkpoint, pack, unpack
from mnist_desktop.trainer.progress import EpochProgress
from mnist_desktop.trainer.recipe_writer import recipe_text
from mnist_desktop.trainer.recipes import Recipe
from mnist_desktop.trainer.run_files import RunError as RunError
from mnist_desktop.trainer.run_files import damaged, read_json, read_text, write_json
from mnist_desktop.trainer.run_settings import RunSettings

SETTINGS, RECIPE = "settings.json", "recipe.toml"
METRICS, CHECKPOINT = "metrics.jsonl", "checkpoint.npz"
RESULT, MODEL = "result.json", "model.onnx"
START = "start.onnx"


@dataclass(frozen=True)
class RunSummary:
    """A run, for a list of runs.

    Parameters
    ----------
    folder, name
        Where it is, and its folder's name.
    settings
        What it was started with.
    epochs_done
        Epochs finished.
    validation_accuracy, test_accuracy
        Of the kept epoch, 0 to 1; None where there is none.
    model
        The trained model; None while the run has not ended well.
    resumable
        Whether it stopped before its end and can go on.
    """

    folder: Path
    name: str
    settings: RunSettings
    epochs_done: int
    validation_accuracy: float | None
    test_accuracy: float | None
    model: Path | None
    resumable: bool

    @property
    def started(self) -> datetime:
        """Return when it was started."""
        return datetime.fromisoformat(self.settings.started)

    @property
    def recipe(self) -> str:
        """Return the name of its recipe."""
        return self.settings.recipe

    @property
    def is_autoencoder(self) -> bool:
        """Return whether it trained an autoencoder, which gives no answers."""
        known = self.settings.autoencoder
        return self.recipe == "autoencoder" if known is None else known

    @property
    def lost_test(self) -> str | None:
        """Return the test split's images where the run names some and they are gone."""
        path = None if self.is_autoencoder else self.settings.test_images_path
        return None if path is None or Path(path).exists() else path

    @property
    def dataset(self) -> str:
        """Return the name of its dataset."""
        return self.settings.dataset

    @property
    def epochs(self) -> int:
        """Return how many epochs it was to have."""
        return self.settings.epochs


def default_runs_folder() -> Path:
    """Return the folder that keeps the user's runs; it may not exist yet."""
    return user_folder() / "runs"


def create_run(
    runs: Path, settings: RunSettings, recipe: Recipe, start: bytes | None = None
) -> Path:
    """Make the folder of a new run within `runs`, with its settings and recipe, and return it.

    Parameters
    ----------
    start
        Content of the model whose training goes on, where there is one.

    Raises
    ------
    RunError
        When the folder cannot be made.
    """
    stem = re.sub(r"[^\w.-]+", "-", f"{settings.started[:19]}-{settings.recipe}".replace(":", ""))
    number, folder = 1, runs / stem
    while True:
        try:
            folder.mkdir(parents=True)
            break
        except FileExistsError:
            number += 1
            folder = runs / f"{stem}-{number}"
        except OSError as error:
            raise RunError(
                f"The folder “{folder}” for this run could not be made: {error.strerror}",
                "Free some space, or choose a place you may write to.",
            ) from error
    # The settings go last: they make it the folder of a run.
    write_bytes(folder / RECIPE, recipe_text(recipe).encode())
    if start is not None:
        write_bytes(folder / START, start)
    write_json(folder / SETTINGS, asdict(settings))
    return folder


def save_epoch(folder: Path, progress: EpochProgress) -> None:
    """Add an epoch's line to the metrics, then replace the checkpoint by that epoch's."""
    assert progress.checkpoint is not None
    shown = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")
    line = {name: getattr(progress, name) for name in (*shown, "seconds", "learning_rate")}
    earlier = [m for m in read_metrics(folder) if m["epoch"] < progress.epoch]
    text = "".join(json.dumps(m) + "\n" for m in [*earlier, line])
    write_bytes(folder / METRICS, text.encode())
    write_bytes(folder / CHECKPOINT, pack(progress.checkpoint))


def finish_run(folder: Path, result: Mapping[str, Any]) -> None:
    """Write how the run ended, and drop the checkpoint that is not needed any more."""
    write_json(folder / RESULT, dict(result))
    (folder / CHECKPOINT).unlink(missing_ok=True)


def delete_run(folder: Path) -> None:
    """Delete a run's folder with all that a training wrote into it; other files in it stay.

    Raises
    ------
    RunError
        When the folder is none of a run, or the system refuses.
    """
    read_settings(folder)
    try:
        # The settings go last: while they are there, the folder can still be found and deleted.
        made = (CHECKPOINT, MODEL, decoder_path(Path(MODEL)), RESULT, METRICS)
        for name in (*made, START, RECIPE, SETTINGS):
            (folder / name).unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise RunError(
            f"The run “{folder}” could not be deleted: {error.strerror or error}",
            "Close programs that use its files, then try again.",
        ) from error


def read_settings(folder: Path) -> RunSettings:
    """Return what the run in `folder` was started with.

    Raises
    ------
    RunError
        When the folder is none of a run, or its settings are damaged.
    """
    content = read_json(folder / SETTINGS)
    try:
        return RunSettings.of(content)
    except (TypeError, ValueError) as error:
        raise damaged(folder / SETTINGS, error) from error


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """Return a dict for each finished epoch, in order; empty before the first."""
    path = folder / METRICS
    if not path.exists():
        return []
    try:
        found = [json.loads(line) for line in read_text(path).splitlines()]
        if not all(isinstance(m, dict) and isinstance(m.get("epoch"), int) for m in found):
            raise TypeError("a line is no epoch")
    except (TypeError, ValueError, RecursionError) as error:
        raise damaged(path, error) from error
    return found


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the state after the run's latest epoch; None where none is kept.

    Raises
    ------
    RunError
        When the file is damaged or larger than any checkpoint.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return None
    try:
        return unpack(path)
    except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise damaged(path, error) from error


def list_runs(runs: Path | None = None) -> list[RunSummary]:
    """Return the runs kept in `runs` (None for the user's own), the latest first.

    Folders that are none of a run, or are damaged, are passed over.
    """
    top = default_runs_folder() if runs is None else runs
    found = []
    for folder in top.iterdir() if top.is_dir() else ():
        try:
            found.append(summarise(folder))
        except RunError:
            continue
    return sorted(found, key=lambda run: (run.started, run.name), reverse=True)


def summarise(folder: Path) -> RunSummary:
    """Return the run in `folder` in short."""
    settings = read_settings(folder)
    metrics = read_metrics(folder)
    result = read_json(folder / RESULT) if (folder / RESULT).exists() else {}
    model = folder / MODEL
    return RunSummary(
        folder,
        folder.name,
        settings,
        len(metrics),
        _share(result.get("validation_accuracy")) or _best(metrics),
        _share(result.get("test_accuracy")),
        model if model.exists() and result else None,
        resumable=not result and (folder / CHECKPOINT).exists(),
    )


def _best(metrics: list[dict[str, Any]]) -> float | None:
    """Return the best validation accuracy of the epochs; None where there is none."""
    known = [_share(m.get("validation_accuracy")) for m in metrics]
    return max((share for share in known if share is not None), default=None)


def _share(value: object) -> float | None:
    """Return `value` where it is a number from 0 to 1, else None."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None
