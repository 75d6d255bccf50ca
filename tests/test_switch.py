"""One stage, several directions."""

from collections.abc import Iterator, Sequence

import pytest

from live_translator.direction import Direction
from live_translator.languages import LANGUAGES
from live_translator.messages import Transcript
from live_translator.switch import Switch

EN, ES, FR = LANGUAGES["en"], LANGUAGES["es"], LANGUAGES["fr"]


class Named:
    """Says its name for each message, and at the end."""

    def __init__(self, name: str) -> None:
        self._name = name

    def process(self, batch: Sequence[Transcript]) -> Iterator[str]:
        yield f"{self._name}: {' '.join(message.committed for message in batch)}"

    def finish(self) -> Iterator[str]:
        yield f"{self._name} ends"

    def close(self) -> None:
        pass


def heard(text: str, direction: Direction | None) -> Transcript:
    return Transcript(
        utterance=0,
        start_s=0.0,
        end_s=0.0,
        captured_at_s=0.0,
        emitted_at_s=0.0,
        direction=direction,
        committed=text,
    )


def test_each_direction_has_its_own_processor_made_once() -> None:
    made: list[str] = []

    def make(direction: Direction) -> Named:
        made.append(str(direction))
        return Named(str(direction))

    there, back = Direction(EN, ES), Direction(ES, EN)
    switch: Switch[Transcript, str] = Switch(make, lambda direction: direction)
    batch = [heard("a", there), heard("b", there), heard("c", back), heard("d", there)]
    assert list(switch.process(batch)) == ["en → es: a b", "es → en: c", "en → es: d"]
    assert made == ["en → es", "es → en"]
    assert list(switch.finish()) == ["en → es ends", "es → en ends"]


def test_directions_that_need_the_same_share_a_processor() -> None:
    switch: Switch[Transcript, str] = Switch(
        lambda direction: Named(direction.source.code), lambda direction: direction.source
    )
    batch = [heard("a", Direction(EN, ES)), heard("b", Direction(EN, FR))]
    assert list(switch.process(batch)) == ["en: a", "en: b"]
    assert list(switch.finish()) == ["en ends"]


def test_a_message_without_a_direction_is_a_mistake() -> None:
    switch: Switch[Transcript, str] = Switch(lambda _: Named(""), lambda direction: direction)
    with pytest.raises(ValueError, match="no direction"):
        list(switch.process([heard("a", None)]))
