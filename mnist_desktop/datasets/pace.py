"""How fast a transfer goes and how long it will take, from what was seen lately."""

from __future__ import annotations

from collections import deque

_SPAN = 5.0  # seconds: long enough to be calm, short enough to notice a change


class Pace:
    """Speed over the last seconds.

    It is told how far the work is and what time it is, so that it needs no clock of its own.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, now: float, done: int) -> None:
        """Take note of `done` bytes at `now` seconds; fewer than before begins anew."""
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= _SPAN:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """Return bytes a second; None while too little was seen."""
        if len(self._seen) < 2:
            return None
        (began, first), (now, done) = self._seen[0], self._seen[-1]
        return (done - first) / (now - began) if now - began >= 0.5 else None

    def seconds_left(self, total: int) -> float | None:
        """Return how long it will take to `total`; None where nothing can be said."""
        rate = self.rate
        return (total - self._seen[-1][1]) / rate if rate else None


def size_text(size: float) -> str:
    """Write a number of bytes as people do, in powers of ten: 940 bytes, 28.9 kB, 11.6 MB."""
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB"):
        size /= 1000
        if size < 99.95:
            return f"{size:.1f} {unit}"
        if size < 999.5:
            return f"{size:.0f} {unit}"
    return f"{size / 1000:.2f} GB"
