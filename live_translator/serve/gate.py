"""One engine call of a kind at a time, the sessions in turn."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from live_translator.interfaces import Clock, Turns
from live_translator.serve.busy import Busy
from live_translator.serve.rota import Rota

STAGES = ("asr", "mt", "tts")
"""What has engines that the sessions share."""


class Gate:
    """Lets one thread in at a time, by a `Rota` of the sessions; from any thread.

    An engine is given one call at a time: two would take each twice as long on the same
    cores, and not all engines can be called twice at once.
    """

    def __init__(
        self,
        *,
        window_s: float,
        clock: Clock,
        waited: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Begin open; `waited` is told how long each waited, on its thread."""
        self._clock = clock
        self._waited = waited
        self._lock = threading.Lock()
        self._rota: Rota[threading.Event] = Rota()
        self._taken = False
        self._busy = Busy(window_s)

    @contextmanager
    def turn(self, session: str) -> Iterator[None]:
        """Wait for a session's turn, keep it while inside."""
        came_s = self._clock()
        with self._lock:
            mine = None if not self._taken else threading.Event()
            if mine is None:
                self._enter()
            else:
                self._rota.add(session, mine)
        if mine is not None:
            mine.wait()
        self._waited(self._clock() - came_s)
        try:
            yield
        finally:
            with self._lock:
                self._busy.end(self._clock())
                self._taken = False
                following = self._rota.take()
                if following is not None:
                    self._enter()
                    following.set()

    def share(self) -> float:
        """Return the share of the last window in which a call was being made."""
        with self._lock:
            return self._busy.share(self._clock())

    def busy_s(self) -> float:
        """Return how long calls took since the beginning."""
        with self._lock:
            return self._busy.total_s

    def waiting(self) -> int:
        """Return how many wait."""
        with self._lock:
            return len(self._rota)

    def _enter(self) -> None:
        self._taken = True
        self._busy.begin(self._clock())


class Gates:
    """A gate for each stage whose engines the sessions share."""

    def __init__(
        self,
        *,
        window_s: float,
        clock: Clock,
        waited: Callable[[str, float], None] = lambda _stage, _waited_s: None,
    ) -> None:
        """Begin open; `waited` is told who waited how long."""

        def gate(stage: str) -> Gate:
            return Gate(window_s=window_s, clock=clock, waited=lambda s: waited(stage, s))

        self._gates = {stage: gate(stage) for stage in STAGES}

    def turns(self, session: str) -> Turns:
        """Return what a session's run goes by."""

        def turn(stage: str) -> AbstractContextManager[None]:
            return self._gates[stage].turn(session)

        return turn

    def shares(self) -> dict[str, float]:
        """Return how busy each stage's engines are of late, 0 to 1."""
        return {stage: gate.share() for stage, gate in self._gates.items()}

    def busy_s(self) -> dict[str, float]:
        """Return how long each stage's engines were in use."""
        return {stage: gate.busy_s() for stage, gate in self._gates.items()}

    def waiting(self) -> dict[str, int]:
        """Return how many calls wait at each gate."""
        return {stage: gate.waiting() for stage, gate in self._gates.items()}
