"""`live-translate serve`: translate for browsers and other clients."""

import argparse
import contextlib
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from live_translator.config import PROFILES, Config, ServeConfig, load
from live_translator.errors import UsageError

if TYPE_CHECKING:
    import uvicorn

TOKEN_VARIABLE = "LIVE_TRANSLATE_TOKEN"  # noqa: S105 - where it is looked for
_BACKLOG = 128
_SEND_BUFFER_BYTES = 65_536
"""Of a connection; Linux doubles it. Two seconds of speech."""
_UNREAD = 3.0
"""Times `serve.send_s`: a client that has been let go and still takes nothing is cut by the
system (RFC 5482). A connection that is closed with messages in it otherwise stays until they
are read."""


def run(argv: Sequence[str]) -> int:
    """Serve until interrupted; raises UsageError and ConfigError for what cannot be."""
    options = _parser().parse_args(argv)
    logging.basicConfig(
        level=options.log_level.upper(), format="live-translate: %(message)s", stream=sys.stderr
    )
    try:
        import uvicorn  # noqa: PLC0415 - of the extra `serve`

        from live_translator.serve import app  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the server needs {error.name}: pip install 'live-translate[serve]'"
        ) from error
    from live_translator import first_run  # noqa: PLC0415 - start-up time
    from live_translator.model_store import ModelStore  # noqa: PLC0415
    from live_translator.serve.commons import Commons  # noqa: PLC0415
    from live_translator.serve.door import check_exposure, is_loopback  # noqa: PLC0415

    store = ModelStore.default()
    config = _config(options, store.best_profile())
    limits = config.serve
    token = _token(options.token_file)
    check_exposure(limits.host, token)
    if bool(options.tls_cert) != bool(options.tls_key):
        raise UsageError("--tls-cert and --tls-key go together: give both")
    if not is_loopback(limits.host) and not options.tls_cert:
        logging.getLogger(__name__).warning(
            "without --tls-cert all that is said, and the token, can be read on the way"
        )
    tls = (options.tls_cert, options.tls_key) if options.tls_cert else None
    if tls is not None:
        check_tls(*tls)
    # A polite kill ends the server as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    first_run.prepare(
        config, store, speech=True, yes=options.yes, questions=sys.stdin, screen=sys.stderr
    )
    with (
        listening(limits.host, limits.port, unread_s=_UNREAD * limits.send_s) as ear,
        contextlib.closing(Commons(config, store)) as commons,
    ):
        server = uvicorn.Server(server_config(app.create(commons, token=token), limits, tls=tls))
        scheme = "https" if tls else "http"
        name = f"[{limits.host}]" if ":" in limits.host else limits.host
        print(f"serving on {scheme}://{name}:{ear.getsockname()[1]}; Ctrl-C stops", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[ear])
    return 0 if server.started else 1


def check_tls(certificate: Path, key: Path) -> None:
    """Raise UsageError for files with which no TLS connection could be made."""
    for path in (certificate, key):
        if not path.is_file():
            raise UsageError(f"there is no file {path}: check --tls-cert and --tls-key")
    try:
        # Without a password of our own OpenSSL would ask for one, on the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:  # An SSLError is one.
        raise UsageError(
            f"{certificate} and {key} are no certificate and its key ({error.strerror}): "
            "check --tls-cert and --tls-key; a key with a password is not taken"
        ) from error


def listening(host: str, port: int, *, unread_s: float = 30.0) -> socket.socket:
    """Return a socket that listens; raises UsageError where it cannot.

    Who takes nothing for `unread_s` is cut, where the system can (Linux).
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        ear = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"cannot listen on {host}, port {port} ({error}): choose another --host or --port"
        ) from error
    # Connections inherit it. The system's own would hide for megabytes who reads slowly.
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        ear.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * unread_s))
    return ear


def server_config(
    application: object, limits: ServeConfig, *, tls: tuple[Path, Path] | None = None
) -> "uvicorn.Config":
    """Return how the server is run, on a socket that listens."""
    import uvicorn  # noqa: PLC0415 - of the extra `serve`

    return uvicorn.Config(
        application,  # type: ignore[arg-type]
        ws="websockets-sansio",  # It waits for clients that read slowly.
        # Ours is told with a code; four times as much is not even read.
        ws_max_size=4 * limits.max_message_bytes,
        ws_per_message_deflate=False,  # Sound does not get smaller, and bombs do not get larger.
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        log_config=None,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=16_384,
        ssl_certfile=tls and str(tls[0]),
        ssl_keyfile=tls and str(tls[1]),
    )


def _config(options: argparse.Namespace, best: str) -> Config:
    from live_translator.languages import language  # noqa: PLC0415 - start-up time

    return load(
        best if options.profile == "auto" else options.profile,
        options.config,
        {
            "source": language(options.src).code,
            "target": language(options.tgt).code,
            "serve.host": options.host,
            "serve.port": options.port,
        },
    )


def _token(path: Path | None) -> str | None:
    """Return the token; never an argument, which everyone on the machine can read."""
    if path is None:
        return os.environ.get(TOKEN_VARIABLE)
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the token in {path}: check --token-file") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="live-translate serve",
        description="Translate for browsers and other clients, over WebSockets and HTTP.",
    )
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 8765)")
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help=f"what clients must know; or in {TOKEN_VARIABLE}. Required beyond this machine",
    )
    parser.add_argument("--tls-cert", type=Path, metavar="FILE.pem", help="certificate chain")
    parser.add_argument("--tls-key", type=Path, metavar="FILE.pem", help="its private key")
    parser.add_argument(
        "--src", default="en", metavar="LANG", help="whose models are loaded first (default: en)"
    )
    parser.add_argument("--tgt", default="es", metavar="LANG", help="likewise (default: es)")
    parser.add_argument(
        "--profile",
        choices=("auto", *PROFILES),
        default="auto",
        help="which models (default: the best whose models are on disk)",
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE.toml", help="settings over the profile's; see [serve]"
    )
    parser.add_argument(
        "--yes", action="store_true", help="fetch models that are missing without asking"
    )
    parser.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        default="warning",
        help="what is said on standard error",
    )
    return parser
