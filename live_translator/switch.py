"""One stage, several directions: each message goes to the processor that knows its languages."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Generic, TypeVar

from live_translator.direction import Direction
from live_translator.interfaces import Processor
from live_translator.messages import Message

In = TypeVar("In", bound=Message)
Out = TypeVar("Out")


class Switch(Generic[In, Out]):
    """Works with a processor for each direction, made where one is first needed.

    Directions change between utterances alone, so no processor is left in the middle of
    one. `key` tells which directions share a processor: recognition does not mind what is
    spoken. Runs on its stage's thread.
    """

    def __init__(
        self,
        make: Callable[[Direction], Processor[In, Out]],
        key: Callable[[Direction], Hashable],
    ) -> None:
        self._make = make
        self._key = key
        self._processors: dict[Hashable, Processor[In, Out]] = {}

    def process(self, batch: Sequence[In]) -> Iterator[Out]:
        """Yield what follows from the batch; raises what making a processor raises."""
        for direction, messages in groupby(batch, key=lambda message: message.direction):
            if direction is None:
                raise ValueError("a message has no direction: its language was not identified")
            yield from self._of(direction).process(list(messages))

    def finish(self) -> Iterable[Out]:
        """Yield what is left in any of them."""
        for processor in self._processors.values():
            yield from processor.finish()

    def close(self) -> None:
        """Close them all."""
        for processor in self._processors.values():
            processor.close()

    def _of(self, direction: Direction) -> Processor[In, Out]:
        key = self._key(direction)
        if key not in self._processors:
            self._processors[key] = self._make(direction)
        return self._processors[key]
