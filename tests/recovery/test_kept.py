import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import astuple

import pytest

from live_translator.config import RecoveryConfig
from live_translator.errors import EngineError, GivenUpError, ModelError, SegmentError
from live_translator.recovery.kept import Kept

CONFIG = RecoveryConfig(limit_s=0.5, restarts=2, per_s=60.0)


class Engine:
    """Does what a script says: answers, raises, or hangs until it is let go."""

    def __init__(self, script: Iterator[BaseException | str], let_go: threading.Event) -> None:
        self._script = script
        self._let_go = let_go

    def ask(self) -> str:
        turn = next(self._script)
        if isinstance(turn, BaseException):
            raise turn
        if turn == "hang":
            self._let_go.wait(10.0)
        return turn


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def kept(
    let_go: threading.Event,
    *script: BaseException | str,
    renew: Callable[[Engine], Engine] | None = None,
) -> Kept[Engine]:
    turns = iter(script)
    return Kept(
        "the engine",
        Engine(turns, let_go),
        renew=renew or (lambda failed: Engine(turns, let_go)),
        config=CONFIG,
        clock=lambda: 0.0,
        thread="test-call",
    )


def fault() -> EngineError:
    return EngineError("a bad day")


@pytest.mark.parametrize(
    ("script", "failures", "hung", "restarts"),
    [
        (["well"], 0, 0, 0),
        ([fault(), "well"], 1, 0, 0),
        ([MemoryError(), "well"], 1, 0, 0),
        ([RuntimeError("it broke"), "well"], 1, 0, 0),
        ([fault(), fault(), "well"], 2, 0, 1),
        (["hang", "well"], 1, 1, 1),
        ([fault(), "hang", "well"], 2, 1, 1),
    ],
)
def test_a_failure_that_passes_is_not_seen_by_the_caller(
    let_go: threading.Event,
    script: list[BaseException | str],
    failures: int,
    hung: int,
    restarts: int,
) -> None:
    engine = kept(let_go, *script)
    assert engine.use(Engine.ask) == "well"
    assert astuple(engine.tally) == (failures, hung, restarts, 0)
    engine.close()


def test_a_segment_that_always_fails_is_left_out_and_the_next_is_not(
    let_go: threading.Event,
) -> None:
    engine = kept(let_go, fault(), fault(), fault(), "well")
    with pytest.raises(SegmentError, match="the engine failed: a bad day"):
        engine.use(Engine.ask)
    assert engine.use(Engine.ask) == "well"
    assert engine.tally.skipped == 1
    engine.close()


def test_a_text_that_is_at_fault_itself_is_no_failure_of_the_engine(
    let_go: threading.Event,
) -> None:
    engine = kept(let_go, SegmentError("there is nothing to say"), "well")
    with pytest.raises(SegmentError, match="nothing to say"):
        engine.use(Engine.ask)
    assert engine.tally.failures == 0
    engine.close()


def test_an_engine_that_fails_for_good_is_given_up_with_its_reason(
    let_go: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    engine = kept(let_go, *[fault() for _ in range(20)])
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            with pytest.raises(SegmentError):
                engine.use(Engine.ask)
        with pytest.raises(GivenUpError, match="again and again, at last with: a bad day"):
            engine.use(Engine.ask)
    assert caplog.text.count("the engine failed (a bad day): starting it anew") == 2
    engine.close()


@pytest.mark.parametrize(
    ("error", "told"), [(ModelError("the model is gone"), "the model is gone"),
                        (RuntimeError("of a first call"), "RuntimeError")],
)  # fmt: skip
def test_an_engine_that_cannot_be_started_anew_is_given_up(
    let_go: threading.Event, error: Exception, told: str
) -> None:
    def renew(failed: Engine) -> Engine:
        raise error

    engine = kept(let_go, fault(), fault(), renew=renew)
    with pytest.raises(GivenUpError, match=rf"cannot be started anew \({told}\)"):
        engine.use(Engine.ask)
    engine.close()


def test_without_a_thread_calls_are_made_where_they_are_asked_for(
    let_go: threading.Event,
) -> None:
    engine = Kept(
        "the detector",
        Engine(iter(()), let_go),
        renew=lambda failed: failed,
        config=CONFIG,
        clock=lambda: 0.0,
        thread=None,
    )
    assert engine.use(lambda _: threading.current_thread()) is threading.current_thread()
    engine.close()
