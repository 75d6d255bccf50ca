"""The stages of one profile, run by themselves on the shipped sample, with a clock beside them.

A stage is measured by the processor time that this process spends, in all its threads, so
that other programs do not count; nor do Apertium's, which take 1.4 ms a sentence.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from itertools import takewhile

from live_translator.asr.streaming import RecogniseProcessor
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.sources import FileSource
from live_translator.audio.vad import SileroDetector
from live_translator.config import SAMPLE_RATE_HZ, Config, data_path
from live_translator.direction import directions
from live_translator.doctor.speed import Speeds
from live_translator.engines import Engines
from live_translator.interfaces import Clock, Synthesizer, Transcriber, Translator
from live_translator.messages import SpeechChunk
from live_translator.model_store import ModelStore

BUDGET_S = 20.0
"""What measuring may take, loading included; the last call that was begun is finished."""
_SAMPLE_S = 12.0
"""So much of the sample is enough for windows to reach their full length."""
_RECOGNISER_SHARE, _TRANSLATOR_SHARE = 0.6, 0.1
"""Of the time that is left after loading; the voice has the rest."""

SENTENCES = (
    "It was the best of times, it was the worst of times.",
    "We had everything before us, we had nothing before us.",
    "There were a king with a large jaw and a queen with a plain face.",
    "In both countries it was clearer than crystal that things were settled for ever.",
    "Good morning, and thank you all for coming.",
)
"""What the translator is given, and the voice what became of it; the first are the sample's."""


def measure(
    config: Config, store: ModelStore, budget_s: float, clock: Clock = time.monotonic
) -> Speeds:
    """Load a profile's models and measure its stages; on the calling thread.

    Raises what loading does, and what the sample's source does.
    """
    began_s = clock()
    (way,) = directions(config)
    with closing(Engines(config, store, speech=True)) as engines:
        engines.prepare(way)
        translator = engines.translator(way)
        load_s = clock() - began_s
        detector, chunks = _detected(config, clock)
        left_s = max(0.0, budget_s - (clock() - began_s))
        recogniser, heard_s = _recognised(
            config, engines.transcriber(way), chunks, translator is None,
            until_s=clock() + left_s * _RECOGNISER_SHARE, clock=clock,
        )  # fmt: skip
        sentence_s, texts = _translated(
            translator, until_s=clock() + left_s * _TRANSLATOR_SHARE, clock=clock
        )
        voice = _spoken(engines.voice(way), texts, until_s=began_s + budget_s, clock=clock)
    return Speeds(
        load_s=load_s,
        detector=detector,
        recogniser=recogniser,
        heard_s=heard_s,
        sentence_s=sentence_s,
        voice=voice,
    )


def _detected(config: Config, clock: Clock) -> tuple[float, list[SpeechChunk]]:
    """Return what finding the sample's speech costs, and the speech."""
    path = data_path("benchmarks/samples") / "two_cities.flac"
    source = FileSource(path, clock=clock, realtime=False, buffer_s=_SAMPLE_S)
    blocks = list(takewhile(lambda block: block.start_s < _SAMPLE_S, source.blocks()))
    capture = CaptureProcessor(SileroDetector(), config.endpointing, clock)
    began_s = time.process_time()
    chunks = list(capture.process(blocks))
    return (time.process_time() - began_s) / _SAMPLE_S, chunks


def _recognised(
    config: Config,
    transcriber: Transcriber,
    chunks: Sequence[SpeechChunk],
    translate: bool,
    *,
    until_s: float,
    clock: Clock,
) -> tuple[float, float]:
    """Return what a second of speech costs, and how much speech that was measured on."""
    processor = RecogniseProcessor(
        transcriber, config.asr, clock, coalesce=False, translate=translate
    )
    began_s, heard_samples, decodes = time.process_time(), 0, 0
    for chunk in chunks:
        heard_samples += len(chunk.samples)
        decodes += len(list(processor.process([chunk])))
        if decodes and clock() > until_s:
            break
    heard_s = heard_samples / SAMPLE_RATE_HZ
    return (time.process_time() - began_s) / heard_s, heard_s


def _translated(
    translator: Translator | None, *, until_s: float, clock: Clock
) -> tuple[float, list[str]]:
    """Return what a sentence costs, and what became of the sentences.

    Without a translator the recogniser has done it, and what is said is English.
    """
    if translator is None:
        return 0.0, list(SENTENCES)
    began_s, texts = time.process_time(), []
    for sentence in SENTENCES:
        texts.append(translator.translate(sentence))
        if clock() > until_s:
            break
    return (time.process_time() - began_s) / len(texts), texts


def _spoken(
    voice: Synthesizer | None, texts: Sequence[str], *, until_s: float, clock: Clock
) -> float:
    """Return what a second of the voice costs."""
    if voice is None:
        return 0.0
    began_s, spoken_s = time.process_time(), 0.0
    for text in texts:
        spoken_s += len(voice.synthesize(text)) / voice.sample_rate_hz
        if clock() > until_s:
            break
    return (time.process_time() - began_s) / spoken_s
