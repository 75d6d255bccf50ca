"""One processor in one named daemon thread, between two channels."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from live_translator.channel import Channel, ChannelClosedError
from live_translator.interfaces import Clock, Processor
from live_translator.metrics import StageMeter

log = logging.getLogger(__name__)

In = TypeVar("In")
Out = TypeVar("Out")


class Stage(Generic[In, Out]):
    """Feeds batches to a processor and passes on what it yields.

    When its inbox ends, the stage finishes its processor, closes its outbox and so ends
    the next stage. When anything fails it reports first and closes after, so that a
    supervisor that aborts is ahead of the end-of-stream that follows.
    """

    def __init__(
        self,
        name: str,
        processor: Processor[In, Out],
        *,
        inbox: Callable[[], Iterable[Sequence[In]]],
        outbox: Channel[Out] | None,
        watch: Callable[[Out], None],
        ended: Callable[[str, BaseException | None], None],
        meter: StageMeter,
        clock: Clock,
    ) -> None:
        """Prepare; nothing runs before `start`.

        `watch` sees each message before it is passed on; `ended` is told once, with the
        failure or None. Both run on the stage's thread.
        """
        self.name = name
        self._processor = processor
        self._inbox = inbox
        self._outbox = outbox
        self._watch = watch
        self._ended = ended
        self._meter = meter
        self._clock = clock
        self._abandoned = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; where the system has none left, that is how the stage ends."""
        try:
            self._thread.start()
        except RuntimeError as error:
            self._end(error)

    def abandon(self) -> None:
        """Make and tell nothing more, also of what was taken; from any thread."""
        self._abandoned = True

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; return whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._end(_failure_of(self._work))

    def _end(self, failure: BaseException | None) -> None:
        unclosed = _failure_of(self._processor.close)
        if failure is not None and unclosed is not None:
            log.warning("the %s stage could not be closed either: %s", self.name, unclosed)
        self._ended(self.name, failure or unclosed)
        if self._outbox is not None:
            self._outbox.close()

    def _work(self) -> None:
        for batch in self._inbox():
            self._pass_on(self._processor.process(batch))
        self._pass_on(self._processor.finish())

    def _pass_on(self, outputs: Iterable[Out]) -> None:
        """Emit outputs, counting as busy only the time spent making them."""
        began_s = self._clock()
        busy_s = 0.0
        count = 0
        self._stop_if_abandoned()
        for message in outputs:
            busy_s += self._clock() - began_s
            count += 1
            self._stop_if_abandoned()
            self._watch(message)
            if self._outbox is not None:
                self._outbox.put(message)
            began_s = self._clock()
        busy_s += self._clock() - began_s
        self._meter.record(busy_s, count)

    def _stop_if_abandoned(self) -> None:
        # An aborted outbox says so too, but the last stage has none, and it says so only once
        # the work for the next message has been done.
        if self._abandoned:
            raise ChannelClosedError(self.name)


def _failure_of(work: Callable[[], None]) -> BaseException | None:
    try:
        work()
    except ChannelClosedError:
        pass  # Aborted from outside: whoever did it knows why.
    except BaseException as error:  # noqa: BLE001 - a thread's last resort: it is reported
        return error
    return None


AnyStage = Stage[Any, Any]
