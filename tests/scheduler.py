"""Threads that take turns, so that every interleaving can be chosen, and had again.

The code under test runs unchanged. Inside `Scheduler.controls(module, ...)` the names
`threading` and `queue` of those modules stand for the cooperative classes below. A thread is
a greenlet: it runs alone until it comes to a place where threads can meet (a lock, condition,
event, queue, start, join or sleep), and there the schedule may let another one go on. Time is
virtual: it passes only when every thread waits, and then to the earliest time-out.

    world = Scheduler(random_switches(random.Random(seed)))
    with world.controls(channel, stage, pipeline):
        world.run(talk)                # Deadlock or Livelock says where every thread stands

A schedule is a sequence of `Switch`es: how many such places the thread that goes on may
pass before the next one, unless it has to wait earlier, and who that next one is. A random
one never ends; one that ends lets each thread run until it waits, so that the shorter one is
the simpler one, which is what hypothesis looks for. `Scheduler(..., trace=True)` writes down
every switch.

What it cannot see: unlocked data that two threads change between two such places. What stays
real, and must not be waited for: locks made outside `controls` or at import, classes derived
from `threading.Thread`, and code that waits in C.
"""

import contextlib
import queue
import random
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FrameType, TracebackType
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import hypothesis.strategies as st
from greenlet import GreenletExit, getcurrent, greenlet

T = TypeVar("T")
Switch: TypeAlias = tuple[int, float]
"""How many places may be passed (1 and up), and how far down (0 to 1, less than 1) the list
of the threads that can go on, the oldest first, the next one is."""

_ON_AND_ON: Switch = (1000, 0.0)
"""The switch that follows the last one of a schedule."""
_PATIENCE = 100_000
"""Places that a run may pass before it is taken for one that never ends."""


class Deadlock(Exception):  # noqa: N818 - what it is
    """Threads wait, and nobody is left who could wake them."""


class Livelock(Exception):  # noqa: N818 - what it is
    """Threads go on and on."""


def random_switches(source: random.Random) -> Iterator[Switch]:
    """Yield switches without end: seldom or often, fairly or so that old or new threads starve."""
    draw = source.random
    passes = (1, 2, 6, 20, 100)[int(draw() * 5)]
    leaning = (1.0, 1.0, 0.3, 3.0)[int(draw() * 4)]
    while True:
        yield 1 + int(draw() * passes), draw() ** leaning


SCHEDULES = st.lists(
    st.tuples(st.sampled_from((1, 2, 3, 4, 6, 10, 20, 40)), st.sampled_from((0.0, 0.3, 0.6, 0.9))),
    max_size=100,
)
"""For hypothesis."""


def _always() -> bool:
    return True


def _never() -> bool:
    return False


