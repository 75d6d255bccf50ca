"""A first short call of each engine while the models load, so that the first word is not late.

A first call allocates, chooses kernels and, of Apertium, reads the dictionaries. The voice
warms itself up: its first call loads a voice of eSpeak NG (`tts/kokoro.py`).
"""

import logging
from typing import TypeVar

import numpy as np

from live_translator.config import SAMPLE_RATE_HZ
from live_translator.errors import SegmentError
from live_translator.interfaces import Transcriber, Translator

log = logging.getLogger(__name__)

AnyTranscriber = TypeVar("AnyTranscriber", bound=Transcriber)
AnyTranslator = TypeVar("AnyTranslator", bound=Translator)

_TEXT = "1."
"""Says something in every language."""


def recogniser(transcriber: AnyTranscriber) -> AnyTranscriber:
    """Decode a second of silence, and return the recogniser; runs on the thread that loads it."""
    transcriber.listen(np.zeros(SAMPLE_RATE_HZ, np.float32)).decode()
    return transcriber


def translator(engine: AnyTranslator) -> AnyTranslator:
    """Translate a number, and return the engine; runs on the thread that loads it."""
    try:
        engine.translate(_TEXT)
    except SegmentError as error:
        # It may be this one text; if it is not, the talk's first sentence says so too.
        log.warning("the translator did not warm up: %s", error)
    return engine
