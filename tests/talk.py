"""Made-up talks for the schedules: what is said, what fails and who stops it, all stand-ins."""

import functools
import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from live_translator.config import Config, QueueConfig, ShutdownConfig
from live_translator.errors import OutputError
from live_translator.messages import (
    AudioBlock,
    Playback,
    Samples,
    SpeechChunk,
    Transcript,
    Translation,
)
from tests.scheduler import Event, Scheduler

STAGES = ("capture", "asr", "mt", "tts")
FOR_EVER_S = math.inf
_SILENCE = np.zeros(16, np.float32)


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong once."""

    place: str
    """A stage's name, or "source"; "first" and "last" are listeners; "sink"."""
    moment: str
    """What is called then: start, process, finish, close, blocks, on_transcript, play..."""
    at: int = 0
    """In which call of it, counted from 0."""
    hangs_s: float | None = None
    """For how long it does not come back (a sink: unless it is closed); None: it raises."""


@dataclass(frozen=True)
class Part:
    """What one stage makes of its input."""

    outputs: tuple[int, ...] = (1,)
    """Of each message in turn, so many."""
    leaves: int = 0
    """When its input has ended, so many more."""
    work_s: float = 0.0
    """For each message."""

    def total(self, inputs: int) -> int:
        rounds, rest = divmod(inputs, len(self.outputs))
        return rounds * sum(self.outputs) + sum(self.outputs[:rest]) + self.leaves


@dataclass(frozen=True)
class Talk:
    """A run of the pipeline, but for who goes on when."""

    blocks: int | None = 3
    """None: until it is closed."""
    waits: bool = False
    """Whether the source waits to be closed after the last of them."""
    every_s: float = 0.0
    """Between two blocks."""
    capacities: tuple[int, int, int] = (1, 1, 1)
    parts: tuple[Part, Part, Part, Part] = (Part(), Part(), Part(), Part())
    utterance: int = 2
    """So many messages make one."""
    faults: tuple[Fault, ...] = ()
    interrupts_s: tuple[float, ...] = ()
    ends_s: float | None = None
    """When the source ends by itself."""
    grace_s: float = 2.0
    join_s: float = 1.0
    leaps_s: tuple[tuple[float, float], ...] = ()
    """When the clock leaps, and how far: a laptop that was asleep."""

    def clock_s(self, now_s: float) -> float:
        """Return what the program's clock shows."""
        return now_s + sum(by_s for at_s, by_s in self.leaps_s if now_s >= at_s)

    def fails(self, place: str) -> bool:
        """Whether a fault there raises."""
        return any(fault.place == place and fault.hangs_s is None for fault in self.faults)

    @classmethod
    def random(cls, source: random.Random) -> "Talk":
        """Draw one; what is drawn first or smallest is the simplest."""
        return _Drawing(source).talk()


_LISTENED = ("on_transcript", "on_translation", "on_playback")
_FAULTS: tuple[tuple[str, str, float | None], ...] = (
    *((name, moment, None) for name in STAGES for moment in ("process", "finish", "close")),
    *((name, "process", None) for name in STAGES),
    *((name, "start", None) for name in STAGES),
    *((name, "process", hangs_s) for name in STAGES for hangs_s in (4.0, FOR_EVER_S)),
    *((name, "finish", hangs_s) for name in STAGES for hangs_s in (4.0, FOR_EVER_S)),
    *((name, moment, None) for name in ("first", "last") for moment in _LISTENED),
    ("source", "blocks", None),
    ("source", "blocks", 4.0),
    ("source", "blocks", FOR_EVER_S),
    ("source", "close", None),
    ("sink", "play", None),
    ("sink", "play", FOR_EVER_S),
    ("sink", "close", None),
)
"""Place, moment, and for how long it hangs; some twice, since they matter most."""


