import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.sources import FileSource
from live_translator.audio.vad import SileroDetector
from live_translator.config import CaptureConfig
from live_translator.messages import AudioBlock, Samples, SpeechChunk

SPEECH = Path(__file__).parents[2] / ".." / "shared" / "speech"
CONFIG = CaptureConfig(min_speech_s=0.1, min_silence_s=0.3, pre_roll_s=0.2, max_utterance_s=4.0)


class LoudnessDetector:
    """Takes any loud frame for speech: a detector whose decisions a test can write down."""

    frame_samples = 512

    def probability(self, frame: Samples) -> float:
        return float(np.abs(frame).max() > 0.5)


def sound(*parts: tuple[float, float]) -> Samples:
    """Return (level, seconds) parts, each sample distinguishable by its place."""
    levels = [np.full(round(16_000 * seconds), level, np.float32) for level, seconds in parts]
    whole = np.concatenate(levels)
    return whole + np.arange(len(whole), dtype=np.float32) * np.float32(1e-7)


def blocks(samples: Samples, chunk: int, start_s: float = 0.0) -> list[AudioBlock]:
    return [
        AudioBlock(
            samples=samples[at : at + chunk],
            start_s=start_s + at / 16_000,
            captured_at_s=100 + start_s + min(at + chunk, len(samples)) / 16_000,
        )
        for at in range(0, len(samples), chunk)
    ]


def captured(given: list[AudioBlock], *, batch: int = 1) -> list[SpeechChunk]:
    processor = CaptureProcessor(LoudnessDetector(), CONFIG, lambda: 500.0)
    found = [
        c for at in range(0, len(given), batch) for c in processor.process(given[at : at + batch])
    ]
    found += processor.finish()
    processor.close()
    return found


def by_utterance(chunks: list[SpeechChunk]) -> dict[int, list[SpeechChunk]]:
    found: dict[int, list[SpeechChunk]] = {}
    for chunk in chunks:
        found.setdefault(chunk.utterance, []).append(chunk)
    return found


TWO_UTTERANCES = sound((0, 1.0), (0.8, 1.0), (0, 1.0), (0.8, 0.5), (0, 0.1))


@pytest.mark.parametrize("chunk", [1, 160, 512, 8000])
def test_the_same_sound_in_any_blocks_gives_the_same_chunks(chunk: int) -> None:
    expected = captured(blocks(TWO_UTTERANCES, len(TWO_UTTERANCES)))
    found = captured(blocks(TWO_UTTERANCES, chunk), batch=7)
    assert len(found) == len(expected) > 40
    for one, other in zip(found, expected, strict=True):
        assert np.array_equal(one.samples, other.samples)
        # When audio arrived is the blocks' doing; all else is the sound's.
        same = replace(one, samples=other.samples, captured_at_s=other.captured_at_s)
        assert same == other


def test_chunks_say_where_their_samples_lie_in_the_source() -> None:
    chunks = captured(blocks(TWO_UTTERANCES, 160))
    for chunk in chunks:
        begin = round(chunk.start_s * 16_000)
        assert round(chunk.end_s * 16_000) == begin + len(chunk.samples)
        assert np.array_equal(chunk.samples, TWO_UTTERANCES[begin : begin + len(chunk.samples)])


