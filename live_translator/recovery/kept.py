"""An engine that is kept at work: asked again, started anew, or given up."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from live_translator.config import RecoveryConfig
from live_translator.errors import (
    EngineError,
    GivenUpError,
    HungError,
    SegmentError,
    reason,
)
from live_translator.interfaces import Clock
from live_translator.recovery.restarts import Remedies, Remedy
from live_translator.recovery.worker import Worker

Engine = TypeVar("Engine")
T = TypeVar("T")

notice = logging.getLogger("live_translator.notice")
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What an engine went through."""

    failures: int = 0
    hung: int = 0
    """Of the failures."""
    restarts: int = 0
    skipped: int = 0
    """Calls that were left out, having failed to the last."""


class Kept(Generic[Engine]):
    """Calls an engine on a thread of its own and mends what fails there.

    All that a talk has made so far lives outside the engine, in the processor that calls
    it: a new engine goes on where the old one stopped. One stage calls it.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        *,
        renew: Callable[[Engine], Engine],
        config: RecoveryConfig,
        clock: Clock,
        thread: str | None,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Keep an engine; `renew` loads another in place of one that failed.

        `name` is what a user calls it, `thread` the name of the thread that calls are made
        on; None for an engine that is called often and cannot hang: it is called directly.
        Each call is made inside `turn`, where others may be waited for as long as it takes.
        """
        self.engine = engine
        self.tally = Tally()
        self._name = name
        self._renew = renew
        self._limit_s = config.limit_s
        self._remedies = Remedies(config)
        self._clock = clock
        self._worker = None if thread is None else Worker(thread)
        self._turn = turn

    def use(self, work: Callable[[Engine], T], *, completes: bool = True) -> T:
        """Return what some work with the engine comes to, tried up to three times.

        Work that only begins a segment does not complete it: that it went well does not say
        that a restart helped. Raises SegmentError where the segment is to be left out,
        GivenUpError where the engine fails for good.
        """
        while True:
            try:
                value = self._call(partial(work, self.engine))
            except Exception as error:  # noqa: BLE001 - models fail in any way they like
                self._mend(error)
            else:
                if completes:
                    self._remedies.settle()
                return value

    def close(self) -> None:
        """End the thread; the engine is its loader's to close."""
        if self._worker is not None:
            self._worker.close()

    def _call(self, work: Callable[[], T]) -> T:
        if self._worker is None:
            return work()
        with self._turn():
            return self._worker.call(work, limit_s=self._limit_s)

    def _mend(self, error: Exception) -> None:
        """Return where the work is to be tried again; raises what `use` does."""
        if isinstance(error, SegmentError) and not isinstance(error, EngineError):
            self._remedies.settle()
            raise error
        hung = isinstance(error, HungError)
        self.tally.failures += 1
        self.tally.hung += hung
        why = reason(error)
        match self._remedies.failed(self._clock(), hung=hung):
            case Remedy.AGAIN:
                log.info("%s failed (%s): trying again", self._name, why)
            case Remedy.RESTART:
                notice.warning("%s failed (%s): starting it anew", self._name, why)
                self.tally.restarts += 1
                self._restart(error)
            case Remedy.SKIP:
                self.tally.skipped += 1
                raise SegmentError(f"{self._name} failed: {why}") from error
            case Remedy.GIVE_UP:
                raise GivenUpError(
                    f"{self._name} failed again and again, at last with: {why}; "
                    "run `live-translate doctor`"
                ) from error

    def _restart(self, failure: Exception) -> None:
        try:
            self.engine = self._renew(self.engine)
        except Exception as error:
            raise GivenUpError(
                f"{self._name} failed ({reason(failure)}) and cannot be started anew "
                f"({reason(error)}): run `live-translate doctor`"
            ) from error
