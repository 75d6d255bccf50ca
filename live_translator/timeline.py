"""Where on the source clock something happens: the bridge between the two clocks."""

import threading

from live_translator.interfaces import Clock


class Timeline:
    """Maps moments of this process onto the source clock.

    In real time an event happens when it happens: `clock() - origin`. For a file that is
    read as fast as the machine can, "now" would say nothing; there an event happens when
    the source audio that it depends on ends, as on an infinitely fast machine (the
    field's computation-unaware delay; Ma et al. 2020, SimulEval).
    """

    def __init__(self, clock: Clock, *, realtime: bool) -> None:
        self.realtime = realtime
        self._clock = clock
        self._origin_s = clock()
        self._latest_s = 0.0
        self._lock = threading.Lock()

    def start(self, origin_s: float | None = None) -> None:
        """Set when (monotonic clock) the source's first sample was heard; by default now."""
        self._origin_s = self._clock() if origin_s is None else origin_s

    def since_start(self, monotonic_s: float) -> float:
        """Return how many seconds after `start` a moment of the monotonic clock is."""
        return monotonic_s - self._origin_s

    def elapsed_s(self) -> float:
        """Return seconds since `start`, at any pace."""
        return self.since_start(self._clock())

    def at(self, end_s: float) -> float:
        """Return when an event that depends on the source up to `end_s` happens."""
        if self.realtime:
            return self.elapsed_s()
        with self._lock:
            self._latest_s = max(self._latest_s, end_s)
            return end_s

    def now_s(self) -> float:
        """Return the source clock now; at full pace, the latest event so far."""
        return self.elapsed_s() if self.realtime else self._latest_s
