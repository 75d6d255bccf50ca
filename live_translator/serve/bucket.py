"""How much of something may come, lastingly and at once."""


class Bucket:
    """A token bucket (ITU-T I.371, Annex A): fills at a rate, holds a burst. No thread or clock."""

    def __init__(self, *, per_s: float, burst: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left = burst
        self._at_s: float | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing of late is remembered, as of the last `take`."""
        return self._left >= self._burst

    def take(self, amount: float, now_s: float) -> bool:
        """Take an amount; False, and nothing is taken, where there is not so much."""
        if self._at_s is not None:
            self._left = min(self._burst, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if amount > self._left:
            return False
        self._left -= amount
        return True

    @property
    def left(self) -> float:
        """What could be taken at once, as of the last `take`."""
        return self._left
