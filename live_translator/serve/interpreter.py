"""One language that a talk is translated into: once, and spoken once in each voice."""

import contextlib
import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from live_translator.branch import Branch
from live_translator.config import Config
from live_translator.direction import Direction
from live_translator.errors import UsageError
from live_translator.interfaces import Processor, Turns
from live_translator.messages import Playback, Transcript, Translation
from live_translator.mt.streaming import TranslateProcessor
from live_translator.recovery.keeper import Keeper
from live_translator.recovery.mending import Mending, Unspoken, Untranslated
from live_translator.serve.commons import Commons
from live_translator.serve.sink import SocketSink
from live_translator.timeline import Timeline
from live_translator.tts.speaking import SpeakProcessor


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where the words go; on the branches' threads, and nothing of it waits."""

    translated: Callable[[Translation], None]
    spoken: Callable[[str, Playback], None]
    """In which voice, and when."""
    say: Callable[[str, float, int, bytes], None]
    """The voice, then what `SocketSink` says."""
    failed: Callable[[str | None, BaseException], None]
    """The voice, or None where it is the translation, and why there is none any more."""


class Interpreter:
    """Translates and speaks what a run's recogniser hears, beside that run.

    However many listen, there is one translation, and one synthesis for each voice. Whoever
    makes it lets only one thread at a time call it, but for `tell`.
    """

    def __init__(
        self,
        way: Direction,
        outlet: Outlet,
        commons: Commons,
        config: Config,
        *,
        turns: Turns,
        timeline: Timeline,
    ) -> None:
        """Prepare; nothing runs before `start`. `turns` are those of the talk."""
        self._way = way
        self._outlet = outlet
        self._commons = commons
        self._config = config
        self._turns = turns
        self._timeline = timeline
        self.has_failed = False
        """Whether there is no translation any more."""
        self._voices: dict[str, Branch[Translation, Playback]] = {}
        self._lost: set[str] = set()
        """Voices that failed."""
        self._gone: list[Branch[Translation, Playback]] = []
        self._text = self._translating()

    def start(self) -> None:
        """Begin with what is heard next."""
        self._text.start()

    def speak(self, voices: Collection[str]) -> None:
        """Speak in these voices from now on, and no others; try again those that failed."""
        before = self._voices
        kept = {v: one for v, one in before.items() if v in voices and v not in self._lost}
        begun = {voice: self._speaking(voice) for voice in voices if voice not in kept}
        self._lost.clear()
        # Replaced whole: the translating thread goes through them meanwhile.
        self._voices = kept | begun
        for branch in begun.values():
            branch.start()
        for voice, branch in before.items():
            if voice not in kept:
                branch.abort()
                self._gone.append(branch)
        self._gone = [branch for branch in self._gone if not branch.join(0.0)]

    def tell(self, message: Transcript) -> None:
        """Take what was recognised; on the ASR thread, which waits where this is far behind."""
        self._text.tell(replace(message, direction=self._way))

    def finish(self, timeout_s: float) -> None:
        """Translate and speak what was told; what takes longer is given up."""
        self._text.close()
        self._text.join(timeout_s)
        for branch in self._voices.values():
            branch.close()
        for branch in self._voices.values():
            branch.join(timeout_s)
        self.abort()

    def abort(self) -> None:
        """Make nothing more; from any thread."""
        self._text.abort()
        for branch in (*self._voices.values(), *self._gone):
            branch.abort()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came."""
        branches: tuple[Branch[Any, Any], ...] = (self._text, *self._voices.values(), *self._gone)
        return all(branch.join(timeout_s) for branch in branches)

    def _translating(self) -> Branch[Transcript, Translation]:
        config, clock, way = self._config, self._commons.clock, self._way
        keeper = self._keeper()
        segments = itertools.count()

        def make() -> Processor[Transcript, Translation]:
            translator = keeper.translator(way)
            if translator is None:
                raise UsageError(
                    f"{way.source.name} cannot be translated to {way.target.name} here"
                )
            return Mending(
                "mt",
                lambda: TranslateProcessor(
                    translator,
                    config.mt,
                    clock,
                    pair=(way.source, way.target),
                    segments=segments,
                ),
                Untranslated(segments, clock),
                config.recovery,
                clock,
            )

        return Branch(
            "mt",
            make,
            capacity=config.queues.transcripts,
            watch=self._translated,
            ended=partial(self._ended, keeper, None),
            clock=clock,
        )

    def _speaking(self, voice: str) -> Branch[Translation, Playback]:
        config, clock, way = self._config, self._commons.clock, replace(self._way, voice=voice)
        keeper = self._keeper()

        def make() -> Processor[Translation, Playback]:
            synthesizer = keeper.voice(way)
            if synthesizer is None:
                raise UsageError("this server does not speak")
            sink = SocketSink(partial(self._outlet.say, voice))
            return Mending(
                "tts",
                lambda: SpeakProcessor(
                    synthesizer, sink, config.tts, self._timeline, language=way.target
                ),
                Unspoken(spoken=True),
                config.recovery,
                clock,
            )

        return Branch(
            "tts",
            make,
            capacity=config.queues.translations,
            watch=partial(self._outlet.spoken, voice),
            ended=partial(self._ended, keeper, voice),
            clock=clock,
        )

    def _keeper(self) -> Keeper:
        commons = self._commons
        return Keeper(commons.engines, self._config.recovery, commons.clock, self._turns)

    def _translated(self, message: Translation) -> None:
        self._outlet.translated(message)
        for branch in self._voices.values():
            branch.tell(message)

    def _ended(self, keeper: Keeper, voice: str | None, failure: BaseException | None) -> None:
        with contextlib.closing(keeper):
            if failure is not None:
                if voice is None:
                    self.has_failed = True
                else:
                    self._lost.add(voice)
                self._outlet.failed(voice, failure)
