"""TLS and a token, over real connections."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from live_translator.cli import main
from tests.serve.server import Served, closed, receive, say, served, speech, start

TOKEN = "a token of many characters"  # noqa: S105


def pair(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate for this machine that is its own authority, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command")
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return pair(tmp_path_factory.mktemp("tls"), "server")


@pytest.fixture(scope="module")
def trusting(files: tuple[Path, Path]) -> ssl.SSLContext:
    """Believes the server's certificate and no other."""
    return ssl.create_default_context(cafile=str(files[0]))


@pytest.fixture(scope="module")
def server(files: tuple[Path, Path]) -> Iterator[Served]:
    with served(token=TOKEN, tls=files) as running:
        yield running


def test_a_talk_goes_over_tls(server: Served, trusting: ssl.SSLContext) -> None:
    with connect(f"wss://127.0.0.1:{server.port}/ws/stream", ssl=trusting) as socket:
        socket.send(start(token=TOKEN))
        assert receive(socket)["type"] == "stream_started"
        socket.send(speech(3.0))
        say(socket, type="stop_stream")
        messages, code = closed(socket)
    assert (messages[-1]["type"], code) == ("stream_end", 1000)
    assert {"source", "target", "sound", "spoken"} <= {message["type"] for message in messages}


def test_a_request_goes_over_tls(server: Served, trusting: ssl.SSLContext) -> None:
    url = f"https://localhost:{server.port}/languages"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.get(url, headers=headers, verify=trusting).status_code == 200


@pytest.mark.parametrize("token", [None, "another", f"{TOKEN}!"])
def test_tls_does_not_replace_the_token(
    server: Served, trusting: ssl.SSLContext, token: str | None
) -> None:
    url = f"https://127.0.0.1:{server.port}/languages"
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    assert httpx.get(url, headers=headers, verify=trusting).status_code == 401
    with connect(f"wss://127.0.0.1:{server.port}/ws/stream", ssl=trusting) as socket:
        socket.send(start(token=token) if token else start())
        messages, code = closed(socket)
    assert (messages[-1]["code"], code) == ("unauthorized", 4401)


def test_who_speaks_without_tls_hears_nothing(server: Served) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{server.port}/health")
    with pytest.raises((WebSocketException, OSError, EOFError)):
        connect(f"ws://127.0.0.1:{server.port}/ws/stream", open_timeout=10)


def test_another_certificate_is_not_believed(server: Served, tmp_path: Path) -> None:
    """Which shows that the clients above do verify."""
    stranger = ssl.create_default_context(cafile=str(pair(tmp_path, "other")[0]))
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://127.0.0.1:{server.port}/health", verify=stranger)
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(f"wss://127.0.0.1:{server.port}/ws/stream", ssl=stranger)


def test_old_versions_of_tls_are_refused(server: Served, trusting: ssl.SSLContext) -> None:
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{server.port}/health", verify=old)


@pytest.mark.parametrize("what", ["another's key", "no key", "an empty key", "a locked key"])
def test_a_pair_that_does_not_fit_is_said_in_one_line(
    what: str, files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate, key = files
    if what == "another's key":
        _, key = pair(tmp_path, "other")
    elif what == "no key":
        key = certificate
    elif what == "an empty key":
        key = tmp_path / "empty.key"
        key.touch()
    else:
        locked = tmp_path / "locked.key"
        subprocess.run(
            ["openssl", "ec", "-aes256", "-passout", "pass:secret", "-in", key, "-out", locked],
            check=True,
            capture_output=True,
        )
        key = locked
    flags = ["--tls-cert", str(certificate), "--tls-key", str(key)]
    assert main(["serve", "--port", "0", *flags]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "are no certificate and its key" in line
