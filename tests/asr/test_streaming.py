"""The recognising stage, with a transcriber that knows what is spoken when."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.streaming import RecogniseProcessor, SampleBuffer
from live_translator.audio.capture import CaptureProcessor
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig, CaptureConfig
from live_translator.errors import SegmentError
from live_translator.messages import AudioBlock, Samples, SpeechChunk, Transcript

WORD_S = 0.5


class Speaker:
    """Each half second of samples holds a number; that number is the word spoken there.

    A window's last, unfinished word is misheard; nothing else is. So what is committed
    can be compared with what was spoken.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.windows = 0
        self.prompts: list[str] = []
        self.beam_sizes: list[int] = []
        self.silent = False
        self.failing: set[int] = set()

    def listen(self, samples: Samples) -> "Heard":
        self.windows += 1
        if self.windows in self.failing:
            raise SegmentError("the recogniser failed")
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
        self._speaker.beam_sizes.append(beam_size)
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


@pytest.mark.parametrize("backlog_words", [2, 8, 20])
def test_the_stride_grows_with_the_load(backlog_words: int) -> None:
    backlog = chunks(speech(1, backlog_words), ends=False)
    late, unhurried = Speaker(), Speaker()
    messages = list(RecogniseProcessor(late, AsrConfig(), lambda: 0.0).process(backlog))
    steps = list(processor(unhurried, stride_s=0.5).process(backlog))
    assert late.windows == len(messages) == 1
    assert unhurried.windows == len(steps) >= backlog_words - 1


class AnySound:
    """Takes whatever is not digital silence for speech."""

    frame_samples = 512

    def probability(self, frame: Samples) -> float:
        return float(frame.any())


def heard_in_blocks(samples: Samples, size: int) -> list[Transcript]:
    capture = CaptureProcessor(AnySound(), CaptureConfig(), lambda: 0.0)
    stage = processor(Speaker())
    blocks = [
        AudioBlock(
            samples=samples[begin : begin + size],
            start_s=begin / SAMPLE_RATE_HZ,
            captured_at_s=0.0,
        )
        for begin in range(0, len(samples), size)
    ]
    found = [c for block in blocks for c in capture.process([block])] + list(capture.finish())
    return [m for chunk in found for m in stage.process([chunk])] + list(stage.finish())


def test_what_is_committed_and_when_does_not_depend_on_the_source_s_blocks() -> None:
    pause = np.zeros(2 * SAMPLE_RATE_HZ, np.float32)
    sound = np.concatenate([pause, speech(1, 12), pause, speech(13, 7), pause])
    expected_messages = heard_in_blocks(sound, 512)
    assert said(expected_messages) == expected(19)
    assert {message.utterance for message in expected_messages} == {0, 1}
    for size in (160, 8000, len(sound)):
        assert heard_in_blocks(sound, size) == expected_messages, size


def test_the_last_decode_of_an_utterance_may_have_a_wider_beam() -> None:
    speaker = Speaker()
    list(
        processor(speaker, stride_s=1.0, beam_size=2, final_beam_size=4).process(
            chunks(speech(1, 6))
        )
    )
    assert speaker.beam_sizes[-1] == 4
    assert set(speaker.beam_sizes[:-1]) == {2}


def test_a_buffer_is_never_cut_so_late_that_new_words_lose_those_before_them() -> None:
    speaker = Speaker()
    heard_s: list[float] = []
    stage = processor(speaker, trim_after_s=6.0, max_buffer_s=8.0, kept_s=4.0)
    for chunk in chunks(speech(1, 60), ends=False):
        speaker.longest_s = 0.0
        if list(stage.process([chunk])):
            heard_s.append(speaker.longest_s)
    assert max(heard_s) > 6.0
    assert min(heard_s[10:]) >= 4.0


class Script:
    """Says one hypothesis after the other, and keeps what it was told each time."""

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.prefixes: list[str] = []
        self.prompts: list[str] = []

    def listen(self, samples: Samples) -> "Script":
        return self

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        self.prefixes.append("".join(unit.text for unit in prefix).strip())
        self.prompts.append(prompt)
        return Hypothesis(units=timed(self._texts.pop(0)))