class Scheduler:
    """A world of its own: its threads, its time, and who goes on when. Used once."""

    current: ClassVar["Scheduler"]
    """Whose locks and threads those are that are made now."""

    def __init__(self, switches: Iterable[Switch] = (), *, trace: bool = False) -> None:
        Scheduler.current = self
        self.now_s = 0.0
        self.trace: list[str] | None = [] if trace else None
        self.left: list[str] = []
        """After a run, the names of the threads that were told to hang, and do."""
        self.refused: set[str] = set()
        """The names of threads that the system has no room for."""
        self._switches = iter(switches)
        self._hub = getcurrent()
        self._threads: list[Thread] = []
        self._running: Thread | None = None
        self._passes = self._may_pass = 0
        self._passed = 0
        self._failures: list[BaseException] = []
        self._ending = False

    def clock(self) -> float:
        """Return the virtual time."""
        return self.now_s

    def alive(self) -> list[str]:
        """Return the names of the threads that have not ended."""
        return [thread.name for thread in self._threads]

    @contextlib.contextmanager
    def controls(self, *modules: object) -> Iterator[None]:
        """Let `threading` and `queue` in these modules mean the cooperative ones."""
        before = [
            (vars(module), name, vars(module)[name])
            for module in modules
            for name in _STANDINS
            if name in vars(module)
        ]
        try:
            for names, name, _ in before:
                names[name] = _STANDINS[name]
            yield
        finally:
            for names, name, real in before:
                names[name] = real

    def run(self, main: Callable[[], T]) -> T:
        """Run `main` and all it starts until every thread has ended; return what it returned.

        Raises the first failure of any thread, at once, or else Deadlock or Livelock.
        """
        results: list[T] = []
        Thread(target=lambda: results.append(main()), name="main").start()
        try:
            # Threads hand over to each other; here they come when they end or nobody can go on.
            while not self._failures and (chosen := self._choose()) is not None:
                chosen.greenlet.switch()
            if self._failures:
                raise self._failures[0]
            if self._passed > _PATIENCE:
                raise Livelock(self._report(f"no end after {_PATIENCE} steps"))
            self.left = [thread.name for thread in self._threads if thread.hangs]
            if len(self.left) < len(self._threads):
                raise Deadlock(self._report("nobody can go on"))
        finally:
            self._end()
        return results[0]

    def step(self) -> None:
        """Let another thread go on here, if the schedule says so."""
        self._passes -= 1
        if self._passes <= 0:
            self._pause(_always, None)

    def sleep(self, delay_s: float) -> None:
        """Work or wait for so long."""
        self._pause(_never, delay_s)

    def hang(self) -> None:
        """Never come back; this is on purpose, and so no deadlock."""
        if self._running is not None:
            self._running.hangs = True
        self._pause(_never, None)

    def wait_until(self, ready: Callable[[], bool], timeout_s: float | None = None) -> bool:
        """Let others go on until it is so, or the time has passed; return whether it is so."""
        self._passes -= 1
        if self._passes > 0 and ready():
            return True
        return self._pause(ready, timeout_s)

    def _pause(self, ready: Callable[[], bool], timeout_s: float | None) -> bool:
        me = self._running
        if me is None:  # Before and after a run there is nobody to wait for.
            if ready() or timeout_s is not None:
                return ready()
            raise Deadlock("this would wait for ever, since no thread runs")
        if self._ending:
            raise GreenletExit
        me.ready = ready
        me.until_s = None if timeout_s is None else self.now_s + timeout_s
        chosen = self._choose()
        if chosen is not me:
            (self._hub if chosen is None else chosen.greenlet).switch()
        return ready()

    def _choose(self) -> "Thread | None":
        """Return who goes on, when need be after the time has passed; None if nobody can."""
        before, self._running = self._running, None
        self._passed += self._may_pass - self._passes
        while True:
            can = [
                thread
                for thread in self._threads
                if (thread.until_s is not None and thread.until_s <= self.now_s) or thread.ready()
            ]
            if can:
                break
            times_s = [thread.until_s for thread in self._threads if thread.until_s is not None]
            if not times_s:
                return None
            self.now_s = min(times_s)
        if self._passed > _PATIENCE:
            return None
        passes, which = next(self._switches, _ON_AND_ON)
        self._passes = self._may_pass = passes
        chosen = self._running = can[int(which * len(can)) % len(can)]
        if self.trace is not None and chosen is not before:
            stands = f"; {before.name} stands {before.place()}" if before is not None else ""
            self.trace.append(f"{self.now_s:8.3f} s  {chosen.name} goes on{stands}")
        return chosen

    def _report(self, what: str) -> str:
        stands = [f"  {thread.name} stands {thread.place()}" for thread in self._threads]
        return "\n".join([f"{what} at {self.now_s:.3f} s:", *stands])

    def _end(self) -> None:
        """Unwind what still stands, so that nothing of this world is left."""
        self._ending, self._passes = True, 0
        for thread in tuple(self._threads):
            self._running = thread
            thread.greenlet.throw()
        self._threads.clear()
        self._running = None


