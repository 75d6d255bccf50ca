"""What waits for a client: in order, bounded, again."""

from live_translator.serve.outbox import Frame, Outbox


def filled(*frames: Frame, kept_bytes: int = 1000) -> Outbox:
    outbox = Outbox(kept_bytes)
    for frame in frames:
        outbox.put(lambda _, frame=frame: frame)  # type: ignore[misc]
    return outbox


def drained(outbox: Outbox) -> list[Frame]:
    frames = []
    while (frame := outbox.take()) is not None:
        frames.append(frame)
    return frames


def test_messages_come_once_and_in_order_with_numbers_from_one() -> None:
    outbox = Outbox(1000)
    for _ in range(3):
        outbox.put(str)
    assert drained(outbox) == ["1", "2", "3"]
    assert outbox.take() is None


def test_what_is_uncertain_comes_last_and_only_as_it_is_now() -> None:
    outbox = Outbox(1000)
    outbox.show("source", "a?")
    outbox.put(str)
    outbox.show("source", "b?")
    outbox.show("target", "c?")
    assert drained(outbox) == ["1", "b?", "c?"]


def test_what_became_certain_is_no_longer_uncertain() -> None:
    outbox = Outbox(1000)
    outbox.show("source", "a?")
    outbox.show("target", "b?")
    outbox.put(str, instead_of="source")
    assert drained(outbox) == ["1", "b?"]


def test_nothing_comes_after_the_end() -> None:
    outbox = Outbox(1000)
    outbox.show("source", "a?")
    outbox.end(str)
    outbox.show("latency", "b?")
    assert drained(outbox) == ["1"]


def test_what_a_client_lacks_is_sent_again_and_nothing_else() -> None:
    outbox = filled("a", "b", "c")
    assert drained(outbox) == ["a", "b", "c"]
    outbox.put(lambda _: "d")
    assert outbox.rewind(1) == 0
    assert drained(outbox) == ["b", "c", "d"]
    assert outbox.rewind(4) == 0
    assert drained(outbox) == []


def test_what_was_acknowledged_is_gone() -> None:
    outbox = filled("a", "b", "c")
    outbox.take()
    outbox.acknowledge(3)  # Only the first was sent.
    assert outbox.rewind(0) == 1
    assert drained(outbox) == ["b", "c"]


def test_old_sound_goes_before_old_text() -> None:
    outbox = filled("text 1", bytes(400), bytes(400), "text 2")
    drained(outbox)
    outbox.put(lambda _: bytes(400))
    assert not outbox.is_hopeless
    assert outbox.rewind(0) == 1
    assert drained(outbox) == ["text 1", bytes(400), "text 2", bytes(400)]


def test_a_client_for_whom_something_had_to_go_unsent_is_hopeless() -> None:
    outbox = filled(bytes(600), bytes(600))
    assert outbox.is_hopeless
    assert outbox.rewind(0) == 1
    assert not outbox.is_hopeless


def test_text_is_kept_until_there_is_no_sound_to_drop() -> None:
    outbox = filled("x" * 400, "y" * 400, bytes(100), "z" * 400, kept_bytes=1000)
    assert drained(outbox) == ["y" * 400, "z" * 400]
    assert outbox.rewind(0) == 2
