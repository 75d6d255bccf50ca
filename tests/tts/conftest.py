"""The real voices and a recogniser to hear them with, loaded once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest

from live_translator.audio.resample import Resampler
from live_translator.errors import ModelError
from live_translator.messages import Samples
from live_translator.model_store import ModelStore

Recogniser = Callable[[Samples, int, str], str]


def model_folder(name: str) -> Path:
    try:
        return ModelStore.default().path(name)
    except ModelError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def kokoro_files() -> tuple[Path, Path]:
    """The model and the voices."""
    return (
        model_folder("kokoro") / "kokoro-v1.0.int8.onnx",
        model_folder("kokoro-voices") / "voices-v1.0.npz",
    )


@pytest.fixture(scope="session")
def recognise() -> Recogniser:
    """Write down what was spoken: (samples, their rate, language) to text."""
    from faster_whisper import WhisperModel  # noqa: PLC0415 - heavy

    model: Any = WhisperModel(
        str(model_folder("whisper-base")), device="cpu", compute_type="int8", cpu_threads=2
    )

    def heard(samples: Samples, rate_hz: int, code: str) -> str:
        resampler = Resampler(rate_hz, 1, 16_000)
        audio = np.concatenate([resampler.push(samples), resampler.flush()])
        segments, _ = model.transcribe(audio, language=code, beam_size=5)
        return " ".join(segment.text for segment in segments)

    return heard


def word_error_rate(wanted: str, heard: str) -> float:
    """Compare words only, not case or punctuation."""

    def words(text: str) -> str:
        kept = (c if c.isalnum() or c.isspace() else " " for c in text.lower())
        return " ".join("".join(kept).split())

    return float(jiwer.wer(words(wanted), words(heard)))
