"""Whatever fails in the engines and in the stages' own code, every word is accounted for.

The real stages, on a real pipeline in schedules that are drawn, with engines that know what was
said and fail as a seed says.
"""

import itertools
import logging
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import pytest

from live_translator import audience, channel, metrics, pipeline, stage, timeline
from live_translator.asr.streaming import RecogniseProcessor
from live_translator.audio.sinks import NullSink
from live_translator.config import AsrConfig, Config, MtConfig, RecoveryConfig, TtsConfig
from live_translator.errors import EngineError, GivenUpError, HungError, SegmentError, StageError
from live_translator.interfaces import Clock, Processor
from live_translator.ledger import Ledger
from live_translator.messages import AudioBlock, Samples, SpeechChunk
from live_translator.metrics import MetricsCollector
from live_translator.mt.streaming import TranslateProcessor
from live_translator.pipeline import Pipeline, Processors
from live_translator.recovery import worker
from live_translator.recovery.engines import (
    LastingSynthesizer,
    LastingTranscriber,
    LastingTranslator,
)
from live_translator.recovery.kept import Kept
from live_translator.recovery.mending import Mending, Unheard, Unspoken, Untranslated
from live_translator.timeline import Timeline
from live_translator.tts.speaking import SpeakProcessor
from tests.asr.test_streaming import Heard, Speaker, chunks, speech
from tests.mt.test_streaming import Shouter
from tests.scheduler import Scheduler, random_switches

UNDER_TEST = (audience, channel, stage, pipeline, metrics, timeline, worker)
RECOVERY = RecoveryConfig(limit_s=5.0, restarts=2, per_s=30.0)
ERRORS: tuple[Callable[[], Exception], ...] = (
    lambda: RuntimeError("broken on purpose"),
    MemoryError,
    lambda: EngineError("the engine broke"),
    lambda: SegmentError("this one cannot be done"),
    lambda: HungError("no answer"),
)
In = TypeVar("In")
Out = TypeVar("Out")


class Chance:
    """Fails, of each kind of call, as often as was drawn for the talk."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._rates: dict[str, float] = {}

    def strikes(self, what: str) -> bool:
        rate = self._rates.setdefault(what, self._source.choice((0.0, 0.0, 0.05, 0.3, 1.0)))
        return self._source.random() < rate

    def fail(self, what: str) -> None:
        if self.strikes(what):
            raise self._source.choice(ERRORS)()


class Listener(Speaker):
    def __init__(self, chance: Chance) -> None:
        super().__init__()
        self._chance = chance

    def listen(self, samples: Samples) -> Heard:
        self._chance.fail("listen")
        return super().listen(samples)

    def languages(self, samples: Samples) -> dict[str, float]:
        return {"en": 1.0}


class Engine(Shouter):
    def __init__(self, name: str, chance: Chance, *, forces_prefix: bool) -> None:
        super().__init__(forces_prefix=forces_prefix)
        self.name = name
        self._chance = chance

    def translate(self, source: str, *, prefix: str = "") -> str:
        self._chance.fail(self.name)
        return super().translate(source)


class Voice:
    name = "voice"
    sample_rate_hz = 24_000

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def synthesize(self, text: str, *, speed: float = 1.0) -> Samples:
        self._chance.fail("synthesize")
        return np.zeros(240 * len(text), np.float32)

    def close(self) -> None:
        pass


class Faulty(Processor[In, Out]):
    """A stage's work that has a fault of its own."""

    def __init__(self, name: str, work: Processor[In, Out], chance: Chance) -> None:
        self._name, self._work, self._chance = name, work, chance

    def process(self, batch: Sequence[In]) -> Iterator[Out]:
        for message in self._work.process(batch):
            if self._chance.strikes(f"{self._name} before"):
                raise KeyError(self._name)
            yield message
            if self._chance.strikes(f"{self._name} after"):
                raise KeyError(self._name)

    def finish(self) -> Iterable[Out]:
        return self._work.finish()

    def close(self) -> None:
        self._work.close()


