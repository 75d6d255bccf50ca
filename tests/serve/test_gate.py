"""Turns with an engine, by real threads."""

import threading
import time

import pytest

from live_translator.serve.gate import Gate, Gates


def test_one_at_a_time_and_the_sessions_in_turn() -> None:
    gate = Gate(window_s=10.0, clock=time.monotonic)
    order: list[str] = []
    inside = threading.Semaphore(1)

    def call(session: str) -> None:
        with gate.turn(session):
            assert inside.acquire(blocking=False)
            order.append(session)
            inside.release()

    threads = []
    with gate.turn("first"):
        for count, session in enumerate("aaabbc", 1):
            thread = threading.Thread(target=call, args=(session,))
            thread.start()
            threads.append(thread)
            while gate.waiting() < count:
                thread.join(0.001)
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert "".join(order) == "abcaba"
    assert gate.waiting() == 0


def test_a_call_that_fails_gives_its_turn_on() -> None:
    gate = Gate(window_s=10.0, clock=time.monotonic)
    with pytest.raises(ValueError, match="broken"), gate.turn("a"):
        raise ValueError("broken")
    with gate.turn("b"):
        pass


def test_how_long_calls_took_and_waited_is_known() -> None:
    now = [0.0]
    waited: list[tuple[str, float]] = []
    gates = Gates(window_s=10.0, clock=lambda: now[0], waited=lambda *one: waited.append(one))
    turn = gates.turns("a")
    with turn("asr"):
        now[0] = 4.0
    assert gates.shares() == {"asr": 0.4, "mt": 0.0, "tts": 0.0}
    assert gates.busy_s()["asr"] == 4.0
    assert waited == [("asr", 0.0)]