class Thread:
    """As `threading.Thread`; a failure ends the run that it happened in."""

    def __init__(
        self,
        group: None = None,
        target: Callable[..., object] | None = None,
        name: str | None = None,
        args: Iterable[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        daemon: bool | None = None,
    ) -> None:
        self.name = name or str(getattr(target, "__name__", type(self).__name__))
        self.daemon = bool(daemon)
        self.ident: int | None = None
        self.hangs = False
        self.ready: Callable[[], bool] = _always
        self.until_s: float | None = None
        self.greenlet = greenlet(self._bootstrap)
        self._world = Scheduler.current
        self._target, self._args, self._kwargs = target, args, kwargs or {}
        self._alive = False

    def start(self) -> None:
        if self.ident is not None:
            raise RuntimeError("threads can only be started once")
        if self.name in self._world.refused:
            raise RuntimeError("can't start new thread")
        self.ident = id(self)
        self._alive = True
        self.greenlet.parent = self._world._hub
        self._world._threads.append(self)
        self._world.step()

    def run(self) -> None:
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def join(self, timeout: float | None = None) -> None:
        if self.ident is None:
            raise RuntimeError("cannot join thread before it is started")
        if self._world._running is self:
            raise RuntimeError("cannot join current thread")
        self._world.wait_until(self._has_ended, timeout)

    def is_alive(self) -> bool:
        self._world.step()
        return self._alive

    def place(self) -> str:
        """Return where it stands: the place in the code under test, and what it called there."""
        frame = self.greenlet.gr_frame if self.greenlet is not getcurrent() else sys._getframe()
        called = ""
        while frame is not None and frame.f_code.co_filename == __file__:
            called, frame = frame.f_code.co_qualname, frame.f_back
        if frame is None:
            return "at its beginning" if self._alive else "at its end"
        return f"{_place(frame)} ({called})"

    def _has_ended(self) -> bool:
        return not self._alive

    def _bootstrap(self) -> None:
        try:
            self.run()
        except GreenletExit:
            return  # Unwound, since the run is over.
        except BaseException as failure:  # noqa: BLE001 - `Scheduler.run` raises it
            self._world._failures.append(failure)
        self._alive = False
        self._world._threads.remove(self)


def _place(frame: FrameType) -> str:
    path = frame.f_code.co_filename.rpartition("/")[2]
    return f"at {path}:{frame.f_lineno} in {frame.f_code.co_name}"


class Lock:
    """As `threading.Lock`, but only its holder may release it."""

    _again = False

    def __init__(self) -> None:
        self._world = Scheduler.current
        self._holder: object = None
        self._holds = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        world = self._world
        if self._holder is None or not (self._again and self.is_mine()):
            timeout_s = (None if timeout < 0 else timeout) if blocking else 0.0
            if not world.wait_until(self._is_free, timeout_s):
                return False
            self._holder = world._running or world
        self._holds += 1
        return True

    def release(self) -> None:
        if not self.is_mine():
            raise RuntimeError("release of a lock that this thread does not hold")
        self._holds -= 1
        if not self._holds:
            self._holder = None
            self._world.step()

    def locked(self) -> bool:
        self._world.step()
        return self._holder is not None

    def is_mine(self) -> bool:
        """Whether the thread that runs holds it."""
        return self._holder is (self._world._running or self._world)

    def give_up(self) -> int:
        """Release it for a wait, however often it is held; return how often that was."""
        holds, self._holds = self._holds, 1
        self.release()
        return holds

    def take_back(self, holds: int) -> None:
        """Acquire it after a wait, as often as before."""
        self.acquire()
        self._holds = holds

    def _is_free(self) -> bool:
        return self._holder is None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.release()


class RLock(Lock):
    """As `threading.RLock`."""

    _again = True


class _Waiter:
    notified = False

    def is_notified(self) -> bool:
        return self.notified


class Condition:
    """As `threading.Condition`."""

    def __init__(self, lock: Lock | None = None) -> None:
        self._world = Scheduler.current
        self._lock = lock or RLock()
        self._waiters: deque[_Waiter] = deque()
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def wait(self, timeout: float | None = None) -> bool:
        if not self._lock.is_mine():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = _Waiter()
        self._waiters.append(waiter)
        holds = self._lock.give_up()
        notified = self._world.wait_until(waiter.is_notified, timeout)
        if not notified:
            self._world.step()  # A notification that comes here is lost, as it is in CPython.
            with contextlib.suppress(ValueError):
                self._waiters.remove(waiter)
        self._lock.take_back(holds)
        return notified

    def wait_for(self, predicate: Callable[[], T], timeout: float | None = None) -> T:
        until_s = None if timeout is None else self._world.now_s + timeout
        while not (result := predicate()):
            left_s = None if until_s is None else until_s - self._world.now_s
            if left_s is not None and left_s <= 0:
                break
            self.wait(left_s)
        return result

    def notify(self, n: int = 1) -> None:
        if not self._lock.is_mine():
            raise RuntimeError("cannot notify on un-acquired lock")
        for _ in range(min(n, len(self._waiters))):
            self._waiters.popleft().notified = True
        self._world.step()

    def notify_all(self) -> None:
        self.notify(len(self._waiters))

    def __enter__(self) -> bool:
        return self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._lock.release()


class Event:
    """As `threading.Event`."""

    def __init__(self) -> None:
        self._world = Scheduler.current
        self._flag = False

    def is_set(self) -> bool:
        self._world.step()
        return self._flag

    def set(self) -> None:
        self._flag = True
        self._world.step()

    def clear(self) -> None:
        self._flag = False
        self._world.step()

    def wait(self, timeout: float | None = None) -> bool:
        return self._world.wait_until(self._is_set, timeout)

    def _is_set(self) -> bool:
        return self._flag


class Queue(Generic[T]):
    """As `queue.Queue`, without `task_done`."""

    def __init__(self, maxsize: int = 0) -> None:
        self._world = Scheduler.current
        self._maxsize = maxsize
        self._items: deque[T] = deque()

    def put(self, item: T, block: bool = True, timeout: float | None = None) -> None:
        if not self._world.wait_until(self._has_room, timeout if block else 0.0):
            raise queue.Full
        self._items.append(item)
        self._world.step()

    def get(self, block: bool = True, timeout: float | None = None) -> T:
        if not self._world.wait_until(self._has_item, timeout if block else 0.0):
            raise queue.Empty
        return self._items.popleft()

    def put_nowait(self, item: T) -> None:
        self.put(item, block=False)

    def get_nowait(self) -> T:
        return self.get(block=False)

    def qsize(self) -> int:
        self._world.step()
        return len(self._items)

    def empty(self) -> bool:
        return not self.qsize()

    def _has_room(self) -> bool:
        return self._maxsize <= 0 or len(self._items) < self._maxsize

    def _has_item(self) -> bool:
        return bool(self._items)


class _StandIn:
    """A module's names, and a plain word where one is missing."""

    def __init__(self, module: str, **names: object) -> None:
        self._module = module
        vars(self).update(names)

    def __getattr__(self, name: str) -> object:
        raise AttributeError(f"tests/scheduler.py has no stand-in for {self._module}.{name} yet")


def _current_thread() -> Thread:
    running = Scheduler.current._running
    if running is None:
        raise RuntimeError("no thread of the scheduler runs")
    return running


_STANDINS = {
    "threading": _StandIn(
        "threading",
        Thread=Thread,
        Lock=Lock,
        RLock=RLock,
        Condition=Condition,
        Event=Event,
        current_thread=_current_thread,
        get_ident=lambda: _current_thread().ident,
        enumerate=lambda: list(Scheduler.current._threads),
    ),
    "queue": _StandIn("queue", SimpleQueue=Queue, Queue=Queue, Empty=queue.Empty, Full=queue.Full),
}
