import numpy as np
import pytest

from live_translator.audio.echo_lag import LagFinder
from live_translator.audio.spectra import FFT_SAMPLES, FRAME_SAMPLES, spectra, spectrum, taper
from live_translator.messages import Samples
from tests.audio.sounds import chatter

PARTITIONS = 28
BEFORE = (PARTITIONS + 1) * FRAME_SAMPLES
SECONDS = 3.0
OURS, THEIRS = chatter(SECONDS, 1), chatter(SECONDS, 2)


def delayed(sound: Samples, samples: int) -> Samples:
    return np.concatenate([np.zeros(samples, np.float32), sound])[: len(sound)]


def after(heard: Samples, played: Samples, memory_s: float = 0.4) -> LagFinder:
    """Return a finder that went through both."""
    finder = LagFinder(memory_s, PARTITIONS)
    padded = np.concatenate([np.zeros(BEFORE, np.float32), played])
    for at in range(0, len(heard) - FRAME_SAMPLES, FRAME_SAMPLES):
        seen = spectra(padded, BEFORE + at, PARTITIONS, taper(FFT_SAMPLES))
        finder.push(spectrum(heard[at : at + FRAME_SAMPLES] * taper(FRAME_SAMPLES)), seen)
    return finder


@pytest.mark.parametrize("lag", [0, 1, 320, 511, 512, 4000, 9600, 14_000])
@pytest.mark.parametrize("level_db", [0.0, -10.0, -20.0])
def test_an_echo_is_found_to_the_sample_below_a_voice(lag: int, level_db: float) -> None:
    echo = 10 ** (level_db / 20) * delayed(OURS, lag)
    best = after(THEIRS + echo, OURS).best()
    assert best.samples == lag
    assert best.score > 8


@pytest.mark.parametrize("heard", [THEIRS, np.zeros_like(OURS), 0.1 * chatter(SECONDS, 3)])
def test_what_is_no_echo_does_not_stand_out(heard: Samples) -> None:
    assert after(heard, OURS).best().score < 7
    assert after(OURS, np.zeros_like(OURS)).best().score < 7


@pytest.mark.parametrize("level_db", [0.0, -10.0, -20.0, -30.0])
def test_how_loud_an_echo_is_is_known_within_a_factor_of_two(level_db: float) -> None:
    echo = 10 ** (level_db / 20) * delayed(OURS, 700)
    coupling_db = 10 * np.log10(after(echo, OURS).best().coupling)
    assert coupling_db == pytest.approx(level_db, abs=3)


def test_below_a_voice_an_echo_is_not_taken_for_as_loud_as_the_voice() -> None:
    echo = 0.03 * delayed(OURS, 700)
    coupling_db = 10 * np.log10(after(THEIRS + echo, OURS).best().coupling)
    assert -36 < coupling_db < -12


def test_what_was_forgotten_is_not_found() -> None:
    finder = after(delayed(OURS, 320), OURS)
    assert finder.score(320) > 8
    finder.forget()
    assert finder.best().score < 1
