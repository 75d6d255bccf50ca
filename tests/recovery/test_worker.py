import threading

import pytest

from live_translator.errors import HungError
from live_translator.recovery.worker import Worker

SOON_S = 5.0


def named(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_calls_are_made_on_the_worker_s_own_thread() -> None:
    worker = Worker("asr-call")
    names = {worker.call(lambda: threading.current_thread().name, limit_s=SOON_S) for _ in range(3)}
    assert names == {"asr-call"}
    (thread,) = named("asr-call")
    worker.close()
    worker.close()
    thread.join(SOON_S)
    assert not thread.is_alive()


def test_what_a_call_raises_is_raised_where_it_is_waited_for() -> None:
    worker = Worker("mt-call")
    with pytest.raises(ZeroDivisionError):
        worker.call(lambda: 1 // 0, limit_s=SOON_S)
    assert worker.call(lambda: "and it goes on", limit_s=SOON_S) == "and it goes on"
    worker.close()


def test_a_call_that_does_not_come_back_is_left_behind() -> None:
    worker = Worker("tts-call")
    stuck = threading.Event()
    with pytest.raises(HungError, match=r"no answer within 0\.05 s"):
        worker.call(lambda: stuck.wait(SOON_S), limit_s=0.05)
    (left_behind,) = named("tts-call")
    assert worker.call(threading.current_thread, limit_s=SOON_S) is not left_behind
    stuck.set()
    left_behind.join(SOON_S)
    assert not left_behind.is_alive(), "it ends when its call does"
    worker.close()


def test_a_worker_that_was_never_asked_has_no_thread() -> None:
    Worker("idle-call").close()
    assert not named("idle-call")
