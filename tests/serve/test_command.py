"""`live-translate serve`, up to where it listens, and as a process."""

import ast
import errno
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import live_translator
from live_translator.cli import main
from live_translator.config import ServeConfig
from live_translator.errors import UsageError
from live_translator.serve.command import listening, server_config

PACKAGE = Path(live_translator.__file__).parent


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--host", "::"], "give them a token"),
        (["--tls-cert", "cert.pem"], "go together"),
        (["--tls-cert", "no.pem", "--tls-key", "no.pem"], "there is no file no.pem"),
        (["--token-file", "no.txt"], "cannot read the token"),
        (["--src", "xx"], "unknown language 'xx'"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    flags: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *flags]) == 2
    assert said in capsys.readouterr().err


def test_a_short_token_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "token").write_text("secret\n")
    assert main(["serve", "--token-file", str(tmp_path / "token")]) == 2
    assert "at least 16" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told() -> None:
    with listening("127.0.0.1", 0) as ear, pytest.raises(UsageError, match="another --host or"):
        listening("127.0.0.1", ear.getsockname()[1])


def test_listening_is_possible_on_either_protocol() -> None:
    with listening("127.0.0.1", 0) as ear:
        assert ear.family == socket.AF_INET
    if socket.has_ipv6:
        with listening("::1", 0) as ear:
            assert ear.family == socket.AF_INET6


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux can")
def test_who_reads_nothing_is_cut_by_the_system() -> None:
    with (
        listening("127.0.0.1", 0, unread_s=0.5) as ear,
        socket.create_connection(ear.getsockname()) as client,
    ):
        line, _ = ear.accept()
        with line, pytest.raises(TimeoutError) as cut:
            line.settimeout(30.0)
            while True:
                line.sendall(bytes(65_536))
        assert cut.value.errno == errno.ETIMEDOUT  # The system's, not ours.
        assert client.recv(1)


def test_certificates_are_given_to_the_server(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    settings = server_config(object(), ServeConfig(), tls=(certificate, key))
    settings.load()
    assert isinstance(settings.ssl, ssl.SSLContext)


def test_nothing_but_the_command_line_knows_of_the_server() -> None:
    """The core runs without the extra `serve`."""
    strangers = {"fastapi", "pydantic", "uvicorn", "starlette", "prometheus_client", "websockets"}
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "serve"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            for name in names:
                assert name.split(".")[0] not in strangers, path
                assert path.name == "cli.py" or "serve" not in name.split("."), path


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_well(number: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "LIVE_TRANSLATE_TOKEN": "0123456789abcdef"}
    process = subprocess.Popen(
        [sys.executable, "-m", "live_translator", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split()[2].rstrip(";")
        assert httpx.get(f"{url}/health/live", timeout=60).json()["live"]
        assert httpx.get(f"{url}/metrics", timeout=60).status_code == 401
        process.send_signal(number)
        _, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in errors
