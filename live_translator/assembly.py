"""From a configuration to a pipeline ready to run: choose, load and connect the real parts."""

import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from live_translator import memory, report
from live_translator.asr.names import NameHearer, make_name_hearer
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.sinks import NullSink, SpeakerSink, WavSink
from live_translator.audio.sources import FileSource, MicrophoneSource, StdinSource
from live_translator.audio.vad import SileroDetector
from live_translator.captions.subtitles import SubtitleWriter
from live_translator.captions.terminal import LiveCaptions, PlainCaptions
from live_translator.captions.transcript import TranscriptWriter
from live_translator.config import Config
from live_translator.glossary import Glossary
from live_translator.interfaces import AudioSink, Listener, Processor, Synthesizer, Translator
from live_translator.languages import language
from live_translator.messages import SpeechChunk, Transcript
from live_translator.metrics import MetricsCollector
from live_translator.model_store import ModelStore
from live_translator.mt.engines import choose
from live_translator.mt.glossary import GlossedTranslator
from live_translator.mt.streaming import TranslateProcessor
from live_translator.pipeline import Pipeline, Processors
from live_translator.timeline import Timeline
from live_translator.tts.speaking import SpeakProcessor
from live_translator.tts.voices import make_synthesizer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where sound comes from and what a run leaves behind; None is nothing."""

    input: str | None = None
    """A file, '-' for standard input, None for the microphone."""
    output: Path | None = None
    """A WAV instead of the loudspeakers."""
    subtitles: Path | None = None
    transcript: Path | None = None
    report: Path | None = None
    speech: bool = True
    captions: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What was loaded for one pair of languages; shared by any number of runs.

    Whoever loads them closes them, after the last run.
    """

    transcriber: WhisperTranscriber
    translator: Translator | None
    """None where the recogniser itself translates."""
    synthesizer: Synthesizer | None
    """None for captions only."""
    name_hearer: NameHearer | None = None
    """What hears the names of a glossary, if there is one."""

    def close(self) -> None:
        """Release what the engines hold, such as a translator's process."""
        if self.translator is not None:
            self.translator.close()
        if self.synthesizer is not None:
            self.synthesizer.close()

    def names(self, config: Config) -> dict[str, str]:
        """Return which engine serves which stage."""
        return {
            "asr": config.asr.model,
            "mt": self.translator.name if self.translator else "whisper-translate",
            "tts": self.synthesizer.name if self.synthesizer else "none",
        }


def load_models(config: Config, store: ModelStore, *, speech: bool) -> Models:
    """Load recogniser, translator and voice side by side; raises ModelError, UsageError."""
    # OpenMP's workers otherwise spin for 200 ms after each call, on cores that the other
    # stages wait for; read once, when CTranslate2 is loaded (Intel OpenMP's KMP_BLOCKTIME).
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    memory.keep_flat()
    source, target = language(config.source), language(config.target)
    asr_dir = store.path(config.asr.model)
    complete = config.mode == "complete"
    glossary = Glossary.read(Path(config.glossary)) if config.glossary else None
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix="load") as pool:
        transcriber = pool.submit(WhisperTranscriber, asr_dir, source.code, config.asr)
        translator = pool.submit(choose, source, target, config.mt, store, complete=complete)
        voice = pool.submit(make_synthesizer, target, config.tts, store) if speech else None
        hearer = make_name_hearer(glossary, source, config.asr) if glossary else None
        engine = translator.result()
        if glossary and engine:
            engine = GlossedTranslator(engine, glossary, source, target)
        elif glossary:
            log.warning("the recogniser translates: the glossary's targets are not looked at")
        return Models(
            transcriber=transcriber.result(),
            translator=engine,
            synthesizer=voice.result() if voice else None,
            name_hearer=hearer,
        )


