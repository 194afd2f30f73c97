"""One address: proxies, certificates, and what is asked of a server."""

from __future__ import annotations

import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from mnist_desktop.datasets.connections import tls_context
from mnist_desktop.datasets.transfer import USER_AGENT, Answer, Patience, fetch
from mnist_desktop.datasets.transfer_errors import TransferError, check_address
from tests.unit.datasets.mirror_server import Visit, redirects, serving, stalls

FILES = {"a.gz": b"\x1f\x8b" + bytes(range(256)) * 400}


pytestmark = pytest.mark.usefixtures("no_proxy")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for this machine that nobody trusts, with its key."""
    folder = tmp_path_factory.mktemp("certificate")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes a certificate for the test, is not here")
    key, single = folder / "key.pem", folder / "single.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", key, "-out", single),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    made = folder / "own.pem"
    made.write_bytes(key.read_bytes() + single.read_bytes())
    return made


def body(url: str, **options: object) -> bytes:
    """Return the data of an address."""
    arrivals = fetch(url, **options)  # type: ignore[arg-type]
    return b"".join(item for item in arrivals if isinstance(item, bytes))


def test_the_answer_comes_first_and_says_what_is_sent() -> None:
    with serving(FILES) as mirror:
        items = [item for item in fetch(f"{mirror.url}a.gz", start=10) if item is not None]

    size = len(FILES["a.gz"])
    assert isinstance(items[0], Answer)
    assert (items[0].start, items[0].length, items[0].total) == (10, size - 10, size)
    assert items[0].validator.startswith('"')
    assert b"".join(items[1:]) == FILES["a.gz"][10:]  # type: ignore[arg-type]


def test_the_server_learns_the_programs_name_and_nothing_of_the_person() -> None:
    seen: dict[str, str] = {}

    def look(visit: Visit) -> None:
        seen.update(visit.handler.headers.items())
        visit.serve()

    with serving(FILES) as mirror:
        mirror.behave["a.gz"] = look
        body(f"{mirror.url}a.gz")

    assert seen.pop("Host")
    assert seen == {
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(FILES) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)

        assert body("http://name.invalid/folder/a.gz") == FILES["a.gz"]
        assert proxy.addresses == ["http://name.invalid/folder/a.gz"]


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_thread_that_waits_for_a_server_ends_when_nobody_waits_any_more(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(FILES, certificate=certificate if encrypted else None) as mirror:
        mirror.behave["a.gz"] = stalls(5000)
        arrivals = fetch(f"{mirror.url}a.gz")
        while not isinstance(next(arrivals), bytes):
            pass
        (thread,) = (made for made in threading.enumerate() if made.name == "transfer")
        arrivals.close()
        thread.join(5)

        assert not thread.is_alive()


def test_https_is_checked_against_the_certificates_that_are_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(FILES, certificate=certificate) as mirror:
        with pytest.raises(TransferError, match="has a certificate that is not trusted"):
            body(f"{mirror.url}a.gz")

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert body(f"{mirror.url}a.gz") == FILES["a.gz"]


def test_https_is_never_left_for_http(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(FILES) as plain, serving(FILES, certificate=certificate) as mirror:
        mirror.behave["a.gz"] = redirects(f"{plain.url}a.gz")

        with pytest.raises(TransferError, match="from https to plain http"):
            body(f"{mirror.url}a.gz")
        assert not plain.asked


def test_certificates_of_the_system_are_found_where_python_does_not_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    """In a packaged program Python looks where the building machine had them."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("ssl.SSLContext.load_default_certs", lambda *rest: None)
    monkeypatch.setattr(
        "mnist_desktop.datasets.connections._BUNDLES", (str(tmp_path / "none"), str(certificate))
    )

    assert tls_context().cert_store_stats()["x509"] == 1


def test_patience_ends() -> None:
    with serving(FILES) as mirror:
        mirror.behave["a.gz"] = stalls(5000)

        with pytest.raises(TransferError, match="sent nothing") as caught:
            body(f"{mirror.url}a.gz", patience=Patience(answer=5, stall=0.2))

    assert caught.value.broken


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://host/a", "http:///a", "a", "http://["]
)
def test_only_http_addresses_are_asked(url: str) -> None:
    with pytest.raises(TransferError, match="no http address"):
        check_address(url)
