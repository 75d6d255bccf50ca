"""Engines in their stages' form, on scripts that fail; tests/test_faults.py has real ones."""

import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import pytest

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.config import RecoveryConfig
from live_translator.errors import GivenUpError, SegmentError
from live_translator.interfaces import Clock
from live_translator.messages import Samples
from live_translator.recovery.engines import (
    HearingEngine,
    LastingDetector,
    LastingSynthesizer,
    LastingTranscriber,
    LastingTranslator,
)
from live_translator.recovery.kept import Engine, Kept

CONFIG = RecoveryConfig(limit_s=5.0, restarts=1, per_s=60.0)
FRAME = np.zeros(512, np.float32)


def keep(
    engines: Iterable[Engine], *, name: str = "the engine", clock: Clock = lambda: 0.0
) -> Kept[Engine]:
    """Keep the first engine; the others take over at restarts."""
    supply = iter(engines)
    return Kept(
        name,
        next(supply),
        renew=lambda failed: next(supply),
        config=CONFIG,
        clock=clock,
        thread=None,
    )


class Ear:
    """A recogniser whose decodes fail so many times."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.heard: list[int] = []

    def listen(self, samples: Samples) -> "EarWindow":
        self.heard.append(len(samples))
        return EarWindow(self)

    def languages(self, samples: Samples) -> Mapping[str, float]:
        return {"en": 1.0}


class EarWindow:
    def __init__(self, ear: Ear) -> None:
        self._ear = ear

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        if self._ear.failures:
            self._ear.failures -= 1
            raise RuntimeError("no memory")
        return Hypothesis(units=(Unit(f" {prompt}{beam_size}", (1,), 0.0, 1.0),))

    def spell(
        self, words: str, rest: Sequence[Unit], *, prefix: Sequence[Unit] = (), prompt: str = ""
    ) -> tuple[Unit, ...]:
        return (Unit(words, (2,), 0.0, 1.0), *rest)


def test_a_recogniser_that_is_started_anew_listens_again_to_the_same_window() -> None:
    first, second = Ear(failures=2), Ear()
    window = LastingTranscriber(keep([first, second])).listen(np.zeros(100, np.float32))
    assert window.decode(prompt="p", beam_size=3).units[0].text == " p3"
    assert window.spell(" Ana", ())[0].text == " Ana"
    assert (first.heard, second.heard) == ([100], [100])


def test_a_recogniser_that_listens_and_never_decodes_is_given_up() -> None:
    """However long its restarts take: that it listens does not say that one helped."""
    ears: Iterator[HearingEngine] = (Ear(failures=100) for _ in itertools.count())
    kept = keep(ears, name="the recogniser", clock=itertools.count(0.0, 1000.0).__next__)
    recogniser = LastingTranscriber(kept)
    with pytest.raises(SegmentError):
        recogniser.listen(FRAME).decode()
    recogniser.languages(FRAME)
    with pytest.raises(GivenUpError, match="the recogniser failed again and again"):
        recogniser.listen(FRAME).decode()


def test_a_recogniser_still_tells_languages_apart() -> None:
    assert LastingTranscriber(keep([Ear()])).languages(FRAME) == {"en": 1.0}


class Detector:
    frame_samples = 512

    def __init__(self, *answers: float | None) -> None:
        self._answers = iter(answers)

    def probability(self, frame: Samples) -> float:
        answer = next(self._answers)
        if answer is None:
            raise RuntimeError("lost")
        return answer


def test_a_frame_that_the_detector_fails_on_is_what_the_one_before_it_was() -> None:
    detector = LastingDetector(keep([Detector(0.9, None, None), Detector(None, 0.2)]))
    assert [detector.probability(FRAME) for _ in range(3)] == [0.9, 0.9, 0.2]


class Speller:
    """A translator that spells its own name behind each text, or fails."""

    forces_prefix = False

    def __init__(self, name: str, *, works: bool) -> None:
        self.name = name
        self._works = works

    def translate(self, source: str, *, prefix: str = "") -> str:
        if not self._works:
            raise RuntimeError("gone")
        return f"{source} {self.name}"

    def close(self) -> None:
        pass


class Forcing(Speller):
    forces_prefix = True


def chain(*engines: Speller) -> tuple[LastingTranslator, list[str]]:
    """Return a translator with others behind it, and who was given up."""
    rest = iter(engines[1:])
    given_up: list[str] = []

    def following(failed: Speller) -> Kept[Speller] | None:
        given_up.append(failed.name)
        engine = next(rest, None)
        return None if engine is None else keep([engine] * 9, name=engine.name)

    kept = keep([engines[0]] * 9, name=engines[0].name)
    return LastingTranslator(kept, following), given_up  # type: ignore[arg-type]


def test_the_next_translator_takes_over_and_the_user_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    translator, given_up = chain(Forcing("one", works=False), Speller("two", works=True))
    assert (translator.name, translator.forces_prefix) == ("one", True)
    with pytest.raises(SegmentError):
        translator.translate("a")
    with caplog.at_level(logging.WARNING):
        assert translator.translate("b") == "b two"
    assert (translator.name, translator.forces_prefix, given_up) == ("two", False, ["one"])
    assert len(translator.switches) == 1
    assert "two goes on" in translator.switches[0]
    assert "two goes on" in caplog.text


def test_with_no_translator_left_every_text_is_left_out_and_none_asked_for_again() -> None:
    translator, given_up = chain(Speller("one", works=False))
    for _ in range(4):
        with pytest.raises(SegmentError):
            translator.translate("a")
    assert given_up == ["one"]
    assert "captions show what is said" in translator.switches[0]


class Voice:
    name = "voice"
    sample_rate_hz = 16_000

    def __init__(self, answer: Callable[[], Samples]) -> None:
        self._answer = answer

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        return self._answer()

    def close(self) -> None:
        pass


def dumb() -> Samples:
    raise RuntimeError("hoarse")


@pytest.fixture
def voices() -> Iterator[Voice]:
    return iter([Voice(dumb), Voice(dumb), Voice(lambda: FRAME)])


def test_a_voice_that_fails_for_good_ends_with_its_reason(voices: Iterator[Voice]) -> None:
    voice = LastingSynthesizer(keep(voices))
    assert (voice.name, voice.sample_rate_hz) == ("voice", 16_000)
    with pytest.raises(SegmentError, match="RuntimeError"):
        voice.synthesize("a")
    with pytest.raises(GivenUpError, match="RuntimeError"):
        voice.synthesize("b")
