import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from live_translator.config import RecoveryConfig
from live_translator.errors import OutputError
from live_translator.messages import Playback, SpeechChunk, Transcript, Translation
from live_translator.recovery.mending import FAILED, Mending, Unheard, Unspoken, Untranslated
from tests.messages import playback, transcript, translation

CONFIG = RecoveryConfig(restarts=2, per_s=60.0)


class Worker:
    """Passes messages on as a function says, and fails where it raises."""

    def __init__(self, work: Callable[[Any], Iterable[Any]], end: Iterable[Any] = ()) -> None:
        self._work, self._end = work, end
        self.closed = 0

    def process(self, batch: Sequence[Any]) -> Iterator[Any]:
        for message in batch:
            yield from self._work(message)

    def finish(self) -> Iterable[Any]:
        return self._end

    def close(self) -> None:
        self.closed += 1


class Breaks:
    """An end that breaks when it is asked for."""

    def __iter__(self) -> Iterator[Any]:
        raise KeyError("finish")


def mending(debt: Any, *workers: Worker) -> Mending[Any, Any]:
    supply = iter(workers)
    return Mending("mt", lambda: next(supply), debt, CONFIG, lambda: 0.0)


def translate(message: Transcript) -> Iterator[Translation]:
    if "bad" in message.committed:
        raise IndexError("off by one")
    yield translation(0, message.committed.strip(), message.committed.upper(), final=message.final)


def untranslated() -> Untranslated:
    return Untranslated(itertools.count(), lambda: 0.0)


def test_what_was_in_hand_is_left_out_and_the_next_is_translated(
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = Worker(translate), Worker(translate)
    stage = mending(untranslated(), first, second)
    with caplog.at_level(logging.WARNING):
        made = list(
            stage.process(
                [transcript(" one", 1.0), transcript(" bad", 2.0), transcript(" two", 3.0)]
            )
        )
    made += stage.process([transcript(" three", 4.0)])
    assert [(segment.source, segment.skipped) for segment in made] == [
        ("one", ""),
        ("bad two", FAILED),
        ("three", ""),
    ]
    assert "the mt stage failed (IndexError): what it had in hand is left out" in caplog.text
    stage.close()
    assert (first.closed, second.closed) == (1, 1)


def test_a_stage_that_keeps_failing_ends_with_its_fault() -> None:
    stage = mending(untranslated(), *[Worker(translate) for _ in range(3)])
    for _ in range(2):
        assert [segment.skipped for segment in stage.process([transcript(" bad", 1.0)])] == [FAILED]
    with pytest.raises(IndexError):
        list(stage.process([transcript(" bad", 1.0)]))


def test_what_a_user_is_to_be_told_of_is_no_fault_of_the_program() -> None:
    def full(message: Transcript) -> Iterator[Translation]:
        raise OutputError("the disk is full")

    with pytest.raises(OutputError):
        list(mending(untranslated(), Worker(full)).process([transcript(" one", 1.0)]))


def test_a_fault_at_the_end_leaves_out_the_rest_and_ends_anew() -> None:
    second = Worker(translate, end=[translation(9, "", "the end")])
    stage = mending(untranslated(), Worker(lambda _: (), end=Breaks()), second)
    list(stage.process([transcript(" one two", 1.0)]))
    made = list(stage.finish())
    assert [(segment.source, segment.target, segment.final) for segment in made] == [
        ("one two", "", True),
        ("", "the end", False),
    ]


def chunk(utterance: int, *, final: bool) -> SpeechChunk:
    return SpeechChunk(
        utterance=utterance, start_s=0.0, end_s=1.0, captured_at_s=0.0, emitted_at_s=0.0,
        final=final, samples=np.zeros(1, np.float32),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "passed_on", "ended", "ends"),
    [
        ([chunk(0, final=False)], [], False, []),
        ([chunk(0, final=False)], [], True, [0]),
        ([chunk(0, final=True)], [], False, [0]),
        ([chunk(0, final=True)], [transcript("", 1.0, final=True)], True, []),
        ([chunk(0, final=True), chunk(1, final=True)], [transcript("", 1.0, final=True)],
         False, [1]),
        ([], [], True, []),
    ],
)  # fmt: skip
def test_recognition_owes_every_utterance_an_end(
    given: list[SpeechChunk], passed_on: list[Transcript], ended: bool, ends: list[int]
) -> None:
    debt = Unheard(lambda: 0.0)
    if given:
        debt.owe(given)
    for message in passed_on:
        debt.pay(message)
    forgiven = list(debt.forgive(ended=ended))
    assert [(message.utterance, message.final) for message in forgiven] == [
        (utterance, True) for utterance in ends
    ]
    assert not list(debt.forgive(ended=ended))


@pytest.mark.parametrize(
    ("paid", "left"),
    [
        ([], [(0, "uno dos"), (1, "tres")]),
        ([playback(0, 0.0, 1.0, text="uno")], [(0, "dos"), (1, "tres")]),
        ([playback(0, 0.0, 1.0, text="uno dos")], [(1, "tres")]),
        ([playback(1, 0.0, 1.0, text="tres")], []),
    ],
)
def test_speech_owes_every_word_its_place(
    paid: list[Playback], left: list[tuple[int, str]]
) -> None:
    debt = Unspoken(spoken=True)
    debt.owe([translation(0, "", "uno dos"), translation(1, "", "tres")])
    for message in paid:
        debt.pay(message)
    forgiven = list(debt.forgive(ended=False))
    assert [(message.segment, message.text) for message in forgiven] == left
    assert all(message.skipped == FAILED for message in forgiven)
    assert not list(debt.forgive(ended=True))


def test_without_speech_none_is_owed() -> None:
    debt = Unspoken(spoken=False)
    debt.owe([translation(0, "", "uno dos")])
    assert not list(debt.forgive(ended=True))