class _Drawing:
    """Times are few and round, so that things often happen at the same moment."""

    def __init__(self, source: random.Random) -> None:
        self._below = source.randrange

    def talk(self) -> Talk:
        below = self._below
        parts = (self._part(), self._part(), self._part(), self._part())
        faults = tuple(self._fault() for _ in range(self._one_of((0, 0, 1, 1, 2))))
        interrupts_s = tuple(below(9) / 2 for _ in range(self._one_of((0, 0, 1, 2, 3))))
        ends_s = below(9) / 2 if not below(4) else None
        hangs = any(fault.hangs_s == FOR_EVER_S for fault in faults)
        if hangs and not interrupts_s:
            interrupts_s = (below(9) / 2,)  # Nothing else ends such a talk.
        blocks: int | None = below(6)
        every_s, waits = below(3) / 2, False
        if interrupts_s or ends_s is not None:  # Something ends a source without an end.
            match below(3):
                case 1:
                    blocks, every_s = None, every_s or 0.5
                case 2:
                    waits = all((f.place, f.moment) != ("source", "close") for f in faults)
        return Talk(
            blocks=blocks,
            waits=waits,
            every_s=every_s,
            capacities=(1 + below(3), 1 + below(3), 1 + below(3)),
            parts=parts,
            utterance=1 + below(3),
            faults=faults,
            interrupts_s=tuple(sorted(interrupts_s)),
            ends_s=ends_s,
            grace_s=below(4) / 1.0,
            leaps_s=tuple((below(9) / 2, 3600.0) for _ in range(self._one_of((0, 0, 0, 1)))),
        )

    def _part(self) -> Part:
        below = self._below
        return Part(
            outputs=self._one_of(((1,), (1,), (1, 0), (0, 2), (3,), (0,))),
            leaves=self._one_of((0, 0, 1, 2)),
            work_s=self._one_of((0.0, 0.0, 0.0, 0.5, 1.0, 2.5)) if below(2) else 0.0,
        )

    def _fault(self) -> Fault:
        place, moment, hangs_s = self._one_of(_FAULTS)
        once = place in STAGES and moment != "process"
        return Fault(place, moment, 0 if once else self._below(4), hangs_s)

    def _one_of(self, choices: Sequence[Any]) -> Any:
        return choices[self._below(len(choices))]


class Fate:
    """Lets the faults of a talk happen, and keeps account of them."""

    def __init__(self, world: Scheduler, faults: Sequence[Fault]) -> None:
        self.world = world
        self.raised: list[tuple[float, str, Exception | None]] = []
        """When, in which stage, and what; None is the system's own error."""
        self._faults = {(fault.place, fault.moment, fault.at): fault for fault in faults}
        self._calls: dict[tuple[str, str], int] = {}

    def meets(
        self, place: str, moment: str, stage: str | None, *, wakes: Event | None = None
    ) -> None:
        """Fail, or hang until it `wakes`, if that is what is to happen to this call.

        `stage` is the one that the failure ends, if any.
        """
        if not self._faults:
            return
        at = self._calls.get((place, moment), 0)
        self._calls[place, moment] = at + 1
        fault = self._faults.get((place, moment, at))
        if fault is None:
            return
        if fault.hangs_s is None:
            error = OutputError(f"{place} fails in {moment} {at}")
            if stage is not None:
                self.raised.append((self.world.now_s, stage, error))
            raise error
        if wakes is not None:
            wakes.wait(None if fault.hangs_s == FOR_EVER_S else fault.hangs_s)
        elif fault.hangs_s == FOR_EVER_S:
            self.world.hang()
        else:
            self.world.sleep(fault.hangs_s)


class Source:
    """Numbered blocks."""

    def __init__(self, talk: Talk, fate: Fate) -> None:
        self.dropped_s = 0.0
        self.origin_s: float | None = 0.0
        self.heard = 0
        self._talk, self._fate = talk, fate
        self._closed = Event()

    def blocks(self) -> Iterator[AudioBlock]:
        for number in itertools.count():
            self._fate.meets("source", "blocks", "capture")
            if number == self._talk.blocks and self._talk.waits:
                self._closed.wait()
            if number == self._talk.blocks or self._closed.is_set():
                return
            self.heard += 1
            yield AudioBlock(samples=_SILENCE, start_s=number, captured_at_s=0.0)
            if self._talk.every_s:
                self._closed.wait(self._talk.every_s)

    def close(self) -> None:
        self._fate.meets("source", "close", None)
        self.end()

    def end(self) -> None:
        self._closed.set()


