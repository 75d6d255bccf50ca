"""A stage's work that goes on past its own faults: what was in hand is left out, and said so."""

import logging
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from live_translator.config import RecoveryConfig
from live_translator.errors import LiveTranslateError, reason
from live_translator.interfaces import Clock, Processor
from live_translator.messages import Playback, SpeechChunk, Transcript, Translation
from live_translator.prefix import after_prefix
from live_translator.recovery.restarts import RestartLimit

In = TypeVar("In")
Out = TypeVar("Out")
In_contra = TypeVar("In_contra", contravariant=True)
Out_mixed = TypeVar("Out_mixed")

log = logging.getLogger(__name__)
notice = logging.getLogger("live_translator.notice")

FAILED = "the stage failed"


class Debt(Protocol[In_contra, Out_mixed]):
    """What a stage was given and has not passed on. Pure."""

    def owe(self, messages: Sequence[In_contra]) -> None:
        """Take note of what the stage was given."""

    def pay(self, message: Out_mixed) -> None:
        """Take note of what it passed on."""

    def forgive(self, *, ended: bool) -> Iterable[Out_mixed]:
        """Yield messages that say what is left out, and owe nothing more.

        `ended`: the stage will be given nothing more.
        """


class Mending(Generic[In, Out]):
    """A processor that is made anew where it fails; satisfies `Processor`.

    Errors that a user is to be told of pass: here it is about faults of the program. Another
    processor knows what was committed from what comes next; what the old one had in hand is
    left out. So often and no more; then the fault passes too.
    """

    def __init__(
        self,
        stage: str,
        make: Callable[[], Processor[In, Out]],
        debt: Debt[In, Out],
        config: RecoveryConfig,
        clock: Clock,
    ) -> None:
        self._stage = stage
        self._make = make
        self._debt = debt
        self._clock = clock
        self._limit = RestartLimit(config)
        self._processor = make()

    def process(self, batch: Sequence[In]) -> Iterator[Out]:
        """Yield what follows from the batch."""
        self._debt.owe(batch)
        yield from self._guarded(lambda: self._processor.process(batch), ended=False)

    def finish(self) -> Iterator[Out]:
        """Yield what is left."""
        yield from self._guarded(self._processor.finish, ended=True)

    def close(self) -> None:
        """Close the processor."""
        self._processor.close()

    def _guarded(self, work: Callable[[], Iterable[Out]], *, ended: bool) -> Iterator[Out]:
        try:
            for message in work():
                self._debt.pay(message)
                yield message
        except LiveTranslateError:
            raise
        except Exception as error:
            if not self._limit.allows(self._clock()):
                raise
            log.debug("at %s", _place(error))
            notice.warning(
                "the %s stage failed (%s): what it had in hand is left out",
                self._stage,
                reason(error),
            )
            yield from self._debt.forgive(ended=ended)
            self._processor.close()
            self._processor = self._make()
            if ended:
                yield from self._processor.finish()


def _place(error: BaseException) -> str:
    """Return where in the program a fault was, without the values there."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


class Unheard:
    """The debt of recognition: an end for every utterance."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: SpeechChunk | None = None
        """Of the utterance that has not ended."""

    def owe(self, messages: Sequence[SpeechChunk]) -> None:
        """Take note of the chunks."""
        self._last = messages[-1]

    def pay(self, message: Transcript) -> None:
        """Take note of an end."""
        if self._last is not None and message.final and message.utterance == self._last.utterance:
            self._last = None

    def forgive(self, *, ended: bool) -> Iterator[Transcript]:
        """End the utterance, if no more of it will come."""
        last = self._last
        if last is None or not (ended or last.final):
            return
        self._last = None
        yield Transcript(
            utterance=last.utterance,
            start_s=last.end_s,
            end_s=last.end_s,
            captured_at_s=last.captured_at_s,
            emitted_at_s=self._clock(),
            final=True,
            direction=last.direction,
            committed="",
            speech_end_s=last.end_s,
        )


class Untranslated:
    """The debt of translation: a segment for every source word, and an end for utterances."""

    def __init__(self, segments: Iterator[int], clock: Clock) -> None:
        """`segments` numbers them, as it does for the processor."""
        self._segments = segments
        self._clock = clock
        self._source = ""
        self._last: Transcript | None = None

    def owe(self, messages: Sequence[Transcript]) -> None:
        """Take note of the words."""
        for message in messages:
            self._source += message.committed
        self._last = messages[-1]

    def pay(self, message: Translation) -> None:
        """Take note of what was covered."""
        self._source = after_prefix(self._source, message.source)

    def forgive(self, *, ended: bool) -> Iterator[Translation]:
        """Cover what is left without a translation."""
        last, source = self._last, self._source.strip()
        if last is None or not (source or last.final or ended):
            return
        self._source = ""
        yield Translation(
            utterance=last.utterance,
            segment=next(self._segments),
            start_s=last.start_s,
            end_s=last.end_s,
            captured_at_s=last.captured_at_s,
            emitted_at_s=self._clock(),
            final=last.final or ended,
            direction=last.direction,
            source=source,
            target="",
            skipped=FAILED if source else "",
        )


class Unspoken:
    """The debt of speech: its place on the timeline for every target word."""

    def __init__(self, *, spoken: bool) -> None:
        """Without speech nothing is owed."""
        self._spoken = spoken
        self._waiting: deque[Translation] = deque()
        """With what is left of their targets."""

    def owe(self, messages: Sequence[Translation]) -> None:
        """Take note of the words."""
        if self._spoken:
            self._waiting.extend(message for message in messages if message.target)

    def pay(self, message: Playback) -> None:
        """Take note of what was spoken, or left out."""
        while self._waiting and self._waiting[0].segment < message.segment:
            self._waiting.popleft()
        if self._waiting and self._waiting[0].segment == message.segment:
            left = after_prefix(self._waiting[0].target, message.text)
            self._waiting[0] = replace(self._waiting[0], target=left)
            if not left.strip():
                self._waiting.popleft()

    def forgive(self, *, ended: bool) -> Iterator[Playback]:  # noqa: ARG002 - all the same
        """Leave out what is left."""
        while self._waiting:
            message = self._waiting.popleft()
            yield Playback(
                segment=message.segment,
                utterance=message.utterance,
                text=message.target.strip(),
                audio_start_s=message.end_s,
                audio_end_s=message.end_s,
                speech_end_s=message.end_s,
                skipped=FAILED,
            )
