"""Where in a client's stream each message with sound belongs."""

from live_translator.errors import ClientError
from live_translator.serve.codes import Code


class Intake:
    """Drops what was sent before, and counts what was left out. No thread or clock.

    Positions count units: samples of PCM, bytes of an encoded stream, which has no gaps.
    """

    def __init__(self, *, unit_bytes: int, max_gap: int) -> None:
        self._unit_bytes = unit_bytes
        self._max_gap = max_gap
        self._next = 0
        self.received = 0
        """Where what has arrived ends."""

    def seek(self, offset: int) -> None:
        """Let the next message begin at a position; raises ClientError where it cannot."""
        if offset - self.received > self._max_gap:
            raise ClientError(
                Code.BAD_MESSAGE,
                f"offset {offset} is too far behind what has arrived ({self.received}): "
                "send what lies between",
            )
        self._next = offset

    def take(self, data: bytes) -> tuple[bytes, int]:
        """Return what is new in a message, and how many units are missing before it."""
        units, odd = divmod(len(data), self._unit_bytes)
        if odd:
            raise ClientError(Code.BAD_AUDIO, f"{len(data)} bytes are no whole samples: send s16le")
        known = max(0, self.received - self._next)
        gap = max(0, self._next - self.received) if units else 0
        self._next += units
        self.received = max(self.received, self._next) if units else self.received
        return data[known * self._unit_bytes :], gap
