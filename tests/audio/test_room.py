import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from live_translator.audio.echo import FUTURE_SAMPLES, HISTORY_SAMPLES
from live_translator.audio.resample import Resampler
from live_translator.audio.room import EchoFreeSource, NotedSink, PlayedSpeech, share_room
from live_translator.audio.sinks import NullSink
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ, EchoConfig
from live_translator.messages import AudioBlock, Samples
from tests.audio.sounds import chatter

WINDOW = HISTORY_SAMPLES + FUTURE_SAMPLES


def at_16k(samples: Samples) -> Samples:
    resampler = Resampler(OUTPUT_RATE_HZ, 1, SAMPLE_RATE_HZ)
    return np.concatenate([resampler.push(samples), resampler.flush()])


def ones(count: int) -> Samples:
    return np.ones(count, np.float32)


PLAYED = [
    # (samples, said to start, asked for), each; what then sounds, from and to
    ("one piece", [(16, 1.0, 0.0)], [(16, 32)]),
    ("behind each other", [(16, 1.0, 0.0), (16, 2.0, 0.0)], [(16, 48)]),
    ("said to be late, but queued", [(16, 1.0, 0.0), (16, 2.15, 0.0)], [(16, 48)]),
    ("said to be early, but queued", [(16, 1.0, 0.0), (16, 1.9, 0.0)], [(16, 48)]),
    ("the queue had run dry", [(16, 1.0, 0.0), (16, 3.0, 0.0)], [(16, 32), (48, 64)]),
    ("a breath was asked for", [(16, 1.0, 0.0), (16, 2.125, 2.125)], [(16, 32), (34, 50)]),
    ("nothing", [(0, 1.0, 0.0)], []),
]


