"""The scheduler finds planted faults, finds them again, and is else like the real thing."""

import queue
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import find, settings

from tests.scheduler import SCHEDULES, Deadlock, Livelock, Scheduler, random_switches

ENOUGH = 200
"""Schedules within which every fault planted here shows."""


class Code:
    """A module such as those under test: it calls `threading` and `queue` by these names."""

    def __init__(self) -> None:
        self.threading: Any = threading
        self.queue: Any = queue

    def run(self, *works: Callable[[], object]) -> None:
        """Run each in a thread of its own, and wait for all."""
        threads = [self.threading.Thread(target=work, name=work.__name__) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


Program = Callable[[Code], object]


@pytest.fixture
def code() -> Iterator[Code]:
    module = Code()
    yield module
    assert (module.threading, module.queue) == (threading, queue)


def outcome(code: Code, program: Program, world: Scheduler) -> object:
    with world.controls(code):
        try:
            return world.run(lambda: program(code))
        except Deadlock:
            return Deadlock


def seeded(seed: int, *, trace: bool = False) -> Scheduler:
    return Scheduler(random_switches(random.Random(seed)), trace=trace)


def crossed_locks(code: Code) -> None:
    """Two locks, taken in both orders."""
    first, second = code.threading.Lock(), code.threading.Lock()

    def up() -> None:
        with first, second:
            pass

    def down() -> None:
        with second, first:
            pass

    code.run(up, down)


def lost_update(code: Code) -> int:
    """A number that is read under the lock, and written under it, but not in one go."""
    lock, total = code.threading.Lock(), 0

    def add() -> None:
        nonlocal total
        with lock:
            before = total
        with lock:
            total = before + 1

    code.run(add, add)
    return total


def lost_wake_up(code: Code) -> None:
    """A flag that is looked at before the lock is taken, and may be set in between."""
    changed, ready = code.threading.Condition(), code.threading.Event()

    def waits() -> None:
        if not ready.is_set():
            with changed:
                changed.wait()

    def wakes() -> None:
        ready.set()
        with changed:
            changed.notify_all()

    code.run(waits, wakes)


def one_told_of_two(code: Code) -> None:
    """Two wait for the same thing, and only one is told."""
    changed, ready = code.threading.Condition(), False

    def waits() -> None:
        with changed:
            changed.wait_for(lambda: ready)

    def wakes() -> None:
        nonlocal ready
        with changed:
            ready = True
            changed.notify()

    code.run(waits, waits, wakes)


def told_too_late(code: Code) -> bool:
    """Who is told may just have given up waiting, and the other one is not told."""
    changed, got = code.threading.Condition(), []

    def waits(timeout_s: float | None) -> None:
        with changed:
            got.append(changed.wait(timeout_s))

    def wakes() -> None:
        code.threading.Event().wait(1.0)
        with changed:
            changed.notify()

    code.run(lambda: waits(1.0), lambda: waits(None), wakes)
    return True


def race_for_a_queue(code: Code) -> object:
    """It is not empty when it is looked at, and empty when it is read."""
    items = code.queue.SimpleQueue()
    items.put("one")
    found: list[object] = []

    def takes() -> None:
        if not items.empty():
            try:
                found.append(items.get_nowait())
            except queue.Empty:
                found.append("none")

    code.run(takes, takes)
    return tuple(found)


@pytest.mark.parametrize(
    ("program", "outcomes"),
    [
        (crossed_locks, {None, Deadlock}),
        (lost_update, {1, 2}),
        (lost_wake_up, {None, Deadlock}),
        (one_told_of_two, {None, Deadlock}),
        (told_too_late, {True, Deadlock}),
        (race_for_a_queue, {("one",), ("one", "none")}),
    ],
)
def test_a_planted_fault_shows_in_some_schedules(
    code: Code, program: Program, outcomes: set[object]
) -> None:
    assert {outcome(code, program, seeded(seed)) for seed in range(ENOUGH)} == outcomes


def test_a_schedule_that_fails_is_shrunk_to_the_one_switch_that_it_takes(code: Code) -> None:
    smallest = find(
        SCHEDULES,
        lambda switches: outcome(code, crossed_locks, Scheduler(switches)) is Deadlock,
        settings=settings(database=None, deadline=None, max_examples=5_000),
    )
    # One to stop `up` once it holds the first lock, and those before it that let it run.
    assert len(smallest) <= 4, smallest


def test_a_deadlock_names_each_thread_and_where_it_stands(code: Code) -> None:
    with pytest.raises(Deadlock) as caught:
        for seed in range(ENOUGH):
            world = seeded(seed)
            with world.controls(code):
                world.run(lambda: crossed_locks(code))
    what, *threads = str(caught.value).splitlines()
    assert what == "nobody can go on at 0.000 s:"
    assert [line.split()[0] for line in threads] == ["main", "up", "down"]
    assert "in up (Lock.__enter__)" in threads[1]
    assert "at test_scheduler.py:" in threads[2]


def test_the_same_seed_is_the_same_schedule_and_another_one_is_not(code: Code) -> None:
    traces = []
    for seed in (1, 1, 2):
        world = seeded(seed, trace=True)
        outcome(code, lost_update, world)
        traces.append(world.trace)
    assert traces[0]
    assert traces[0] == traces[1] != traces[2]


def test_threads_that_go_on_and_on_are_found(code: Code) -> None:
    lock = None

    def spins() -> None:
        while True:
            with lock or code.threading.Lock():
                pass

    world = seeded(0)
    with world.controls(code), pytest.raises(Livelock, match="main stands at test_scheduler"):
        world.run(spins)


def test_a_failure_in_any_thread_is_the_failure_of_the_run(code: Code) -> None:
    def fails() -> None:
        raise ValueError("broken on purpose")

    world = seeded(0)
    with world.controls(code), pytest.raises(ValueError, match="broken on purpose"):
        world.run(lambda: code.run(fails, world.hang))


def test_who_is_told_to_hang_is_named_and_is_no_deadlock(code: Code) -> None:
    world = seeded(0)
    with world.controls(code):
        world.run(lambda: code.threading.Thread(target=world.hang, name="deaf").start())
    assert world.left == ["deaf"]


def test_time_passes_only_when_every_thread_waits_and_to_the_first_time_out(code: Code) -> None:
    for seed in range(20):
        world = seeded(seed)
        seen: list[tuple[str, float]] = []

        def works(name: str, *delays_s: float) -> None:
            for delay_s in delays_s:
                world.sleep(delay_s)  # noqa: B023 - it runs within the loop
                seen.append((name, world.now_s))  # noqa: B023

        with world.controls(code):
            world.run(lambda: code.run(lambda: works("a", 1.0, 3.0), lambda: works("b", 2.5)))
        assert seen == [("a", 1.0), ("b", 2.5), ("a", 4.0)]


def test_a_thread_that_the_system_has_no_room_for_does_not_start(code: Code) -> None:
    world = seeded(0)
    world.refused = {"late"}
    with world.controls(code), pytest.raises(RuntimeError, match="can't start new thread"):
        world.run(code.threading.Thread(name="late").start)


def test_a_name_without_a_stand_in_says_so(code: Code) -> None:
    with seeded(0).controls(code), pytest.raises(AttributeError, match="no stand-in for threading"):
        code.threading.Barrier(2)


def failure(work: Callable[[], object]) -> type[BaseException]:
    with pytest.raises(Exception) as caught:
        work()
    return caught.type


def locks(code: Code) -> object:
    lock, again = code.threading.Lock(), code.threading.RLock()
    with lock, again, again:
        refused = [lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.locked()]
    return refused, lock.locked(), failure(lock.release), failure(again.release)


def conditions(code: Code) -> object:
    changed = code.threading.Condition()
    with changed:
        waited = changed.wait(0.01), changed.wait_for(list, 0.01), changed.wait_for(lambda: 7)
    return waited, failure(changed.wait), failure(changed.notify)


def conditions_on_a_lock_held_twice(code: Code) -> object:
    changed, told = code.threading.Condition(), False

    def tells() -> None:
        nonlocal told
        with changed:
            told = True
            changed.notify_all()

    with changed, changed:
        code.threading.Thread(target=tells).start()
        return changed.wait_for(lambda: told, 5.0)


def events(code: Code) -> object:
    event = code.threading.Event()
    before = event.wait(0.01), event.is_set()
    code.threading.Thread(target=event.set).start()
    return before, event.wait(5.0), event.is_set(), event.clear(), event.is_set()


def queues(code: Code) -> object:
    items, one = code.queue.SimpleQueue(), code.queue.Queue(1)
    one.put("first")
    full = (
        failure(lambda: one.put("second", timeout=0.01)),
        failure(lambda: one.put_nowait("third")),
    )
    empty = failure(lambda: items.get(timeout=0.01)), failure(items.get_nowait), items.empty()
    code.threading.Thread(target=lambda: items.put("late")).start()
    return full, empty, items.get(timeout=5.0), one.get(), one.qsize()


def threads(code: Code) -> object:
    release = code.threading.Event()
    waits = code.threading.Thread(target=release.wait, name="waits", args=(5.0,), daemon=True)
    before = failure(waits.join), waits.is_alive(), waits.ident
    waits.start()
    waits.join(0.01)
    during = waits.is_alive(), failure(waits.start), waits in code.threading.enumerate()
    release.set()
    waits.join()
    own = failure(code.threading.current_thread().join)
    return before, during, waits.is_alive(), waits.name, waits.daemon, own


@pytest.mark.parametrize(
    "program", [locks, conditions, conditions_on_a_lock_held_twice, events, queues, threads]
)
def test_the_stand_ins_do_what_the_real_ones_do(code: Code, program: Program) -> None:
    real = program(code)
    for seed in range(20):
        assert outcome(code, program, seeded(seed)) == real
