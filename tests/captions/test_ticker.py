"""A thread that works when woken and now and then, and whose failures are heard of."""

import threading
from collections.abc import Callable

import pytest

from live_translator.captions.ticker import Ticker


def ends(name: str) -> bool:
    return all(thread.name != name for thread in threading.enumerate())


def test_it_works_when_woken_and_finishes_once() -> None:
    done: list[str] = []
    worked = threading.Semaphore(0)

    def work() -> None:
        done.append(threading.current_thread().name)
        worked.release()

    ticker = Ticker("worker", work, lambda: done.append("finished"), period_s=60)
    ticker.start()
    assert worked.acquire(timeout=5)
    ticker.wake()
    assert worked.acquire(timeout=5)
    ticker.close()
    ticker.close()
    assert done[:2] == ["worker", "worker"]
    assert done.count("finished") == 1
    assert done[-1] == "finished"
    assert ends("worker")


def test_it_works_every_so_often_without_being_woken() -> None:
    worked = threading.Semaphore(0)
    ticker = Ticker("worker", worked.release, period_s=0.001)
    ticker.start()
    for _ in range(3):
        assert worked.acquire(timeout=5)
    ticker.close()
    assert ends("worker")


@pytest.mark.parametrize("raise_it", [Ticker.check, Ticker.close])
def test_a_failure_ends_it_and_is_raised_once_where_it_is_asked_for(
    raise_it: Callable[[Ticker], None],
) -> None:
    finished = threading.Event()

    def work() -> None:
        raise ValueError("broken")

    ticker = Ticker("worker", work, finished.set, period_s=60)
    ticker.start()
    assert finished.wait(5)
    while not ends("worker"):
        threading.Event().wait(0.001)
    with pytest.raises(ValueError, match="broken"):
        raise_it(ticker)
    ticker.check()
    ticker.close()


def test_one_that_never_started_closes() -> None:
    Ticker("worker", lambda: None, period_s=1).close()


def test_work_that_does_not_come_back_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("live_translator.captions.ticker._JOIN_S", 0.05)
    leave = threading.Event()

    def work() -> None:
        leave.wait(10)

    ticker = Ticker("stopped terminal", work, period_s=1)
    ticker.start()
    ticker.close()
    assert "stopped terminal: still busy" in caplog.text
    leave.set()
    ticker.close()
    assert ends("stopped terminal")