def timed(text: str) -> tuple[Unit, ...]:
    """Words of a tenth of a second each, but those that begin with a star: they last none."""
    found: list[Unit] = []
    now_s = 0.0
    for word in text.split():
        spelled = word if word in ".,?" else f" {word.removeprefix('*')}"
        end_s = now_s + 0.1 * (not word.startswith("*"))
        found.append(Unit(spelled, (1,), now_s, end_s))
        now_s = end_s
    return tuple(found)


def strides(
    script: Script, count: int, *, ends: bool = False, max_unheard_s: float = 30.0
) -> tuple[RecogniseProcessor, list[Transcript]]:
    # The scripts say each text twice: once to be heard, once to be agreed on.
    config = AsrConfig(policy="agreement", stride_s=1.0, max_unheard_s=max_unheard_s)
    stage = RecogniseProcessor(script, config, lambda: 0.0)
    second = chunks(speech(1, 2 * count), size=SAMPLE_RATE_HZ, ends=ends)
    return stage, [message for chunk in second for message in stage.process([chunk])]


def test_the_decoder_is_not_held_to_a_mark_before_a_pause() -> None:
    script = Script("it ends .", "it ends .", ", and goes on", ", and goes on")
    _, messages = strides(script, 4)
    assert [message.committed for message in messages] == ["", " it ends.", "", " and goes on"]
    assert script.prefixes == ["", "", "it ends", "it ends"]


def test_a_mark_inside_a_text_is_part_of_what_the_decoder_goes_on_from() -> None:
    script = Script("it ends .", "it ends .", ". And goes", ". And goes", "on")
    _, messages = strides(script, 5, ends=True)
    assert "".join(message.committed for message in messages) == " it ends. And goes on"
    assert script.prefixes[-1] == "it ends. And goes"


def test_a_decoder_that_is_lost_in_its_context_is_given_none() -> None:
    script = Script("one", "one", "*one *one *one *one", "we go on", "we go on")
    _, messages = strides(script, 4)
    assert "".join(message.committed for message in messages) == " one we go on"
    assert script.prefixes == ["", "", "one", "", ""]


def test_a_decoder_that_hears_nothing_in_its_context_is_given_none() -> None:
    script = Script("one", "one", "", "", "we go on", "we go on")
    _, messages = strides(script, 5, max_unheard_s=3.0)
    assert "".join(message.committed for message in messages) == " one we go on"
    assert script.prefixes == ["", "", "one", "one", "", ""]


def test_a_decoder_that_stays_lost_says_nothing() -> None:
    script = Script("one", "one", "*one *one *one *one", "*a *b *c *d")
    _, messages = strides(script, 3)
    assert "".join(message.committed for message in messages) == " one"


def test_what_is_committed_does_not_depend_on_when_the_machine_gets_to_it() -> None:
    pieces = chunks(speech(1, 24))
    texts = set()
    for lengths in ([1], [3, 5], [7, 1, 2], [40]):
        stage = RecogniseProcessor(Speaker(), AsrConfig(stride_s=1.5), lambda: 0.0)
        found, begin = [], 0
        for length in itertools.cycle(lengths):
            found += list(stage.process(pieces[begin : begin + length]))
            begin += length
            if begin >= len(pieces):
                break
        texts.add(tuple((message.end_s, message.committed) for message in found))
    assert len(texts) == 1


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


@pytest.mark.parametrize("failing", [[1], [2, 3], [1, 4]])
def test_a_stride_that_fails_is_made_up_for_by_the_next(failing: list[int]) -> None:
    speaker = Speaker()
    speaker.failing = set(failing)
    made = processor(speaker, stride_s=0.5)
    assert said([text for chunk in chunks(speech(1, 8)) for text in made.process([chunk])]) == (
        expected(8)
    )
    assert made.skipped == 0


def test_an_utterance_whose_end_fails_ends_all_the_same_and_the_next_is_heard() -> None:
    speaker = Speaker()
    made = processor(speaker, stride_s=100.0)
    speaker.failing = {1}
    (end,) = [text for chunk in chunks(speech(1, 4)) for text in made.process([chunk])]
    assert (end.final, end.committed, made.skipped) == (True, "", 1)
    following = chunks(speech(5, 2), utterance=1, start_s=2.0)
    assert said([text for chunk in following for text in made.process([chunk])]) == expected(2, 5)


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
