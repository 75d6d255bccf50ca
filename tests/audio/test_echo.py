import time

import numpy as np
import pytest

from live_translator.audio.echo import (
    FUTURE_SAMPLES,
    HISTORY_SAMPLES,
    EchoGuard,
    EchoRemover,
    Gate,
)
from live_translator.audio.spectra import FRAME_SAMPLES
from live_translator.config import SAMPLE_RATE_HZ, EchoConfig
from live_translator.messages import Samples
from tests.audio.sounds import chatter

SECONDS = 8.0
COUNT = round(SECONDS * SAMPLE_RATE_HZ)
THEIRS = chatter(SECONDS, 2)
NOISE = (1e-4 * np.random.default_rng(3).standard_normal(COUNT)).astype(np.float32)
NOTHING = np.zeros(COUNT, np.float32)


def runs() -> Samples:
    """Our voice: from 0.5 s on, with a pause of 0.4 s after each 1.6 s."""
    sound = chatter(SECONDS, 1)
    time_s = np.arange(COUNT) / SAMPLE_RATE_HZ
    return np.where((time_s > 0.5) & ((time_s - 0.5) % 2.0 < 1.6), sound, 0).astype(np.float32)


OURS = runs()


def echo(level_db: float, delay_s: float, ours: Samples = OURS) -> Samples:
    """A direct path and 0.1 s of others, which are 6 dB below it."""
    random = np.random.default_rng(7)
    answer = random.standard_normal(1600) * np.exp(-np.arange(1600) / 300)
    answer *= 0.5 / np.linalg.norm(answer)
    answer[0] = 10 ** (level_db / 20)
    answer[1:] *= answer[0]
    heard = np.convolve(ours, answer)[:COUNT]
    at = round(delay_s * SAMPLE_RATE_HZ)
    return np.concatenate([np.zeros(at), heard])[:COUNT].astype(np.float32)


def cleaned(remover: EchoRemover, heard: Samples, played: Samples = OURS) -> Samples:
    padded = np.concatenate(
        [np.zeros(HISTORY_SAMPLES, np.float32), played, np.zeros(FUTURE_SAMPLES, np.float32)]
    )
    frames = [
        remover.clean(
            heard[at : at + FRAME_SAMPLES], padded[at : at + HISTORY_SAMPLES + FUTURE_SAMPLES]
        )
        for at in range(0, COUNT, FRAME_SAMPLES)
    ]
    return np.concatenate(frames)


def guarded(heard: Samples, played: Samples = OURS) -> Samples:
    return cleaned(EchoGuard(EchoConfig()), heard, played)


def level_db(samples: Samples, reference: Samples) -> float:
    return float(10 * np.log10(np.square(samples).sum() / np.square(reference).sum() + 1e-12))


def alike(left: Samples, right: Samples) -> float:
    return float(left @ right / (np.linalg.norm(left) * np.linalg.norm(right) + 1e-9))


ECHOES = [(0.0, 0.02), (0.0, 0.25), (-15.0, 0.25), (-15.0, 0.6), (-30.0, 0.02), (-30.0, 0.6)]
LEAST_ALIKE = {0.0: 0.85, -15.0: 0.97, -30.0: 0.97}


@pytest.mark.parametrize(("loudness_db", "delay_s"), ECHOES)
def test_our_voice_alone_is_never_heard(loudness_db: float, delay_s: float) -> None:
    heard = echo(loudness_db, delay_s)
    assert level_db(guarded(heard + NOISE) - NOISE, heard) < max(-30.0, -45 - loudness_db)


@pytest.mark.parametrize(("loudness_db", "delay_s"), ECHOES)
def test_a_voice_on_top_of_ours_is_heard(loudness_db: float, delay_s: float) -> None:
    left = guarded(THEIRS + echo(loudness_db, delay_s) + NOISE)
    since = COUNT // 2
    assert alike(left[since:], THEIRS[since:]) > LEAST_ALIKE[loudness_db]


@pytest.mark.parametrize("early_s", [0.12, 0.127])
def test_our_voice_is_recognised_where_it_is_heard_before_its_time(early_s: float) -> None:
    at = round(early_s * SAMPLE_RATE_HZ)
    heard = np.concatenate([echo(-6.0, 0.0)[at:], np.zeros(at, np.float32)])
    assert level_db(guarded(heard + NOISE) - NOISE, heard) < -30.0


