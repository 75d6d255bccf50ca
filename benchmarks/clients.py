"""Clients of the server over real sockets, and what each was told when.

A client speaks at the pace of a microphone: a frame goes out when its last sample would have
been recorded. All clients of a process share one event loop; times are seconds after the
first sample of the talk, on the monotonic clock of the machine.
"""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from live_translator.config import SAMPLE_RATE_HZ
from live_translator.serve.protocol import HEADER

Reading: TypeAlias = Literal["prompt", "slow", "nothing"]
"""How a client takes what it is sent: at once, a message now and then, or not at all."""

FRAME_SAMPLES = 1024
"""The protocol's example, 64 ms."""
_SAMPLE_BYTES = 2
_READY_S = 30.0
_SLOW_S = 0.5
"""Between two messages that a slow client takes: it is sent ten and more a second."""
_SMALL_BUFFER_BYTES = 4096
"""Of a client that does not read, so that the system does not read for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One piece of text or speech."""

    text: str
    """Source words."""
    start_s: float
    """Source clock, where these begin."""
    end_s: float
    """Source clock, the last of the source that was needed for it."""
    at_s: float
    """When it was there, or began to sound."""

    @property
    def lag_s(self) -> float:
        """The ear-voice span: from the onset of the words to that of what is made of them."""
        return self.at_s - self.start_s


@dataclass(slots=True)
class Heard:
    """What became of a talk, as its client saw it."""

    sources: list[Told] = field(default_factory=list)
    targets: list[Told] = field(default_factory=list)
    sounds: dict[int, Told] = field(default_factory=dict)
    """By segment: when its first word sounded."""
    skipped: int = 0
    """Segments without translation or speech, where there should be some."""
    slow_downs: int = 0
    refused: str = ""
    """The code of the error that ended it."""
    has_ended: bool = False
    """Whether all that was said was translated."""
    lasted_s: float = 0.0
    """From the first sample to the end of the connection."""

    def lags(self, *, speech: bool) -> list[tuple[float, float]]:
        """Return (onset of the source, lag) of each segment, by voice or in writing."""
        told = self.sounds.values() if speech else self.targets
        return [(one.start_s, one.lag_s) for one in told]


class Listening:
    """Makes a `Heard` of a talk's messages."""

    def __init__(self) -> None:
        self.heard = Heard()
        self._segments: dict[int, Told] = {}
        self._sounds_at_s: float | None = None
        """When the sound began that no `spoken` has named yet."""
        self._sounds_until_s = 0.0

    def take(self, message: str | bytes, at_s: float) -> dict[str, Any]:
        """Note a message and return its fields; none for sound."""
        if isinstance(message, bytes):
            self._sound(message, at_s)
            return {}
        fields: dict[str, Any] = json.loads(message)
        heard = self.heard
        match fields["type"]:
            case "source" if fields["text"].strip():
                heard.sources.append(_told(fields["text"], fields, fields["speech_end_s"], at_s))
            case "target" if fields["text"].strip():
                told = _told(fields["source"], fields, fields["end_s"], at_s)
                heard.targets.append(told)
                self._segments[fields["segment"]] = told
            case "target" | "spoken" if fields["skipped"]:
                heard.skipped += 1
            case "spoken":
                self._spoken(fields["segment"])
            case "slow_down":
                heard.slow_downs += 1
            case "stream_end":
                heard.has_ended = True
            case "error":
                heard.refused = fields["code"]
        return fields

    def _sound(self, message: bytes, at_s: float) -> None:
        """Play it in thought: when it is due, or at once if that has passed."""
        _, rate_hz, due_s = HEADER.unpack_from(message)
        begins_s = max(at_s, due_s, self._sounds_until_s)
        samples = (len(message) - HEADER.size) // _SAMPLE_BYTES
        self._sounds_until_s = begins_s + samples / rate_hz
        if self._sounds_at_s is None:
            self._sounds_at_s = begins_s

    def _spoken(self, segment: int) -> None:
        begins_s, self._sounds_at_s = self._sounds_at_s, None
        told = self._segments.get(segment)
        if told is None or begins_s is None or segment in self.heard.sounds:
            return
        self.heard.sounds[segment] = Told(
            text=told.text, start_s=told.start_s, end_s=told.end_s, at_s=begins_s
        )


