from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.systems import STREAMING, WindowRecogniser, varied
from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples, SpeechChunk


class Scripted:
    """Hears one scripted text after the other, whatever the samples."""

    def __init__(self, *texts: str) -> None:
        self._texts = iter(texts)
        self.seconds: list[float] = []

    def listen(self, samples: Samples) -> "Scripted":
        self.seconds.append(len(samples) / SAMPLE_RATE_HZ)
        return self

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        words = next(self._texts).split()
        return Hypothesis(units=tuple(Unit(f" {word}", (), 0.0, 0.0) for word in words))


def chunk(number: int, seconds: float = 0.5, *, final: bool = False) -> SpeechChunk:
    return SpeechChunk(
        utterance=0,
        start_s=number * 0.5,
        end_s=number * 0.5 + seconds,
        captured_at_s=0.0,
        emitted_at_s=0.0,
        final=final,
        samples=np.zeros(int(seconds * SAMPLE_RATE_HZ), np.float32),
    )


def test_windows_overlap_and_repeated_words_are_dropped() -> None:
    hears = Scripted("It was the best", "The best of times", "times it was")
    stage = WindowRecogniser(hears, lambda: 0.0)
    chunks = [chunk(number, final=number == 8) for number in range(9)]
    said = [message for message in stage.process(chunks) if message.committed]
    assert [message.committed for message in said] == [" It was the best", " of times", " it was"]
    assert hears.seconds == pytest.approx([2.0, 2.0, 1.5])
    assert [(message.start_s, message.end_s) for message in said] == [
        (0.0, 2.0),
        (1.5, 3.5),
        (3.0, 4.5),
    ]
    assert all(message.final for message in said)
    assert [message.utterance for message in said] == [0, 1, 2]


def test_the_next_utterance_begins_a_window_of_its_own() -> None:
    stage = WindowRecogniser(Scripted("good", "good morning"), lambda: 0.0)
    said = list(stage.process([chunk(0, final=True), chunk(6, final=True)]))
    assert [message.committed for message in said] == [" good", " good morning"]
    assert said[1].start_s == 3.0


def test_a_varied_system_is_named_after_what_was_changed() -> None:
    system = varied(STREAMING, {"asr.stride_s": 1.0, "mt.policy": "agreement"})
    assert (system.name, system.setting) == ("streaming", "stride_s 1.0, policy agreement")
    assert system.flags == {"asr.stride_s": 1.0, "mt.policy": "agreement"}
    assert varied(STREAMING, {}) is STREAMING
