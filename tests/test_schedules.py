"""Random talks, faults and stops, in random schedules, through the real channels, stages and
supervisor: what must hold in every one of them."""

import contextlib
import itertools
import logging
import math
import random
import re

import pytest
from hypothesis import given, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from live_translator import audience, channel, metrics, pipeline, stage, timeline
from live_translator.errors import Interrupted, OutputError, StageError
from live_translator.metrics import MetricsCollector
from live_translator.pipeline import Pipeline, Processors
from live_translator.timeline import Timeline
from tests.scheduler import SCHEDULES, Scheduler, Switch, Thread, random_switches
from tests.talk import (
    FOR_EVER_S,
    STAGES,
    Fate,
    Fault,
    Listener,
    Part,
    Relay,
    Sink,
    Source,
    Talk,
    configured,
)

UNDER_TEST = (audience, channel, stage, pipeline, metrics, timeline)
LAST = 200
"""So many switches before a failure are shown."""


class Performance:
    """A talk that is given, and what came of it."""

    def __init__(self, talk: Talk, world: Scheduler) -> None:
        self.talk = talk
        self.world = world
        self.fate = Fate(world, talk.faults)
        self.source = Source(talk, self.fate)
        self.sink = Sink(self.fate, self._note_what_was_done)
        self.listeners = [Listener(name, self.fate) for name in ("first", "last")]
        # Whom nothing happens to has been told of all that was passed on.
        unharmed = (it for it in self.listeners if not talk.fails(it.name))
        witness = next((it.told for it in unharmed), {})
        told = (None, None, witness.get("asr"), witness.get("mt"))
        self.relays = {
            name: Relay(name, part, talk, self.fate, sink=self.sink, told=told)
            for name, part, told in zip(STAGES, talk.parts, told, strict=True)
        }
        self.pipeline = Pipeline(
            source=self.source,
            processors=Processors(**self.relays),
            sink=self.sink,
            listeners=self.listeners,
            metrics=MetricsCollector(realtime=True),
            timeline=Timeline(self._clock, realtime=True),
            config=configured(talk.capacities, talk.grace_s, talk.join_s),
            clock=self._clock,
        )
        self.interrupted_s: list[float] = []
        self.done_at_abort: list[tuple[str, int]] | None = None
        """For each stage, when the sink was closed: its calls, and what listeners were told."""
        self.outcome: StageError | Interrupted | OutputError | None = None
        self.ended_s = 0.0
        self.alive: set[str] = set()
        """The stages whose threads still run when the pipeline has come back."""
        self.warnings: list[str] = []

    def give(self) -> None:
        talk = self.talk
        for fault in talk.faults:
            if fault.moment == "start":
                self.world.refused.add(fault.place)
                self.fate.raised.append((0.0, fault.place, None))
        if talk.interrupts_s:
            Thread(target=self._interrupt, name="keyboard").start()
        if talk.ends_s is not None:
            Thread(target=self._end_source, name="elsewhere").start()
        try:
            self.pipeline.run()
        except (StageError, Interrupted, OutputError) as outcome:
            self.outcome = outcome
        self.ended_s = self.world.now_s
        self.alive = {name for name in self.world.alive() if name in STAGES}

    def aborted_s(self) -> tuple[float, float]:
        """Return between when and when the interrupts alone would have cut it short."""
        first_s, second_s, *_ = (*self.interrupted_s, math.inf, math.inf)
        latest_s = min(first_s + self.talk.grace_s, second_s)
        # A time that the clock leapt over has passed, whether it was lived through or not.
        leapt_s = min((at_s for at_s, _ in self.talk.leaps_s), default=math.inf)
        return min(latest_s, max(first_s, leapt_s)), latest_s

    def needs_s(self) -> float:
        """Return how long the stages take at most for what was heard."""
        needs_s, inputs = 0.0, self.source.heard
        for part in self.talk.parts:
            needs_s += inputs * part.work_s
            inputs = part.total(inputs)
        return needs_s + sum(fault.hangs_s or 0.0 for fault in self.talk.faults)

    def _clock(self) -> float:
        return self.talk.clock_s(self.world.now_s)

    def _interrupt(self) -> None:
        for time_s in self.talk.interrupts_s:
            self.world.sleep(time_s - self.world.now_s)
            self.interrupted_s.append(self.world.now_s)
            self.pipeline.interrupt()

    def _end_source(self) -> None:
        self.world.sleep(self.talk.ends_s or 0.0)
        self.source.end()

    def has_fault(self, place: str, moment: str) -> bool:
        return any((fault.place, fault.moment) == (place, moment) for fault in self.talk.faults)

    def done(self) -> list[tuple[str, int]]:
        told = self.listeners[0].told
        return [(relay.calls, len(told.get(name, ()))) for name, relay in self.relays.items()]

    def _note_what_was_done(self) -> None:
        if self.done_at_abort is None:
            self.done_at_abort = self.done()


