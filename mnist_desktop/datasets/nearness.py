"""Find all pairs of images that differ little, without comparing every pair pixel by pixel.

The difference of two images a and b with the pixels a_i and b_i (0 blank paper, 255 full ink) is

    D(a, b) = sqrt(Σ (a_i − b_i)² / (Σ a_i² + Σ b_i²)),

from 0 for equal images to 1 for those with no ink in common: the Euclidean distance, measured by
the ink that there is, so that a threshold means the same for a thin 1 and for a filled boot. With
D² = 1 − 2 ⟨a, b⟩ / (|a|² + |b|²), a pair is within a threshold t exactly when

    ⟨a, b⟩ ≥ (1 − t²) (|a|² + |b|²) / 2.

Three steps look for such pairs, and none loses one:

1. |a| and |b| alone: D² ≥ (|a| − |b|)² / (|a|² + |b|²), so among images sorted by their norm only
   neighbours are compared.
2. A few directions: with P the projection on orthonormal directions and r what remains of an
   image's norm, ⟨a, b⟩ ≤ ⟨Pa, Pb⟩ + r_a r_b (Cauchy and Schwarz). This takes a short matrix product
   instead of a long one, in blocks that fit into the processor's cache. The directions are those
   along which a sample of the images has most of its ink (its singular vectors), since any will do
   and these leave least to r.
3. What is left is computed exactly, in integers.

Rounding is allowed for in step 2: see `near_search.MARGIN`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_desktop.datasets.image_rows import ImageRows
from mnist_desktop.datasets.ink_rows import InkRows, dots
from mnist_desktop.datasets.near_search import MOVES, Nearest, NearPairs, Search
from mnist_desktop.progress import Job, Progress


def near_pairs_job(
    rows: ImageRows,
    among: NDArray[np.int64],
    *,
    threshold: float,
    moved: bool = False,
    limit: int,
) -> Job[NearPairs]:
    """Find all pairs whose D is at most `threshold`, or the `limit` nearest of them.

    Parameters
    ----------
    rows
        Images. Where most of their pixels are above the middle value, ink is taken to be dark on
        bright paper, and measured as 255 less the stored value.
    among
        (m,) int64 numbers of the rows to compare; blank ones may not be among them.
    threshold
        Largest D, 0 to 0.5.
    moved
        Also compare with the image moved by a pixel in each of the eight directions; what ink is
        moved over the edge counts as different. It takes nine times as long.
    limit
        Most pairs to return; memory is bounded by it, and by some 160 bytes for each image.
    """
    if not 0 <= threshold <= 0.5:
        raise ValueError(f"a threshold is 0 to 0.5, not {threshold}")
    search = yield from _prepared(rows, among, threshold=threshold, limit=limit)
    moves = ((0, 0), *MOVES) if moved else ((0, 0),)
    plan = [block for move in moves for block in search.blocks(move)]
    total, done = sum(block.area for block in plan), 0
    for block in plan:
        left = search.left(block)
        for part in block.parts():
            for first, second in search.suspected(left, part):
                search.check(first, second, part.move)
                yield Progress(done, total, "Comparing images")
            done += part.area
            yield Progress(done, total, "Comparing images")
    return search.result()


def _prepared(
    rows: ImageRows, among: NDArray[np.int64], *, threshold: float, limit: int
) -> Job[Search]:
    """Read all images once: find directions and norms, sort by norm, project."""
    ink = InkRows(rows, among)
    norms = np.empty(len(among), np.int64)
    for first in range(0, len(among), rows.piece):
        here = slice(first, first + rows.piece)
        norms[here] = dots(*[ink.pick(among[here])] * 2)
        yield Progress(first, 2 * len(among), "Measuring ink")
    order = np.argsort(norms, kind="stable")
    search = Search(ink, among[order], norms[order], nearest=Nearest(threshold, limit))
    for first in range(0, len(among), rows.piece):
        last = min(len(among), first + rows.piece)
        search.project(first, last)
        yield Progress(len(among) + first, 2 * len(among), "Measuring ink")
    return search