def test_an_utterance_has_pre_roll_no_holes_and_one_final_chunk() -> None:
    found = by_utterance(captured(blocks(TWO_UTTERANCES, 512)))
    assert list(found) == [0, 1]
    for chunks, (speech_start_s, speech_end_s) in zip(
        found.values(), [(1.0, 2.0), (3.0, 3.5)], strict=True
    ):
        assert [chunk.final for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
        assert speech_start_s - 0.3 < chunks[0].start_s <= speech_start_s - 0.2
        assert speech_end_s <= chunks[-1].end_s < speech_end_s + 0.4
        for before, after in itertools.pairwise(chunks):
            assert before.end_s == pytest.approx(after.start_s, abs=1e-9)


def test_the_end_of_the_source_ends_a_running_utterance_with_all_its_samples() -> None:
    speech = sound((0.8, 1.01))
    chunks = captured(blocks(speech, 512))
    assert chunks[-1].final
    assert 0 < len(chunks[-1].samples) < 512
    assert np.array_equal(np.concatenate([chunk.samples for chunk in chunks]), speech)


def test_speech_too_short_before_the_end_is_nothing() -> None:
    assert captured(blocks(sound((0, 1.0), (0.8, 0.05)), 512)) == []


def test_chunks_carry_when_their_last_sample_was_captured() -> None:
    for chunk in captured(blocks(TWO_UTTERANCES, 512)):
        assert chunk.captured_at_s == pytest.approx(100 + chunk.end_s, abs=1e-6)
        assert chunk.emitted_at_s == 500.0


def test_a_gap_ends_the_utterance_and_moves_the_source_clock() -> None:
    before = blocks(sound((0.8, 1.0)), 512)
    after = blocks(sound((0.8, 1.0)), 512, start_s=3.0)
    after[0] = replace(after[0], gap_s=2.0)
    found = by_utterance(captured(before + after))
    assert [chunk.final for chunk in found[0]].count(True) == 1
    assert found[0][-1].end_s == pytest.approx(1.0)
    assert found[1][0].start_s == pytest.approx(3.0)
    assert found[1][-1].end_s == pytest.approx(4.0)


def test_a_gap_in_silence_starts_nothing_and_no_pre_roll_reaches_over_it() -> None:
    before = blocks(sound((0, 1.0)), 512)
    after = blocks(sound((0.8, 1.0)), 512, start_s=3.0)
    after[0] = replace(after[0], gap_s=2.0)
    found = captured(before + after)
    assert found[0].start_s == pytest.approx(3.0)
    assert {chunk.utterance for chunk in found} == {0}


def test_a_source_need_not_start_at_zero() -> None:
    assert captured(blocks(sound((0.8, 1.0)), 512, start_s=7.0))[0].start_s == 7.0


def test_long_speech_is_cut_at_the_maximum_and_nothing_is_lost() -> None:
    speech = sound((0.8, 10.0))
    found = by_utterance(captured(blocks(speech, 512)))
    assert len(found) == 3
    assert all(chunks[-1].end_s - chunks[0].start_s <= 4.0 for chunks in found.values())
    whole = np.concatenate([chunk.samples for chunks in found.values() for chunk in chunks])
    assert np.array_equal(whole, speech)


@pytest.mark.parametrize("chunk", [160, 512, 8000])
def test_the_level_follows_the_sound_whatever_the_blocks(chunk: int) -> None:
    processor = CaptureProcessor(LoudnessDetector(), CONFIG, lambda: 0.0)
    levels_dbfs = [processor.level_dbfs]
    for amplitude in (0.1, 1.0, 0.0, 0.001, 0.0, np.nan):
        sounds = np.full(32_000 if amplitude else 160_000, amplitude, np.float32)
        list(processor.process(blocks(sounds, chunk)))
        levels_dbfs.append(processor.level_dbfs)
    assert levels_dbfs[0] is None
    # What is no number changes nothing.
    assert levels_dbfs[1:] == pytest.approx([-20.0, 0.0, -100.0, -60.0, -100.0, -100.0], abs=0.1)


def test_it_knows_whether_somebody_speaks() -> None:
    processor = CaptureProcessor(LoudnessDetector(), CONFIG, lambda: 0.0)
    spoken = []
    for block in blocks(TWO_UTTERANCES, 8000):
        list(processor.process([block]))
        spoken.append(processor.in_speech)
    assert spoken == [False, False, True, True, False, False, True, True]


def test_nothing_is_captured_from_nothing() -> None:
    assert captured([]) == []
    assert captured(blocks(sound((0, 2.0)), 512)) == []


@pytest.mark.slow
@pytest.mark.skipif(not SPEECH.exists(), reason="needs the recordings in ../shared/speech")
def test_real_speech_is_found_where_it_is() -> None:
    path = SPEECH / "containers" / "sonnet_p001_wav.wav"
    source = FileSource(path, clock=lambda: 0.0, realtime=False, buffer_s=30.0)
    processor = CaptureProcessor(SileroDetector(), CaptureConfig(), lambda: 0.0)
    chunks = [*processor.process(list(source.blocks())), *processor.finish()]
    found = by_utterance(chunks)
    speech_s = sum(chunk.end_s - chunk.start_s for chunk in chunks)
    assert 1 <= len(found) <= 4
    assert 5.0 < speech_s <= 9.0
    assert all(chunks[-1].final for chunks in found.values())
