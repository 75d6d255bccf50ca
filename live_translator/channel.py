"""A bounded queue between two threads that can be closed (drain) or aborted (discard)."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from live_translator.interfaces import Clock

T = TypeVar("T")


class ChannelClosedError(Exception):
    """Putting into a channel that takes nothing more; never shown to a user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStats:
    """What a channel has seen since it was made."""

    capacity: int
    high_water: int
    """The most messages that ever waited."""
    blocked_s: float
    """Seconds that producers spent waiting for room."""
    refused: int
    """Offers that found the channel full."""


class Channel(Generic[T]):
    """A bounded first-in-first-out queue, one consumer, any number of producers.

    `close` says that no more will come: the consumer drains what waits, then its
    iteration ends. `abort` discards what waits and wakes everyone at once. Both are
    idempotent and may be called from any thread.
    """

    def __init__(self, name: str, capacity: int, clock: Clock) -> None:
        if capacity < 1:
            raise ValueError(f"channel {name}: capacity must be at least 1, not {capacity}")
        self.name = name
        self._capacity = capacity
        self._clock = clock
        self._waiting: deque[T] = deque()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._closed = False
        self._high_water = 0
        self._blocked_s = 0.0
        self._refused = 0

    def put(self, message: T) -> None:
        """Append, waiting for room; raises ChannelClosedError once closed or aborted."""
        with self._changed:
            if len(self._waiting) >= self._capacity and not self._closed:
                began_s = self._clock()
                self._changed.wait_for(lambda: len(self._waiting) < self._capacity or self._closed)
                self._blocked_s += self._clock() - began_s
            if self._closed:
                raise ChannelClosedError(self.name)
            self._append(message)

    def offer(self, message: T) -> bool:
        """Append if there is room at once; False when full or closed. Never waits.

        The only way in for an audio callback.
        """
        with self._changed:
            if self._closed:
                return False
            if len(self._waiting) >= self._capacity:
                self._refused += 1
                return False
            self._append(message)
            return True

    def batches(self) -> Iterator[list[T]]:
        """Yield all that is waiting, at least one message at a time, until closed and empty."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                batch = list(self._waiting)
                self._waiting.clear()
                self._changed.notify_all()
            yield batch

    def close(self) -> None:
        """Take nothing more; the consumer drains what waits, then stops."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def abort(self) -> None:
        """Take nothing more, discard what waits, wake producer and consumer."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def __len__(self) -> int:
        """Return how many messages wait; for observers, since it may have changed already."""
        with self._lock:
            return len(self._waiting)

    def stats(self) -> ChannelStats:
        """Return what the channel has seen so far."""
        with self._lock:
            return ChannelStats(
                capacity=self._capacity,
                high_water=self._high_water,
                blocked_s=self._blocked_s,
                refused=self._refused,
            )

    def _append(self, message: T) -> None:
        self._waiting.append(message)
        self._high_water = max(self._high_water, len(self._waiting))
        self._changed.notify_all()
