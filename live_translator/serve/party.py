"""What a connection serves: a talk, or somebody in a room, with what is to be told."""

import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from pydantic import BaseModel

from live_translator.serve.codes import Code
from live_translator.serve.outbox import Frame, Outbox


class Party(ABC):
    """Outlives its connections: what it tells waits for the next one.

    The event loop attaches itself, gives sound and takes what is to be sent; any thread tells
    (`put`, `put_sound`, `show`), and never waits for a client.
    """

    def __init__(self, kept_bytes: int) -> None:
        self.token = secrets.token_urlsafe(24)
        """Who knows it may resume."""
        self.is_over = False
        """Whether nothing follows what waits to be sent."""
        self.failure: Code | None = None
        """Why it ended, where it did not end well."""
        self._lock = threading.Lock()
        self._outbox = Outbox(kept_bytes)
        self._on_news: Callable[[], object] = _nobody
        self._on_room: Callable[[], object] = _nobody

    @property
    @abstractmethod
    def received(self) -> int:
        """How much of the client's stream has arrived, in its units."""

    @abstractmethod
    def seek(self, offset: int) -> None:
        """Say where the next message with sound begins; raises ClientError."""

    @abstractmethod
    def has_room(self) -> bool:
        """Return whether a message with sound can be heard now; a client is told if not."""

    @abstractmethod
    def hear(self, data: bytes) -> None:
        """Take what is new in a message with sound; call it only where there is room.

        Raises ClientError for what is no sound.
        """

    def attach(self, wake: Callable[[], object], room: Callable[[], object]) -> None:
        """Call `wake` whenever something is to be sent, `room` where sound can be taken again.

        Both from any thread; whoever was attached before is told no more.
        """
        self._on_news, self._on_room = wake, room

    def detach(self) -> None:
        """Tell nobody."""
        self._on_news = self._on_room = _nobody

    @property
    def is_hopeless(self) -> bool:
        """Whether the client is too late with what it is sent."""
        with self._lock:
            return self._outbox.is_hopeless

    def take(self) -> Frame | None:
        """Return what is to be sent next, None where nothing waits."""
        with self._lock:
            return self._outbox.take()

    def acknowledge(self, seq: int) -> None:
        """Forget what the client has."""
        with self._lock:
            self._outbox.acknowledge(seq)

    def resume(self, last_seq: int) -> int:
        """Send again what a client lacks; return how many of these messages are gone."""
        with self._lock:
            return self._outbox.rewind(last_seq)

    def put(self, make: Callable[[int], BaseModel], instead_of: str = "") -> None:
        """Tell what `make` returns for its number; the slot named is out of date."""
        with self._lock:
            self._outbox.put(lambda seq: make(seq).model_dump_json(), instead_of=instead_of)
        self._on_news()

    def put_sound(self, make: Callable[[int], bytes]) -> None:
        """The same with sound."""
        with self._lock:
            self._outbox.put(make)
        self._on_news()

    def show(self, slot: str, message: BaseModel) -> None:
        """Tell what is only worth its newest state."""
        with self._lock:
            self._outbox.show(slot, message.model_dump_json())
        self._on_news()

    def _end(self, make: Callable[[int], BaseModel]) -> None:
        """Tell the last that is told; the client hears it once `is_over`."""
        with self._lock:
            self._outbox.end(lambda seq: make(seq).model_dump_json())
        self._on_news()

    def _be_over(self) -> None:
        """Nothing follows: let the connection notice, whatever it waits for."""
        self.is_over = True
        self._on_news()
        self._roomy()

    def _roomy(self) -> None:
        """Sound can be taken again; on any thread."""
        self._on_room()


def _nobody() -> None:
    """Tell nobody."""
