"""What is heard in speech, by the recogniser."""

import numpy as np

from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.resample import Resampler
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig
from live_translator.messages import Samples
from live_translator.model_store import ModelStore


def samples_of(pcm: bytes) -> Samples:
    return (np.frombuffer(pcm, "<i2") / 32768).astype(np.float32)


def said(store: ModelStore, samples: Samples, rate_hz: int, lang: str = "es") -> str:
    """Return what Whisper hears in speech, by default Spanish."""
    resampler = Resampler(rate_hz, 1, SAMPLE_RATE_HZ)
    heard = np.concatenate([resampler.push(samples), resampler.flush()])
    model = WhisperTranscriber(store.path("whisper-base"), lang, AsrConfig())
    parts = [heard[at : at + 25 * SAMPLE_RATE_HZ] for at in range(0, len(heard), 400_000)]
    return " ".join(
        "".join(unit.text for unit in model.listen(part).decode().units) for part in parts
    ).lower()


def share_heard(text: str, heard: str) -> float:
    """Return the share of a text's different words that were heard."""
    words, found = _words(text), _words(heard)
    return len(words & found) / len(words)


def _words(text: str) -> set[str]:
    return {word.strip(".,;:¿?¡!") for word in text.lower().split()}
