"""A recording that was uploaded: recognised and, where wanted, translated."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from live_translator.assembly import Run, Wanted
from live_translator.audio.sources import FileSource
from live_translator.audio.wrapped import WrappedOpenableSource
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.errors import ClientError, Interrupted
from live_translator.messages import AudioBlock, Playback, Transcript, Translation
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons

REST = "rest"
"""As whom requests over HTTP take turns with the engines: all of them as one talk."""


@dataclass(slots=True)
class Heard:
    """A piece of a recording; seconds from its beginning."""

    start_s: float
    end_s: float
    text: str
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What a recording says."""

    segments: tuple[Heard, ...]
    language: str
    """ISO 639-1, of the last utterance; empty where nothing was said."""
    duration_s: float


class Recording:
    """A `Job` that runs a file through the pipeline, as fast as the machine can."""

    def __init__(self, path: Path, source: str, target: str, commons: Commons) -> None:
        """Prepare; `target` is the source where nothing is to be translated."""
        self._config = replace(
            commons.config, source=source, target=target, mode="complete", pace="fast"
        )
        self._commons = commons
        self._translates = source != target
        self._file = _AtMost(
            FileSource(path, clock=commons.clock, realtime=False, buffer_s=1.0),
            commons.limits.max_recording_s,
        )
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._is_cancelled = False

    def run(self) -> Account:
        """Return what was said; raises what a pipeline does, ClientError where it is too long."""
        listener = _Segments(translates=self._translates)
        wanted = Wanted(source=self._file, speech=False, captions=False)
        run = Run(
            self._config,
            wanted,
            self._commons.engines,
            listeners=[listener],
            turns=self._commons.gates.turns(REST),
            clock=self._commons.clock,
        )
        with run:
            with self._lock:
                self._run = run
                if self._is_cancelled:
                    raise Interrupted("cancelled before it began")
            run.pipeline.run()
        return Account(tuple(listener.segments), listener.language, self._file.read_s)

    def cancel(self) -> None:
        """End at once."""
        with self._lock:
            self._is_cancelled = True
            run = self._run
        if run is not None:
            run.pipeline.interrupt()
            run.pipeline.interrupt()


class _Segments:
    """Collects what a run says, as a `Listener`."""

    def __init__(self, *, translates: bool) -> None:
        self.segments: list[Heard] = []
        self.language = ""
        self._translates = translates
        self._utterance = -1

    def on_transcript(self, message: Transcript) -> None:
        if message.direction is not None and message.committed.strip():
            self.language = message.direction.source.code
        if self._translates or not message.committed.strip():
            return
        if message.utterance != self._utterance:
            self._utterance = message.utterance
            self.segments.append(Heard(message.start_s, message.speech_end_s, ""))
        last = self.segments[-1]
        last.text = (last.text + message.committed).strip()
        last.end_s = message.speech_end_s

    def on_translation(self, message: Translation) -> None:
        source, target = message.source.strip(), message.target.strip()
        if self._translates and (source or target):
            self.segments.append(Heard(message.start_s, message.end_s, source, target))

    def on_playback(self, message: Playback) -> None:
        pass

    def close(self) -> None:
        pass


class _AtMost(WrappedOpenableSource):
    """A source that ends in ClientError where it is too long."""

    def __init__(self, source: FileSource, limit_s: float) -> None:
        super().__init__(source)
        self._limit_s = limit_s
        self.read_s = 0.0

    def blocks(self) -> Iterator[AudioBlock]:
        for block in self._source.blocks():
            self.read_s = block.start_s + len(block.samples) / SAMPLE_RATE_HZ
            if self.read_s > self._limit_s:
                raise ClientError(
                    Code.TOO_LONG, f"a recording has at most {self._limit_s:g} s: cut it"
                )
            yield block
