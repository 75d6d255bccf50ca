"""Light engines that count what they are asked for, and tell languages apart."""

import threading
from collections import Counter
from typing import Any

from live_translator.direction import Direction
from live_translator.errors import UsageError
from live_translator.interfaces import Synthesizer, Translator
from live_translator.messages import Samples
from tests.serve.light import (
    LightEngines,
    LightTranscriber,
    LightTranslator,
    LightVoice,
    LightWindow,
)


class Counts:
    """How often each engine was called; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[tuple[str, ...]] = Counter()

    def add(self, *call: str) -> None:
        with self._lock:
            self._calls[call] += 1

    def of(self, stage: str) -> dict[tuple[str, ...], int]:
        """Return the calls of a stage, without its name."""
        with self._lock:
            return {call[1:]: count for call, count in self._calls.items() if call[0] == stage}


class CountedTranscriber(LightTranscriber):
    def __init__(self, counts: Counts, lang: str) -> None:
        self._counts = counts
        self._lang = lang

    def listen(self, samples: Samples) -> LightWindow:
        self._counts.add("asr", self._lang)
        return super().listen(samples)


class CountedTranslator(LightTranslator):
    def __init__(self, counts: Counts, way: Direction) -> None:
        self._counts = counts
        self._way = way

    def translate(self, source: str, *, prefix: str = "") -> str:
        self._counts.add("mt", self._way.source.code, self._way.target.code)
        return " ".join(f"{self._way.target.code}:{word}" for word in source.split())


class CountedVoice(LightVoice):
    def __init__(self, counts: Counts, way: Direction) -> None:
        self._counts = counts
        self._way = way

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        self._counts.add("tts", self._way.target.code, self._way.voice, text)
        return super().synthesize(text, speed=speed)


class CountedEngines(LightEngines):
    """Knows no Korean, and has no voice for German."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = Counts()

    def transcriber(self, direction: Direction) -> Any:
        return CountedTranscriber(self.counts, direction.source.code)

    def translator(self, direction: Direction) -> Translator | None:
        if not direction.translates or direction.target.code == "ko":
            return None
        return CountedTranslator(self.counts, direction)

    def voice(self, direction: Direction) -> Synthesizer | None:
        if direction.target.code == "de":
            raise UsageError("no voice speaks German")
        return CountedVoice(self.counts, direction)
