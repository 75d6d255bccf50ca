"""A minute of what is not speech, through the real voice detector and recogniser: no words."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recognition import load
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.vad import SileroDetector
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig, CaptureConfig
from live_translator.messages import AudioBlock, Samples
from live_translator.model_store import ModelStore
from tests.conftest import SAMPLE

SECONDS = 60
COUNT = SECONDS * SAMPLE_RATE_HZ


def silence() -> Samples:
    return np.zeros(COUNT, np.float32)


def white_noise() -> Samples:
    return (0.1 * np.random.default_rng(1).standard_normal(COUNT)).astype(np.float32)


def pink_noise() -> Samples:
    """Noise whose power falls with frequency, as that of most rooms does."""
    spectrum = np.fft.rfft(np.random.default_rng(2).standard_normal(COUNT))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), COUNT)
    return np.asarray(0.1 * noise / noise.std(), np.float32)


def chords() -> Samples:
    """Four struck chords, again and again: fundamentals in the voice's range, with overtones."""
    time_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    bars = [
        sum(
            np.sin(2 * np.pi * root_hz * ratio * overtone * time_s) / overtone
            for ratio in (1.0, 1.26, 1.5)
            for overtone in (1, 2, 3, 4)
        )
        * np.exp(-time_s)
        for root_hz in (220.0, 174.6, 261.6, 196.0)
    ]
    music = np.resize(np.concatenate(bars), COUNT)
    return np.asarray(0.3 * music / np.abs(music).max(), np.float32)


def blocks(samples: Samples) -> Iterator[AudioBlock]:
    for begin in range(0, len(samples), SAMPLE_RATE_HZ):
        yield AudioBlock(
            samples=samples[begin : begin + SAMPLE_RATE_HZ],
            start_s=begin / SAMPLE_RATE_HZ,
            captured_at_s=0.0,
        )


def words(samples: Samples, transcriber: WhisperTranscriber) -> list[str]:
    capture = CaptureProcessor(SileroDetector(), CaptureConfig(), lambda: 0.0)
    stage = RecogniseProcessor(transcriber, AsrConfig(), lambda: 0.0, coalesce=False)
    chunks = [chunk for block in blocks(samples) for chunk in capture.process([block])]
    chunks += capture.finish()
    messages = [message for chunk in chunks for message in stage.process([chunk])]
    return "".join(message.committed for message in [*messages, *stage.finish()]).split()


@pytest.fixture(scope="module")
def transcriber(store: ModelStore) -> WhisperTranscriber:
    return WhisperTranscriber(store.path("whisper-base"), "en", AsrConfig())


@pytest.mark.slow
def test_no_word_is_heard_in_recordings_of_noise_and_music(
    shared: Path, transcriber: WhisperTranscriber
) -> None:
    """A minute of each; the shorter ones again and again."""
    folder = shared / "speech"
    paths = sorted([*folder.glob("nospeech/*"), *folder.glob("noise_for_mixing/*")])
    assert paths
    heard = {path.name: words(np.resize(load(path), COUNT), transcriber) for path in paths}
    assert heard == {path.name: [] for path in paths}


@pytest.mark.slow
@pytest.mark.parametrize("sound", [silence, white_noise, pink_noise, chords])
def test_no_word_is_heard_where_nobody_speaks(
    sound: Callable[[], Samples], transcriber: WhisperTranscriber
) -> None:
    assert words(sound(), transcriber) == []


@pytest.mark.slow
def test_words_are_heard_in_the_noise_where_somebody_does(transcriber: WhisperTranscriber) -> None:
    speech = load(SAMPLE)[: 6 * SAMPLE_RATE_HZ]
    noise = 0.01 * white_noise()[: len(speech)]
    heard = " ".join(words(speech + noise, transcriber)).casefold()
    assert "best of times" in heard
