"""A stage beside a pipeline: another language, or another voice, of what is said once."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from live_translator.channel import Channel, ChannelClosedError
from live_translator.interfaces import Clock, Processor
from live_translator.metrics import StageMeter
from live_translator.stage import Stage

In = TypeVar("In")
Out = TypeVar("Out")


class Branch(Generic[In, Out]):
    """Works on what a listener of a run tells it, on a thread of its own.

    It may begin and end while the run goes on, and its failure is not the run's. It makes
    its processor on its own thread, since that may load a model; what it is told meanwhile
    waits. `watch` takes what it makes, and `ended`, called once, what it failed with, or None.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], Processor[In, Out]],
        *,
        capacity: int,
        watch: Callable[[Out], None],
        ended: Callable[[BaseException | None], None],
        clock: Clock,
    ) -> None:
        """Prepare; nothing runs before `start`."""
        self._inbox: Channel[In] = Channel(name, capacity, clock)
        self._ended = ended
        self._work = _Made(make)
        self._stage: Stage[In, Out] = Stage(
            name,
            self._work,
            inbox=self._batches,
            outbox=None,
            watch=watch,
            ended=self._end,
            meter=StageMeter(),
            clock=clock,
        )

    def start(self) -> None:
        """Begin."""
        self._stage.start()

    def tell(self, message: In) -> None:
        """Take a message, as between stages after waiting for room; none once it has ended."""
        with contextlib.suppress(ChannelClosedError):
            self._inbox.put(message)

    def close(self) -> None:
        """No message follows: finish what there is."""
        self._inbox.close()

    def abort(self) -> None:
        """Make nothing more; from any thread."""
        self._stage.abandon()
        self._inbox.abort()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came."""
        return self._stage.join(timeout_s)

    def _batches(self) -> Iterator[Sequence[In]]:
        self._work.prepare()
        yield from self._inbox.batches()

    def _end(self, _name: str, failure: BaseException | None) -> None:
        self._inbox.abort()
        self._ended(failure)


class _Made(Generic[In, Out]):
    """A processor that is made by `prepare`."""

    def __init__(self, make: Callable[[], Processor[In, Out]]) -> None:
        self._make = make
        self._processor: Processor[In, Out] | None = None

    def prepare(self) -> None:
        self._processor = self._make()

    def process(self, batch: Sequence[In]) -> Iterable[Out]:
        return self._processor.process(batch) if self._processor else ()

    def finish(self) -> Iterable[Out]:
        return self._processor.finish() if self._processor else ()

    def close(self) -> None:
        if self._processor:
            self._processor.close()
