"""The engines of one run, each kept at work, and what became of them."""

import dataclasses
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, TypeVar

from live_translator.config import RecoveryConfig
from live_translator.direction import Direction
from live_translator.engines import Engines
from live_translator.errors import reason
from live_translator.interfaces import Clock, Synthesizer, Translator, Turns, VoiceDetector
from live_translator.recovery.engines import (
    HearingEngine,
    LastingDetector,
    LastingSynthesizer,
    LastingTranscriber,
    LastingTranslator,
)
from live_translator.recovery.kept import Kept, Tally

log = logging.getLogger(__name__)

Engine = TypeVar("Engine")
T = TypeVar("T")


def free_turns(_stage: str) -> AbstractContextManager[None]:
    """Let every call be made at once: nobody else uses the engines."""
    return nullcontext()


class Keeper:
    """Makes an engine of each kind last; whoever makes it closes it after the run.

    Threads are named after the stage that waits for them: "asr-call" and the like. Where
    runs share the engines, `turns` says whose call is next.
    """

    def __init__(
        self,
        engines: Engines,
        config: RecoveryConfig,
        clock: Clock,
        turns: Turns = free_turns,
    ) -> None:
        self._engines = engines
        self._turns = turns
        self._config = config
        self._clock = clock
        self._kept: list[tuple[str, Kept[Any]]] = []
        """Each with its stage."""
        self._made: dict[tuple[str, Direction], Any] = {}
        """What each stage was given for a direction, and is given again if it is made anew."""

    def detector(self, make: Callable[[], VoiceDetector]) -> LastingDetector:
        """Return a voice detector that is made anew where it fails."""
        # Called 31 times a second, and all of it computes: no thread, and nothing to hang in.
        kept = self._keep("capture", "the voice detector", make(), lambda _: make(), thread=None)
        return LastingDetector(kept)

    def transcriber(self, way: Direction) -> LastingTranscriber:
        """Return the recogniser for a direction."""

        def make() -> LastingTranscriber:
            kept: Kept[HearingEngine] = self._keep(
                "asr",
                "the recogniser",
                self._engines.transcriber(way),
                lambda failed: self._engines.renew_transcriber(way, failed),
            )
            return LastingTranscriber(kept)

        return self._once("asr", way, make)

    def translator(self, way: Direction) -> LastingTranslator | None:
        """Return the translator for a direction; None where there is none."""
        engine = self._engines.translator(way)
        if engine is None:
            return None

        def following(failed: Translator) -> Kept[Translator] | None:
            try:
                engine = self._engines.renew_translator(way, failed, give_up=True)
            except Exception as error:  # noqa: BLE001 - a first call may fail in any way
                log.info("no translator is left: %s", reason(error))
                return None
            return self._keep_translator(way, engine)

        return self._once(
            "mt", way, lambda: LastingTranslator(self._keep_translator(way, engine), following)
        )

    def voice(self, way: Direction) -> LastingSynthesizer | None:
        """Return the voice for a direction; None where nothing is to be spoken."""
        engine = self._engines.voice(way)
        if engine is None:
            return None

        def make() -> LastingSynthesizer:
            kept: Kept[Synthesizer] = self._keep(
                "tts",
                f"the voice {engine.name}",
                engine,
                lambda failed: self._engines.renew_voice(way, failed),
            )
            return LastingSynthesizer(kept)

        return self._once("tts", way, make)

    def report(self) -> dict[str, Any]:
        """Return for each stage what its engines went through, and who took over."""
        stages: dict[str, dict[str, int]] = {}
        for stage, kept in self._kept:
            total = stages.setdefault(stage, dataclasses.asdict(Tally()))
            for name, count in dataclasses.asdict(kept.tally).items():
                total[name] += count
        translators = [made for (stage, _), made in self._made.items() if stage == "mt"]
        switches = [switch for made in translators for switch in made.switches]
        return {**stages, "switches": switches}

    def close(self) -> None:
        """End the threads that calls are made on; idempotent."""
        for _, kept in self._kept:
            kept.close()

    def _keep_translator(self, way: Direction, engine: Translator) -> Kept[Translator]:
        return self._keep(
            "mt",
            f"the translator {engine.name}",
            engine,
            lambda failed: self._engines.renew_translator(way, failed),
        )

    def _once(self, stage: str, way: Direction, make: Callable[[], T]) -> T:
        if (stage, way) not in self._made:
            self._made[stage, way] = make()
        made: T = self._made[stage, way]
        return made

    def _keep(
        self,
        stage: str,
        name: str,
        engine: Engine,
        renew: Callable[[Engine], Engine],
        *,
        thread: str | None = "{}-call",
    ) -> Kept[Engine]:
        kept = Kept(
            name,
            engine,
            renew=renew,
            config=self._config,
            clock=self._clock,
            thread=thread and thread.format(stage),
            turn=partial(self._turns, stage),
        )
        self._kept.append((stage, kept))
        return kept
