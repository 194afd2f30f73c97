"""What goes wrong between this program and a server, in plain words; what addresses are allowed."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import suppress
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit


class TransferError(Exception):
    """A server, or the way to it, failed.

    Parameters
    ----------
    reason
        The rest of a sentence that begins with the server's name.
    reached
        Whether a server answered at all; if none does, it is the network that is missing.
    broken
        Whether data had begun to arrive, so that it is worth going on from there.
    status
        The HTTP status, 0 if it was something else.
    """

    def __init__(
        self, reason: str, *, reached: bool = True, broken: bool = False, status: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached
        self.broken = broken
        self.status = status


def redirected(target: str, *, before: str) -> str:
    """Return where a redirect leads, checked."""
    with suppress(ValueError):  # a broken address cannot be joined, and is refused as it stands
        target = urljoin(before, target)
    check_address(target, before=before)
    return target


def check_address(url: str, *, before: str = "") -> None:
    """Refuse an address that is not http or https, or that leads there from https.

    Raises
    ------
    TransferError
        With the reason.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if parts is None or not host or parts.scheme not in ("http", "https"):
        raise TransferError(f"sends to “{url[:80]}”, which is no http address")
    if parts.scheme == "http" and urlsplit(before).scheme == "https":
        raise TransferError("sends from https to plain http, which is not followed")


def as_transfer_error(error: Exception, *, answered: bool) -> TransferError:
    """Say in plain words what went wrong on the way.

    Parameters
    ----------
    error
        Whatever was raised while a server was asked.
    answered
        Whether it had answered before.
    """
    if isinstance(error, TransferError):
        return error
    if isinstance(error, HTTPError):
        return TransferError(f"answered {error.code} ({_phrase(error)})", status=error.code)
    if isinstance(error, URLError) and isinstance(error.reason, Exception):
        error = error.reason
    if isinstance(error, ssl.SSLCertVerificationError):
        return TransferError(f"has a certificate that is not trusted: {error.verify_message}")
    if isinstance(error, http.client.HTTPException | ValueError):
        said = "broke off" if answered else "answered something that is not HTTP"
        return TransferError(said, broken=answered)
    if answered:
        return TransferError("broke off", broken=True)
    if isinstance(error, socket.gaierror):
        return TransferError("was not found: its name is not known here", reached=False)
    if isinstance(error, TimeoutError):
        return TransferError("did not answer in time", reached=False)
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return TransferError(f"cannot be reached: {words}", reached=False)


def _phrase(error: HTTPError) -> str:
    """Return the usual words for a status, whatever the server says."""
    try:
        return HTTPStatus(error.code).phrase
    except ValueError:
        return "a status nobody knows"
