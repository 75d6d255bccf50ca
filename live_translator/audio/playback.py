"""The bounded buffer between the speech thread and the sound card's callback."""

import threading
from collections import deque

import numpy as np

from live_translator.messages import Samples


class PlaybackBuffer:
    """Samples that wait to be played: `put` waits for room, `take` never waits for sound."""

    def __init__(self, capacity_samples: int) -> None:
        self._capacity = capacity_samples
        self._pieces: deque[Samples] = deque()
        self._waiting = 0
        self._taken = 0
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
            self._taken += count
            self._changed.notify_all()
        return out

    def wait_for_room(self, stall_s: float) -> bool:
        """Wait until no more than the capacity waits; False if nobody took for `stall_s`."""
        return self._wait_until_at_most(self._capacity, stall_s)

    def wait_until_empty(self, stall_s: float) -> bool:
        """Wait until everything was taken; False if nobody took for `stall_s`."""
        return self._wait_until_at_most(0, stall_s)

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

    def _wait_until_at_most(self, samples: int, stall_s: float) -> bool:
        with self._changed:
            while self._waiting > samples and self._open:
                taken = self._taken
                self._changed.wait(stall_s)
                if self._taken == taken and self._open:
                    return False
        return True
