"""How people write the ten digits: the way of the pen, several manners for each.

A row of the table is the digit, how often people use this manner relative to its others, and the
strokes. Each stroke is a row of points that a smooth curve goes through, `x y` in hundredths of the
digit's height, y downwards; a point given twice is a corner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Manner:
    """One way to write a digit.

    Parameters
    ----------
    share
        How often it is chosen among the manners of its digit, 0 to 1.
    strokes
        Points of each stroke, (k, 2) float64, 0 to 1, y down.
    """

    share: float
    strokes: tuple[NDArray[np.float64], ...]


_TABLE = """\
0 5: 55 2, 28 9, 10 45, 19 86, 48 98, 76 86, 87 48, 74 13, 52 3, 42 8
0 3: 60 5, 30 4, 6 30, 5 66, 30 96, 68 95, 94 65, 91 28, 62 4, 46 2
0 2: 77 15, 50 2, 20 22, 11 60, 30 95, 61 94, 84 62, 81 25, 58 5, 38 14
1 14: 50 0, 50 50, 50 100
1 4: 32 22, 43 11, 52 0, 52 0, 52 50, 52 100
1 1: 28 22, 42 11, 50 0, 50 0, 50 50, 50 98 | 24 99, 50 98, 78 99
2 4: 12 24, 30 4, 62 2, 78 22, 66 48, 36 76, 10 97, 10 97, 50 96, 90 97
2 5: 14 22, 36 2, 68 6, 76 28, 57 58, 27 90, 10 93, 13 79, 35 80, 60 94, 94 91
2 3: 10 17, 40 3, 73 14, 70 40, 41 74, 12 97, 12 97, 34 90, 62 97, 92 88
3 5: 14 14, 40 1, 73 10, 72 32, 40 47, 40 47, 76 56, 81 80, 52 99, 12 88
3 1: 16 4, 48 3, 78 4, 78 4, 58 25, 42 43, 42 43, 75 52, 81 78, 52 98, 14 88
3 3: 14 12, 45 1, 72 16, 60 38, 37 46, 48 50, 76 62, 77 86, 45 99, 10 86
4 6: 22 4, 17 30, 13 54, 13 54, 45 54, 88 51 | 72 2, 68 50, 66 100
4 2: 62 0, 36 32, 9 64, 9 64, 50 64, 90 62 | 64 0, 63 50, 62 100
4 4: 17 3, 12 30, 20 49, 45 51, 70 38, 80 4, 80 4, 74 50, 66 100
5 4: 28 5, 24 24, 20 43, 20 43, 48 36, 77 50, 79 78, 52 98, 12 90 | 28 5, 55 4, 88 1
5 4: 86 2, 56 3, 30 4, 30 4, 26 24, 22 42, 22 42, 52 38, 77 56, 73 84, 44 99, 10 90
5 2: 84 7, 55 2, 27 13, 29 34, 55 47, 77 64, 70 90, 38 99, 10 88
6 4: 68 2, 41 20, 19 52, 17 82, 42 99, 73 88, 76 65, 53 54, 27 66, 18 82
6 4: 52 0, 30 30, 14 62, 20 90, 48 99, 76 87, 77 65, 52 57, 25 71
6 2: 78 11, 59 1, 32 20, 13 58, 22 92, 54 99, 82 80, 71 58, 44 56, 20 73
7 6: 8 7, 45 5, 86 4, 86 4, 62 45, 42 100
7 2: 8 7, 45 5, 86 4, 86 4, 62 45, 44 100 | 34 53, 58 51, 84 50
7 2: 10 20, 10 5, 10 5, 48 6, 86 4, 86 4, 60 48, 50 100
7 3: 8 15, 30 5, 62 9, 84 5, 84 5, 64 40, 50 100
8 6: 74 15, 51 1, 26 14, 31 35, 53 47, 76 66, 71 91, 46 99, 21 87, 25 65, 50 46, 71 30, 73 12
8 2: 50 47, 28 34, 28 11, 52 1, 74 12, 71 36, 50 47, 22 60, 19 86, 46 99, 77 88, 77 62, 50 47
8 2: 52 45, 74 30, 70 8, 46 1, 25 15, 32 36, 55 50, 76 68, 68 94, 38 98, 20 78, 36 56, 56 43
9 5: 77 18, 54 2, 26 12, 21 37, 43 50, 69 37, 79 12, 79 12, 75 50, 68 100
9 2: 79 14, 52 1, 24 14, 22 39, 48 49, 74 30, 81 8, 81 8, 82 50, 72 88, 44 99, 18 90
9 4: 75 12, 48 1, 20 18, 22 43, 48 51, 74 34, 78 10, 77 40, 64 72, 44 100
"""


def _points(text: str) -> NDArray[np.float64]:
    """Read `x y, x y, …` in hundredths."""
    return np.array([pair.split() for pair in text.split(",")], np.float64) / 100.0


def _manners(digit: int) -> tuple[Manner, ...]:
    """Read the table's rows for one digit; their shares add up to 1."""
    rows = [row.partition(":")[::2] for row in _TABLE.splitlines() if row.startswith(f"{digit} ")]
    weights = [float(head.split()[1]) for head, _ in rows]
    return tuple(
        Manner(weight / sum(weights), tuple(_points(text) for text in strokes.split("|")))
        for weight, (_, strokes) in zip(weights, rows, strict=True)
    )


MANNERS: tuple[tuple[Manner, ...], ...] = tuple(_manners(digit) for digit in range(10))
"""The manners of each digit, 0 to 9."""
