"""Calls on a thread of their own, so that one that never comes back can be given up."""

import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from live_translator.errors import HungError

T = TypeVar("T")


class Worker:
    """Makes one call after another on its own thread, while its only caller waits.

    A thread cannot be stopped from outside: one whose call is late is left behind, ends
    when the call does, and what it then brings is thrown away. The next call gets a new one.
    """

    def __init__(self, name: str) -> None:
        """Start nothing yet; `name` is the thread's."""
        self._name = name
        self._calls: queue.SimpleQueue[_Call[Any] | None] | None = None

    def call(self, function: Callable[[], T], *, limit_s: float) -> T:
        """Return what a function returns, raise what it raises, HungError after `limit_s`."""
        if self._calls is None:
            self._calls = queue.SimpleQueue()
            thread = threading.Thread(
                target=_work, args=(self._calls,), name=self._name, daemon=True
            )
            thread.start()
        call = _Call(function)
        self._calls.put(call)
        if not call.done.wait(limit_s):
            self.close()
            raise HungError(f"no answer within {limit_s:g} s")
        return call.result()

    def close(self) -> None:
        """Let the thread end, after the call that it is in; idempotent."""
        if self._calls is not None:
            self._calls.put(None)
            self._calls = None


class _Call(Generic[T]):
    """A function, and what came of it."""

    def __init__(self, function: Callable[[], T]) -> None:
        self.done = threading.Event()
        self._function = function
        self._values: list[T] = []
        self._error: BaseException | None = None

    def make(self) -> None:
        try:
            self._values.append(self._function())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
        self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._values[0]


def _work(calls: "queue.SimpleQueue[_Call[Any] | None]") -> None:
    while (call := calls.get()) is not None:
        call.make()
        del call  # Nor its audio is kept while the next is waited for.
