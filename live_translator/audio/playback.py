"""The bounded buffer between the speech thread and the sound card's callback."""

import threading
from collections import deque
from collections.abc import Callable

import numpy as np

from live_translator.messages import Samples


class PlaybackBuffer:
    """Samples that wait to be played: `put` never waits, `take` never waits for sound.

    Who puts waits for room first, unless the device is `away`: then nothing takes, and the
    oldest pieces are thrown away whole once more than that waits.
    """

    def __init__(self, capacity_samples: int) -> None:
        self._capacity = capacity_samples
        self._pieces: deque[Samples] = deque()
        self._waiting = 0
        self._most: int | None = None
        self._thrown_away = 0
        self._open = True
        self._changed = threading.Condition()

    @property
    def waiting_samples(self) -> int:
        """How many samples have been put and not taken."""
        with self._changed:
            return self._waiting

    def put(self, samples: Samples) -> None:
        """Append without waiting; after `discard` they are thrown away."""
        with self._changed:
            if self._open and len(samples):
                self._pieces.append(samples)
                self._waiting += len(samples)
                self._bound()

    def take(self, count: int) -> Samples:
        """Return exactly `count` samples, silence where there are no more; for the callback."""
        out = np.zeros(count, np.float32)
        with self._changed:
            filled = 0
            while filled < count and self._pieces:
                piece = self._pieces[0]
                part = piece[: count - filled]
                out[filled : filled + len(part)] = part
                filled += len(part)
                if len(part) == len(piece):
                    self._pieces.popleft()
                else:
                    self._pieces[0] = piece[len(part) :]
            self._waiting -= filled
            self._changed.notify_all()
        return out

    def away(self, most_samples: int) -> None:
        """Nobody takes any more: keep about the newest `most_samples`, at least one piece."""
        with self._changed:
            self._most = most_samples
            self._bound()
            self._changed.notify_all()

    def back(self, capacity_samples: int, convert: Callable[[Samples], Samples]) -> int:
        """Somebody takes again, what `convert` makes of each piece, from a new capacity.

        Returns how many samples, as they were put, have been thrown away meanwhile.
        """
        with self._changed:
            self._most = None
            self._capacity = capacity_samples
            self._pieces = deque(map(convert, self._pieces))
            self._waiting = sum(map(len, self._pieces))
            thrown_away, self._thrown_away = self._thrown_away, 0
            self._changed.notify_all()
            return thrown_away

    def wait_for_room(self) -> None:
        """Wait until no more than the capacity waits, or the device is away."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._waiting <= self._capacity or self._most is not None or not self._open
            )

    def wait_until_empty(self, patience_s: float) -> bool:
        """Wait until everything was taken; False once the device is away for that long."""
        with self._changed:
            while self._waiting and self._open:
                if self._most is None:
                    self._changed.wait()
                elif not self._changed.wait_for(
                    lambda: self._most is None or not self._open, patience_s
                ):
                    return False
        return True

    def clear(self) -> None:
        """Throw away what waits, and wake who waits; from any thread."""
        with self._changed:
            self._pieces.clear()
            self._waiting = 0
            self._changed.notify_all()

    def discard(self) -> None:
        """Throw away what waits and what comes, and wake who waits; from any thread."""
        with self._changed:
            self._open = False
            self._pieces.clear()
            self._waiting = 0
            self._changed.notify_all()

    def _bound(self) -> None:
        while self._most is not None and self._waiting > self._most and len(self._pieces) > 1:
            thrown_away = len(self._pieces.popleft())
            self._waiting -= thrown_away
            self._thrown_away += thrown_away
