"""What a client is to be told: in order, bounded, and again where a connection broke."""

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

Frame: TypeAlias = str | bytes
"""A text or a binary message, as it goes out."""


class Outbox:
    """Messages that wait to be sent, and those sent that the client may yet have missed.

    What is `put` has a number and comes in order; it is kept until the client has it
    (`acknowledge`) or there is too much: then the oldest sound goes first, then the oldest
    text. What is `show`n is only worth its newest state: it has one slot, has no number,
    and comes when nothing numbered waits. No thread or clock.
    """

    def __init__(self, kept_bytes: int) -> None:
        self._limit_bytes = kept_bytes
        self._kept: dict[int, Frame] = {}
        self._bytes = 0
        self._unsent: deque[int] = deque()
        self._slots: dict[str, str] = {}
        self._has_ended = False
        self.last_seq = 0
        self.is_hopeless = False
        """Whether something had to go before it was sent: the client reads too slowly."""

    def put(self, make: Callable[[int], Frame], *, instead_of: str = "") -> None:
        """Append what `make` returns for its number; the slot named is out of date."""
        self.last_seq += 1
        frame = make(self.last_seq)
        self._kept[self.last_seq] = frame
        self._bytes += len(frame)
        self._unsent.append(self.last_seq)
        self._slots.pop(instead_of, None)
        while self._bytes > self._limit_bytes and len(self._kept) > 1:
            seq = self._least()
            self.is_hopeless |= seq >= self._unsent[0]
            self._drop(seq)

    def end(self, make: Callable[[int], Frame]) -> None:
        """Append the last message: nothing uncertain comes any more."""
        self._has_ended = True
        self._slots.clear()
        self.put(make)

    def show(self, slot: str, text: str) -> None:
        """Let a slot's text be sent, unless a newer one comes first."""
        if not self._has_ended:
            self._slots.pop(slot, None)
            self._slots[slot] = text

    def take(self) -> Frame | None:
        """Return what is to be sent next, None where nothing waits."""
        while self._unsent:
            frame = self._kept.get(self._unsent.popleft())
            if frame is not None:
                return frame
        if self._slots:
            return self._slots.pop(next(iter(self._slots)))
        return None

    def acknowledge(self, seq: int) -> None:
        """Forget what the client has, as far as it was sent."""
        sent = self._unsent[0] - 1 if self._unsent else self.last_seq
        for known in [known for known in self._kept if known <= min(seq, sent)]:
            self._drop(known)

    def rewind(self, last_seq: int) -> int:
        """Send all behind `last_seq` again; return how many of these are gone."""
        self.acknowledge(last_seq)
        self._unsent = deque(self._kept)
        self.is_hopeless = False
        return max(0, self.last_seq - last_seq - len(self._kept))

    def _least(self) -> int:
        """Return the number of what is missed least."""
        sounds = (seq for seq, frame in self._kept.items() if isinstance(frame, bytes))
        return next(sounds, next(iter(self._kept)))

    def _drop(self, seq: int) -> None:
        self._bytes -= len(self._kept.pop(seq))
