"""eSpeak NG through ctypes: a plain voice in a hundred languages, in milliseconds."""

import ctypes
import functools
import re
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from live_translator.audio.resample import Resampler
from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import EngineError, ModelError, SegmentError
from live_translator.languages import Language
from live_translator.messages import Samples
from live_translator.tts.edges import trim_silence

# From eSpeak NG's speak_lib.h.
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_CHARS_UTF8 = 1
_POSITION_CHARACTER = 1
_IPA = 2
_RATE = 1
_RATE_WORDS_PER_MINUTE = 170
"""Speed 1.0: a little under eSpeak's default of 175, about Kokoro's pace."""
_RATE_RANGE = (80, 450)
_OTHER_LANGUAGE = re.compile(r"\([a-z][a-z0-9-]*\)")
"""eSpeak's marks around phones that it takes from another language's rules."""
_PUNCTUATION = re.compile(
    r"""((?:\s*(?:[;:!?¡¿—…"«»“”(){}\[\]]|(?<![0-9])[,.]|[,.](?![0-9]))+\s*)+)"""
)
"""Marks with the space around them; not the point or comma inside a number."""
_GAIN = 0.75
"""As loud as Kokoro (measured), and room for what resampling adds to full-scale peaks."""


class _Voice(ctypes.Structure):
    """espeak_VOICE, as a query by language."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakSynthesizer:
    """Speaks a language with eSpeak NG's own voice, resampled to `OUTPUT_RATE_HZ`.

    The library and its data come with `espeakng-loader`, which kokoro-onnx requires. The
    library is one global object: all instances, and who asks for phonemes, share it under a
    lock and say for each text whose voice it is. Raises ModelError where the library, its
    data or the voice is missing.
    """

    def __init__(self, language: Language) -> None:
        self.name = f"espeak {language.espeak}"
        self.sample_rate_hz = OUTPUT_RATE_HZ
        self._code = language.espeak.encode()
        self._library = _library()
        with self._library.lock:
            self._library.set_voice(self._code)

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        """Return the clause as mono float32 at `OUTPUT_RATE_HZ`, no silence at its ends.

        Raises SegmentError where there is nothing to say, EngineError where the library fails.
        """
        if not any(character.isalnum() for character in text):
            raise SegmentError("there is nothing to say in it")
        library = self._library
        with library.lock:
            library.set_voice(self._code)
            pcm = library.speak(text, round(_RATE_WORDS_PER_MINUTE * speed))
        trimmed = trim_silence(pcm.astype(np.float32) * (_GAIN / 32768.0), library.sample_rate_hz)
        if not len(trimmed):
            raise SegmentError("eSpeak NG has no sound for it")
        resampler = Resampler(library.sample_rate_hz, 1, self.sample_rate_hz)
        return np.concatenate([resampler.push(trimmed), resampler.flush()])

    def close(self) -> None:
        """Nothing to release: the library stays loaded for the process."""


class _Library:
    """The loaded library; hold `lock` around `set_voice`, `speak` and `phonemes`."""

    def __init__(self, handle: Any, data_path: str) -> None:
        self.lock = threading.Lock()
        self._handle = handle
        self._voice = b""
        self._parts: list[NDArray[np.int16]] = []
        self._callback = _Callback(self._take)
        """Kept, because the library keeps no reference of its own."""
        self.sample_rate_hz = int(
            handle.espeak_Initialize(_SYNCHRONOUS, 0, data_path.encode(), _DO_NOT_EXIT)
        )
        if self.sample_rate_hz <= 0:
            raise ModelError(_ADVICE.format(reason=f"its data in {data_path} cannot be read"))
        handle.espeak_SetSynthCallback(self._callback)
        handle.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def set_voice(self, code: bytes) -> None:
        """Choose the voice of a language; its files are cached, so this takes a millisecond."""
        if code == self._voice:
            return
        handle = self._handle
        # Some voices go by another name than their language: French is fr, speaks fr-fr.
        query = _Voice(languages=code)
        if (
            handle.espeak_SetVoiceByName(code) != 0
            and handle.espeak_SetVoiceByProperties(ctypes.byref(query)) != 0
        ):
            raise ModelError(_ADVICE.format(reason=f"it has no voice {code.decode()!r}"))
        self._voice = code
        # It copies each voice that is chosen, and frees the copy when it next speaks: who asks
        # for phonemes alone would leave one behind each time.
        self.speak("", _RATE_WORDS_PER_MINUTE)

    def speak(self, text: str, words_per_minute: int) -> NDArray[np.int16]:
        """Return the text's samples, shape (n,), at the library's own rate."""
        low, high = _RATE_RANGE
        self._handle.espeak_SetParameter(_RATE, min(max(words_per_minute, low), high), 0)
        encoded = text.replace("\0", " ").encode() + b"\0"
        self._parts.clear()
        status = self._handle.espeak_Synth(
            ctypes.c_char_p(encoded),
            ctypes.c_size_t(len(encoded)),
            ctypes.c_uint(0),
            ctypes.c_int(_POSITION_CHARACTER),
            ctypes.c_uint(0),
            ctypes.c_uint(_CHARS_UTF8),
            None,
            None,
        )
        if status != 0:
            raise EngineError(f"eSpeak NG cannot say it (status {status})")
        return np.concatenate(self._parts) if self._parts else np.zeros(0, np.int16)

    def phonemes(self, text: str) -> str:
        """Return the text as the voice would say it, in the IPA."""
        encoded = ctypes.create_string_buffer(text.replace("\0", " ").encode())
        rest = ctypes.c_void_p(ctypes.addressof(encoded))
        parts = []
        while rest.value is not None:  # A clause each time; null behind the last.
            said = self._handle.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, _IPA)
            parts.append((said or b"").decode())
        return " ".join(parts)

    def _take(self, pcm: Any, count: int, _events: Any) -> int:
        # A null pointer marks the end of the text.
        if pcm and count > 0:
            self._parts.append(np.ctypeslib.as_array(pcm, (count,)).copy())
        return 0


def phonemes(text: str, code: str) -> str:
    """Return how a text is said, in the IPA, by the voice that eSpeak NG has for a code.

    Takes 0.2 ms a word, 20 ms where the voice is used for the first time. May be called by
    any thread. Raises ModelError where the library, its data or the voice is missing.
    """
    library = _library()
    with library.lock:
        library.set_voice(code.encode())
        return _OTHER_LANGUAGE.sub("", library.phonemes(text))


def punctuated_phonemes(text: str, code: str) -> str:
    """Return the same with the text's punctuation in its place; raises the same.

    eSpeak NG leaves punctuation out, and Kokoro has learnt to breathe by it.
    """
    # Marks are the odd parts: the pattern is one group.
    parts = _PUNCTUATION.split(text)
    return "".join(
        part if index % 2 else " ".join(phonemes(part, code).split())
        for index, part in enumerate(parts)
    ).strip()


_ADVICE = "eSpeak NG cannot speak: {reason}; run `pip install --upgrade espeakng-loader`"


def _library() -> _Library:
    """Return the library, loaded once per process whichever thread asks; raises ModelError."""
    with _loading:
        return _loaded()


_loading = threading.Lock()


@functools.cache
def _loaded() -> _Library:
    try:
        import espeakng_loader  # noqa: PLC0415 - an adapter's dependency

        data_path = espeakng_loader.get_data_path()
        handle = ctypes.CDLL(espeakng_loader.get_library_path())
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(_ADVICE.format(reason=str(error))) from error
    return _Library(handle, data_path)
