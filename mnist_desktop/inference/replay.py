"""Go through a drawing again: what the model made of it while the pen was under way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.inference.classifier import SURE, Classifier, Prediction
from mnist_desktop.inference.pen import Stroke, lay
from mnist_desktop.inference.resampling import resample
from mnist_desktop.inference.turns import Turn, find_doubts, find_turns, place_in
from mnist_desktop.progress import Job, Progress

MOMENTS = 60
"""The most moments of a replay: about as many as a person can tell apart on a small chart."""

SIDE = 280
"""Side of the rasters in pixels: half the pad's, four times as quick, and still at least five
pixels for one of the network's where a drawing fills a third of the pad."""

Item: TypeAlias = Stroke | NDArray[np.uint8]
"""A stroke, or a picture (h, w) uint8, ink high, that was put over the whole raster."""


@dataclass(frozen=True)
class Moment:
    """How far a drawing had come.

    Parameters
    ----------
    finished
        How many of its items were finished.
    length
        The pen's way in the item after those, in pixels of the raster; 0 between two items.
    """

    finished: int
    length: float = 0.0


@dataclass(frozen=True, eq=False)
class Replay:
    """A drawing's moments, with a model's prediction for each.

    Parameters
    ----------
    drawing
        The items, in the order in which they were made.
    moments
        At about equal distances along the pen's way, the last with the whole drawing; the end of
        every item is among them unless there are more items than `MOMENTS`.
    probabilities
        (n, k) float32, 0 to 1, every row with the sum 1, or all 0 while there was no ink.
    class_names
        One name for each probability.
    sure_from
        The confidence from which the model's answer counts.
    """

    drawing: tuple[Item, ...]
    moments: tuple[Moment, ...]
    probabilities: NDArray[np.float32]
    class_names: tuple[str, ...]
    sure_from: float = SURE

    def __len__(self) -> int:
        return len(self.moments)

    def place(self, index: int) -> float:
        """Return how far along the moment `index` is, 0 to 1."""
        return place_in(len(self), index)

    def prediction(self, index: int) -> Prediction:
        """Return what the model said at the moment `index`."""
        return Prediction(self.probabilities[index], self.class_names, self.sure_from)

    def part(self, index: int) -> tuple[Item, ...]:
        """Return what was drawn at the moment `index`."""
        return part_of(self.drawing, self.moments[index])

    def first_sure(self) -> int | None:
        """Return the first moment with an answer that counts, None where none has one."""
        sure = np.flatnonzero(self.probabilities.max(axis=1) >= self.sure_from)
        return int(sure[0]) if len(sure) else None

    def turns(self) -> tuple[Turn, ...]:
        """Return every place where the answer becomes another; what is not sure is no answer."""
        return find_turns(self.probabilities, self.class_names, sure_from=self.sure_from)

    def doubts(self) -> tuple[tuple[float, float], ...]:
        """Return the stretches, each from and to in 0 to 1, on which the model is not sure."""
        return find_doubts(self.probabilities, sure_from=self.sure_from)


def find_moments(drawing: Sequence[Item], count: int = MOMENTS) -> tuple[Moment, ...]:
    """Return moments at about equal distances along the pen's way.

    Parameters
    ----------
    drawing
        A picture among its items counts as a step of no length.
    count
        The most moments wanted; each item's end is one of them if there are not more items.
    """
    if not drawing:
        return ()
    ways = [_length(item) + item.width if isinstance(item, Stroke) else 0.0 for item in drawing]
    spare = max(0, count - len(drawing)) / (sum(ways) or 1.0)
    found = []
    for place, (item, way) in enumerate(zip(drawing, ways, strict=True)):
        parts = 1 + int(spare * way)
        length = _length(item) if isinstance(item, Stroke) else 0.0
        if length > 0:
            found += [Moment(place, length * part / parts) for part in range(1, parts)]
        found.append(Moment(place + 1))
    kept = np.unique(np.linspace(len(found) - 1, 0, min(count, len(found))).round().astype(int))
    return tuple(found[index] for index in kept.tolist())


