"""Unpack gzip content piece by piece, never more than was asked for."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import BinaryIO

from mnist_desktop.datasets.faults import DOWNLOAD_AGAIN, IdxError

GZIP_MAGIC = b"\x1f\x8b"
MAX_RATIO = 1032
"""The most that deflate can shrink: 258 bytes written with two bits (RFC 1951, 3.2.5)."""

_CHUNK = 1 << 17
_GZIP_FRAME = 31  # zlib's window bits for "a gzip header and trailer, checked"


class CutOffError(IdxError):
    """The packed data ends before its own end."""


class GarbledError(IdxError):
    """The packed data is damaged: what was unpacked of it may be wrong."""


class Unpacker:
    """Read what is packed in a gzip file of one or more members.

    Parameters
    ----------
    stream
        The packed file, at its beginning.
    path
        Its name for errors.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream = stream
        self._path = path
        self._inflater = zlib.decompressobj(_GZIP_FRAME)
        self._pending = b""
        self._fetched = 0
        self._peeked = b""
        self._fault: IdxError | None = None
        self.size = os.fstat(stream.fileno()).st_size
        self.unpacked = 0

    @property
    def consumed(self) -> int:
        """Return how many packed bytes were used up."""
        return self._fetched - len(self._pending)

    def peek(self, size: int) -> bytes:
        """Return the next `size` unpacked bytes, or all there are, without using them up.

        A fault behind the first of them is kept for the `read` that meets it.
        """
        try:
            while len(self._peeked) < size and (piece := self._unpack(size - len(self._peeked))):
                self._peeked += piece
        except IdxError as fault:
            if not self._peeked:
                raise
            self._fault = fault
        return self._peeked

    def skip(self, size: int) -> None:
        """Use up `size` bytes that were peeked at."""
        self._peeked = self._peeked[size:]

    def read(self, size: int) -> bytes:
        """Return at least one and at most `size` unpacked bytes; none at the end.

        Raises
        ------
        IdxError
            When the packed data is cut off or damaged, or something else follows it.
        """
        if self._peeked:
            piece, self._peeked = self._peeked[:size], self._peeked[size:]
            return piece
        return self._unpack(size)

    def _unpack(self, size: int) -> bytes:
        """Unpack as `read` does, straight from the file."""
        if self._fault is not None:
            raise self._fault
        while True:
            if self._inflater.eof and not self._next_member():
                return b""
            data = self._pending or self._fetch()
            start = self._fetched - len(data)
            before = self._inflater.copy()
            try:
                piece = self._inflater.decompress(data, size)
            except zlib.error:
                return self._last_sound_bytes(before, data, start)
            self._pending = self._inflater.unconsumed_tail or self._inflater.unused_data
            if piece:
                self.unpacked += len(piece)
                return piece
            if not data and not self._inflater.eof:
                raise self._cut_off()

    def _last_sound_bytes(self, inflater: zlib._Decompress, data: bytes, start: int) -> bytes:
        """Return what can be unpacked before the damage, and keep the fault for the next call.

        zlib gives nothing at all from a call that fails, so the call is made again byte by byte.
        """
        piece = bytearray()
        fault = self._damaged(start, "no gzip data")
        for index in range(len(data)):
            try:
                piece += inflater.decompress(data[index : index + 1])
            except zlib.error as error:
                fault = self._damaged(start + index, str(error))
                break
        self._fault = fault
        self.unpacked += len(piece)
        if not piece:
            raise fault
        return bytes(piece)

    def _fetch(self) -> bytes:
        """Return the next packed bytes of the file."""
        data = self._stream.read(_CHUNK)
        self._fetched += len(data)
        return data

    def _next_member(self) -> bool:
        """Go on to the next gzip member; tell whether there is one.

        Zeros behind the last member are padding, as tapes need it, and gzip itself ignores them.
        """
        while True:
            self._pending = self._pending.lstrip(b"\0")
            if len(self._pending) >= len(GZIP_MAGIC):
                break
            more = self._fetch()
            if not more:
                break
            self._pending += more
        if not self._pending:
            return False
        if not self._pending.startswith(GZIP_MAGIC):
            raise IdxError(
                self._path,
                "goes on behind the end of its gzip data",
                offset=self.consumed,
                expected="the end of the file",
                found=f"“{self._pending[:4].hex(' ')}”",
                advice="Something was appended to it. " + DOWNLOAD_AGAIN,
            )
        self._inflater = zlib.decompressobj(_GZIP_FRAME)
        return True

    def _cut_off(self) -> CutOffError:
        """Return the error for a file that ends too early."""
        return CutOffError(
            self._path,
            f"is cut off: its gzip data stops after {self.unpacked:,} unpacked bytes",
            offset=self._fetched,
            expected="more gzip data",
            found="the end of the file",
            advice="Its download was interrupted. " + DOWNLOAD_AGAIN,
        )

    def _damaged(self, start: int, reason: str) -> GarbledError:
        """Return the error for packed data that cannot be right."""
        checksum = "data check" in reason or "length check" in reason
        return GarbledError(
            self._path,
            "is damaged: "
            + (
                "the checksum of its gzip data is wrong" if checksum else "its gzip data is garbled"
            ),
            offset=start,
            expected="a matching checksum" if checksum else "gzip data",
            found=reason.rpartition(": ")[2],
            advice=(
                "Some bytes in it are wrong, and nobody can tell which. "
                if checksum
                else "What stands shortly before that place may be wrong too. "
            )
            + DOWNLOAD_AGAIN,
        )