class Given:
    """A source of one empty block for each chunk, and the capture that makes them chunks."""

    def __init__(self, talk: Sequence[SpeechChunk]) -> None:
        self.dropped_s = 0.0
        self.origin_s: float | None = 0.0
        self._talk = iter(talk)
        self._count = len(talk)

    def blocks(self) -> Iterator[AudioBlock]:
        for number in range(self._count):
            yield AudioBlock(samples=np.zeros(1, np.float32), start_s=number, captured_at_s=0.0)

    def process(self, batch: Sequence[AudioBlock]) -> Iterator[SpeechChunk]:
        yield from itertools.islice(self._talk, len(batch))

    def finish(self) -> Iterable[SpeechChunk]:
        return ()

    def close(self) -> None:
        pass


def talk_of(source: random.Random) -> list[SpeechChunk]:
    made: list[SpeechChunk] = []
    word, start_s = 1, 0.0
    for utterance in range(source.randint(1, 4)):
        count = source.randint(1, 9)
        size = source.choice((4000, 8000, 20_000))
        made += chunks(speech(word, count), size=size, utterance=utterance, start_s=start_s)
        word, start_s = word + count, start_s + 0.5 * count + source.choice((0.5, 9.0))
    return made


def kept(name: str, make: Callable[[], Any], clock: Clock) -> Kept[Any]:
    thread = f"{name}-call"
    return Kept(name, make(), renew=lambda _: make(), config=RECOVERY, clock=clock, thread=thread)


def give(seed: int, world: Scheduler) -> tuple[Ledger, StageError | None]:
    source = random.Random(seed)
    chance, clock = Chance(source), world.clock
    ledger, segments = Ledger(spoken=True), itertools.count()
    time = Timeline(clock, realtime=False)
    given, sink = Given(talk_of(source)), NullSink()
    hears = kept("ear", lambda: Listener(chance), clock)
    says = kept("voice", lambda: Voice(chance), clock)
    names = iter(("two", "three"))

    def translates(name: str) -> Kept[Any]:
        forces_prefix = source.random() < 0.5
        return kept(name, lambda: Engine(name, chance, forces_prefix=forces_prefix), clock)

    def following(_: Any) -> Kept[Any] | None:
        name = next(names, None)
        return translates(name) if name else None

    mt = LastingTranslator(translates("one"), following)
    config = AsrConfig(stride_s=0.5)

    def mended(name: str, make: Callable[[], Processor[Any, Any]], debt: Any) -> Mending[Any, Any]:
        return Mending(name, lambda: Faulty(name, make(), chance), debt, RECOVERY, clock)

    made = Pipeline(
        source=given,
        processors=Processors(
            capture=given,
            asr=mended(
                "asr",
                lambda: RecogniseProcessor(LastingTranscriber(hears), config, clock, coalesce=True),
                Unheard(clock),
            ),
            mt=mended(
                "mt",
                lambda: TranslateProcessor(mt, MtConfig(), clock, segments=segments),
                Untranslated(segments, clock),
            ),
            tts=mended(
                "tts",
                lambda: SpeakProcessor(LastingSynthesizer(says), sink, TtsConfig(), time),
                Unspoken(spoken=True),
            ),
        ),
        sink=sink,
        listeners=[ledger],
        metrics=MetricsCollector(realtime=False),
        timeline=time,
        config=Config(),
        clock=clock,
    )
    outcome: StageError | None = None
    try:
        made.run()
    except StageError as error:
        outcome = error
    for part in (hears, says, mt):
        part.close()
    return ledger, outcome


def given(seed: int) -> tuple[Ledger, StageError | None]:
    world = Scheduler(random_switches(random.Random(seed)))
    found: list[tuple[Ledger, StageError | None]] = []
    with world.controls(*UNDER_TEST):
        world.run(lambda: found.append(give(seed, world)))
    return found[0]


@pytest.mark.parametrize(
    "seeds",
    [
        range(100),
        *(
            pytest.param(range(begin, begin + 500), marks=pytest.mark.slow)
            for begin in range(100, 2100, 500)
        ),
    ],
    ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}",
)
def test_every_word_is_accounted_for_whatever_fails(
    seeds: range, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    for seed in seeds:
        ledger, outcome = given(seed)
        report = ledger.report()
        for side in ("source", "target"):
            assert report[side]["mismatches"] == 0, (seed, report, outcome)
            if outcome is None:
                assert report[side]["open"] == 0, (seed, report)
        if outcome is not None:
            assert isinstance(outcome.__cause__, GivenUpError | KeyError), (seed, outcome)
