"""Everything that runs beside the window; nothing else in this floor knows threads."""

from mnist_desktop.ui.workers.in_turn import InTurn
from mnist_desktop.ui.workers.jobs import REPORT_SECONDS, JobRunner
from mnist_desktop.ui.workers.newest import NewestWorker, Task
from mnist_desktop.ui.workers.predictions import Answer, PredictionWorker

__all__ = [
    "REPORT_SECONDS",
    "Answer",
    "InTurn",
    "JobRunner",
    "NewestWorker",
    "PredictionWorker",
    "Task",
]
