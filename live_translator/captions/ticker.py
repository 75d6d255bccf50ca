"""Work that one thread of its own does again and again, so that nobody else waits for it."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

_JOIN_S = 2.0
"""How long `close` waits: a terminal that was stopped (Ctrl-S) may never take more."""


class Ticker:
    """Calls `work` soon after each `wake` and every `period_s` without, and at last `finish`.

    Both run on one thread, called `name`, from `start` to `close`. Where one raises, the
    thread ends, and the next `check` or `close` raises the same.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        finish: Callable[[], None] = lambda: None,
        *,
        period_s: float,
    ) -> None:
        self._work = work
        self._finish = finish
        self._period_s = period_s
        self._woken = threading.Event()
        self._closing = False
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Have `work` called soon, from any thread; never waits, never raises."""
        self._woken.set()

    def check(self) -> None:
        """Raise what was raised on the thread, once."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """End the thread and wait for it; raises as `check` does; idempotent."""
        self._closing = True
        self._woken.set()
        if self._thread.ident is None:
            return  # It was never started.
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            log.warning("%s: still busy after %.0f s", self._thread.name, _JOIN_S)
        self.check()

    def _run(self) -> None:
        try:
            try:
                while not self._closing:
                    self._work()
                    self._woken.wait(self._period_s)
                    self._woken.clear()
            finally:
                self._finish()
        except Exception as failure:  # noqa: BLE001 - a thread's last resort: it is reported
            self._failure = failure
