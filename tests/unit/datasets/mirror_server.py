"""A server on this machine that offers files, and misbehaves as it is told."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

import numpy as np

from mnist_desktop.datasets.idx import write_idx
from mnist_desktop.datasets.published import Member, Published, PublishedFile, Split
from mnist_desktop.datasets.sample_digits import sample_dataset

Content: TypeAlias = Mapping[str, bytes]
Behaviour: TypeAlias = "Callable[[Visit], None]"

PAGE = b"<!DOCTYPE html><html><body>We have moved.</body></html>" * 20


class Visit:
    """One request that is being answered."""

    def __init__(self, handler: BaseHTTPRequestHandler, mirror: Mirror, name: str) -> None:
        self.handler, self.mirror, self.name = handler, mirror, name
        self.content = mirror.files.get(name, b"")

    def start(self, status: int = 200, **headers: object) -> None:
        """Send the status and headers."""
        self.handler.send_response(status)
        for key, value in headers.items():
            self.handler.send_header(key.replace("_", "-"), str(value))
        self.handler.end_headers()

    def send(self, data: bytes) -> None:
        """Send some of the body, at once."""
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def serve(self, *, upto: int | None = None) -> None:
        """Answer as a good server does, or break off after `upto` bytes of the body."""
        etag = f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'
        asked = re.fullmatch(r"bytes=(\d+)-", self.handler.headers.get("Range", ""))
        same = self.handler.headers.get("If-Range", etag) == etag
        if asked and same:
            first = int(asked[1])
            if first >= len(self.content):
                self.start(416, Content_Length=0)
                return
            body, size = self.content[first:], len(self.content)
            span = f"bytes {first}-{size - 1}/{size}"
            self.start(206, Content_Length=len(body), Content_Range=span, ETag=etag)
        else:
            body = self.content
            self.start(200, Content_Length=len(body), ETag=etag)
        self.send(body[:upto])


class Mirror:
    """Files that are offered, what was asked, and how it is answered.

    `behave` maps names to what answers a request for them instead of `Visit.serve`; a list of
    behaviours is used up one by one, the last one stays.
    """

    def __init__(self, files: Content) -> None:
        self.files = dict(files)
        self.behave: dict[str, Behaviour | list[Behaviour]] = {}
        self.asked: list[tuple[str, str]] = []
        self.addresses: list[str] = []
        self.released = threading.Event()
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        name = handler.path.rpartition("/")[2]  # a proxy is asked for whole addresses
        self.asked.append((name, handler.headers.get("Range", "")))
        self.addresses.append(handler.path)
        chosen = self.behave.get(name, self.behave.get("*", good))
        if isinstance(chosen, list):
            chosen = chosen.pop(0) if len(chosen) > 1 else chosen[0]
        chosen(Visit(handler, self, name))

    def names_asked(self) -> list[str]:
        """Return what was asked for, in order."""
        return [name for name, _ in self.asked]


@contextmanager
def serving(files: Content, *, certificate: Path | None = None) -> Iterator[Mirror]:
    """Run a mirror for as long as the block lasts; with a certificate (and its key) over https."""
    mirror = Mirror(files)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            try:
                mirror.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: clients that go away are what is tested."""

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            scheme = "https"
        mirror.url = f"{scheme}://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield mirror
        finally:
            mirror.released.set()
            server.shutdown()
            thread.join()


# Behaviours


def good(visit: Visit) -> None:
    """Answer as a server should; 404 for what is not there."""
    if visit.name in visit.mirror.files:
        visit.serve()
    else:
        visit.start(404, Content_Length=0)


def refuses(status: int) -> Behaviour:
    """Answer with this status and a page."""

    def behave(visit: Visit) -> None:
        visit.start(status, Content_Length=len(PAGE), Content_Type="text/html")
        visit.send(PAGE)

    return behave


def sends_page(visit: Visit) -> None:
    """Answer 200 with a web page."""
    visit.start(200, Content_Length=len(PAGE), Content_Type="text/html")
    visit.send(PAGE)


def breaks_off(after: int) -> Behaviour:
    """Announce everything, send `after` bytes, and hang up."""
    return lambda visit: visit.serve(upto=after)


