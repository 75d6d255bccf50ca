"""Engines that go on past their failures, in the form in which the stages know them."""

import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.identification import Identifier
from live_translator.asr.names import SpellingWindow
from live_translator.errors import GivenUpError, SegmentError
from live_translator.interfaces import Synthesizer, Transcriber, Translator, VoiceDetector, Window
from live_translator.messages import Samples
from live_translator.mt.attention import ALONE, Answer, Context, ask
from live_translator.recovery.kept import Kept

notice = logging.getLogger("live_translator.notice")


class HearingEngine(Transcriber, Identifier, Protocol):
    """A recogniser that tells languages apart, too."""


class LastingTranscriber:
    """A recogniser that is kept at work; satisfies `Transcriber` and `Identifier`.

    All methods raise SegmentError and GivenUpError, as `Kept.use` does.
    """

    def __init__(self, kept: Kept[HearingEngine]) -> None:
        self._kept = kept

    def listen(self, samples: Samples) -> "LastingWindow":
        """Encode the audio."""
        return LastingWindow(self._kept, samples)

    def languages(self, samples: Samples) -> Mapping[str, float]:
        """Return the probability of each language."""
        return self._kept.use(lambda engine: engine.languages(samples), completes=False)


class LastingWindow:
    """Encoded audio; where the recogniser is started anew, it listens to it once more."""

    def __init__(self, kept: Kept[HearingEngine], samples: Samples) -> None:
        self._kept = kept
        self._samples = samples
        self._heard: tuple[HearingEngine, Window] | None = None
        kept.use(self._window, completes=False)

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        """Return what follows the prefix; see `interfaces.Window`."""
        return self._kept.use(
            lambda engine: self._window(engine).decode(
                prefix=prefix, prompt=prompt, translate=translate, beam_size=beam_size
            )
        )

    def spell(
        self, words: str, rest: Sequence[Unit], *, prefix: Sequence[Unit] = (), prompt: str = ""
    ) -> tuple[Unit, ...]:
        """Return words as they fit the audio; see `asr.names.SpellingWindow`."""

        def spelt(engine: HearingEngine) -> tuple[Unit, ...]:
            window = self._window(engine)
            if not isinstance(window, SpellingWindow):
                raise TypeError(f"{type(window).__name__} cannot spell")
            return window.spell(words, rest, prefix=prefix, prompt=prompt)

        return self._kept.use(spelt)

    def _window(self, engine: HearingEngine) -> Window:
        if self._heard is None or self._heard[0] is not engine:
            self._heard = (engine, engine.listen(self._samples))
        return self._heard[1]


class LastingDetector:
    """A voice detector that is kept at work; satisfies `interfaces.VoiceDetector`."""

    def __init__(self, kept: Kept[VoiceDetector]) -> None:
        self.frame_samples = kept.engine.frame_samples
        self._kept = kept
        self._probability = 0.0

    def probability(self, frame: Samples) -> float:
        """Return P(speech), of the frame before where this one fails; raises GivenUpError."""
        with contextlib.suppress(SegmentError):
            self._probability = self._kept.use(lambda engine: engine.probability(frame))
        return self._probability


class LastingTranslator:
    """A translator that is kept at work, and another in its place where it is given up.

    Satisfies `AttentiveTranslator`. With no engine left each text raises SegmentError:
    captions then show what was said, and nothing is spoken.
    """

    def __init__(
        self, kept: Kept[Translator], following: Callable[[Translator], Kept[Translator] | None]
    ) -> None:
        """Begin with an engine; `following` returns what comes after one, None at the end."""
        self._kept = kept
        self._following = following
        self._is_over = False
        self.switches: list[str] = []
        """Each engine that took over, and why."""

    @property
    def name(self) -> str:
        """The engine that translates now."""
        return self._kept.engine.name

    @property
    def forces_prefix(self) -> bool:
        """Whether that engine honours a prefix."""
        return self._kept.engine.forces_prefix

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the translation; raises SegmentError."""
        return self.answer(source, prefix=prefix).text

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        """Translate and say more of it; raises SegmentError."""

        def asked(engine: Translator) -> Answer:
            return ask(
                engine, source, prefix=prefix, with_attention=with_attention, context=context
            )

        while not self._is_over:
            try:
                return self._kept.use(asked)
            except GivenUpError as error:
                self._switch(error)
        raise SegmentError("no translator is left: restart the program")

    def close(self) -> None:
        """End the thread; the engines are their loader's to close."""
        self._kept.close()

    def _switch(self, error: GivenUpError) -> None:
        self._kept.close()
        following = self._following(self._kept.engine)
        if following is None:
            self._is_over = True
            goes_on = "captions show what is said, and nothing more is translated"
        else:
            self._kept = following
            goes_on = f"{self.name} goes on"
        self.switches.append(f"{goes_on}: {error}")
        notice.warning("%s; %s", error, goes_on)


class LastingSynthesizer:
    """A voice that is kept at work; satisfies `interfaces.Synthesizer`."""

    def __init__(self, kept: Kept[Synthesizer]) -> None:
        self._kept = kept
        self.name = kept.engine.name
        self.sample_rate_hz = kept.engine.sample_rate_hz

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        """Return the clause's speech; raises SegmentError and GivenUpError."""
        return self._kept.use(lambda engine: engine.synthesize(text, speed=speed))

    def close(self) -> None:
        """End the thread; the voice is its loader's to close."""
        self._kept.close()