def part_of(drawing: Sequence[Item], moment: Moment) -> tuple[Item, ...]:
    """Return the items as far as they were drawn at a moment."""
    finished = tuple(drawing[: moment.finished])
    if moment.length <= 0:
        return finished
    under_way = drawing[moment.finished]
    if not isinstance(under_way, Stroke):
        return finished
    return (*finished, _piece(under_way, 0.0, moment.length))


def rasters(
    drawing: Sequence[Item], moments: Sequence[Moment], *, raster: int, side: int = SIDE
) -> Iterator[NDArray[np.uint8]]:
    """Yield the ink at each moment, drawing nothing twice.

    Parameters
    ----------
    drawing
        Places and widths are in pixels of a raster of `raster` × `raster`.
    moments
        In order.
    side
        Side of what is yielded, in pixels.

    Yields
    ------
    numpy.ndarray
        (side, side) uint8, ink high.
    """
    scale = side / raster
    ink = np.zeros((side, side), np.float32)
    at = Moment(0)
    for moment in moments:
        while at != moment:
            item = drawing[at.finished]
            ends_here = at.finished == moment.finished
            if isinstance(item, Stroke):
                end = moment.length if ends_here else _length(item)
                lay(ink, _scaled(_piece(item, at.length, end), scale))
            else:
                ink += (1.0 - ink) * resample(item, side, side) / 255.0
            at = moment if ends_here else Moment(at.finished + 1)
        yield np.rint(ink * 255.0).astype(np.uint8)


def replay_job(
    drawing: Sequence[Item],
    classifier: Classifier,
    *,
    raster: int,
    whole: NDArray[np.uint8] | None = None,
    without: Collection[str] = (),
) -> Job[Replay]:
    """Ask a model about every moment of a drawing.

    Parameters
    ----------
    drawing
        In pixels of a raster of `raster` × `raster`; at least one item.
    whole
        The ink of the last moment as the pad has it, (h, w) uint8, so that the last answer is the
        very one that the pad shows; drawn like the others where None.
    without
        Names of steps of the ink recipe to leave out, see `ink.prepare`.

    Raises
    ------
    ModelError
        When the model fails.
    ValueError
        When there is nothing to go through.
    """
    moments = find_moments(drawing)
    if not moments:
        raise ValueError("a replay of a drawing without items")
    contract = classifier.contract
    pictures, has_ink = [], []
    for index, ink in enumerate(rasters(drawing, moments, raster=raster)):
        yield Progress(index, len(moments), "Going through the drawing")
        is_last = index + 1 == len(moments)
        raster_ink = whole if whole is not None and is_last else ink
        steps = classifier.prepare(raster_ink, without=without)
        pictures.append(steps.picture)
        has_ink.append(not steps.empty)
    answers = classifier.predict(np.stack(pictures)) * np.array(has_ink, np.float32)[:, None]
    return Replay(
        tuple(drawing),
        moments,
        answers.astype(np.float32, copy=False),
        contract.class_names,
        classifier.sure_from,
    )


def _steps(stroke: Stroke) -> NDArray[np.float64]:
    """Return the way from each point of a stroke to the next, in pixels."""
    ways: NDArray[np.float64] = np.hypot(*np.diff(stroke.points.astype(np.float64), axis=0).T)
    return ways


def _length(item: Item) -> float:
    """Return the pen's way in a stroke, in pixels; a picture has none."""
    return float(_steps(item).sum()) if isinstance(item, Stroke) else 0.0


def _piece(stroke: Stroke, start: float, end: float) -> Stroke:
    """Return the part of a stroke between two lengths of its way."""
    along = np.concatenate([[0.0], np.cumsum(_steps(stroke))])
    inside = (along > start) & (along < end)
    lengths = np.concatenate([[start], along[inside], [end]])
    points = [np.interp(lengths, along, stroke.points[:, axis]) for axis in (0, 1)]
    return Stroke(np.stack(points, axis=1), stroke.width, stroke.erase)


def _scaled(stroke: Stroke, scale: float) -> Stroke:
    """Return a stroke on a raster of another size."""
    return Stroke(stroke.points * np.float32(scale), stroke.width * scale, stroke.erase)