class Warnings(logging.Handler):
    """Keeps what the supervisor warns of."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._messages.append(record.getMessage())


def check(talk: Talk, world: Scheduler) -> None:
    """Give a talk and check all that must hold."""
    with world.controls(*UNDER_TEST):
        it = Performance(talk, world)
        handler = Warnings(it.warnings)
        pipeline.log.addHandler(handler)
        try:
            world.run(it.give)
        finally:
            pipeline.log.removeHandler(handler)
        each_channel_keeps_order_and_bounds(it)
        listeners_are_told_everything_once(it)
        nothing_is_begun_after_an_abort(it)
        all_ends_and_is_closed_once(it)
        what_stopped_it_first_is_raised(it)
        it_ends_in_time(it)
        if it.outcome is None or isinstance(it.outcome, OutputError):
            all_that_was_heard_came_out(it)


def each_channel_keeps_order_and_bounds(it: Performance) -> None:
    stats = it.pipeline.channel_stats().values()
    for capacity, seen in zip(it.talk.capacities, stats, strict=True):
        assert seen.capacity == capacity
        assert seen.high_water <= capacity
    relays = it.relays.values()
    for capacity, (before, after) in zip(
        it.talk.capacities, itertools.pairwise(relays), strict=True
    ):
        assert after.largest_batch <= capacity
        assert after.taken == list(range(len(after.taken)))
        assert len(after.taken) <= before.made <= before.passed + 1


def listeners_are_told_everything_once(it: Performance) -> None:
    """A message that was passed on was told to each who can be; the last made perhaps to some."""
    for listener in it.listeners:
        for stage_name, told in listener.told.items():
            assert told == list(range(len(told)))
            assert len(told) <= it.relays[stage_name].made
            assert listener.failed or it.relays[stage_name].passed <= len(told)


def nothing_is_begun_after_an_abort(it: Performance) -> None:
    assert it.done_at_abort is not None
    for (calls_then, told_then), (calls, told) in zip(it.done_at_abort, it.done(), strict=True):
        assert calls in (calls_then, calls_then + "c")
        assert told <= told_then + 1, "only the message that was just being told"


def all_ends_and_is_closed_once(it: Performance) -> None:
    hanging = {fault.place for fault in it.talk.faults if fault.hangs_s == FOR_EVER_S}
    left = set(it.world.left)
    assert left <= {"capture" if place == "source" else place for place in hanging}
    for name, relay in it.relays.items():
        # One that hangs is closed as well, when the scheduler unwinds it in the end.
        assert re.fullmatch("p*f?c", relay.calls), (name, relay.calls)
    assert it.sink.closed
    assert left <= it.alive
    assert all(any(repr(name) in warning for warning in it.warnings) for name in it.alive)
    slow = any(part.work_s for part in it.talk.parts) or any(f.hangs_s for f in it.talk.faults)
    assert slow or it.has_fault("source", "close") or it.talk.leaps_s or not it.alive


def what_stopped_it_first_is_raised(it: Performance) -> None:
    earliest_s, aborted_s = it.aborted_s()
    first_s = min((time_s for time_s, _, _ in it.fate.raised), default=math.inf)
    match it.outcome:
        case None:
            assert it.ended_s <= aborted_s
            assert not it.fate.raised
            assert not any(listener.failed for listener in it.listeners)
        case OutputError():
            assert it.ended_s <= aborted_s
            assert not it.fate.raised
            failed = any(listener.failed for listener in it.listeners)
            assert failed or it.has_fault("sink", "close")
        case Interrupted():
            assert earliest_s <= min(it.ended_s, first_s)
            in_time = it.needs_s() < it.talk.grace_s and not it.talk.faults and not it.talk.leaps_s
            assert len(it.interrupted_s) > 1 or not in_time, "it could have been finished"
        case StageError(__cause__=AssertionError() as broken):
            raise broken
        case StageError(stage=name, __cause__=cause):
            of_it = [(time_s, error) for time_s, failed, error in it.fate.raised if failed == name]
            assert of_it, f"{name} did not fail"
            time_s, error = of_it[0]
            assert cause is error or (error is None and isinstance(cause, RuntimeError))
            assert time_s == first_s <= aborted_s


def it_ends_in_time(it: Performance) -> None:
    first_s = min((time_s for time_s, _, _ in it.fate.raised), default=math.inf)
    stopped_s = min(it.aborted_s()[1], first_s) + it.talk.join_s + len(STAGES) * 0.1
    if it.outcome is None:
        stopped_s = it.source.heard * it.talk.every_s + it.needs_s()
        stopped_s += sum(it.interrupted_s[:1]) + (it.talk.ends_s or 0.0)
    assert it.ended_s <= stopped_s + 1e-6


def all_that_was_heard_came_out(it: Performance) -> None:
    inputs = it.source.heard
    for name, part in zip(STAGES, it.talk.parts, strict=True):
        assert len(it.relays[name].taken) == inputs
        inputs = part.total(inputs)
        assert it.relays[name].made == it.relays[name].passed == inputs


def drawn(seed: int, *, trace: bool = False) -> tuple[Talk, Scheduler]:
    source = random.Random(seed)
    return Talk.random(source), Scheduler(random_switches(source), trace=trace)


def story(seed: int) -> str:
    """Return which talk it is and who went on when, as far as it matters."""
    talk, world = drawn(seed, trace=True)
    with contextlib.suppress(Exception):
        check(talk, world)
    return "\n".join([f"seed {seed}: {talk}", *(world.trace or [])[-LAST:]])


@pytest.mark.parametrize(
    "seeds",
    [
        range(2_000),
        *(
            pytest.param(range(begin, begin + 5_000), marks=pytest.mark.slow)
            for begin in range(2_000, 102_000, 5_000)
        ),
    ],
    ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}",
)
def test_every_promise_is_kept_in_every_schedule(seeds: range) -> None:
    for seed in seeds:
        try:
            check(*drawn(seed))
        except Exception as error:
            raise AssertionError(story(seed)) from error


FOUND = {
    "a processor that fails and cannot be closed either": Talk(
        faults=(Fault("asr", "process"), Fault("asr", "close")),
    ),
    "a source that cannot be closed when a stage has failed": Talk(
        blocks=None, every_s=0.5, faults=(Fault("mt", "process"), Fault("source", "close"))
    ),
    "a source that cannot be closed when it should end": Talk(
        blocks=None, every_s=0.5, faults=(Fault("source", "close"),), interrupts_s=(1.0,)
    ),
    "an output that cannot be closed when a stage has failed": Talk(
        faults=(Fault("asr", "process", 1), Fault("sink", "close")),
    ),
    "no room for another thread": Talk(faults=(Fault("mt", "start"),)),
    "work that waits when all is aborted": Talk(
        blocks=6, capacities=(3, 3, 3), parts=(Part(),) * 3 + (Part(leaves=1, work_s=1.0),),
        interrupts_s=(0.5, 0.5),
    ),
}  # fmt: skip
"""Talks that ended badly once."""


@pytest.mark.parametrize("talk", FOUND.values(), ids=FOUND)
def test_what_was_found_once_does_not_come_back(talk: Talk) -> None:
    for seed in range(50):
        check(talk, Scheduler(random_switches(random.Random(seed))))


@hypothesis_settings(deadline=None)
@given(st.randoms(use_true_random=False), SCHEDULES)
def test_a_broken_promise_is_shown_in_its_simplest_form(
    source: random.Random, switches: list[Switch]
) -> None:
    talk = Talk.random(source)
    note(str(talk))
    check(talk, Scheduler(switches))