@pytest.mark.parametrize(
    ("pieces", "sounding"), [row[1:] for row in PLAYED], ids=[r[0] for r in PLAYED]
)
def test_what_is_played_lies_where_it_sounds(
    pieces: Sequence[tuple[int, float, float]],
    sounding: Sequence[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("live_translator.audio.room.SAMPLE_RATE_HZ", 16)
    played = PlayedSpeech(16)
    for count, start_s, asked_s in pieces:
        played.add(ones(count), start_s, asked_s=asked_s)
    expected = np.zeros(100, np.float32)
    for begin, end in sounding:
        expected[begin:end] = 1.0
    assert np.array_equal(played.window(0, 100), expected)


def test_speech_is_brought_to_the_recognisers_rate_without_a_seam() -> None:
    sound = chatter(1.0, 1, OUTPUT_RATE_HZ)
    played = PlayedSpeech()
    at = 0
    for count in (1, 7000, 120, 9000, 24_000):
        played.add(sound[at : at + count], 2.0 + at / OUTPUT_RATE_HZ, asked_s=0.0)
        at += count
    whole = at_16k(sound)
    found = played.window(2 * SAMPLE_RATE_HZ, len(whole))
    # The resampler keeps its last millisecond until more comes.
    assert np.allclose(found[:-32], whole[:-32], atol=1e-6)


def test_what_is_no_number_is_silent_and_what_is_too_loud_is_clipped() -> None:
    played = PlayedSpeech(SAMPLE_RATE_HZ)
    played.add(np.array([0.5, np.nan, np.inf, 7.0, -7.0], np.float32), 0.0, asked_s=0.0)
    assert played.window(0, 6).tolist() == [0.5, 0.0, 0.0, 1.0, -1.0, 0.0]


def test_what_lies_behind_a_window_is_forgotten_and_what_lies_before_is_bounded() -> None:
    played = PlayedSpeech(SAMPLE_RATE_HZ)
    for second in range(300):
        played.add(ones(SAMPLE_RATE_HZ), float(second), asked_s=0.0)
    assert not played.window(100 * SAMPLE_RATE_HZ, 10).any()
    assert played.window(250 * SAMPLE_RATE_HZ, 10).all()
    assert not played.window(240 * SAMPLE_RATE_HZ, 10).any()


def test_two_threads_may_add_and_look_at_once() -> None:
    played = PlayedSpeech(SAMPLE_RATE_HZ)
    begun, done = threading.Event(), threading.Event()

    def speak() -> None:
        for number in range(500):
            played.add(ones(160), number / 100, asked_s=0.0)
            begun.set()
        done.set()

    speaking = threading.Thread(target=speak, daemon=True)
    speaking.start()
    assert begun.wait(10)
    while not done.is_set():
        assert set(np.unique(played.window(0, 800))) <= {0.0, 1.0}
    speaking.join(10)
    assert not speaking.is_alive()
    assert played.window(0, 80_000).all()


class Blocks:
    """A source of given blocks."""

    dropped_s = 1.5
    origin_s: float | None = 100.0

    def __init__(self, blocks: Sequence[AudioBlock]) -> None:
        self._blocks = blocks
        self.closed = False

    def blocks(self) -> Iterator[AudioBlock]:
        yield from self._blocks

    def close(self) -> None:
        self.closed = True


class Recorder:
    """Remembers what it was asked to clean, and leaves half of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Samples, Samples]] = []

    def clean(self, heard: Samples, played: Samples) -> Samples:
        assert 0 < len(heard) <= 512
        assert played.shape == (WINDOW,)
        self.asked.append((heard, played))
        return np.asarray(heard / 2, np.float32)


def block(start: int, count: int, *, late_s: float = 0.0, gap_s: float = 0.0) -> AudioBlock:
    end_s = (start + count) / SAMPLE_RATE_HZ
    return AudioBlock(
        samples=ones(count) * start,
        start_s=start / SAMPLE_RATE_HZ,
        captured_at_s=100.0 + end_s + late_s,
        gap_s=gap_s,
    )


def test_blocks_of_any_length_are_cleaned_and_keep_their_times() -> None:
    blocks = [block(0, 512), block(512, 300), block(5000, 512, gap_s=0.26), block(5512, 1100)]
    blocks.append(block(6612, 0))
    source = EchoFreeSource(Blocks(blocks), PlayedSpeech(), Recorder())
    cleaned = list(source.blocks())
    for before, after in zip(blocks, cleaned, strict=True):
        assert np.array_equal(after.samples, before.samples / 2)
        assert (after.start_s, after.captured_at_s) == (before.start_s, before.captured_at_s)
        assert after.gap_s == before.gap_s


def test_the_source_passes_on_what_it_is_asked() -> None:
    inner = Blocks([])
    source = EchoFreeSource(inner, PlayedSpeech(), Recorder())
    assert (source.dropped_s, source.origin_s) == (1.5, 100.0)
    source.close()
    assert inner.closed


def test_a_block_is_shown_what_sounded_when_it_was_heard() -> None:
    played = PlayedSpeech(SAMPLE_RATE_HZ)
    sink = NotedSink(NullSink(SAMPLE_RATE_HZ), played)
    recorder = Recorder()
    source = EchoFreeSource(Blocks([block(n * 512, 512) for n in range(64)]), played, recorder)
    assert sink.play(ones(512), not_before_s=0.512) == (0.512, 0.544)
    assert sink.queued_until_s() == 0.544
    list(source.blocks())
    sounding = [window[HISTORY_SAMPLES : HISTORY_SAMPLES + 512] for _, window in recorder.asked]
    assert [bool(samples.all()) for samples in sounding] == [n == 16 for n in range(64)]
    assert [bool(samples.any()) for samples in sounding] == [n == 16 for n in range(64)]
    sink.close(drain=True)


@pytest.mark.parametrize(
    ("late_s", "moved_s"), [(0.0, 0.0), (0.015, 0.0), (0.2, 0.2), (-0.2, -0.2)]
)
def test_a_sound_card_that_drifts_is_followed(late_s: float, moved_s: float) -> None:
    """Blocks come up to 0.3 s late; the least late of 10 s are on time."""
    played = PlayedSpeech(SAMPLE_RATE_HZ)
    played.add(ones(512), 16.0, asked_s=0.0)
    recorder = Recorder()
    blocks = [block(n * 512, 512, late_s=late_s + 0.1 * (n % 4)) for n in range(600)]
    list(EchoFreeSource(Blocks(blocks), played, recorder).blocks())
    at = next(
        n for n, (_, window) in enumerate(recorder.asked) if window[HISTORY_SAMPLES:][:512].any()
    )
    assert at * 512 / SAMPLE_RATE_HZ == pytest.approx(16.0 - moved_s, abs=0.04)


@pytest.mark.parametrize("policy", ["guard", "gate"])
def test_a_source_and_a_sink_that_share_a_room_know_of_each_other(policy: str) -> None:
    blocks = [block(n * 512 + 1, 512) for n in range(30)]
    source, sink = share_room(Blocks(blocks), NullSink(), EchoConfig(policy=policy))
    sink.play(chatter(2.0, 1, OUTPUT_RATE_HZ), not_before_s=0.0)
    muted = [not cleaned.samples.any() for cleaned in source.blocks()]
    assert all(muted[1:])  # which is faded out in the first


def test_with_headphones_both_stay_as_they_are() -> None:
    inner, sink = Blocks([]), NullSink()
    assert share_room(inner, sink, EchoConfig(policy="off")) == (inner, sink)


def test_assembly_shares_a_room_only_where_there_is_one() -> None:
    from live_translator.assembly import Wanted  # noqa: PLC0415 - heavy

    assert Wanted().shares_room
    assert not Wanted(input="-").shares_room
    assert not Wanted(output=Path("out.wav")).shares_room
    assert not Wanted(speech=False).shares_room
