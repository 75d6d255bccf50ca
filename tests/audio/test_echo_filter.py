import numpy as np
import pytest

from live_translator.audio.echo_filter import PARTITIONS, EchoFilter
from live_translator.audio.spectra import FRAME_SAMPLES, spectra
from live_translator.messages import Samples
from tests.audio.sounds import chatter

SECONDS = 8.0
COUNT = round(SECONDS * 16_000)
OURS, THEIRS = chatter(SECONDS, 1), chatter(SECONDS, 2)
BEFORE = (PARTITIONS + 1) * FRAME_SAMPLES
HALF = COUNT // 2


def in_a_room(sound: Samples, gain: float) -> Samples:
    """A direct path and 0.1 s of others."""
    random = np.random.default_rng(7)
    answer = random.standard_normal(1600) * np.exp(-np.arange(1600) / 300) * 0.05
    answer[100] = 1.0
    return np.asarray(gain * np.convolve(sound, answer)[:COUNT], np.float32)


def left_of(heard: Samples, coupling: float, *, learn: bool = True) -> Samples:
    cancelling = EchoFilter()
    cancelling.restart(coupling)
    padded = np.concatenate([np.zeros(BEFORE, np.float32), OURS])
    return np.concatenate(
        [
            cancelling.push(
                heard[at : at + FRAME_SAMPLES],
                spectra(padded, BEFORE + at, PARTITIONS),
                learn=learn,
            )
            for at in range(0, COUNT, FRAME_SAMPLES)
        ]
    )


def below_db(left: Samples, echo: Samples, since: int) -> float:
    return float(10 * np.log10(np.square(echo[since:]).sum() / np.square(left[since:]).sum()))


@pytest.mark.parametrize(
    ("gain", "voice", "least_db"),
    [(1.0, 0.0, 25), (0.1, 0.0, 25), (1.0, 1.0, 12), (0.3, 1.0, 5), (0.1, 1.0, -1)],
)
def test_an_echo_is_cancelled_also_below_a_voice(
    gain: float, voice: float, least_db: float
) -> None:
    echo = in_a_room(OURS, gain)
    left = left_of(echo + voice * THEIRS, gain**2) - voice * THEIRS
    assert below_db(left, echo, HALF) > least_db


def test_nothing_is_taken_from_a_voice_where_there_is_no_echo() -> None:
    left = left_of(THEIRS, 0.01)
    assert below_db(left - THEIRS, THEIRS, HALF) > 15


def test_what_is_not_to_be_learnt_is_left_as_it_was() -> None:
    heard = in_a_room(OURS, 1.0)
    assert np.allclose(left_of(heard, 1.0, learn=False), heard, atol=1e-6)


def test_doubt_shrinks_as_the_way_is_learnt_and_grows_when_asked_to() -> None:
    cancelling = EchoFilter()
    cancelling.restart(1.0)
    heard = in_a_room(OURS, 1.0)
    padded = np.concatenate([np.zeros(BEFORE, np.float32), OURS])
    ratios = []
    for at in range(0, COUNT, FRAME_SAMPLES):
        played = spectra(padded, BEFORE + at, PARTITIONS)
        cancelling.push(heard[at : at + FRAME_SAMPLES], played, learn=True)
        ratios.append(cancelling.doubt.sum() / (np.square(np.abs(played)).sum() + 1e-9))
    assert np.mean(ratios[-30:]) < 0.05 * np.mean(ratios[:10])
    cancelling.expect(1.0)
    cancelling.push(heard[-FRAME_SAMPLES:], played, learn=True)
    assert cancelling.doubt.sum() > 0.2 * np.square(np.abs(played[0])).sum()
