"""Fetch one address over http or https, so that whoever waits can stop waiting at any moment.

Name look-up, connecting and reading block, and cannot be interrupted from outside; so they happen
in a thread of their own, which hands over what arrives and ends when nobody wants it any more.
"""

from __future__ import annotations

import http.client
import queue
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.error import HTTPError

from mnist_desktop import __version__
from mnist_desktop.datasets.connections import opener_for
from mnist_desktop.datasets.transfer_errors import (
    TransferError,
    as_transfer_error,
    check_address,
    redirected,
)

WAIT = 0.1
"""Seconds without data after which `fetch` yields None, so that its caller may act."""

MOST_REDIRECTS = 5
USER_AGENT = f"mnist-desktop/{__version__}"
"""NIST's server refuses Python's own name."""

_PIECE = 1 << 18
_QUEUED = 4
_REDIRECTS = (301, 302, 303, 307, 308)
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@dataclass(frozen=True)
class Patience:
    """How long a server may keep silent, in seconds.

    Parameters
    ----------
    answer
        Until it answers, names looked up and redirects included.
    stall
        Between two pieces of data.
    """

    answer: float = 30.0
    stall: float = 20.0


@dataclass(frozen=True)
class Answer:
    """What a server says before the data.

    Parameters
    ----------
    url
        Where the data comes from in the end.
    start
        The first byte that is sent: 0, or what was asked for where the server can do that.
    length
        How many bytes are announced from there on; None if that is not said.
    total
        The size of the whole file, if that is said.
    validator
        What tells this version of the file from another: its strong ETag or its date, or empty.
    """

    url: str
    start: int
    length: int | None
    total: int | None
    validator: str


Arrival: TypeAlias = Answer | bytes | None
_Item: TypeAlias = Answer | bytes | TransferError


def fetch(
    url: str, *, start: int = 0, validator: str = "", patience: Patience | None = None
) -> Generator[Arrival]:
    """Yield the `Answer` and then the data of an address as it arrives, None whenever it does not.

    Closing the generator ends the transfer within an instant.

    Parameters
    ----------
    url
        An http or https address; redirects are followed, never from https to http.
    start
        The first byte that is wanted.
    validator
        The `Answer.validator` of the bytes before it: if the file is another one by now, the whole
        file is sent from its beginning.
    patience
        How long to wait.

    Raises
    ------
    TransferError
        If it cannot be had, or breaks off.
    """
    patience = patience or Patience()
    line = _Line(url, start=start, validator=validator, patience=patience)
    threading.Thread(target=line.run, name="transfer", daemon=True).start()
    answered, silent = False, 0.0
    try:
        while True:
            began = time.monotonic()
            try:
                item = line.arrived.get(timeout=WAIT)
            except queue.Empty:
                silent += time.monotonic() - began
                _check_patience(silent, patience, answered=answered)
                yield None
                continue
            silent = 0.0
            if isinstance(item, TransferError):
                raise item
            if item == b"":
                return
            answered = True
            yield item
    finally:
        line.stop()


def _check_patience(silent: float, patience: Patience, *, answered: bool) -> None:
    """Raise once a server has kept silent for too long."""
    if answered and silent >= patience.stall:
        raise TransferError(f"sent nothing for {patience.stall:.0f} seconds", broken=True)
    if not answered and silent >= patience.answer:
        raise TransferError(f"did not answer for {patience.answer:.0f} seconds", reached=False)


class _Line:
    """One request in a thread of its own; `arrived` gives the answer, the pieces, and b'' last."""

    def __init__(self, url: str, *, start: int, validator: str, patience: Patience) -> None:
        self.arrived: queue.Queue[_Item] = queue.Queue(_QUEUED)
        self._socket: socket.socket | None = None
        self._url, self._start, self._validator = url, start, validator
        self._patience = patience
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the transfer; a read that waits is woken."""
        self._stopped.set()
        if self._socket is not None:
            with suppress(OSError, ValueError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        """Fetch, and hand over whatever comes, an error too."""
        answered = False
        try:
            with self._opened() as response:
                self._hand_over(_answer(response, self._start))
                answered = True
                while not self._stopped.is_set() and (piece := response.read1(_PIECE)):
                    self._hand_over(piece)
            self._hand_over(b"")
        except Exception as error:
            # Whatever a strange server brings about must reach the one who waits.
            self._hand_over(as_transfer_error(error, answered=answered))

    def _hand_over(self, item: _Item) -> None:
        """Give an item to the one who waits, unless nobody does any more."""
        while not self._stopped.is_set():
            with suppress(queue.Full):
                self.arrived.put(item, timeout=WAIT)
                return

    def _opened(self) -> Any:  # noqa: ANN401 - urllib types what it returns so
        """Return the response of the address, or of the one it sends to."""
        opener = opener_for(self._keep_socket)
        # `fetch` watches the time; this only lets the thread end one day where nothing wakes it.
        timeout = 2 * max(self._patience.answer, self._patience.stall)
        url = self._url
        check_address(url)
        for _ in range(MOST_REDIRECTS + 1):
            request = urllib.request.Request(url, headers=self._headers())
            try:
                return opener.open(request, timeout=timeout)
            except HTTPError as error:
                with error:
                    target = error.headers.get("Location", "")
                    if error.code not in _REDIRECTS or not target:
                        raise
                url = redirected(target, before=url)
        raise TransferError("sends from one address to the next without an end")

    def _keep_socket(self, connected: socket.socket) -> None:
        """Know what `stop` has to wake."""
        self._socket = connected

    def _headers(self) -> dict[str, str]:
        """Return what is asked of the server: the bytes as they are, from `start` on."""
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        if self._start:
            headers["Range"] = f"bytes={self._start}-"
            if self._validator:
                headers["If-Range"] = self._validator
        return headers


def _answer(response: http.client.HTTPResponse, wanted: int) -> Answer:
    """Return what a response says of its data."""
    etag = response.headers.get("ETag", "")
    validator = response.headers.get("Last-Modified", "") if etag[:2] in ("", "W/") else etag
    text = response.headers.get("Content-Length", "")
    length = int(text) if re.fullmatch(r"\d{1,15}", text) else None
    if response.status == HTTPStatus.OK:
        return Answer(response.url or "", 0, length, length, validator)
    span = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if response.status != HTTPStatus.PARTIAL_CONTENT or span is None or int(span[1]) != wanted:
        raise TransferError(
            f"answered {response.status} with another part than was asked for",
            status=response.status,
        )
    return Answer(response.url or "", wanted, length, int(span[3]), validator)