class Relay:
    """A processor that numbers what it makes, and notes what it took."""

    def __init__(
        self,
        stage: str,
        part: Part,
        talk: Talk,
        fate: Fate,
        *,
        sink: "Sink",
        told: Sequence[int] | None,
    ) -> None:
        """`told` is which of its messages the listeners have been told of, where they are."""
        self.taken: list[int] = []
        """The numbers of the messages it got."""
        self.largest_batch = 0
        self.made = 0
        """How many messages it has yielded."""
        self.passed = 0
        """How many of them were taken off it without an error."""
        self.calls = ""
        """p(rocess), f(inish) and c(lose), in the order of the calls."""
        self._stage, self._part, self._talk, self._fate, self._sink = stage, part, talk, fate, sink
        self._told = told
        self._make = _MAKERS[stage]

    def process(self, batch: Sequence[Any]) -> Iterator[Any]:
        self.calls += "p"
        self.largest_batch = max(self.largest_batch, len(batch))
        outputs, begun = self._part.outputs, len(self.taken)
        self.taken.extend(map(_number, batch))
        told = self._told is None or len(self._told) > self.taken[-1]
        assert told, "passed on before listeners were told"
        for index in range(begun, len(self.taken)):
            self._fate.meets(self._stage, "process", self._stage)
            if self._part.work_s:
                self._fate.world.sleep(self._part.work_s)
            yield from self._outputs(outputs[index % len(outputs)])

    def finish(self) -> Iterator[Any]:
        self.calls += "f"
        self._fate.meets(self._stage, "finish", self._stage)
        yield from self._outputs(self._part.leaves)

    def close(self) -> None:
        self.calls += "c"
        self._fate.meets(self._stage, "close", self._stage)

    def _outputs(self, count: int) -> Iterator[Any]:
        for _ in range(count):
            number = self.made
            if self._stage == "tts":
                self._sink.play(_SILENCE, not_before_s=0.0)
            self.made += 1
            utterance, place = divmod(number, self._talk.utterance)
            final = place == self._talk.utterance - 1
            yield self._make(number, utterance, final, self._fate.world.now_s)
            self.passed += 1


def _number(message: Any) -> int:
    return int(message.segment if isinstance(message, Translation) else message.start_s)


def _chunk(number: int, utterance: int, final: bool, now_s: float) -> SpeechChunk:
    return SpeechChunk(
        utterance=utterance, start_s=number, end_s=number + 1.0, captured_at_s=now_s,
        emitted_at_s=now_s, final=final, samples=_SILENCE,
    )  # fmt: skip


def _transcript(number: int, utterance: int, final: bool, now_s: float) -> Transcript:
    return Transcript(
        utterance=utterance, start_s=number, end_s=number + 1.0, captured_at_s=now_s,
        emitted_at_s=now_s, final=final, committed=f" w{number}",
    )  # fmt: skip


def _translation(number: int, utterance: int, final: bool, now_s: float) -> Translation:
    return Translation(
        utterance=utterance, start_s=number, end_s=number + 1.0, captured_at_s=now_s,
        emitted_at_s=now_s, final=final, segment=number, source=f" w{number}", target=f" p{number}",
    )  # fmt: skip


def _playback(number: int, utterance: int, _final: bool, now_s: float) -> Playback:
    return Playback(
        segment=number, utterance=utterance, text="", audio_start_s=now_s, audio_end_s=now_s
    )


_MAKERS = {"capture": _chunk, "asr": _transcript, "mt": _translation, "tts": _playback}


class Sink:
    """Sounds at once; where it stalls, only closing wakes who plays."""

    def __init__(self, fate: Fate, closing: Callable[[], None]) -> None:
        self.closed = 0
        self._fate, self._closing = fate, closing
        self._woken = Event()

    def play(self, samples: Samples, *, not_before_s: float) -> tuple[float, float]:
        self._fate.meets("sink", "play", "tts", wakes=self._woken)
        return not_before_s, not_before_s

    def hush(self) -> None:
        """Nothing waits."""

    def queued_until_s(self) -> float:
        return 0.0

    def close(self, *, drain: bool) -> None:
        """Be closed at once; the pipeline alone does that, when it aborts and in the end."""
        self._closing()
        self.closed += 1
        self._woken.set()
        self._fate.meets("sink", "close", None)


class Listener:
    """Notes the numbers of what it was told."""

    def __init__(self, name: str, fate: Fate) -> None:
        self.told: dict[str, list[int]] = {"asr": [], "mt": [], "tts": []}
        self.failed = False
        """Whether it could not go on, and is to be told nothing more."""
        self.name, self._fate = name, fate

    def on_transcript(self, message: Transcript) -> None:
        self._meets("on_transcript")
        self.told["asr"].append(int(message.start_s))

    def on_translation(self, message: Translation) -> None:
        self._meets("on_translation")
        self.told["mt"].append(message.segment)

    def on_playback(self, message: Playback) -> None:
        self._meets("on_playback")
        self.told["tts"].append(message.segment)

    def close(self) -> None:
        """Nothing is open."""

    def _meets(self, moment: str) -> None:
        try:
            self._fate.meets(self.name, moment, None)
        except OutputError:
            self.failed = True
            raise


@functools.cache
def configured(capacities: tuple[int, int, int], grace_s: float, join_s: float) -> Config:
    """Return a configuration with these; the same one for the same talk."""
    speech, transcripts, translations = capacities
    return Config(
        queues=QueueConfig(speech=speech, transcripts=transcripts, translations=translations),
        shutdown=ShutdownConfig(grace_s=grace_s, join_s=join_s),
    )
