import numpy as np
import pytest

from live_translator.messages import Samples
from live_translator.tts.edges import fade_in, fade_out, fade_samples, join, trim_silence

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
    count = fade_samples(ones, RATE)
    faded = fade_out(fade_in(ones, count), count)
    assert count == 120
    assert faded[0] == faded[-1] == 0.0
    assert (np.diff(faded[:121]) >= 0).all()
    assert (faded[120:-120] == 1.0).all()
    assert (ones == 1.0).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_fading_takes_pieces_of_any_length(n: int) -> None:
    ones = np.ones(n, np.float32)
    count = fade_samples(ones, RATE)
    assert count == n // 2
    assert len(fade_out(fade_in(ones, count), count)) == n


def steepest(samples: Samples) -> float:
    return float(np.abs(np.diff(samples)).max())


@pytest.mark.parametrize(("before_hz", "after_hz"), [(220, 220), (220, 330), (440, 150)])
@pytest.mark.parametrize("phase", [0.0, 0.5, 1.0, 1.5])
def test_a_join_of_two_tones_has_no_step(before_hz: float, after_hz: float, phase: float) -> None:
    time = np.arange(RATE // 10) / RATE
    before = (0.5 * np.sin(2 * np.pi * before_hz * time)).astype(np.float32)
    after = (0.5 * np.sin(2 * np.pi * after_hz * time + np.pi * phase)).astype(np.float32)
    count = fade_samples(before, RATE)
    joined = join(before[-count:], after[:count])
    whole = np.concatenate([before[:-count], joined, after[count:]])
    # Equal power: tones in step add up to sqrt(2); the gains themselves change by 1 % a sample.
    allowed = np.sqrt(2) * max(steepest(before), steepest(after)) + 0.5 * np.pi / 2 / count
    assert steepest(whole) <= allowed
    butted = np.concatenate([before, after])
    if phase == 0.5:
        assert steepest(butted) > 2 * allowed


def test_a_join_of_unrelated_sounds_is_as_loud_as_they_are() -> None:
    noise = np.random.default_rng(3)
    before, after = noise.normal(0, 0.1, (2, 2000, 120)).astype(np.float32)
    power = np.mean(
        [np.square(join(one, other)) for one, other in zip(before, after, strict=True)], axis=0
    )
    assert power == pytest.approx(0.01, rel=0.2)


def test_a_join_takes_sounds_of_one_length() -> None:
    assert len(join(tone(0), tone(0))) == 0
    with pytest.raises(ValueError, match="2400 and 1200"):
        join(tone(0.1), tone(0.05))
