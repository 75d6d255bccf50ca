"""Kokoro-82M through kokoro-onnx: the natural voice, and the costliest stage."""

import copy
import logging
import re
from pathlib import Path
from typing import Any, Self

import numpy as np

from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import EngineError, ModelError, SegmentError, UsageError
from live_translator.languages import Language
from live_translator.messages import Samples
from live_translator.tts.edges import trim_silence
from live_translator.tts.espeak import punctuated_phonemes

_LETTERS = {"a": "en", "b": "en", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja",
            "p": "pt", "z": "zh"}  # fmt: skip
"""A voice's first letter is its language; a is American English, b British."""
_BRITISH = "b"
_UNSPOKEN = re.compile(r"[()\[\]{}<>*_|~^\\/]+")
"""Brackets and mark-up have no sound, and Kokoro knows brackets as phonemes."""


class KokoroSynthesizer:
    """Speaks with one of Kokoro's voices; 24 kHz mono.

    The model and voices are those of kokoro-onnx (https://github.com/thewh1teagle/kokoro-onnx):
    `kokoro-v1.0.int8.onnx` and an .npz of arrays (510, 1, 256). Loading takes about a
    second. Used by one thread. Raises ModelError for files that are missing or damaged,
    UsageError for a voice that is not the language's.
    """

    def __init__(
        self,
        model_path: Path,
        voices_path: Path,
        language: Language,
        voice: str = "",
        threads: int = 2,
    ) -> None:
        self.sample_rate_hz = OUTPUT_RATE_HZ
        self._voices_path = voices_path
        self._take(language, voice)
        self._kokoro = _load(model_path, voices_path, threads)

    def in_voice(self, language: Language, voice: str = "") -> Self:
        """Return the same model, not loaded again, with another voice; raises as loading does."""
        other = copy.copy(self)
        other._take(language, voice)
        return other

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        """Return the clause as mono float32 at 24 kHz, without silence at its ends.

        `speed` from 0.5 to 2; above about 1.3 last words are clipped. Text longer than the
        model's 510 phonemes is split by kokoro-onnx. Raises SegmentError where there is
        nothing to say (no letter or digit, no known phoneme), EngineError where the model fails.
        """
        from onnxruntime.capi import onnxruntime_pybind11_state as ort  # noqa: PLC0415 - heavy

        if not any(character.isalnum() for character in text):
            raise SegmentError("there is nothing to say in it")
        try:
            samples, _ = self._kokoro.create(
                self.phonemes(text),
                voice=self._style,
                speed=speed,
                lang=self._espeak_code,
                is_phonemes=True,
            )
        except (
            ValueError,  # kokoro-onnx: no phonemes, or none that it knows
            IndexError,  # kokoro-onnx before 0.6: exactly 510 phonemes
        ) as error:
            # Not its message, which may hold the phonemes.
            raise SegmentError(f"Kokoro cannot say it ({type(error).__name__})") from error
        except (ort.Fail, ort.InvalidArgument, ort.RuntimeException) as error:
            raise EngineError(f"Kokoro failed ({type(error).__name__})") from error
        return trim_silence(np.asarray(samples, np.float32).reshape(-1), self.sample_rate_hz)

    def _take(self, language: Language, voice: str) -> None:
        self.voice = voice or language.kokoro_voice
        self.name = f"kokoro {self.voice}"
        self._espeak_code = "en-gb" if self.voice.startswith(_BRITISH) else language.espeak
        self._style = _read_style(self._voices_path, language, self.voice)

    def phonemes(self, text: str) -> str:
        """Return what is spoken, in Kokoro's alphabet (IPA).

        kokoro-onnx has a way of its own, through a package that copies eSpeak's library into
        a temporary folder, four times, and leaves a copy there when the process is killed.
        """
        spoken = " ".join(_UNSPOKEN.sub(" ", text).split())
        known = self._kokoro.tokenizer.vocab
        phonemes = punctuated_phonemes(spoken, self._espeak_code)
        return "".join(phoneme for phoneme in phonemes if phoneme in known).strip()

    def close(self) -> None:
        """Nothing to release: the memory goes with the object."""


def language_voices(names: list[str], language: Language) -> list[str]:
    """Return those of Kokoro's voices that speak a language."""
    return sorted(name for name in names if _LETTERS.get(name[:1]) == language.code)


def _read_style(voices_path: Path, language: Language, voice: str) -> Any:
    """Return the voice's style vectors, float32 (510, 1, 256)."""
    import zipfile  # noqa: PLC0415 - only for its error

    try:
        with np.load(voices_path) as voices:
            names = language_voices(list(voices.files), language)
            if voice in names:
                return np.asarray(voices[voice], np.float32)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise ModelError(
            f"cannot read the voices {voices_path}: run `live-translate models get kokoro-voices`"
        ) from error
    if not names:
        raise UsageError(f"Kokoro has no {language.name} voice: use --voice espeak")
    raise UsageError(
        f"Kokoro has no {language.name} voice {voice!r}: choose one of {', '.join(names)}, "
        "or espeak"
    )


def _load(model_path: Path, voices_path: Path, threads: int) -> Any:
    """Return a kokoro_onnx.Kokoro on a session that shares the machine with other stages."""
    try:
        import onnxruntime  # noqa: PLC0415 - heavy
        from kokoro_onnx import Kokoro  # noqa: PLC0415 - heavy
        from onnxruntime.capi import onnxruntime_pybind11_state as ort  # noqa: PLC0415
    except ImportError as error:
        raise ModelError(
            f"kokoro-onnx cannot be loaded ({error}): run `pip install --upgrade kokoro-onnx`"
        ) from error
    _quieten()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Workers that spin while they wait take the cores from recognition. Without, on 2 cores,
    # 14 words alone cost 0.7 times the CPU; a short piece may take a fifth longer, but
    # beside another busy program all take 0.9 times as long.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(model_path), options, providers=["CPUExecutionProvider"]
        )
    except (
        ort.NoSuchFile,
        ort.InvalidProtobuf,
        ort.InvalidGraph,
        ort.InvalidArgument,
        ort.NoModel,
        ort.Fail,
        ort.RuntimeException,
    ) as error:
        raise ModelError(
            f"cannot load the voice model {model_path}: run `live-translate models get kokoro`"
        ) from error
    try:
        return Kokoro.from_session(session, str(voices_path))
    except RuntimeError as error:
        raise ModelError(
            f"eSpeak NG, which knows how words sound, cannot be loaded ({error}): "
            "run `pip install --upgrade espeakng-loader`"
        ) from error


def _quieten() -> None:
    """Keep the library's own log lines off the terminal: captions live there.

    When imported, kokoro-onnx lets its logger write to the terminal, at a level of its own.
    """
    logger = logging.getLogger("kokoro_onnx")
    logger.setLevel(logging.CRITICAL)
    logger.handlers = [logging.NullHandler()]