def _told(text: str, fields: dict[str, Any], end_s: float, at_s: float) -> Told:
    return Told(text=text.strip(), start_s=fields["start_s"], end_s=end_s, at_s=at_s)


async def talk(
    url: str,
    pcm: bytes,
    *,
    source: str,
    target: str,
    speech: bool,
    drain_s: float,
    reading: Reading = "prompt",
    frame_samples: int = FRAME_SAMPLES,
) -> Heard:
    """Speak 16 kHz mono s16le to a server, and return what came of it.

    Ends `drain_s` after the last sample at the latest. Nothing is raised for a talk that is
    refused or broken off: what was heard says so.
    """
    listening = Listening()
    start = {"type": "start_stream", "src_lang": source, "tgt_lang": target, "speech": speech}
    began_s = time.monotonic()
    try:
        async with connect(
            url,
            sock=None if reading == "prompt" else _small_socket(url),
            max_queue=None if reading == "prompt" else 1,
            max_size=None,
            compression=None,
            close_timeout=1.0,
            ping_interval=None,
        ) as line:
            await line.send(json.dumps({**start, "sample_rate": SAMPLE_RATE_HZ}))
            async with asyncio.timeout(_READY_S):
                async for message in line:
                    if listening.take(message, 0.0).get("type") == "ready":
                        break
            began_s = time.monotonic()
            async with asyncio.timeout(len(pcm) / _SAMPLE_BYTES / SAMPLE_RATE_HZ + drain_s):
                speaking = asyncio.create_task(_speak(line, pcm, frame_samples, began_s))
                try:
                    await _listen(line, listening, began_s, reading)
                finally:
                    speaking.cancel()
                    await asyncio.gather(speaking, return_exceptions=True)
    except ConnectionClosed as closed:
        reason = closed.rcvd.reason if closed.rcvd else "cut"
        listening.heard.refused = listening.heard.refused or reason
    except TimeoutError:
        pass  # `has_ended` says so.
    listening.heard.lasted_s = time.monotonic() - began_s
    return listening.heard


async def _speak(line: ClientConnection, pcm: bytes, frame_samples: int, began_s: float) -> None:
    for due_s, frame in frames(pcm, frame_samples):
        await asyncio.sleep(max(0.0, began_s + due_s - time.monotonic()))
        await line.send(frame)
    await line.send('{"type":"stop_stream"}')


def frames(pcm: bytes, frame_samples: int) -> Iterator[tuple[float, bytes]]:
    """Yield frames, each with when its last sample is recorded."""
    size = frame_samples * _SAMPLE_BYTES
    for begin in range(0, len(pcm), size):
        frame = pcm[begin : begin + size]
        yield (begin + len(frame)) / _SAMPLE_BYTES / SAMPLE_RATE_HZ, frame


async def _listen(
    line: ClientConnection, listening: Listening, began_s: float, reading: Reading
) -> None:
    """Take messages until the talk's end; raises ConnectionClosed where it has another."""
    while reading == "nothing":
        # Not reading, it cannot see the end either: whether it was cut shows in sending.
        await asyncio.sleep(_SLOW_S)
        await line.ping()
    while not (listening.heard.has_ended or listening.heard.refused):
        message = await line.recv()
        fields = listening.take(message, time.monotonic() - began_s)
        if fields.get("type") == "spoken":
            # The server may have said all by now, and closed; its last words are read yet.
            with contextlib.suppress(ConnectionClosed):
                await line.send(json.dumps({"type": "ack", "seq": fields["seq"]}))
        if reading == "slow":
            await asyncio.sleep(_SLOW_S)


def _small_socket(url: str) -> socket.socket:
    host, port = url.split("/")[2].rsplit(":", 1)
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER_BYTES)
    small.connect((host, int(port)))
    small.setblocking(False)
    return small


def pooled(talks: Iterable[Heard], *, speech: bool) -> list[tuple[float, float]]:
    """Return (onset of the source, lag) of every segment of all talks."""
    return [lag for heard in talks for lag in heard.lags(speech=speech)]
