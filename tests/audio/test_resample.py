import numpy as np
import pytest
from numpy.typing import NDArray

from live_translator.audio.resample import Resampler
from live_translator.messages import Samples


def tone(hz: float, rate_hz: int, seconds: float) -> Samples:
    return np.sin(2 * np.pi * hz * np.arange(round(rate_hz * seconds)) / rate_hz).astype(np.float32)


def resampled(samples: NDArray[np.float32], in_hz: int, out_hz: int, chunk: int) -> Samples:
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    resampler = Resampler(in_hz, channels, out_hz)
    pieces = [resampler.push(samples[at : at + chunk]) for at in range(0, len(samples), chunk)]
    return np.concatenate([*pieces, resampler.flush()])


@pytest.mark.parametrize("chunk", [1, 160, 512, 8000])
@pytest.mark.parametrize("in_hz", [8_000, 16_000, 44_100, 48_000])
def test_the_output_does_not_depend_on_how_the_input_is_cut(in_hz: int, chunk: int) -> None:
    rng = np.random.default_rng(7)
    stereo = rng.uniform(-0.5, 0.5, (in_hz // 4, 2)).astype(np.float32)
    expected = resampled(stereo, in_hz, 16_000, len(stereo))
    assert np.array_equal(resampled(stereo, in_hz, 16_000, chunk), expected)


@pytest.mark.parametrize("in_hz", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("out_hz", [16_000, 24_000])
def test_a_tone_stays_the_same_tone(in_hz: int, out_hz: int) -> None:
    out = resampled(tone(440, in_hz, 1.0), in_hz, out_hz, 512)
    expected = tone(440, out_hz, 1.0)
    assert abs(len(out) - out_hz) <= 1
    edge = out_hz // 100
    middle = slice(edge, min(len(out), out_hz) - edge)
    assert np.abs(out[middle] - expected[middle]).max() < 0.01


def test_what_the_lower_rate_cannot_hold_is_filtered_out() -> None:
    out = resampled(tone(10_000, 48_000, 0.5), 48_000, 16_000, 512)
    assert np.abs(out[200:-200]).max() < 0.01


def test_channels_are_averaged() -> None:
    left, right = tone(440, 16_000, 0.1), np.zeros(1600, np.float32)
    out = resampled(np.stack([left, right], axis=1), 16_000, 16_000, 160)
    assert np.array_equal(out, left / 2)


def test_interleaved_samples_are_told_apart() -> None:
    assert Resampler(16_000, 2, 16_000).push(np.array([0, 1, 0, 1], np.float32)).tolist() == [
        0.5,
        0.5,
    ]


def test_a_stream_of_nothing_is_nothing() -> None:
    resampler = Resampler(48_000, 1, 16_000)
    assert len(resampler.push(np.zeros(0, np.float32))) == 0
    assert len(resampler.flush()) == 0


def test_after_a_flush_a_new_stream_begins() -> None:
    resampler = Resampler(48_000, 1, 16_000)
    sound = tone(440, 48_000, 0.1)
    first = np.concatenate([resampler.push(sound), resampler.flush()])
    again = np.concatenate([resampler.push(sound), resampler.flush()])
    assert np.array_equal(first, again)


def test_no_rate_may_be_zero() -> None:
    with pytest.raises(ValueError, match="cannot resample"):
        Resampler(0, 1, 16_000)
