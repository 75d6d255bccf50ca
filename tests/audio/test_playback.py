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
    waiter = threading.Thread(target=buffer.wait_for_room, daemon=True)
    waiter.start()
    buffer.take(14)
    waiter.join(0.05)
    assert waiter.is_alive()
    buffer.take(1)
    waiter.join(5)
    assert not waiter.is_alive()


def test_when_the_device_goes_away_nobody_waits_for_it() -> None:
    buffer = PlaybackBuffer(5)
    buffer.put(numbers(0, 20))
    waiter = threading.Thread(target=buffer.wait_for_room, daemon=True)
    waiter.start()
    buffer.away(30)
    waiter.join(5)
    assert not waiter.is_alive()
    assert not buffer.wait_until_empty(0.01)


@pytest.mark.parametrize(
    ("most", "lengths", "kept", "lost"),
    [
        # (samples that may wait, pieces put, pieces that come out, samples thrown away)
        (10, [4, 4], [4, 4], 0),
        (10, [4, 4, 4], [4, 4], 4),
        (10, [4, 4, 10], [10], 8),
        (10, [4, 25], [25], 4),
        (0, [4, 4], [4], 4),
    ],
)
def test_while_the_device_is_away_the_newest_pieces_wait_whole(
    most: int, lengths: list[int], kept: list[int], lost: int
) -> None:
    # Half of them wait already when the device goes.
    buffer = PlaybackBuffer(5)
    pieces = [np.full(length, index + 1, np.float32) for index, length in enumerate(lengths)]
    buffer.put(pieces[0])
    buffer.away(most)
    for piece in pieces[1:]:
        buffer.put(piece)
    assert buffer.back(5, lambda piece: piece) == lost
    expected = np.concatenate(pieces[-len(kept) :])
    assert buffer.waiting_samples == len(expected)
    assert buffer.take(len(expected)).tolist() == expected.tolist()


def test_a_device_that_comes_back_gets_what_waits_in_its_own_form() -> None:
    buffer = PlaybackBuffer(5)
    buffer.away(100)
    buffer.put(numbers(1, 3))
    buffer.put(numbers(3, 5))
    assert buffer.back(10, lambda piece: piece.repeat(2)) == 0
    assert buffer.waiting_samples == 8
    emptied: list[bool] = []
    waiter = threading.Thread(
        target=lambda: emptied.append(buffer.wait_until_empty(0.01)), daemon=True
    )
    waiter.start()
    assert buffer.take(8).tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    waiter.join(5)
    assert emptied == [True]
    assert buffer.back(10, lambda piece: piece) == 0


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
