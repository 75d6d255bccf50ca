"""Stretching: shorter, at the same pitch."""

import numpy as np
import pytest

from live_translator.messages import Samples
from live_translator.tts.stretch import stretch

RATE_HZ = 24_000


def tone(hertz: float, seconds: float) -> Samples:
    times = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def pitch_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax()) * RATE_HZ / len(samples)


@pytest.mark.parametrize("speed", [0.8, 1.1, 1.25, 1.5])
@pytest.mark.parametrize("seconds", [0.3, 2.0])
def test_a_sound_gets_shorter_and_keeps_its_pitch(speed: float, seconds: float) -> None:
    stretched = stretch(tone(440, seconds), RATE_HZ, speed)
    assert stretched.dtype == np.float32
    assert len(stretched) / RATE_HZ == pytest.approx(seconds / speed, abs=0.06)
    assert pitch_hz(stretched) == pytest.approx(440, abs=8)


def test_at_its_own_speed_a_sound_is_unchanged() -> None:
    sound = tone(440, 0.5)
    assert stretch(sound, RATE_HZ, 1.0) is sound
    assert len(stretch(sound[:0], RATE_HZ, 1.2)) == 0
