"""From a configuration to a pipeline ready to run: choose, load and connect the real parts."""

import contextlib
import itertools
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from live_translator import memory, report
from live_translator.asr.identification import IdentifyProcessor
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.audio.capture import CaptureProcessor
from live_translator.audio.devices import hears_itself
from live_translator.audio.microphone import MicrophoneSource
from live_translator.audio.room import share_room
from live_translator.audio.sinks import NullSink, WavSink
from live_translator.audio.sources import FileSource, StdinSource
from live_translator.audio.speaker import SpeakerSink
from live_translator.audio.steered import SteeredCapture
from live_translator.audio.vad import SileroDetector
from live_translator.captions.caption_file import CaptionFile
from live_translator.captions.plain import PlainCaptions
from live_translator.captions.region import is_suitable
from live_translator.captions.subtitles import SubtitleWriter
from live_translator.captions.terminal import LiveCaptions
from live_translator.captions.transcript import TranscriptWriter
from live_translator.config import Config
from live_translator.controls import Controls
from live_translator.direction import Direction, directions, shown
from live_translator.engines import Engines
from live_translator.errors import ModelError, UsageError
from live_translator.interfaces import (
    AudioSink,
    AudioSource,
    Listener,
    OpenableSource,
    Processor,
    Turns,
)
from live_translator.lag import LagMeter
from live_translator.ledger import Ledger
from live_translator.messages import Playback, SpeechChunk, Transcript, Translation
from live_translator.metrics import MetricsCollector
from live_translator.mt.streaming import TranslateProcessor
from live_translator.pipeline import Pipeline, Processors
from live_translator.recovery.keeper import Keeper, free_turns
from live_translator.recovery.mending import Debt, Mending, Unheard, Unspoken, Untranslated
from live_translator.status import Speaking, Status
from live_translator.steering import Steering
from live_translator.switch import Switch
from live_translator.timeline import Timeline
from live_translator.tts.speaking import SpeakProcessor

In = TypeVar("In")
Out = TypeVar("Out")

notice = logging.getLogger("live_translator.notice")
"""What a person at the program is told while it runs."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where sound comes from and what a run leaves behind; None is nothing."""

    input: str | None = None
    """A file, '-' for standard input, None for the microphone."""
    output: Path | None = None
    """A WAV instead of the loudspeakers."""
    source: OpenableSource | None = None
    """What to listen to instead of `input`, and where to speak instead of `output`: a
    socket's two ends, say. The run closes them."""
    sink: AudioSink | None = None
    input_device: str | None = None
    """Which microphone, and which loudspeaker: what `audio.devices.choose` takes."""
    output_device: str | None = None
    subtitles: Path | None = None
    caption_file: Path | None = None
    transcript: Path | None = None
    report: Path | None = None
    speech: bool = True
    captions: bool = True
    private: bool = False
    """Whether captions are for a terminal alone, and not for what it may be redirected to."""

    @property
    def shares_room(self) -> bool:
        """Whether a microphone hears what loudspeakers say."""
        given = (self.input, self.source, self.output, self.sink)
        return self.speech and all(end is None for end in given)


