"""What all talks and requests of one server share."""

import time

from live_translator.config import Config
from live_translator.engines import Engines
from live_translator.interfaces import Clock
from live_translator.model_store import ModelStore
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

    def close(self) -> None:
        """Release the engines."""
        self.engines.close()
