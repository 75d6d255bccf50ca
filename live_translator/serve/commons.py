"""What all talks and requests of one server share."""

import threading
import time

from live_translator.config import Config
from live_translator.engines import Engines
from live_translator.errors import ClientError
from live_translator.interfaces import Clock
from live_translator.machine import usable_cores
from live_translator.model_store import ModelStore
from live_translator.serve.admission import refusal, room_refusal
from live_translator.serve.codes import Code
from live_translator.serve.gate import Gates
from live_translator.serve.meters import Meters


class Commons:
    """The configuration, the engines and whose turn it is with them, and the counters.

    Whoever makes it closes it, after the last talk.
    """

    def __init__(
        self,
        config: Config,
        store: ModelStore,
        *,
        engines: Engines | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        """Load nothing yet."""
        self.config = config
        self.limits = config.serve
        self.store = store
        self.clock = clock
        self.engines = Engines(config, store, speech=True) if engines is None else engines
        self.meters = Meters()
        self.gates = Gates(
            window_s=config.serve.load_window_s, clock=clock, waited=self.meters.waited
        )
        self.meters.watch(self.gates.busy_s, self.gates.waiting)
        self.is_ready = False
        """Whether the models of the configured direction are loaded."""
        self._lock = threading.Lock()
        self._talks: dict[str, str] = {}
        """Each with its conversation."""

    @property
    def talks(self) -> int:
        """How many talks go on."""
        with self._lock:
            return len(self._talks)

    def enter(self, talk: str, conversation: str | None = None) -> None:
        """Count a talk from now on, from any thread; raises ClientError where it is too much.

        Talks of one conversation take turns, so that the second costs less than the first.
        """
        with self._lock:
            shares, conversations = self.gates.shares(), set(self._talks.values())
            talks = len(self._talks)
            if conversation in conversations:
                reason = room_refusal(shares, talks, self.limits)
            else:
                is_full = talks >= self.limits.max_sessions
                reason = refusal(
                    shares,
                    talks if is_full else len(conversations),
                    self.limits,
                    cores=usable_cores(),
                )
            if reason is None:
                self._talks[talk] = conversation or talk
                self.meters.talks(len(self._talks))
        if reason is not None:
            raise ClientError(Code.BUSY, f"{reason}; try again later")

    def leave(self, talk: str) -> None:
        """Count it no more, from any thread."""
        with self._lock:
            self._talks.pop(talk, None)
            self.meters.talks(len(self._talks))

    def close(self) -> None:
        """Release the engines."""
        self.engines.close()
