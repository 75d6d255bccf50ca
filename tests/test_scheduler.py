"""The scheduler finds what it is there for, and finds it again."""

import queue
import random
import threading
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from tests.scheduler import Deadlock, Livelock, Scheduler, random_switches

Program = Callable[[], object]
ENOUGH = 200
"""Schedules within which every planted fault here is found."""


@pytest.fixture
def code() -> Iterator[ModuleType]:
    """A module such as those under test; what it calls `threading` and `queue` is replaced."""
    module = ModuleType("code")
    vars(module).update(threading=threading, queue=queue)
    yield module
    assert (module.threading, module.queue) == (threading, queue)


def world(seed: int, *, trace: bool = False) -> Scheduler:
    return Scheduler(random_switches(random.Random(seed)), trace=trace)


def outcomes(code: ModuleType, program: Callable[[ModuleType], object]) -> set[object]:
    """Return what the program came to in each of many schedules."""
    found = set()
    for seed in range(ENOUGH):
        scheduler = world(seed)
        with scheduler.controls(code):
            try:
                found.add(scheduler.run(lambda: program(code)))
            except Deadlock:
                found.add(Deadlock)
    return found


def both(code: ModuleType, one: Program, other: Program) -> None:
    threads = [code.threading.Thread(target=work, name=work.__name__) for work in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def deadlock(code: ModuleType) -> None:
    """Two locks, taken in both orders."""
    first, second = code.threading.Lock(), code.threading.Lock()

    def up() -> None:
        with first, second:
            pass

    def down() -> None:
        with second, first:
            pass

    both(code, up, down)


def lost_update(code: ModuleType) -> int:
    """A counter that is read and written, each under the lock but not both under one."""
    lock, total = code.threading.Lock(), [0]

    def add() -> None:
        with lock:
            before = total[0]
        with lock:
            total[0] = before + 1

    both(code, add, add)
    return total[0]


def lost_wake_up(code: ModuleType) -> bool:
    """A flag that is asked about before the lock is taken, in which time it may be set."""
    changed, ready = code.threading.Condition(), code.threading.Event()

    def waits() -> None:
        if not ready.is_set():
            with changed:
                changed.wait()

    def wakes() -> None:
        ready.set()
        with changed:
            changed.notify_all()

    both(code, waits, wakes)
    return True


def one_notified_for_two(code: ModuleType) -> bool:
    """Two wait for the same condition and only one is told."""
    changed, ready = code.threading.Condition(), []

    def waits() -> None:
        with changed:
            changed.wait_for(lambda: ready)

    def wakes() -> None:
        with changed:
            ready.append(True)
            changed.notify()

    third = code.threading.Thread(target=wakes)
    third.start()
    both(code, waits, waits)
    return True


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (deadlock, {None, Deadlock}),
        (lost_update, {1, 2}),
        (lost_wake_up, {True, Deadlock}),
        (one_notified_for_two, {True, Deadlock}),
    ],
)
def test_a_planted_fault_shows_in_some_schedules_and_not_in_others(
    code: ModuleType, program: Callable[[ModuleType], object], expected: set[object]
) -> None:
    assert outcomes(code, program) == expected


def test_a_deadlock_names_each_thread_and_where_it_stands(code: ModuleType) -> None:
    scheduler = world(0)
    with scheduler.controls(code), pytest.raises(Deadlock) as caught:
        scheduler.run(lambda: both(code, scheduler.sleep_for_ever, code.queue.SimpleQueue().get))
