import numpy as np
import pytest

from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.captures import Capture, CaptureBlocks, Event, Gone, Opened
from live_translator.audio.sources import BLOCK_SAMPLES
from live_translator.config import CaptureConfig
from live_translator.messages import Samples
from tests.audio.sounds import place_of, sweep


def capture(seconds: float, arrived_at_s: float, *, lost_frames: int = 0) -> Capture:
    content = np.ones(round(seconds * 16_000), np.float32).tobytes()
    return Capture(content, arrived_at_s, lost_frames)


BLOCK_S = BLOCK_SAMPLES / 16_000
TICK_S = 1 / 16_000

HISTORIES: dict[str, tuple[list[Event], list[tuple[float, float, float]]]] = {
    # name: (events, [(start, seconds, gap)] of the blocks; all but one second of silence is 1.0)
    "nothing happens": ([capture(0.064, 100.064)], [(0.0, BLOCK_S, 0), (0.032, BLOCK_S, 0)]),
    "the buffer was full": (
        [capture(0.032, 100.032), capture(0.032, 100.096, lost_frames=512)],
        [(0.0, BLOCK_S, 0), (0.064, BLOCK_S, 0.032)],
    ),
    "it goes and comes back": (
        [capture(0.048, 100.048), Gone(101.0), Opened(16_000, 1), capture(0.032, 110.032)],
        [
            (0.0, BLOCK_S, 0),
            (0.032, 0.016, 0),
            (1.0 - BLOCK_S, BLOCK_S, 1.0 - 0.048 - BLOCK_S),
            (10.0, BLOCK_S, 9.0),
        ],
    ),
    "it comes back with captures lost": (
        [
            capture(0.032, 100.032),
            Gone(101.0),
            Opened(16_000, 1),
            capture(0.032, 105.0, lost_frames=999),
        ],
        [
            (0.0, BLOCK_S, 0),
            (1.0 - BLOCK_S, BLOCK_S, 1.0 - 2 * BLOCK_S),
            (5.0 - BLOCK_S, BLOCK_S, 4.0 - BLOCK_S),
        ],
    ),
    "it goes before anything was heard": (
        [Gone(99.0), Opened(16_000, 1), capture(0.032, 110.032)],
        [(0.0, BLOCK_S, 0)],
    ),
    "it comes back and goes before it delivers": (
        [
            capture(0.032, 100.032),
            Gone(101.0),
            Opened(16_000, 1),
            Gone(104.0),
            Opened(16_000, 1),
            capture(1, 110.0),
        ],
        [
            (0.0, BLOCK_S, 0),
            (1.0 - BLOCK_S, BLOCK_S, 1.0 - 2 * BLOCK_S),
            *((9.0 + n * BLOCK_S, BLOCK_S, 8.0 if n == 0 else 0) for n in range(31)),
        ],
    ),
    "it goes in the moment of its last callback": (
        [capture(0.032, 100.032), Gone(100.033), Opened(16_000, 1), capture(0.032, 100.064)],
        [(0.0, BLOCK_S, 0), (0.032 + TICK_S, BLOCK_S, TICK_S), (0.064 + TICK_S, BLOCK_S, 0)],
    ),
    "the program was stopped, and much was lost": (
        [capture(0.032, 100.032), *(capture(1.0, 110.0 + n) for n in range(4))],
        [
            (0.0, BLOCK_S, 0),
            *((0.032 + n * BLOCK_S, BLOCK_S, 0) for n in range(62)),
            (0.032 + 62 * BLOCK_S, 0.016, 0),
            *((11.0 + n * BLOCK_S, BLOCK_S, 8.968 if n == 0 else 0) for n in range(62)),
        ],
    ),
    "the program was stopped, and all comes at once": (
        [capture(0.032, 100.032), *(capture(0.32, 110.0 + n / 1000) for n in range(31))],
        [(n * BLOCK_S, BLOCK_S, 0) for n in range(311)],
    ),
    "it brings something after it was given up": (
        [
            capture(0.032, 100.032),
            Gone(101.0),
            capture(0.032, 103.0),
            Opened(16_000, 1),
            capture(0.032, 105.0),
        ],
        [
            (0.0, BLOCK_S, 0),
            (1.0 - BLOCK_S, BLOCK_S, 1.0 - 2 * BLOCK_S),
            (5.0 - BLOCK_S, BLOCK_S, 4.0 - BLOCK_S),
        ],
    ),
}


@pytest.mark.parametrize("history", HISTORIES)
def test_lost_time_is_a_gap_on_the_source_clock(history: str) -> None:
    events, expected = HISTORIES[history]
    blocks = CaptureBlocks()
    made = [block for event in events for block in blocks.after(event)]
    found = [(block.start_s, len(block.samples) / 16_000, block.gap_s) for block in made]
    assert np.array(found) == pytest.approx(np.array(expected))
    assert sum(len(block.samples) for block in blocks.rest()) < BLOCK_SAMPLES


def test_a_device_may_come_back_with_another_rate_and_more_channels() -> None:
    blocks = CaptureBlocks()
    blocks.after(Opened(16_000, 1))
    blocks.after(capture(1.0, 101.0))
    blocks.after(Gone(102.0))
    blocks.after(Opened(48_000, 2))
    tone = sweep(48_000, 1.0).repeat(2).tobytes()
    heard = [*blocks.after(Capture(tone, 104.0, 0)), *blocks.rest()]
    whole = np.concatenate([block.samples for block in heard])
    assert heard[0].start_s == pytest.approx(3.0)
    assert len(whole) == pytest.approx(16_000, abs=1)
    at, alike = place_of(sweep(16_000, 1.0)[:15_000], whole)
    assert at <= 2
    assert alike > 0.99


def test_an_utterance_ends_when_the_microphone_goes_and_not_when_it_is_back() -> None:
    class Always:
        frame_samples = BLOCK_SAMPLES

        def probability(self, frame: Samples) -> float:
            return 1.0

    processor = CaptureProcessor(Always(), CaptureConfig(), lambda: 0.0)
    blocks = CaptureBlocks()
    spoken = list(processor.process(blocks.after(capture(0.64, 100.64))))
    assert not spoken[-1].final
    gone = list(processor.process(blocks.after(Gone(102.0))))
    assert [chunk.final for chunk in gone] == [True]
    assert gone[0].end_s == pytest.approx(0.64)
    blocks.after(Opened(16_000, 1))
    again = list(processor.process(blocks.after(capture(0.64, 150.64))))
    assert {chunk.utterance for chunk in again} == {1}
    assert again[-1].end_s == pytest.approx(50.64)
