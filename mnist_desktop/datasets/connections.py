"""Connections to servers: through a proxy where there is one, checked by the system's certificates.

Proxies come from the environment; on Windows and macOS from the system where it names none. Where
certificates come from, in the packaged program too, is told in docs/adr/0009-downloads.md.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

# Where systems keep the certificates they trust. A packaged program looks where the Python that
# it was built with did, which is another place on another system.
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine, the BSDs
)


def tls_context() -> ssl.SSLContext:
    """Return a context that checks servers against the certificates the system trusts."""
    context = ssl.create_default_context()
    named = {"SSL_CERT_FILE", "SSL_CERT_DIR"} & set(os.environ)
    if not named and not context.cert_store_stats()["x509_ca"]:
        for bundle in filter(os.path.isfile, _BUNDLES):
            with suppress(OSError, ssl.SSLError):
                context.load_verify_locations(Path(bundle))
                break
    return context


def opener_for(tell: Callable[[socket.socket], object]) -> urllib.request.OpenerDirector:
    """Return what opens http and https addresses, and no others; redirects are left to the caller.

    Parameters
    ----------
    tell
        Called with the socket of each connection, so that waiting for it can be ended.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Plain(tell),
        _Encrypted(tell),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


class _Plain(urllib.request.HTTPHandler):
    """Open http addresses on connections that tell their socket."""

    def __init__(self, tell: Callable[[socket.socket], object]) -> None:
        super().__init__()
        self._tell = tell

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open the address of `req`."""

        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            made = _Connection(host, **options)
            made.tell = self._tell
            return made

        return self.do_open(connection, req)


class _Encrypted(urllib.request.HTTPSHandler):
    """Open https addresses likewise."""

    def __init__(self, tell: Callable[[socket.socket], object]) -> None:
        super().__init__()
        self._tell = tell

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open the address of `req`."""

        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            made = _TlsConnection(host, context=tls_context(), **options)
            made.tell = self._tell
            return made

        return self.do_open(connection, req)


class _Connection(http.client.HTTPConnection):
    """A connection that tells its socket."""

    tell: Callable[[socket.socket], object]

    def connect(self) -> None:
        """Connect."""
        super().connect()
        self.tell(self.sock)


class _TlsConnection(http.client.HTTPSConnection):
    """An encrypted connection likewise."""

    tell: Callable[[socket.socket], object]

    def connect(self) -> None:
        """Connect."""
        super().connect()
        self.tell(self.sock)
