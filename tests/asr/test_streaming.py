"""The recognising stage, with a transcriber that knows what is spoken when."""

from collections.abc import Sequence

import numpy as np
import pytest

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.streaming import RecogniseProcessor, SampleBuffer
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig
from live_translator.messages import Samples, SpeechChunk, Transcript

WORD_S = 0.5


class Speaker:
    """Each half second of samples holds a number; that number is the word spoken there.

    A window's last, unfinished word is misheard; nothing else is. So what is committed
    can be compared with what was spoken.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.prompts: list[str] = []
        self.silent = False

    def listen(self, samples: Samples) -> "Heard":
        self.longest_s = max(self.longest_s, len(samples) / SAMPLE_RATE_HZ)
        return Heard(self, samples)


class Heard:
    def __init__(self, speaker: Speaker, samples: Samples) -> None:
        self._speaker, self._samples = speaker, samples

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        self._speaker.prompts.append(prompt)
        if self._speaker.silent:
            thanks = (Unit(" Thanks", (0,), 0.0, 0.1),)
            return Hypothesis(units=thanks, mean_logprob=-2.0, no_speech_probability=0.9)
        units = self._units("W" if translate else "w")
        said = {unit.text for unit in prefix}
        return Hypothesis(units=tuple(unit for unit in units if unit.text not in said))

    def _units(self, letter: str) -> list[Unit]:
        numbers = np.rint(self._samples * 1000).astype(int)
        units: list[Unit] = []
        begin = 0
        for index in range(1, len(numbers) + 1):
            if index < len(numbers) and numbers[index] == numbers[begin]:
                continue
            number, end_s = numbers[begin], index / SAMPLE_RATE_HZ
            whole = index - begin >= int(WORD_S * SAMPLE_RATE_HZ) or begin == 0
            text = f" {letter}{number}" if whole else f" misheard{index}"
            if number:
                units.append(Unit(text, (int(number),), begin / SAMPLE_RATE_HZ, end_s))
            begin = index
        return units


def speech(first: int, count: int) -> Samples:
    samples = int(WORD_S * SAMPLE_RATE_HZ)
    return np.repeat(np.arange(first, first + count, dtype=np.float32) / 1000, samples)


def chunks(
    samples: Samples,
    *,
    size: int = 512,
    utterance: int = 0,
    start_s: float = 0.0,
    ends: bool = True,
) -> list[SpeechChunk]:
    pieces = []
    for begin in range(0, len(samples), size):
        end = min(begin + size, len(samples))
        pieces.append(
            SpeechChunk(
                utterance=utterance,
                start_s=start_s + begin / SAMPLE_RATE_HZ,
                end_s=start_s + end / SAMPLE_RATE_HZ,
                captured_at_s=0.0,
                emitted_at_s=0.0,
                final=ends and end == len(samples),
                samples=samples[begin:end],
            )
        )
    return pieces


def processor(
    speaker: Speaker, *, translate: bool = False, **settings: float
) -> RecogniseProcessor:
    config = AsrConfig(**settings)  # type: ignore[arg-type]
    return RecogniseProcessor(speaker, config, lambda: 0.0, coalesce=False, translate=translate)


def said(messages: Sequence[Transcript]) -> list[str]:
    return "".join(message.committed for message in messages).split()


def expected(count: int, first: int = 1) -> list[str]:
    return [f"w{number}" for number in range(first, first + count)]


@pytest.mark.parametrize("size", [160, 512, 8000, 100_000])
def test_every_word_is_committed_once_whatever_the_chunks(size: int) -> None:
    stage = processor(Speaker())
    messages = [
        message for chunk in chunks(speech(1, 12), size=size) for message in stage.process([chunk])
    ]
    assert said(messages) == expected(12)
    assert [message.final for message in messages].count(True) == 1
    assert messages[-1].final


def test_words_are_committed_while_the_speaker_speaks() -> None:
    stage = processor(Speaker(), stride_s=0.5)
    pieces = chunks(speech(1, 12))
    early = [message for piece in pieces[:150] for message in stage.process([piece])]
    assert len(said(early)) >= 5
    assert all(message.speech_end_s <= message.end_s for message in early if message.committed)


def test_all_waiting_chunks_are_decoded_at_once_when_coalescing() -> None:
    speaker = Speaker()
    stage = RecogniseProcessor(speaker, AsrConfig(), lambda: 0.0)
    messages = list(stage.process(chunks(speech(1, 8), ends=False)))
    assert len(messages) == 1
    assert said([*messages, *stage.finish()]) == expected(8)
    assert list(stage.finish()) == []


def test_a_long_utterance_is_decoded_in_a_short_buffer() -> None:
    speaker = Speaker()
    stage = processor(speaker, trim_after_s=4.0, max_buffer_s=6.0)
    messages = [m for chunk in chunks(speech(1, 60)) for m in stage.process([chunk])]
    assert said(messages) == expected(60)
    assert speaker.longest_s < 8.0
    assert any("w1 w2" in prompt for prompt in speaker.prompts)


def test_the_next_utterance_is_heard_in_the_context_of_the_last() -> None:
    speaker = Speaker()
    stage = processor(speaker, context_s=3.0)
    first = list(stage.process(chunks(speech(1, 8))))
    second = list(stage.process(chunks(speech(9, 4), utterance=1, start_s=5.0)))
    assert said(first) == expected(8)
    assert said(second) == expected(4, first=9)
    assert 4.5 < speaker.longest_s < 7.5
    starts = [message.start_s for message in second if message.committed]
    assert starts[0] == pytest.approx(5.0, abs=0.1)


def test_after_a_long_pause_there_is_no_context() -> None:
    speaker = Speaker()
    stage = processor(speaker, max_context_gap_s=2.0)
    assert said(list(stage.process(chunks(speech(1, 4))))) == expected(4)
    speaker.longest_s = 0.0
    late = list(stage.process(chunks(speech(5, 4), utterance=1, start_s=60.0)))
    assert said(late) == expected(4, first=5)
    assert speaker.longest_s == 2.0


def test_silence_gives_no_text_but_an_end() -> None:
    speaker = Speaker()
    speaker.silent = True
    messages = list(processor(speaker).process(chunks(speech(1, 4))))
    assert said(messages) == []
    assert messages[-1].final


def test_a_recogniser_that_translates_gives_both_texts() -> None:
    stage = processor(Speaker(), translate=True)
    messages = list(stage.process(chunks(speech(1, 6))))
    assert said(messages) == expected(6)
    translated = "".join(message.translated for message in messages).split()
    assert translated == [word.upper() for word in expected(6)]


def test_a_buffer_grows_and_is_cut_without_losing_samples() -> None:
    buffer = SampleBuffer()
    audio = np.arange(100_000, dtype=np.float32)
    for begin in range(0, len(audio), 777):
        buffer.append(audio[begin : begin + 777])
    buffer.cut(50_000)
    assert np.array_equal(buffer.view(), audio[50_000:])
    buffer.cut(50_000)
    assert len(buffer) == 0
