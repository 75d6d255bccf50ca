"""The supervisor: what happens when stages end, fail, hang or are interrupted."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from live_translator import config as settings
from live_translator.config import Config, ShutdownConfig
from live_translator.errors import Interrupted, OutputError, StageError
from live_translator.messages import (
    AudioBlock,
    Playback,
    Samples,
    SpeechChunk,
    Transcript,
    Translation,
)
from live_translator.metrics import MetricsCollector
from live_translator.pipeline import Pipeline, Processors
from live_translator.timeline import Timeline

SOON_S = 5.0
STAGES = ("capture", "asr", "mt", "tts")


class Blocks:
    """A source of numbered blocks; endless ones come until it is closed."""

    def __init__(self, count: int | None) -> None:
        self.dropped_s = 0.0
        self.origin_s: float | None = None
        self.began = threading.Event()
        self._count = count
        self._closed = threading.Event()

    def blocks(self) -> Iterator[AudioBlock]:
        number = 0
        while number != self._count and not self._closed.is_set():
            yield AudioBlock(
                samples=np.zeros(16, np.float32), start_s=float(number), captured_at_s=0.0
            )
            self.began.set()
            number += 1
            if self._count is None:
                self._closed.wait(0.001)

    def close(self) -> None:
        self._closed.set()


def header(number: int, *, final: bool) -> dict[str, Any]:
    return {
        "utterance": number,
        "start_s": float(number),
        "end_s": number + 1.0,
        "captured_at_s": 0.0,
        "emitted_at_s": 0.0,
        "final": final,
    }


class Relay:
    """A processor that passes each message on in its stage's form, and can be told to misbehave."""

    def __init__(
        self,
        stage: str,
        *,
        fails_on: int | None = None,
        fails_at: str = "process",
        hangs: threading.Event | None = None,
    ) -> None:
        self.stage = stage
        self.closed = 0
        self.entered = threading.Event()
        self._fails_on, self._fails_at, self._hangs = fails_on, fails_at, hangs
        self._seen = 0

    def process(self, batch: Sequence[Any]) -> Iterator[Any]:
        for message in batch:
            self.entered.set()
            if self._hangs is not None:
                self._hangs.wait(SOON_S)
            if self._fails_at == "process" and self._seen == self._fails_on:
                raise ValueError("broken on purpose")
            self._seen += 1
            yield self._next(message)

    def finish(self) -> Iterable[Any]:
        if self._fails_at == "finish":
            raise ValueError("broken on purpose")
        return ()

    def close(self) -> None:
        self.closed += 1
        if self._fails_at == "close":
            raise ValueError("broken on purpose")

    def _next(self, message: Any) -> Any:
        number = int(message.start_s if hasattr(message, "start_s") else 0)
        match self.stage:
            case "capture":
                return SpeechChunk(samples=message.samples, **header(number, final=True))
            case "asr":
                return Transcript(committed=f" w{number}", **header(number, final=True))
            case "mt":
                text = f"p{number}"
                return Translation(
                    segment=number, source=text, target=text, **header(number, final=True)
                )
        return Playback(
            segment=number, utterance=number, text="", audio_start_s=0.0, audio_end_s=0.0
        )


class Sink:
    def __init__(self) -> None:
        self.closes: list[bool] = []

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        return not_before_s, not_before_s

    def hush(self) -> None:
        pass

    def queued_until_s(self) -> float:
        return 0.0

    def close(self, *, drain: bool) -> None:
        self.closes.append(drain)


class Listener:
    def __init__(self, fails: bool = False) -> None:
        self.texts: list[str] = []
        self.played: list[int] = []
        self._fails = fails

    def on_transcript(self, message: Transcript) -> None:
        if self._fails:
            raise OutputError("the disk is full")

    def on_translation(self, message: Translation) -> None:
        self.texts.append(message.target)

    def on_playback(self, message: Playback) -> None:
        self.played.append(message.segment)

    def close(self) -> None:
        pass


