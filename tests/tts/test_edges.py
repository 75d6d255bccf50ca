import numpy as np
import pytest

from live_translator.messages import Samples
from live_translator.tts.edges import fade_ends, trim_silence

RATE = 24_000


def tone(seconds: float, level: float = 0.5) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 220 * time)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def test_silence_at_the_ends_goes_and_a_pause_inside_stays() -> None:
    sound = [silence(0.3), tone(0.5), silence(0.4), tone(0.5), silence(0.6)]
    trimmed = trim_silence(np.concatenate(sound), RATE)
    assert len(trimmed) / RATE == pytest.approx(1.4 + 0.07, abs=0.011)


def test_a_soft_last_sound_is_kept() -> None:
    sound = [tone(0.5, 0.5), tone(0.2, 0.005), silence(0.5)]  # 40 dB below
    assert len(trim_silence(np.concatenate(sound), RATE)) / RATE >= 0.7


@pytest.mark.parametrize("seconds", [0.0, 0.004, 1.0])
def test_nothing_is_left_of_silence(seconds: float) -> None:
    assert len(trim_silence(silence(seconds), RATE)) == 0


def test_fading_starts_and_ends_at_zero_and_leaves_the_middle() -> None:
    ones = np.ones(RATE, np.float32)
    faded = fade_ends(ones, RATE)
    assert faded[0] == faded[-1] == 0.0
    assert (np.diff(faded[:121]) >= 0).all()
    assert (faded[120:-120] == 1.0).all()
    assert (ones == 1.0).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_fading_takes_pieces_of_any_length(n: int) -> None:
    assert len(fade_ends(np.ones(n, np.float32), RATE)) == n
