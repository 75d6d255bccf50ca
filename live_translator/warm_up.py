"""A first short call of each engine while the models load, so that the first word is not late.

A first call allocates, chooses kernels and reads Apertium's dictionaries or eSpeak NG's voice.

What fails or hangs here is said and no more: where it does so in a talk too, it is mended there
(`recovery/kept.py`).
"""

import logging
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from live_translator.config import SAMPLE_RATE_HZ
from live_translator.errors import ModelError, reason
from live_translator.interfaces import Synthesizer, Transcriber, Translator
from live_translator.mt.attention import Context, ask
from live_translator.recovery.worker import Worker

log = logging.getLogger(__name__)

AnyTranscriber = TypeVar("AnyTranscriber", bound=Transcriber)
AnyTranslator = TypeVar("AnyTranslator", bound=Translator)
AnySynthesizer = TypeVar("AnySynthesizer", bound=Synthesizer)

_TEXT = "1."
"""Says something in every language."""
_BEGUN = "Tom 1"
"""Letters that may begin a sentence in every language."""


def recogniser(transcriber: AnyTranscriber, *, limit_s: float) -> AnyTranscriber:
    """Decode a second of silence, and return the recogniser; the thread that loads it waits."""
    silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
    _call("the recogniser", lambda: transcriber.listen(silence).decode(), limit_s)
    return transcriber


def translator(engine: AnyTranslator, *, limit_s: float) -> AnyTranslator:
    """Translate a growing sentence, and return the engine; the thread that loads it waits.

    One that has ended, or has no letter, may be answered without the model.
    """
    _call("the translator", lambda: ask(engine, _BEGUN, context=Context(ended=False)), limit_s)
    return engine


def voice(engine: AnySynthesizer, *, limit_s: float) -> AnySynthesizer:
    """Speak a number, and return the engine; the thread that loads it waits."""
    _call("the voice", lambda: engine.synthesize(_TEXT), limit_s)
    return engine


def _call(name: str, first: Callable[[], object], limit_s: float) -> None:
    worker = Worker("warm-up")
    try:
        worker.call(first, limit_s=limit_s)
    except ModelError:
        raise
    except Exception as error:  # noqa: BLE001 - a library may fail in any way
        log.warning("%s did not warm up: %s", name, reason(error))
    finally:
        worker.close()
