"""The short form of a training: dataset, recipe, and what only some need folded away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.datasets.dataset import Dataset
from mnist_desktop.files import user_folder
from mnist_desktop.trainer.progress import TrainingSettings
from mnist_desktop.trainer.recipes import DEFAULT_RECIPE, RECIPES
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.controls import (
    ElidedLabel,
    button,
    count_text,
    secondary,
    set_role,
    subheading,
)
from mnist_desktop.ui.train.advanced import AdvancedForm
from mnist_desktop.ui.train.checks import (
    dataset_fault,
    free_name,
    learns_pictures,
    output_fault,
    recipe_fault,
    slug,
)
from mnist_desktop.ui.train.choices import TrainingChoices
from mnist_desktop.ui.train.recipe_list import RecipeList


class TrainingForm(QWidget):
    """Settings of a training, each checked where it stands."""

    changed = Signal()
    dataset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dataset: Dataset | None = None
        self.test: Dataset | None = None
        self._own_output = False
        self.recipes = RecipeList(recipe for recipe in RECIPES.values() if not recipe.goes_on)
        self.advanced = AdvancedForm()
        self.recipe_problem = secondary(wrap=True)
        self._build()
        self.recipes.changed.connect(self._on_recipe)
        self.advanced.changed.connect(self._check)
        self.advanced.output_edited.connect(self._on_output_edited)
        self.recipes.choose(DEFAULT_RECIPE)

    def _build(self) -> None:
        """Lay out the three parts in a column that scrolls where it must."""
        inside = QWidget()
        inside.setProperty("role", "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.INSIDE, 0)
        column.setSpacing(4)
        self._build_dataset(column)
        column.addSpacing(theme.INSIDE)
        row = QHBoxLayout()
        row.addWidget(subheading("Recipe"))
        row.addStretch(1)
        row.addWidget(self.recipes.open_button)
        column.addLayout(row)
        column.addWidget(self.recipes)
        column.addWidget(self.recipe_problem)
        self.fold = QToolButton()
        self.fold.setObjectName("fold")
        self.fold.setText("Advanced")
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.toggled.connect(self._on_fold)
        self._on_fold(False)
        column.addWidget(self.fold)
        column.addWidget(self.advanced)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self._inside, self._scroll = inside, scroll
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _build_dataset(self, column: QVBoxLayout) -> None:
        """Add the dataset's name, size and the button that leads to another."""
        self.dataset_name = ElidedLabel()
        self.dataset_name.setObjectName("training_dataset")
        self.choose_button = button("Choose…")
        self.choose_button.setToolTip("Choose another dataset")
        self.choose_button.clicked.connect(self.dataset_wanted)
        self.dataset_facts = secondary(wrap=True)
        self.dataset_problem = secondary(wrap=True)
        self.dataset_problem.setObjectName("dataset_problem")
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.dataset_name, 1)
        row.addWidget(self.choose_button)
        column.addWidget(subheading("Dataset"))
        column.addLayout(row)
        column.addWidget(self.dataset_facts)
        column.addWidget(self.dataset_problem)

    # What it holds

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Train on another dataset."""
        self.dataset = dataset
        self._suggest_output()
        self._check()

    def set_test(self, test: Dataset | None) -> None:
        """Measure on another test split at the end, or on none."""
        self.test = test
        self._check()

    def settings(self) -> TrainingSettings | None:
        """Return what to train, None while something is missing or wrong."""
        recipe = self.recipes.chosen()
        if self.dataset is None or recipe is None or self.fault():
            return None
        return TrainingSettings(
            dataset=self.dataset,
            output=self.advanced.output_path(),
            recipe=recipe,
            seed=self.advanced.seed.value(),
            epochs=self.advanced.chosen_epochs(),
            threads=self.advanced.chosen_threads(),
            test=self._usable_test(),
            validation=self.advanced.chosen_validation(),
        )

    def choices(self) -> TrainingChoices:
        """Return what the person chose, for the next start."""
        recipe, fields, file = self.recipes.chosen(), self.advanced, self.recipes.file
        own = recipe is None or self.recipes.own_is_chosen()
        return TrainingChoices(
            recipe="" if own else recipe.name,
            recipe_file=str(file) if file is not None else "",
            epochs=fields.epochs.value(),
            threads=fields.threads.value(),
            validation=fields.validation.value(),
            seed=fields.seed.value(),
        )

    def set_choices(self, choices: TrainingChoices) -> None:
        """Fill the fields; each keeps a value out of its range within it."""
        if choices.recipe_file:
            self.recipes.restore(Path(choices.recipe_file), chosen=not choices.recipe)
        self.recipes.choose(choices.recipe)
        self.advanced.epochs.setValue(choices.epochs)
        self.advanced.threads.setValue(choices.threads)
        self.advanced.validation.setValue(choices.validation)
        self.advanced.seed.setValue(choices.seed)

    def set_locked(self, locked: bool) -> None:
        """Keep the fields from being changed while a training runs."""
        self._inside.setEnabled(not locked)

    def renew_output(self) -> None:
        """Name a file that is not there yet, unless the person named one."""
        self._suggest_output()
        self._check()

    # Checks

    def fault(self) -> str:
        """Return the first thing that keeps the training from being started, in a sentence."""
        recipe = self.recipes.chosen()
        fault = dataset_fault(self.dataset, recipe)
        if not fault and self.dataset is not None and recipe is not None:
            fault = recipe_fault(recipe, self.dataset)
        return fault or output_fault(self.advanced.output_path())

    def _usable_test(self) -> Dataset | None:
        """Return the test split if it has the same classes and is not the training split."""
        test, dataset, recipe = self.test, self.dataset, self.recipes.chosen()
        if test is None or dataset is None or test.labels is None or test is dataset:
            return None
        if recipe is None or learns_pictures(recipe):
            return None
        same = test.answers == dataset.answers
        return test if same and test.images.shape[1:] == dataset.images.shape[1:] else None

    @Slot()
    def _check(self) -> None:
        """Say beside each field what is wrong with it."""
        dataset, recipe = self.dataset, self.recipes.chosen()
        self.dataset_name.set_full_text(dataset.name if dataset else "No dataset is open")
        self.dataset_facts.setText(self._facts(dataset) if dataset else "")
        self.dataset_facts.setVisible(dataset is not None)
        fault, kind = dataset_fault(dataset, recipe), "bad"
        if dataset is not None and not fault and dataset.split == "test":
            fault = "This is a test split: once learned from, it cannot measure a model any more."
            kind = "careful"
        _say(self.dataset_problem, fault if dataset is not None else "", kind)
        fitting = recipe_fault(recipe, dataset) if recipe and dataset else ""
        _say(self.recipe_problem, fitting, "bad")
        path = self.advanced.output_path()
        fault, kind = output_fault(path), "bad"
        if not fault and path.exists():
            fault, kind = "The model of this name will be replaced.", "careful"
        _say(self.advanced.output_problem, fault, kind)
        if fault and kind == "bad" and dataset is not None:
            self.fold.setChecked(True)
        self.changed.emit()

    def _facts(self, dataset: Dataset) -> str:
        """Return how large the dataset is and what the model is measured on."""
        facts = f"{count_text(len(dataset))} images, {len(dataset.class_names)} classes. "
        test = self._usable_test()
        if test is not None:
            return facts + f"Tested at the end on {count_text(len(test))} images of {test.name}."
        if (recipe := self.recipes.chosen()) is not None and learns_pictures(recipe):
            return facts + "The validation part tells how well pictures come back."
        return facts + "No test split; the validation part measures the model."

    # What the person does

    @Slot()
    def _on_recipe(self) -> None:
        recipe = self.recipes.chosen()
        if recipe is not None:
            self.advanced.follow(recipe)
        self._suggest_output()
        self._check()

    @Slot()
    def _on_output_edited(self) -> None:
        self._own_output = True

    @Slot(bool)
    def _on_fold(self, open_: bool) -> None:
        """Show the advanced fields, scrolled into sight, or hide them."""
        self.advanced.setVisible(open_)
        if open_:
            # Their place is known when the layout has been done, after this.
            QTimer.singleShot(0, self, self._show_advanced)
        icons.dress(self.fold, "down" if open_ else "right", role="secondary")

    @Slot()
    def _show_advanced(self) -> None:
        self._inside.layout().activate()
        bar = self._scroll.verticalScrollBar()
        bar.setValue(min(bar.maximum(), self.fold.y()))

    def _suggest_output(self) -> None:
        """Name the output after dataset and recipe, in the person's folder of models."""
        recipe = self.recipes.chosen()
        if self._own_output or recipe is None:
            return
        name = self.dataset.name if self.dataset is not None else "model"
        path = free_name(user_folder() / "models", f"{slug(name)}-{slug(recipe.name)}")
        self.advanced.output.setText(str(path))


def _say(label: QWidget, text: str, kind: str) -> None:
    """Show a remark under a field, with a sign before it, or nothing."""
    label.setText(f"{'⚠' if kind == 'careful' else '✕'} {text}" if text else "")  # type: ignore[attr-defined]
    set_role(label, kind)
    label.setVisible(bool(text))