def test_a_voice_that_comes_first_is_not_cut_off_when_ours_begins() -> None:
    left = guarded(THEIRS + echo(-15.0, 0.25) + NOISE)
    assert alike(left, THEIRS) > 0.95


def test_what_is_heard_while_we_are_silent_is_left_as_it_is() -> None:
    heard = THEIRS + NOISE
    assert np.array_equal(guarded(heard, NOTHING), heard)


def test_with_headphones_that_nobody_told_us_of_a_voice_is_heard() -> None:
    left = guarded(THEIRS + NOISE)
    since = COUNT // 4
    assert alike(left[since:], THEIRS[since:]) > 0.97


def test_a_quiet_room_stays_quiet() -> None:
    assert np.abs(guarded(NOISE)).max() <= np.abs(NOISE).max()


@pytest.mark.parametrize("wrong_s", [-0.1, -0.003, 0.02, 0.12])
def test_times_that_are_wrong_after_a_pause_are_set_right(wrong_s: float) -> None:
    """The third run of our speech comes earlier or later than the two before it."""
    third = slice(round(4.5 * SAMPLE_RATE_HZ), round(6.3 * SAMPLE_RATE_HZ))
    moved = OURS.copy()
    moved[third] = 0.0
    begin = third.start + round(wrong_s * SAMPLE_RATE_HZ)
    moved[begin : begin + third.stop - third.start] += OURS[third]
    heard = echo(-6.0, 0.2, moved)
    assert level_db(guarded(heard + NOISE) - NOISE, heard) < -30
    left = guarded(THEIRS + heard + NOISE)
    late = slice(round(5.2 * SAMPLE_RATE_HZ), third.stop)
    assert alike(left[late], THEIRS[late]) > 0.95


@pytest.mark.parametrize("factor", [0.25, 4.0])
def test_a_volume_that_is_turned_is_learnt_within_two_seconds(factor: float) -> None:
    volume = np.where(np.arange(COUNT) < COUNT // 2, 1.0, factor)
    heard = (echo(-12.0, 0.2) * volume).astype(np.float32)
    left = guarded(heard + NOISE) - NOISE
    since = COUNT // 2 + 2 * SAMPLE_RATE_HZ
    assert level_db(left[since:], heard[since:]) < -25


def test_the_lag_is_known_when_our_voice_was_found() -> None:
    guard = EchoGuard(EchoConfig())
    assert guard.lag_s is None
    cleaned(guard, echo(0.0, 0.25) + NOISE)
    assert guard.lag_s == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize("delay_s", [-0.12, -0.05, 0.0, 0.7, 0.75])
def test_a_lag_at_either_end_of_the_search_is_as_good(delay_s: float) -> None:
    early = round(max(0.0, -delay_s) * SAMPLE_RATE_HZ)
    heard = np.pad(echo(-6.0, max(0.0, delay_s))[early:], (0, early))
    assert level_db(guarded(heard + NOISE) - NOISE, heard) < -30


def test_muting_does_not_click() -> None:
    steady = np.full(COUNT, 0.1, np.float32)
    assert np.abs(np.diff(guarded(steady))).max() < 0.001


@pytest.mark.parametrize(
    ("at_s", "mute"), [(0.3, False), (0.5, True), (1.5, True), (2.6, True), (3.1, False)]
)
def test_a_gate_mutes_from_our_voice_until_its_echo_has_ended(at_s: float, mute: bool) -> None:
    time_s = np.arange(COUNT) / SAMPLE_RATE_HZ
    ours = np.where((time_s >= 0.5) & (time_s < 2.0), 0.1, 0.0).astype(np.float32)
    left = cleaned(Gate(0.7), np.ones(COUNT, np.float32), ours)
    assert (left[round(at_s * SAMPLE_RATE_HZ)] == 0.0) == mute


@pytest.mark.slow
def test_the_guard_takes_a_twentieth_of_a_core_at_most() -> None:
    heard = THEIRS + echo(-10.0, 0.25) + NOISE
    guarded(heard)
    began_s = time.thread_time()
    guarded(heard)
    assert time.thread_time() - began_s < 0.05 * SECONDS
