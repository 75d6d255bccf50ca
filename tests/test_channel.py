"""Channels: bounded, ordered, closable, abortable."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_translator import channel as under_test
from live_translator.channel import Channel, ChannelClosedError
from tests.scheduler import Scheduler, Thread, random_switches

SOON_S = 5.0


def channel(capacity: int = 2) -> Channel[int]:
    return Channel("numbers", capacity, time.monotonic)


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name="worker", daemon=True)
    thread.start()
    return thread


def ends(thread: threading.Thread) -> bool:
    thread.join(SOON_S)
    return not thread.is_alive()


def test_messages_come_out_in_the_order_they_went_in() -> None:
    numbers = channel(3)
    for number in (1, 2, 3):
        numbers.put(number)
    numbers.close()
    assert list(numbers.batches()) == [[1, 2, 3]]


def test_a_full_channel_makes_its_producer_wait_for_room() -> None:
    numbers = channel(1)
    numbers.put(1)
    done = threading.Event()

    def put_second() -> None:
        numbers.put(2)
        done.set()

    producer = started(put_second)
    assert not done.wait(0.05)
    batches = numbers.batches()
    assert next(batches) == [1]
    assert done.wait(SOON_S)
    assert next(batches) == [2]
    assert ends(producer)
    assert numbers.stats().blocked_s > 0


def test_a_closed_channel_drains_before_it_ends() -> None:
    numbers = channel()
    numbers.put(1)
    numbers.close()
    with pytest.raises(ChannelClosedError):
        numbers.put(2)
    assert list(numbers.batches()) == [[1]]


def test_an_aborted_channel_discards_what_waits() -> None:
    numbers = channel()
    numbers.put(1)
    numbers.abort()
    assert list(numbers.batches()) == []


@pytest.mark.parametrize("end", [Channel.close, Channel.abort])
def test_ending_a_channel_wakes_a_waiting_producer(end: Callable[[Channel[int]], None]) -> None:
    numbers = channel(1)
    numbers.put(1)
    refused = threading.Event()

    def put_second() -> None:
        with pytest.raises(ChannelClosedError):
            numbers.put(2)
        refused.set()

    producer = started(put_second)
    end(numbers)
    assert refused.wait(SOON_S)
    assert ends(producer)


@pytest.mark.parametrize("end", [Channel.close, Channel.abort])
def test_ending_a_channel_wakes_a_waiting_consumer(end: Callable[[Channel[int]], None]) -> None:
    numbers = channel()
    consumer = started(lambda: list(numbers.batches()).clear())
    end(numbers)
    assert ends(consumer)


def test_an_offer_never_waits_and_a_refusal_is_counted() -> None:
    numbers = channel(1)
    assert numbers.offer(1)
    assert not numbers.offer(2)
    stats = numbers.stats()
    assert (stats.capacity, stats.high_water, stats.refused) == (1, 1, 1)
    numbers.close()
    assert not numbers.offer(3)


def test_a_channel_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity"):
        channel(0)


@settings(deadline=None)
@given(st.integers(1, 5), st.lists(st.integers(0, 20), min_size=1, max_size=4))
def test_nothing_is_lost_or_reordered_between_threads(capacity: int, counts: list[int]) -> None:
    numbers: Channel[tuple[int, int]] = Channel("numbers", capacity, time.monotonic)

    def produce(producer: int, count: int) -> None:
        for number in range(count):
            numbers.put((producer, number))

    producers = [
        started(lambda p=p, c=c: produce(p, c))  # type: ignore[misc]
        for p, c in enumerate(counts)
    ]
    received: list[tuple[int, int]] = []

    def consume() -> None:
        for batch in numbers.batches():
            assert 1 <= len(batch) <= capacity
            received.extend(batch)

    consumer = started(consume)
    assert all(ends(producer) for producer in producers)
    numbers.close()
    assert ends(consumer)
    for producer, count in enumerate(counts):
        assert [n for p, n in received if p == producer] == list(range(count))
    assert numbers.stats().high_water <= capacity


Numbered = tuple[int, int]
"""The producer, and which of its messages."""


def promises_are_kept(source: random.Random, world: Scheduler) -> None:
    """Several put and offer, one takes, somebody closes or aborts; all at any moment."""
    capacity = source.randint(1, 3)
    aborts, stops_s = source.choice((True, False)), source.choice((0.0, 1.0, 2.0))
    numbers: Channel[Numbered] = Channel("numbers", capacity, world.clock)
    accepted: list[list[Numbered]] = [[] for _ in range(source.randint(1, 3))]
    received: list[Numbered] = []
    stopped = False

    def produce(producer: int, offers: bool) -> None:
        for number in range(4):
            after = stopped
            message = (producer, number)
            if offers:
                taken = numbers.offer(message)
            else:
                try:
                    numbers.put(message)
                except ChannelClosedError:
                    return
                taken = True
            assert not (taken and after), "it was closed"
            if taken:
                accepted[producer].append(message)

    def consume(pause_s: float) -> None:
        for batch in numbers.batches():
            assert 1 <= len(batch) <= capacity
            received.extend(batch)
            if pause_s:
                world.sleep(pause_s)

    def stop() -> None:
        nonlocal stopped
        world.sleep(stops_s)
        (numbers.abort if aborts else numbers.close)()
        stopped = True

    def all_together() -> None:
        for producer in range(len(accepted)):
            offers = source.random() < 0.25
            Thread(target=produce, args=(producer, offers), name=f"producer {producer}").start()
        Thread(target=consume, args=(source.choice((0.0, 0.5)),), name="consumer").start()
        stop()

    world.run(all_together)
    assert len(numbers) == 0
    assert numbers.stats().high_water <= capacity
    for producer, messages in enumerate(accepted):
        of_it = [message for message in received if message[0] == producer]
        assert of_it == (messages[: len(of_it)] if aborts else messages)


def test_a_channel_keeps_its_promises_in_every_schedule() -> None:
    for seed in range(2_000):
        source = random.Random(seed)
        world = Scheduler(random_switches(source))
        try:
            with world.controls(under_test):
                promises_are_kept(source, world)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
