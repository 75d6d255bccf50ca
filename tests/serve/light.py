"""Engines that cost nothing, for claims that are not about models."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ
from live_translator.direction import Direction
from live_translator.engines import Engines
from live_translator.interfaces import Synthesizer, Translator
from live_translator.messages import Samples

WORD_S = 0.5


class LightWindow:
    """Hears a word in every half second."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        words = range(len(prefix), int(self._seconds / WORD_S))
        units = tuple(
            Unit(f" word{i}", (i,), i * WORD_S, i * WORD_S + 0.4, 0.99, -0.01) for i in words
        )
        return Hypothesis(units=units, mean_logprob=-0.1, no_speech_probability=0.0)


class LightTranscriber:
    def listen(self, samples: Samples) -> LightWindow:
        return LightWindow(len(samples) / SAMPLE_RATE_HZ)

    def languages(self, samples: Samples) -> dict[str, float]:
        return {"en": 0.99}


class LightTranslator:
    name = "light"
    forces_prefix = False

    def translate(self, source: str, *, prefix: str = "") -> str:
        return source.upper()

    def close(self) -> None:
        pass


class LightVoice:
    name = "light"
    sample_rate_hz = OUTPUT_RATE_HZ

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        count = int(0.2 * len(text.split()) * OUTPUT_RATE_HZ)
        return np.full(count, 0.1, np.float32)

    def close(self) -> None:
        pass


class LightEngines(Engines):
    def __init__(self) -> None:
        self.prepared = 0

    def prepare(self, *directions: Direction) -> None:
        self.prepared += 1

    def transcriber(self, direction: Direction) -> Any:
        return LightTranscriber()

    def translator(self, direction: Direction) -> Translator | None:
        return LightTranslator() if direction.translates else None

    def voice(self, direction: Direction) -> Synthesizer | None:
        return LightVoice()

    def name_hearer(self, direction: Direction) -> None:
        return None

    def names(self, direction: Direction) -> dict[str, str]:
        return {"asr": "light", "mt": "light", "tts": "light"}

    def close(self) -> None:
        pass