class Made:
    """A pipeline of relays, one of which may be replaced."""

    def __init__(
        self, count: int | None = 20, listener: Listener | None = None, grace_s: float = 5.0,
        join_s: float = 0.2, relay: Relay | None = None,
    ) -> None:  # fmt: skip
        clock = time.monotonic
        base = settings.load("embedded")
        self.config = Config(
            queues=base.queues, shutdown=ShutdownConfig(grace_s=grace_s, join_s=join_s)
        )
        self.source = Blocks(count)
        self.relays = {name: Relay(name) for name in STAGES}
        if relay is not None:
            self.relays[relay.stage] = relay
        self.sink = Sink()
        self.listener = listener or Listener()
        self.pipeline = Pipeline(
            source=self.source,
            processors=Processors(**self.relays),
            sink=self.sink,
            listeners=[self.listener],
            metrics=MetricsCollector(realtime=True),
            timeline=Timeline(clock, realtime=True),
            config=self.config,
            clock=clock,
        )


def alive() -> set[str]:
    return {thread.name for thread in threading.enumerate()} & set(STAGES)


def test_everything_that_was_heard_comes_out_in_order() -> None:
    made = Made(count=200)
    made.pipeline.run()
    assert made.listener.texts == [f"p{number}" for number in range(200)]
    assert made.listener.played == list(range(200))
    assert not alive()
    assert all(relay.closed == 1 for relay in made.relays.values())


def test_a_source_without_sound_ends_the_pipeline() -> None:
    made = Made(count=0)
    made.pipeline.run()
    assert made.listener.texts == []
    assert not alive()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("moment", ["process", "finish", "close"])
def test_a_failing_stage_is_named_and_nothing_outlives_it(stage: str, moment: str) -> None:
    relay = Relay(stage, fails_on=3, fails_at=moment)
    made = Made(count=None if moment == "process" else 20, relay=relay)
    with pytest.raises(StageError, match=f"the {stage} stage failed: broken on purpose") as caught:
        made.pipeline.run()
    assert isinstance(caught.value.__cause__, ValueError)
    assert not alive()
    assert made.sink.closes[-1] is False


def test_a_listener_that_cannot_write_is_let_go_and_told_of_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = Made(listener=Listener(fails=True))
    with pytest.raises(OutputError, match="the disk is full"):
        made.pipeline.run()
    assert not alive()
    assert caplog.text.count("the disk is full; the talk goes on without it") == 1
    assert made.sink.closes[0] is False, "the run came to its own end"


def in_background(made: Made) -> tuple[threading.Thread, list[BaseException]]:
    errors: list[BaseException] = []

    def supervise() -> None:
        try:
            made.pipeline.run()
        except Interrupted as error:
            errors.append(error)

    thread = threading.Thread(target=supervise, name="supervisor", daemon=True)
    thread.start()
    assert made.source.began.wait(SOON_S)
    return thread, errors


def test_the_first_interrupt_drains_what_was_heard() -> None:
    made = Made(count=None)
    supervisor, errors = in_background(made)
    made.pipeline.interrupt()
    supervisor.join(SOON_S)
    assert not supervisor.is_alive()
    assert errors == []
    assert made.pipeline.interrupted
    assert made.listener.played == list(range(len(made.listener.texts)))
    assert made.listener.played
    assert not alive()


def test_the_second_interrupt_discards_and_is_immediate() -> None:
    release = threading.Event()
    stuck = Relay("mt", hangs=release)
    made = Made(count=None, grace_s=60.0, join_s=5.0, relay=stuck)
    supervisor, errors = in_background(made)
    assert stuck.entered.wait(SOON_S)
    made.pipeline.interrupt()
    made.pipeline.interrupt()
    release.set()
    supervisor.join(SOON_S)
    assert not supervisor.is_alive()
    assert [type(error) for error in errors] == [Interrupted]
    assert not alive()


def test_a_stage_that_never_comes_back_is_named_and_left(caplog: pytest.LogCaptureFixture) -> None:
    release = threading.Event()
    made = Made(count=None, grace_s=0.05, relay=Relay("mt", hangs=release))
    supervisor, errors = in_background(made)
    made.pipeline.interrupt()
    supervisor.join(SOON_S)
    assert not supervisor.is_alive()
    assert [type(error) for error in errors] == [Interrupted]
    assert "mt" in caplog.text
    release.set()
    for thread in threading.enumerate():
        if thread.name in STAGES:
            thread.join(SOON_S)


def test_the_zero_of_the_source_clock_is_the_first_sample() -> None:
    made = Made(count=3)
    made.source.origin_s = 42.0
    made.pipeline.run()
    timeline = made.pipeline._timeline
    assert timeline.since_start(43.0) == 1.0
