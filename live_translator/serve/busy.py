"""How busy something was of late."""

from collections import deque


class Busy:
    """The share of the last `window_s` in which something was in use; one user at a time.

    Moments are given, on any clock that never goes back. No thread.
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._spans: deque[tuple[float, float]] = deque()
        self._since_s: float | None = None
        self.total_s = 0.0
        """In use since the beginning, the present use not counted."""

    def begin(self, now_s: float) -> None:
        """Note that it is in use from now on."""
        self._since_s = now_s

    def end(self, now_s: float) -> None:
        """Note that it is free again."""
        if self._since_s is not None:
            self._spans.append((self._since_s, now_s))
            self.total_s += now_s - self._since_s
            self._since_s = None
        self._forget(now_s)

    def share(self, now_s: float) -> float:
        """Return the share of the window in which it was in use, 0 to 1."""
        self._forget(now_s)
        from_s = now_s - self._window_s
        spans = [*self._spans]
        if self._since_s is not None:
            spans.append((self._since_s, now_s))
        return sum(end_s - max(begin_s, from_s) for begin_s, end_s in spans) / self._window_s

    def _forget(self, now_s: float) -> None:
        while self._spans and self._spans[0][1] <= now_s - self._window_s:
            self._spans.popleft()
