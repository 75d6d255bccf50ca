"""A server on this machine, and a client with a socket of its own."""

import dataclasses
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from live_translator.config import Config, load
from live_translator.engines import Engines
from live_translator.messages import Samples
from live_translator.model_store import ModelStore
from live_translator.serve.app import PAGE, create
from live_translator.serve.command import listening, server_config
from live_translator.serve.commons import Commons
from live_translator.serve.guard import Guard
from live_translator.serve.protocol import HEADER
from tests.conftest import SAMPLE
from tests.serve.light import LightEngines

WAIT_S = 30.0


@dataclasses.dataclass
class Served:
    application: Guard
    commons: Commons
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def socket(self, path: str = "/ws/stream", **options: Any) -> ClientConnection:
        url = f"ws://127.0.0.1:{self.port}{path}"
        socket: ClientConnection = connect(
            url, **{"max_size": None, "close_timeout": 0.5, **options}
        )
        return socket


@contextmanager
def served(
    *,
    engines: Engines | None = None,
    token: str | None = None,
    page: Path = PAGE,
    tls: tuple[Path, Path] | None = None,
    unread_s: float | None = None,
    **limits: Any,
) -> Iterator[Served]:
    """Serve with light engines, unless others are given, on a free port.

    Who takes nothing for `unread_s` is cut by the system; by default as the program has it.
    """
    config = configured(**limits)
    commons = Commons(config, ModelStore.default(), engines=engines or LightEngines())
    application = create(commons, token=token, page=page)
    server = uvicorn.Server(server_config(application, config.serve, tls=tls))
    ear = listening("127.0.0.1", 0, unread_s=unread_s or 3 * config.serve.send_s)
    thread = threading.Thread(target=server.run, args=([ear],), name="server")
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive()
        yield Served(application, commons, ear.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(WAIT_S)
        assert not thread.is_alive()
        ear.close()
        commons.close()
        left = [one.name for one in threading.enumerate() if one.name in ("session", "talk")]
        assert not left


def configured(**limits: Any) -> Config:
    """Return the usual configuration with other limits; many requests are usual in a test."""
    limits = {"requests_per_s": 10_000.0, "requests_burst": 10_000.0, **limits}
    config = load("embedded")
    return dataclasses.replace(config, serve=dataclasses.replace(config.serve, **limits))


def speech(seconds: float, rate_hz: int = 16_000) -> bytes:
    """Return the beginning of the sample as mono s16le."""
    return pcm(spoken(seconds, rate_hz))


def spoken(seconds: float, rate_hz: int, path: Path = SAMPLE) -> Samples:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate_hz)
    pieces: list[Samples] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            pieces += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
            if sum(map(len, pieces)) >= seconds * rate_hz:
                break
    return np.concatenate(pieces)[: int(seconds * rate_hz)]


def pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def start(**fields: Any) -> str:
    message = {"type": "start_stream", "src_lang": "en", "tgt_lang": "es", **fields}
    return json.dumps(message)


def say(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def send(socket: ClientConnection, sound: bytes, size: int = 8192) -> None:
    for begin in range(0, len(sound), size):
        socket.send(sound[begin : begin + size])


def receive(socket: ClientConnection) -> dict[str, Any]:
    """Return the next message; of sound, its header and length."""
    message = socket.recv(timeout=WAIT_S)
    if isinstance(message, bytes):
        seq, rate_hz, start_s = HEADER.unpack(message[: HEADER.size])
        sound = message[HEADER.size :]
        return {"type": "sound", "seq": seq, "rate": rate_hz, "start_s": start_s, "pcm": sound}
    answer: dict[str, Any] = json.loads(message)
    return answer


def until(socket: ClientConnection, *kinds: str) -> list[dict[str, Any]]:
    """Return messages up to the first of some type, or an error."""
    messages: list[dict[str, Any]] = []
    while not messages or messages[-1]["type"] not in (*kinds, "error"):
        messages.append(receive(socket))
    return messages


def closed(socket: ClientConnection) -> tuple[list[dict[str, Any]], int]:
    """Return what comes before the end, and the close code."""
    messages: list[dict[str, Any]] = []
    try:
        while True:
            messages.append(receive(socket))
    except ConnectionClosed:
        return messages, socket.close_code or 0
