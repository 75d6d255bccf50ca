"""People in a room, over sockets of their own."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from live_translator.serve.room_protocol import SERVER, SOUND_HEADER
from tests.serve.server import WAIT_S, Served, say, send

Message = dict[str, Any]


class Guest:
    """Reads all that it is told on a thread of its own; each message is as documented."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.messages: list[Message] = []
        self._changed = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, name="guest", daemon=True)

    def join(self, name: str, lang: str, **fields: Any) -> Message:
        """Join, by default muted; return the answer."""
        return self.begin(type="join", name=name, lang=lang, **{"muted": True, **fields})

    def begin(self, **first: Any) -> Message:
        say(self.socket, **first)
        self._reader.start()
        return self.until(lambda message: message["type"] in ("joined", "rejoined", "error"))

    def send_all(self, messages: Sequence[str | bytes | Message]) -> None:
        """Send what may not be taken, then read."""
        with suppress(ConnectionClosed):
            for message in messages:
                self.socket.send(json.dumps(message) if isinstance(message, dict) else message)
        self._reader.start()

    def speak(self, sound: bytes) -> int:
        """Open the microphone, say something and close it; return the talk's number."""
        count = len(self.messages)
        say(self.socket, type="mute", muted=False)
        started = self.until(
            lambda message: message["type"] in ("talk_started", "refused"), since=count
        )
        assert started["type"] == "talk_started", started
        send(self.socket, sound)
        say(self.socket, type="mute", muted=True)
        return int(started["talk"])

    def until(self, is_it: Callable[[Message], bool], *, since: int = 0) -> Message:
        """Wait for a message and return it."""

        def found() -> Message | None:
            return next((one for one in self.messages[since:] if is_it(one)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() or self._ended, WAIT_S)
            message = found()
        assert message is not None, [one["type"] for one in self.messages]
        return message

    def kind(self, *kinds: str, **fields: Any) -> list[Message]:
        """Return all messages of some types so far, with these fields."""
        with self._changed:
            return [
                message
                for message in self.messages
                if message["type"] in kinds
                and all(message.get(name) == value for name, value in fields.items())
            ]

    def hears_end(self, kind: str, talk: int) -> None:
        """Wait for the last words of a talk's only utterance."""
        self.until(lambda m: m["type"] == kind and m.get("talk") == talk and m["final"])

    def break_off(self) -> None:
        """Let the line break: no goodbye."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)
        self.closed()

    def closed(self) -> int:
        """Wait for the connection's end; return its code."""
        self._reader.join(WAIT_S)
        assert not self._reader.is_alive()
        return self.socket.close_code or 0

    def text(self, kind: str, talk: int) -> str:
        joint = "" if kind == "source" else " "
        return joint.join(message["text"] for message in self.kind(kind, talk=talk)).strip()

    def _read(self) -> None:
        try:
            while True:
                self._take(self.socket.recv())
        except ConnectionClosed:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _take(self, content: str | bytes) -> None:
        if isinstance(content, bytes):
            names = ("seq", "member", "talk", "rate", "start_s")
            head = SOUND_HEADER.unpack(content[: SOUND_HEADER.size])
            message = {"type": "sound", **dict(zip(names, head, strict=True))}
            message["pcm"] = content[SOUND_HEADER.size :]
        else:
            message = json.loads(content)
            SERVER.validate_python(message)
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()


@contextmanager
def guests(server: Served, count: int, room: str = "test") -> Iterator[list[Guest]]:
    """Connect to a room; who joins is the test's to say."""
    with ExitStack() as stack:
        yield [Guest(stack.enter_context(server.socket(f"/ws/room/{room}"))) for _ in range(count)]