class Run:
    """One run: opens its source and files on entry, leaves them valid on exit.

    ::

        with Run(config, wanted, models) as run:
            run.pipeline.run()
    """

    def __init__(
        self,
        config: Config,
        wanted: Wanted,
        models: Models,
        *,
        listeners: Sequence[Listener] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; `listeners` hear the run beside the ones that write what is wanted."""
        self._config = config
        self._wanted = wanted
        self._models = models
        self._clock = clock
        self._began_s = clock()
        to_speakers = wanted.speech and wanted.output is None
        self._live = config.pace == "realtime" or wanted.input in (None, "-")
        self.timeline = Timeline(clock, realtime=self._live or to_speakers)
        self._metrics = MetricsCollector(realtime=self.timeline.realtime)
        self._listeners = list(listeners)
        self._source = self._open_source()
        self.pipeline: Pipeline

    def __enter__(self) -> Self:
        """Open what the run reads and writes; raises AudioError, DeviceError, OutputError."""
        config, models, clock = self._config, self._models, self._clock
        streaming = config.mode == "streaming"
        self._source.open()
        try:
            self._sink = self._open_sink()
            self._open_listeners()
        except BaseException:
            self._close()
            raise
        self._capture = CaptureProcessor(SileroDetector(), config.endpointing, clock)
        self._mt = TranslateProcessor(
            models.translator,
            config.mt,
            clock,
            streaming=streaming,
            coalesce=self._live,
            pair=(language(config.source), language(config.target)),
        )
        self._tts = SpeakProcessor(
            models.synthesizer,
            self._sink,
            config.tts,
            self.timeline,
            streaming=streaming,
            language=language(config.target),
        )
        self.pipeline = Pipeline(
            source=self._source,
            processors=Processors(
                capture=self._capture,
                asr=self._recogniser(),
                mt=self._mt,
                tts=self._tts,
            ),
            sink=self._sink,
            listeners=self._listeners,
            metrics=self._metrics,
            timeline=self.timeline,
            config=config,
            clock=clock,
        )
        self._began_s = clock()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every file, whatever happened, and write the report."""
        self.wall_s = self._clock() - self._began_s
        self._close()
        if self._wanted.report is not None:
            report.write(self._wanted.report, self.report())

    def report(self) -> dict[str, Any]:
        """Return the report of the run so far."""
        return report.build(
            config=self._config,
            engines=self._models.names(self._config),
            metrics=self._metrics,
            queues=self.pipeline.channel_stats(),
            source_s=self._capture.heard_s,
            wall_s=self.wall_s,
            dropped_s=self._source.dropped_s,
            skipped={"mt": self._mt.skipped, "tts": self._tts.skipped},
        )

    def _recogniser(self) -> Processor[SpeechChunk, Transcript]:
        """Return the work of the asr stage; a benchmark puts another in its place."""
        return RecogniseProcessor(
            self._models.transcriber,
            self._config.asr,
            self._clock,
            streaming=self._config.mode == "streaming",
            coalesce=self._live,
            translate=self._models.translator is None,
            names=self._models.name_hearer,
        )

    def _open_source(self) -> FileSource | StdinSource | MicrophoneSource:
        buffer_s = self._config.capture.buffer_s
        if self._wanted.input is None:
            return MicrophoneSource(clock=self._clock, buffer_s=buffer_s)
        if self._wanted.input == "-":
            return StdinSource(sys.stdin.buffer, clock=self._clock)
        return FileSource(
            Path(self._wanted.input),
            clock=self._clock,
            realtime=self._config.pace == "realtime",
            buffer_s=buffer_s,
        )

    def _open_sink(self) -> AudioSink:
        if not self._wanted.speech:
            return NullSink()
        if self._wanted.output is not None:
            return WavSink(self._wanted.output)
        return SpeakerSink(timeline=self.timeline, buffer_s=self._config.tts.buffer_s)

    def _open_listeners(self) -> None:
        wanted = self._wanted
        if wanted.transcript is not None:
            self._listeners.append(
                TranscriptWriter(wanted.transcript, self.timeline, spoken=wanted.speech)
            )
        if wanted.subtitles is not None:
            self._listeners.append(SubtitleWriter(wanted.subtitles))
        if wanted.captions:
            terminal = sys.stdout.isatty()
            self._listeners.append(
                LiveCaptions(sys.stdout) if terminal else PlainCaptions(sys.stdout)
            )

    def _close(self) -> None:
        self._source.close()
        for listener in self._listeners:
            listener.close()
