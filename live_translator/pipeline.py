"""Wire, start, supervise, stop: four stages, three channels, one supervisor."""

import contextlib
import logging
import queue
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from live_translator.audience import Audience
from live_translator.channel import Channel, ChannelStats
from live_translator.config import Config
from live_translator.errors import Interrupted, StageError
from live_translator.interfaces import AudioSink, AudioSource, Clock, Listener, Processor
from live_translator.messages import AudioBlock, Playback, SpeechChunk, Transcript, Translation
from live_translator.metrics import MetricsCollector
from live_translator.stage import AnyStage, Stage
from live_translator.timeline import Timeline

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processors:
    """The work of the four stages, in the order the sound flows."""

    capture: Processor[AudioBlock, SpeechChunk]
    asr: Processor[SpeechChunk, Transcript]
    mt: Processor[Transcript, Translation]
    tts: Processor[Translation, Playback]


@dataclass(frozen=True, slots=True)
class _StageEnded:
    name: str
    failure: BaseException | None


@dataclass(frozen=True, slots=True)
class _InterruptRequested:
    pass


_Event: TypeAlias = _StageEnded | _InterruptRequested


class Pipeline:
    """One run from a source to a sink; made once, run once.

    `run` blocks its caller, who is the supervisor. Nothing else starts a thread.
    """

    def __init__(
        self,
        *,
        source: AudioSource,
        processors: Processors,
        sink: AudioSink,
        listeners: Sequence[Listener],
        metrics: MetricsCollector,
        timeline: Timeline,
        config: Config,
        clock: Clock,
    ) -> None:
        self._source = source
        self._sink = sink
        self._audience = Audience((metrics, *listeners))
        self._metrics = metrics
        self._timeline = timeline
        self._config = config
        self._clock = clock
        self.interrupted = False
        """Whether an end was asked for before the source had one."""
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        queues = config.queues
        self._speech: Channel[SpeechChunk] = Channel("speech", queues.speech, clock)
        self._transcripts: Channel[Transcript] = Channel("transcripts", queues.transcripts, clock)
        self._translations: Channel[Translation] = Channel(
            "translations", queues.translations, clock
        )
        self._channels: tuple[Channel[Any], ...] = (
            self._speech,
            self._transcripts,
            self._translations,
        )
        self._stages = self._wire(processors)

    def run(self) -> None:
        """Run until the source ends or is interrupted, and all that was heard is out.

        Raises StageError from the first failure of a stage, Interrupted when a second
        interrupt, or the end of the grace time after the first, cut the rest short, and at
        the end of a run that was complete what the first listener failed with.
        Afterwards no stage is alive, or the ones that are have been named in the log.
        """
        self._start_clock(self._clock())
        for stage in self._stages:
            stage.start()
        try:
            self._supervise()
        except BaseException:
            self._close_sink()
            raise
        self._sink.close(drain=False)
        if self._audience.failure is not None:
            raise self._audience.failure

    def interrupt(self) -> None:
        """Ask for an end, from any thread: the first time drains, the second aborts."""
        self.interrupted = True
        self._events.put(_InterruptRequested())

    def channel_stats(self) -> dict[str, ChannelStats]:
        """Return each channel's capacity, high-water mark and blocked time."""
        return {channel.name: channel.stats() for channel in self._channels}

    def channel_depths(self) -> dict[str, int]:
        """Return how many messages wait in each channel now."""
        return {channel.name: len(channel) for channel in self._channels}

    def _wire(self, processors: Processors) -> tuple[AnyStage, ...]:
        audience = self._audience

        def stage(
            name: str,
            processor: Processor[Any, Any],
            inbox: Callable[[], Iterator[Sequence[Any]]],
            outbox: Channel[Any] | None,
            watch: Callable[[Any], None],
        ) -> AnyStage:
            return Stage(
                name,
                processor,
                inbox=inbox,
                outbox=outbox,
                watch=watch,
                ended=lambda name, failure: self._events.put(_StageEnded(name, failure)),
                meter=self._metrics.meters[name],
                clock=self._clock,
            )

        return (
            stage("capture", processors.capture, self._blocks, self._speech, lambda _: None),
            stage(
                "asr",
                processors.asr,
                self._speech.batches,
                self._transcripts,
                audience.on_transcript,
            ),
            stage(
                "mt",
                processors.mt,
                self._transcripts.batches,
                self._translations,
                audience.on_translation,
            ),
            stage("tts", processors.tts, self._translations.batches, None, audience.on_playback),
        )

    def _start_clock(self, origin_s: float) -> None:
        self._timeline.start(origin_s)
        self._metrics.start(origin_s)

    def _blocks(self) -> Iterator[Sequence[AudioBlock]]:
        """Pass on the source's blocks; its first sample is the zero of the source clock."""
        started = False
        for block in self._source.blocks():
            if not started and self._source.origin_s is not None:
                self._start_clock(self._source.origin_s)
                started = True
            yield (block,)

    def _supervise(self) -> None:
        running = {stage.name for stage in self._stages}
        failure: StageError | None = None
        interrupts = 0
        deadline_s: float | None = None
        aborted = False
        while running:
            event = self._next_event(deadline_s)
            match event:
                case _StageEnded(name, cause):
                    running.discard(name)
                    if cause is not None and failure is None and not aborted:
                        failure = StageError(name, cause)
                case _InterruptRequested():
                    interrupts += 1
            if aborted:
                if event is None:
                    break  # Given up waiting: what is still alive is named below.
            elif failure or interrupts > 1 or event is None:
                aborted = True
                deadline_s = self._clock() + self._config.shutdown.join_s
                self._abort()
            elif interrupts == 1 and deadline_s is None:
                log.info("stopping: finishing what was heard (Ctrl-C again stops at once)")
                deadline_s = self._clock() + self._config.shutdown.grace_s
                self._close_source()
        stuck = [stage.name for stage in self._stages if not stage.join(0.1)]
        if stuck:
            log.warning("still busy after %.0f s: %s", self._config.shutdown.join_s, stuck)
        if failure is not None:
            raise failure
        if aborted:
            raise Interrupted("stopped at once: the last words were not spoken")

    def _next_event(self, deadline_s: float | None) -> _Event | None:
        """Return the next event, or None when the deadline has passed."""
        timeout_s = None if deadline_s is None else max(0.0, deadline_s - self._clock())
        try:
            return self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def _abort(self) -> None:
        for stage in self._stages:
            stage.abandon()
        self._close_source()
        for channel in self._channels:
            channel.abort()
        self._close_sink()

    def _close_source(self) -> None:
        with _failing_is_said("the input"):
            self._source.close()

    def _close_sink(self) -> None:
        with _failing_is_said("the output"):
            self._sink.close(drain=False)


@contextlib.contextmanager
def _failing_is_said(what: str) -> Iterator[None]:
    """Whatever cannot be closed, the rest is stopped, and the reason to stop stays the reason."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - it is said
        log.warning("%s could not be closed: %s", what, error)
