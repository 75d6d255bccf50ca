"""A stage beside a pipeline: what it is told, how it ends, and that its failure is its own."""

import threading
import time
from collections.abc import Iterable, Sequence

import pytest

from live_translator.branch import Branch
from live_translator.errors import ModelError

SOON_S = 5.0


class Doubler:
    """Doubles numbers; fails at 13; keeps the last one back until the end."""

    def __init__(self) -> None:
        self.closed = 0

    def process(self, batch: Sequence[int]) -> Iterable[int]:
        for number in batch:
            if number == 13:
                raise ValueError("unlucky")
            yield 2 * number

    def finish(self) -> Iterable[int]:
        yield -1

    def close(self) -> None:
        self.closed += 1


class Watched:
    def __init__(self, *, capacity: int = 8) -> None:
        self.processor = Doubler()
        self.made: list[int] = []
        self.ends: list[BaseException | None] = []
        self.may_begin = threading.Event()
        self.may_begin.set()
        self.failing: Exception | None = None
        self.branch = Branch(
            "branch",
            self._make,
            capacity=capacity,
            watch=self.made.append,
            ended=self.ends.append,
            clock=time.monotonic,
        )

    def _make(self) -> Doubler:
        assert self.may_begin.wait(SOON_S)
        if self.failing:
            raise self.failing
        return self.processor


@pytest.mark.parametrize(
    ("told", "made", "failure"),
    [
        ([], [-1], None),
        ([1, 2, 3], [2, 4, 6, -1], None),
        ([1, 13, 3], [2], ValueError),
    ],
)
def test_a_branch_works_on_what_it_is_told_and_ends_once(
    told: list[int], made: list[int], failure: type[Exception] | None
) -> None:
    watched = Watched()
    watched.branch.start()
    for number in told:
        watched.branch.tell(number)
    watched.branch.close()
    assert watched.branch.join(SOON_S)
    assert watched.made == made
    assert [type(end) for end in watched.ends] == [failure or type(None)]
    assert watched.processor.closed == 1
    watched.branch.tell(1)  # Nobody listens, and nobody minds.


def test_what_is_told_while_a_model_loads_is_not_lost() -> None:
    watched = Watched()
    watched.may_begin.clear()
    watched.branch.start()
    watched.branch.tell(1)
    watched.branch.close()
    assert watched.made == []
    watched.may_begin.set()
    assert watched.branch.join(SOON_S)
    assert watched.made == [2, -1]


def test_a_model_that_cannot_be_had_ends_the_branch() -> None:
    watched = Watched()
    watched.failing = ModelError("no such model")
    watched.branch.start()
    assert watched.branch.join(SOON_S)
    assert watched.ends == [watched.failing]
    watched.branch.tell(1)


def test_who_waits_to_tell_a_branch_that_is_aborted_goes_on() -> None:
    watched = Watched(capacity=1)
    watched.may_begin.clear()
    watched.branch.start()

    def tell() -> None:
        for number in range(5):
            watched.branch.tell(number)

    teller = threading.Thread(target=tell, name="teller")
    teller.start()
    watched.branch.abort()
    teller.join(SOON_S)
    assert not teller.is_alive()
    watched.may_begin.set()
    assert watched.branch.join(SOON_S)
    assert watched.made == []
    assert watched.ends == [None]
