"""The page that measures the model in use on the dataset in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mnist_desktop.errors import UserError
from mnist_desktop.ui import icons, theme
from mnist_desktop.ui.controls import ElidedLabel, button, count_text, heading, set_role
from mnist_desktop.ui.evaluate.result_view import ResultView
from mnist_desktop.ui.messages import EmptyState, MessageStrip

if TYPE_CHECKING:
    from mnist_desktop.datasets.dataset import Dataset
    from mnist_desktop.inference.classifier import Classifier
    from mnist_desktop.inference.evaluation import Evaluation
    from mnist_desktop.progress import Progress

CHOOSE_DATASET, CHOOSE_MODEL, EVALUATE = "Choose a dataset", "Choose a model", "Evaluate"


class EvaluatePage(QWidget):
    """How good the model is, and what it misread.

    The page asks for an evaluation and shows it; the window runs it. What is shown stays, with a
    remark, when model or dataset change.
    """

    evaluate_requested = Signal()
    cancel_requested = Signal()
    show_sample_requested = Signal(int)
    dataset_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classifier: Classifier | None = None
        self._dataset: Dataset | None = None
        self._evaluated: Dataset | None = None
        self._evaluated_subject = ""
        self._asked_with: tuple[Classifier | None, Dataset | None] = (None, None)
        self.is_running = False
        self.result = ResultView()
        self._stack = QStackedWidget()
        self._build()
        self.result.show_sample_requested.connect(self._on_show_sample)
        self._refresh()

    def _build(self) -> None:
        """Lay out heading, progress, message and what comes below."""
        self.subject = ElidedLabel()
        set_role(self.subject, "secondary")
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setFixedWidth(200)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress of the evaluation")
        self.evaluate_button: QPushButton = button(EVALUATE, "evaluate")
        self.cancel_button: QPushButton = button("Cancel", "close")
        self.evaluate_button.clicked.connect(self._on_evaluate)
        self.cancel_button.clicked.connect(self._on_cancel)
        top = QHBoxLayout()
        top.setSpacing(theme.BETWEEN)
        top.addWidget(heading("Evaluate"))
        top.addWidget(self.subject, 1)
        top.addWidget(self.progress)
        top.addWidget(self.cancel_button)
        top.addWidget(self.evaluate_button)

        self.message = MessageStrip()
        self.message.chosen.connect(self._on_chosen)
        self._stack.addWidget(self.result)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.BETWEEN, theme.EDGE, theme.BETWEEN)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.message)
        column.addWidget(self._stack, 1)

    # What the window tells

    def set_classifier(self, classifier: Classifier | None) -> None:
        """Use another model."""
        self._classifier = classifier
        self._refresh()

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Use another dataset."""
        self._dataset = dataset
        self._refresh()

    @Slot()
    def on_started(self) -> None:
        """Show that an evaluation of the present model and dataset has begun."""
        self._asked_with = (self._classifier, self._dataset)
        self.is_running = True
        self.progress.setValue(0)
        self.message.dismiss()
        self._refresh()

    @Slot(object)
    def on_progress(self, progress: Progress) -> None:
        """Show how far the evaluation has come."""
        self.progress.setValue(round(progress.fraction * 1000))

    @Slot(object)
    def on_finished(self, evaluation: Evaluation) -> None:
        """Show what came out."""
        self.is_running = False
        dataset = self._asked_with[1]
        if dataset is not None:
            self._evaluated = dataset
            self._evaluated_subject = subject_text(*self._asked_with)
            self.result.set_evaluation(evaluation, dataset)
            self._warn_if_learned(self._asked_with[0], dataset)
        self._refresh()

    def _warn_if_learned(self, classifier: Classifier | None, dataset: Dataset) -> None:
        """Say so if the model was trained on what it was measured on, or on a part of it."""
        learned = (classifier.contract.trained_on if classifier else None) or ""
        if classifier is not None and dataset.name in (learned, learned.partition(", ")[0]):
            seen = "these images" + (", or most of them," if dataset.name != learned else "")
            self.message.show_message(
                f"{classifier.name} was trained on {learned}",
                f"It has seen {seen} with their labels; only others tell how good it is.",
                kind="careful",
            )

    @Slot(object)
    def on_failed(self, error: Exception) -> None:
        """Say what went wrong; what was shown stays."""
        self.is_running = False
        self.message.show_error(error)
        self._refresh()

    @Slot()
    def on_cancelled(self) -> None:
        """Go back to what was shown before."""
        self.is_running = False
        self._refresh()

    # What the person does

    @Slot()
    def _on_evaluate(self) -> None:
        if self._can_evaluate() and not self.is_running:
            self.on_started()
            self.evaluate_requested.emit()

    @Slot()
    def _on_cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_requested.emit()

    @Slot(str)
    def _on_chosen(self, action: str) -> None:
        """Do what a button of the message or of the empty page offers."""
        if action == CHOOSE_DATASET:
            self.dataset_wanted.emit()
        elif action == CHOOSE_MODEL:
            self.model_wanted.emit()
        else:
            self._on_evaluate()

    @Slot(int)
    def _on_show_sample(self, index: int) -> None:
        """Ask to see a sample, if the dataset it belongs to is still the one in use."""
        if self._evaluated is self._dataset:
            self.show_sample_requested.emit(index)
            return
        assert self._evaluated is not None
        error = UserError(
            f"This image belongs to {self._evaluated.name}, and that is no longer open",
            "Open that dataset again to see the image among its others.",
        )
        self.message.show_error(error, actions=[CHOOSE_DATASET])

    # State

    def _can_evaluate(self) -> bool:
        """Tell whether there is a model, and a dataset with labels."""
        dataset = self._dataset
        return self._classifier is not None and dataset is not None and dataset.labels is not None

    def _is_stale(self) -> bool:
        """Tell whether what is shown is of another model or dataset than those in use."""
        shown = self._evaluated is not None
        return shown and self._asked_with != (self._classifier, self._dataset)

    def _refresh(self) -> None:
        """Bring buttons, words and the empty page in line with the state."""
        ready = self._can_evaluate()
        self.progress.setVisible(self.is_running)
        self.cancel_button.setVisible(self.is_running)
        self.cancel_button.setEnabled(True)
        self.evaluate_button.setVisible(
            ready and not self.is_running and self._evaluated is not None
        )
        stale = self._is_stale()
        self.evaluate_button.setText(EVALUATE if stale else "Evaluate again")
        set_role(self.evaluate_button, "primary" if stale else "")
        icons.dress(self.evaluate_button, "evaluate", role="on_accent" if stale else "text")
        self.subject.set_full_text(subject_text(self._classifier, self._dataset))
        if stale and not self.is_running and self._evaluated is not None:
            self.message.show_message(
                f"These figures are of {self._evaluated_subject}",
                "The model or the dataset has changed since.",
                kind="careful",
                actions=[EVALUATE] if ready else (),
            )
        if self._evaluated is not None:
            self._stack.setCurrentWidget(self.result)
        else:
            self._show_empty(*self._empty_words())

    def _empty_words(self) -> tuple[str, tuple[str, ...]]:
        """Return what to say while there is no result, and what to offer."""
        if self.is_running:
            return "Reading every image and comparing with its label…", ()
        if self._classifier is None:
            return "Choose a model to see how well it reads a dataset.", (CHOOSE_MODEL,)
        if self._dataset is None:
            return (
                "Choose a dataset with labels to see how well the model reads it.",
                (CHOOSE_DATASET,),
            )
        if self._dataset.labels is None:
            return (
                f"{self._dataset.name} has no labels, so there is nothing to compare answers with.",
                (CHOOSE_DATASET,),
            )
        return (
            f"See how well {self._classifier.name} reads the {count_text(len(self._dataset))}"
            f" images of {self._dataset.name}, and which it misreads.",
            (EVALUATE, CHOOSE_DATASET),
        )

    def _show_empty(self, sentence: str, actions: tuple[str, ...]) -> None:
        """Show one sentence and the buttons that lead on."""
        old = self._stack.widget(1)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        empty = EmptyState(sentence, actions, icon="evaluate")
        empty.chosen.connect(self._on_chosen)
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)


def subject_text(classifier: Classifier | None, dataset: Dataset | None) -> str:
    """Return what is evaluated on what; empty where one is missing."""
    if classifier is None or dataset is None:
        return ""
    return f"{classifier.name} on {dataset.name}, {count_text(len(dataset))} images"