class Run:
    """One run: opens its source and files on entry, leaves them valid on exit.

    ::

        with Run(config, wanted, engines) as run:
            run.pipeline.run()
    """

    def __init__(
        self,
        config: Config,
        wanted: Wanted,
        engines: Engines,
        *,
        listeners: Sequence[Listener] = (),
        turns: Turns = free_turns,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; `listeners` hear the run beside the ones that write what is wanted.

        Where other runs use the same engines, `turns` says whose call is next.
        """
        self._config = config
        self._wanted = wanted
        self._engines = engines
        self._clock = clock
        self._began_s = clock()
        to_speakers = wanted.speech and wanted.output is None and wanted.sink is None
        self._live = config.pace == "realtime" or (
            wanted.source is None and wanted.input in (None, "-")
        )
        self._directions = directions(config)
        self.steering = Steering(*self._directions)
        self._heard: Direction | None = None
        """The direction that was identified last."""
        self._taken = self._directions[0]
        """What is done instead: the same, or captions alone."""
        self._segments = itertools.count()
        self._keeper = Keeper(engines, config.recovery, clock, turns)
        self._recognisers: list[RecogniseProcessor] = []
        self._translators: list[TranslateProcessor] = []
        self._speakers: list[SpeakProcessor] = []
        self.timeline = Timeline(clock, realtime=self._live or to_speakers)
        self._metrics = MetricsCollector(realtime=self.timeline.realtime)
        self._lag = LagMeter(self.timeline, spoken=wanted.speech)
        self._ledger = Ledger(spoken=wanted.speech)
        self._listeners: list[Listener] = [
            self._lag,
            self._ledger,
            memory.Sweeper(clock),
            *listeners,
        ]
        self._captions: LiveCaptions | None = None
        self._source = self._open_source()
        self.question = ""
        """What the person at the keys is being asked; shown with the status."""
        self.pipeline: Pipeline
        self.controls: Controls

    def __enter__(self) -> Self:
        """Open what the run reads and writes; raises AudioError, DeviceError, OutputError."""
        config, clock = self._config, self._clock
        self._source.open()
        try:
            self._sink = self._open_sink()
            self._open_listeners()
        except BaseException:
            self._close()
            raise
        source: AudioSource = self._source
        if self._wanted.shares_room:
            source, self._sink = share_room(source, self._sink, config.echo)
        detector = self._keeper.detector(SileroDetector)
        self._capture = CaptureProcessor(detector, config.endpointing, clock)
        self.pipeline = Pipeline(
            source=source,
            processors=Processors(
                capture=SteeredCapture(self._capture, self.steering),
                asr=self._hearing(),
                mt=Switch(self._mended_mt, lambda way: (way.source, way.target)),
                tts=Switch(self._mended_tts, lambda way: (way.translates, way.target, way.voice)),
            ),
            sink=self._sink,
            listeners=self._listeners,
            metrics=self._metrics,
            timeline=self.timeline,
            config=config,
            clock=clock,
        )
        self.controls = Controls(self.steering, self._engines, hush=self._sink.hush)
        self._began_s = clock()
        if self._captions is not None:
            self._captions.start()
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

    def status(self) -> Status:
        """Return what is going on at this moment; from any thread, once the run is entered."""
        until_s = self._sink.queued_until_s()
        # The clock is read after the sink, which at rest answers with the present.
        behind_s = max(0.0, until_s - self.timeline.now_s())
        speaking: Speaking = "us" if behind_s > 0 else None
        if self._capture.in_speech:
            speaking = "both" if speaking else "them"
        return Status(
            way=shown(self.steering.directions),
            level_dbfs=self._capture.level_dbfs,
            speaking=speaking,
            lag_s=self._lag.lag_s,
            behind_s=behind_s,
            queues=self.pipeline.channel_depths(),
            paused=self.steering.paused,
            muted=self.steering.muted,
            question=self.question,
        )

    @property
    def in_speech(self) -> bool:
        """Whether somebody speaks into the source at this moment; once the run is entered."""
        return self._capture.in_speech

    def report(self) -> dict[str, Any]:
        """Return the report of the run so far."""
        return report.build(
            config=self._config,
            engines=self._engines.names(self._taken),
            metrics=self._metrics,
            queues=self.pipeline.channel_stats(),
            source_s=self._capture.heard_s,
            wall_s=self.wall_s,
            dropped_s=self._source.dropped_s,
            skipped={
                "asr": sum(part.skipped for part in self._recognisers),
                "mt": sum(part.skipped for part in self._translators),
                "tts": sum(part.skipped for part in self._speakers),
            },
            recovery=self._keeper.report(),
            ledger=self._ledger.report(),
        )

    def _hearing(self) -> Processor[SpeechChunk, Transcript]:
        """Return the work of the asr stage."""
        recognising = Switch(
            self._mended_asr, lambda way: (way.source, self._engines.translator(way) is None)
        )
        if len(self._directions) == 1:
            return recognising
        return IdentifyProcessor(
            recognising,
            self._keeper.transcriber(self._directions[0]),
            self._config.identification,
            self.steering,
            prepare=self._found,
        )

    def _mended_asr(self, way: Direction) -> Processor[SpeechChunk, Transcript]:
        debt = Unheard(self._clock)
        return self._mended("asr", lambda: self._recognising(way), debt)

    def _mended_mt(self, way: Direction) -> Processor[Transcript, Translation]:
        debt = Untranslated(self._segments, self._clock)
        return self._mended("mt", lambda: self._translating(way), debt)

    def _mended_tts(self, way: Direction) -> Processor[Translation, Playback]:
        debt = Unspoken(spoken=self._wanted.speech)
        return self._mended("tts", lambda: self._speaking(way), debt)

    def _mended(
        self, stage: str, make: Callable[[], Processor[In, Out]], debt: Debt[In, Out]
    ) -> Mending[In, Out]:
        return Mending(stage, make, debt, self._config.recovery, self._clock)

    def _recognising(self, way: Direction) -> Processor[SpeechChunk, Transcript]:
        """Return what recognises a direction; a benchmark puts another in its place."""
        recogniser = RecogniseProcessor(
            self._keeper.transcriber(way),
            self._config.asr,
            self._clock,
            streaming=self._config.mode == "streaming",
            coalesce=self._live,
            translate=way.translates and self._engines.translator(way) is None,
            names=self._engines.name_hearer(way),
        )
        self._recognisers.append(recogniser)
        return recogniser

    def _translating(self, way: Direction) -> TranslateProcessor:
        translator = TranslateProcessor(
            self._keeper.translator(way),
            self._config.mt,
            self._clock,
            streaming=self._config.mode == "streaming",
            coalesce=self._live,
            pair=(way.source, way.target),
            segments=self._segments,
        )
        self._translators.append(translator)
        return translator

    def _speaking(self, way: Direction) -> SpeakProcessor:
        speaker = SpeakProcessor(
            self._keeper.voice(way) if self._wanted.speech else None,
            self._sink,
            self._config.tts,
            self.timeline,
            streaming=self._config.mode == "streaming",
            language=way.target,
            muted=lambda: self.steering.muted,
        )
        self._speakers.append(speaker)
        return speaker

    def _found(self, way: Direction) -> Direction:
        """Say which language was found, where it is not the one before, and load what it needs."""
        if way == self._heard:
            return self._taken
        self._heard = self._taken = way
        notice.info("%s is spoken", way.source.name)
        try:
            self._engines.prepare(way)
        except (ModelError, UsageError) as error:
            notice.warning("only captions for it: %s", error)
            self._taken = way.speaking(way.source)
        return self._taken

    def _open_source(self) -> OpenableSource:
        if self._wanted.source is not None:
            return self._wanted.source
        buffer_s = self._config.capture.buffer_s
        if self._wanted.input is None:
            return MicrophoneSource(
                clock=self._clock, buffer_s=buffer_s, device=self._wanted.input_device
            )
        if self._wanted.input == "-":
            return StdinSource(sys.stdin.buffer, clock=self._clock)
        return FileSource(
            Path(self._wanted.input),
            clock=self._clock,
            realtime=self._config.pace == "realtime",
            buffer_s=buffer_s,
        )

    def _open_sink(self) -> AudioSink:
        if self._wanted.sink is not None:
            return self._wanted.sink
        if not self._wanted.speech:
            return NullSink()
        if self._wanted.output is not None:
            return WavSink(self._wanted.output)
        speaker = SpeakerSink(
            timeline=self.timeline,
            buffer_s=self._config.tts.buffer_s,
            away_s=self._config.tts.away_s,
            device=self._wanted.output_device,
        )
        if isinstance(self._source, MicrophoneSource) and hears_itself(
            self._source.device, speaker.device
        ):
            log.warning(
                "the input hears what plays on %s, and so the translation too: choose another "
                "--output-device, or --no-speech",
                speaker.device,
            )
        return speaker

    def _open_listeners(self) -> None:
        wanted = self._wanted
        if wanted.transcript is not None:
            self._listeners.append(
                TranscriptWriter(wanted.transcript, self.timeline, spoken=wanted.speech)
            )
        if wanted.subtitles is not None:
            self._listeners.append(SubtitleWriter(wanted.subtitles))
        if wanted.caption_file is not None:
            self._listeners.append(
                CaptionFile(wanted.caption_file, self._config.captions, self._clock)
            )
        if wanted.captions and is_suitable(sys.stdout, os.environ):
            self._captions = LiveCaptions(sys.stdout, self.status)
            self._listeners.append(self._captions)
        elif wanted.captions and wanted.private and not sys.stdout.isatty():
            notice.info("no captions: standard output is no terminal, and --private is on")
        elif wanted.captions:
            self._listeners.append(PlainCaptions(sys.stdout))

    def _close(self) -> None:
        """Close everything, also where closing one thing fails."""
        with contextlib.ExitStack() as stack:
            for listener in self._listeners:
                stack.callback(listener.close)
            stack.callback(self._keeper.close)
            stack.callback(self._source.close)
