"""Texts that are translated or spoken for a request, through the shared engines."""

import contextlib
import io
import wave
from collections.abc import Iterator, Sequence

import numpy as np

from live_translator.direction import Direction
from live_translator.errors import ClientError, EngineError, SegmentError
from live_translator.interfaces import Translator
from live_translator.languages import LANGUAGES, Language
from live_translator.mt.text import translate_lines
from live_translator.recovery.keeper import Keeper
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.recording import REST
from live_translator.tts.clauses import ClauseCutter, ends_sentence


def translate(
    texts: Sequence[str], source: Language, target: Language, commons: Commons
) -> list[str]:
    """Return the translation of each text; on a job's thread.

    Raises ClientError for a pair that only the recogniser could translate, or a text that
    no engine takes; UsageError and ModelError where there is no engine.
    """
    way = Direction(source, target)
    with _keeper(commons) as keeper:
        translator = keeper.translator(way)
        if translator is None:
            raise ClientError(
                Code.LANGUAGE, f"text in {source.name} cannot be translated to {target.name} here"
            )
        try:
            return ["\n".join(_lines(translator, text)) for text in texts]
        except EngineError:
            raise
        except SegmentError as error:
            raise ClientError(Code.BAD_MESSAGE, f"a text cannot be translated: {error}") from error


def _lines(translator: Translator, text: str) -> Iterator[str]:
    """Yield the translation of each line; raises SegmentError at one that has none."""
    for line in translate_lines(translator, text.split("\n")):
        if line.failure is not None:
            raise line.failure
        yield line.text


def speak(text: str, target: Language, voice: str, commons: Commons) -> bytes:
    """Return a WAV file, mono s16le; on a job's thread.

    Raises ClientError for what cannot be spoken, UsageError for a voice that there is not.
    """
    another = next(other for other in LANGUAGES.values() if other is not target)
    with _keeper(commons) as keeper:
        synthesizer = keeper.voice(Direction(another, target, voice))
        if synthesizer is None:
            raise ClientError(Code.LANGUAGE, "this server does not speak")
        rate_hz = synthesizer.sample_rate_hz
        tts = commons.config.tts
        cutter = ClauseCutter(
            target.code,
            first_clause_words=tts.clause_words,
            clause_words=tts.clause_words,
            max_clause_words=tts.max_clause_words,
        )
        cutter.push(text)
        pieces = []
        while piece := cutter.take(starving=False, ending=True):
            clause = " ".join(piece)
            if not any(character.isalnum() for character in clause):
                continue
            pause_s = tts.sentence_pause_s if ends_sentence(piece[-1]) else tts.clause_pause_s
            try:
                pieces.append(synthesizer.synthesize(clause))
            except EngineError:
                raise
            except SegmentError as error:
                raise ClientError(Code.BAD_MESSAGE, f"this cannot be spoken: {error}") from error
            pieces.append(np.zeros(int(pause_s * rate_hz), np.float32))
    if not pieces:
        raise ClientError(Code.BAD_MESSAGE, "text: there is nothing in it to be spoken")
    pcm = (np.clip(np.concatenate(pieces), -1.0, 1.0) * 32767).round().astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, rate_hz, 0, "NONE", ""))
        wav.writeframes(pcm.tobytes())
    return file.getvalue()


@contextlib.contextmanager
def _keeper(commons: Commons) -> Iterator[Keeper]:
    turns = commons.gates.turns(REST)
    keeper = Keeper(commons.engines, commons.config.recovery, commons.clock, turns)
    with contextlib.closing(keeper):
        yield keeper
