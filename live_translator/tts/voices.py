"""Which voice speaks: Kokoro where it can, eSpeak NG where it must."""

import logging
from pathlib import Path
from typing import Protocol

from live_translator.config import TtsConfig
from live_translator.errors import ModelError
from live_translator.interfaces import Synthesizer
from live_translator.languages import Language
from live_translator.tts.espeak import EspeakSynthesizer
from live_translator.tts.kokoro import KokoroSynthesizer

_log = logging.getLogger(__name__)


class ModelFolders(Protocol):
    """What is needed of the model store."""

    def checked(self, name: str) -> Path:
        """Return a model's folder; raises ModelError where it is missing or damaged."""


def make_synthesizer(
    language: Language,
    config: TtsConfig,
    store: ModelFolders,
    *,
    fast: bool = False,
    beside: KokoroSynthesizer | None = None,
) -> Synthesizer:
    """Return the voice for a language, loaded and ready; `beside` lends its model to it.

    `config.voice` is a Kokoro voice, 'espeak', or 'auto': Kokoro where it has the language
    and its models are there, else eSpeak NG. With `fast`, auto takes the quickest, eSpeak.
    Raises UsageError for a voice that the language does not have, ModelError where what
    was asked for by name is missing.
    """
    wanted = config.voice
    if wanted == "espeak" or (wanted == "auto" and (fast or not language.kokoro_voice)):
        return EspeakSynthesizer(language)
    try:
        model = store.checked("kokoro") / "kokoro-v1.0.int8.onnx"
        voices = store.checked("kokoro-voices") / "voices-v1.0.npz"
    except ModelError as error:
        if wanted != "auto":
            raise
        _log.warning("speaking with eSpeak NG, which sounds plainer: %s", error)
        return EspeakSynthesizer(language)
    voice = "" if wanted == "auto" else wanted
    if beside is not None:
        return beside.in_voice(language, voice)
    return KokoroSynthesizer(model, voices, language, voice, config.threads)
