import threading

import numpy as np
import pytest

from live_translator.audio.playback import PlaybackBuffer


def numbers(first: int, last: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.arange(first, last, dtype=np.float32)


@pytest.mark.parametrize("count", [1, 3, 10, 50])
def test_samples_come_out_in_order_then_silence(count: int) -> None:
    buffer = PlaybackBuffer(100)
    buffer.put(numbers(1, 8))
    buffer.put(numbers(8, 8))
    buffer.put(numbers(8, 21))
    taken = np.concatenate([buffer.take(count) for _ in range(-(-20 // count))])
    assert taken[:20].tolist() == numbers(1, 21).tolist()
    assert not taken[20:].any()
    assert buffer.waiting_samples == 0


def test_room_comes_when_enough_was_taken() -> None:
    buffer = PlaybackBuffer(5)
    buffer.put(numbers(0, 20))
    answers: list[bool] = []
    waiter = threading.Thread(target=lambda: answers.append(buffer.wait_for_room(10)), daemon=True)
    waiter.start()
    buffer.take(14)
    waiter.join(0.05)
    assert waiter.is_alive()
    buffer.take(1)
    waiter.join(5)
    assert answers == [True]


def test_a_wait_ends_when_nobody_takes_any_more() -> None:
    buffer = PlaybackBuffer(5)
    buffer.put(numbers(0, 20))
    assert not buffer.wait_for_room(0.01)
    assert not buffer.wait_until_empty(0.01)


def test_discarding_wakes_who_waits_and_takes_nothing_more() -> None:
    buffer = PlaybackBuffer(5)
    buffer.put(numbers(0, 20))
    waiter = threading.Thread(target=buffer.wait_until_empty, args=(10,), daemon=True)
    waiter.start()
    buffer.discard()
    waiter.join(5)
    assert not waiter.is_alive()
    buffer.put(numbers(1, 5))
    assert not buffer.take(4).any()