def stalls(after: int) -> Behaviour:
    """Send `after` bytes, and nothing more until the mirror is shut down."""

    def behave(visit: Visit) -> None:
        visit.serve(upto=after)
        visit.mirror.released.wait(60)

    return behave


def silent(visit: Visit) -> None:
    """Never answer."""
    visit.mirror.released.wait(60)


def redirects(target: str, status: int = 302) -> Behaviour:
    """Send the client elsewhere."""
    return lambda visit: visit.start(status, Location=target, Content_Length=0)


def ignores_range(visit: Visit) -> None:
    """Send the whole file whatever was asked for."""
    visit.start(200, Content_Length=len(visit.content))
    visit.send(visit.content)


def announces(length: int) -> Behaviour:
    """Announce another length than the file has, and send the file."""

    def behave(visit: Visit) -> None:
        visit.start(200, Content_Length=length)
        visit.send(visit.content)

    return behave


def never_ends(visit: Visit) -> None:
    """Announce nothing, send the file, and go on with zeros for as long as somebody listens."""
    visit.start(200)
    visit.send(visit.content)
    while not visit.mirror.released.is_set():
        visit.send(bytes(1 << 16))


def other_part(visit: Visit) -> None:
    """Answer another part than was asked for."""
    size = len(visit.content)
    visit.start(206, Content_Length=size - 7, Content_Range=f"bytes 7-{size - 1}/{size}")
    visit.send(visit.content[7:])


def gibberish(visit: Visit) -> None:
    """Answer in another language than HTTP."""
    visit.send(b"SSH-2.0-OpenSSH_9.2\r\n")


# Datasets to offer


def file_of(name: str, data: bytes) -> PublishedFile:
    """Return what is known of a file with this content."""
    content = ""
    if data.startswith(b"\x1f\x8b"):
        content = hashlib.sha256(gzip.decompress(data)).hexdigest()
    return PublishedFile(name, len(data), hashlib.sha256(data).hexdigest(), content)


def small_files(folder: Path, count: int = 300) -> dict[str, bytes]:
    """Return generated digits as the four files of MNIST, packed."""
    files = {}
    for split, seed in (("train", 0), ("t10k", 1)):
        digits = sample_dataset(count, seed=seed)
        assert digits.labels is not None
        for name, array in (
            (f"{split}-images-idx3-ubyte.gz", digits.images),
            (f"{split}-labels-idx1-ubyte.gz", digits.labels.astype(np.uint8)),
        ):
            write_idx(folder / name, array)
            files[name] = (folder / name).read_bytes()
            (folder / name).unlink()
    return files


def small_published(files: Content, *mirrors: str, key: str = "mnist") -> Published:
    """Return a dataset of these four files, to be had from these mirrors."""
    return Published(
        key=key,
        title={"mnist": "MNIST", "kmnist": "KMNIST"}[key],
        what="Generated digits",
        images=600,
        classes="10",
        licence="MIT licence",
        publisher="http://127.0.0.1/",
        files=tuple(file_of(name, data) for name, data in files.items()),
        mirrors=mirrors,
        splits=(
            Split("train", "train-images-idx3-ubyte.gz", 300),
            Split("test", "t10k-images-idx3-ubyte.gz", 300),
        ),
    )


def small_archive(
    files: Content, *mirrors: str, extra: Content | None = None
) -> tuple[Published, bytes]:
    """Return a dataset that is offered as one archive, and the archive, perhaps with more in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"gzip/{name}", data)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    packed = stream.getvalue()
    members = tuple(
        Member(name, hashlib.md5(data, usedforsecurity=False).hexdigest(), 1 << 20)
        for name, data in files.items()
    )
    published = Published(
        key="emnist",
        title="EMNIST",
        what="Generated digits",
        images=600,
        classes="10",
        licence="no licence stated",
        publisher="http://127.0.0.1/",
        files=(file_of("gzip.zip", packed),),
        mirrors=mirrors,
        splits=(Split("train", "train-images-idx3-ubyte.gz", 300),),
        members=members,
        prefix="gzip/",
    )
    return published, packed
