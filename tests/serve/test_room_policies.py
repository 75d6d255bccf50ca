"""What is pure of rooms, by tables: names, who needs what, what is remembered, who may speak."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from live_translator.config import SAMPLE_RATE_HZ, ServeConfig
from live_translator.errors import ClientError
from live_translator.languages import LANGUAGES
from live_translator.messages import AudioBlock
from live_translator.model_store import ModelStore
from live_translator.serve.admission import room_refusal
from live_translator.serve.commons import Commons
from live_translator.serve.minutes import Minutes
from live_translator.serve.names import person_name, room_name
from live_translator.serve.original import Original
from live_translator.serve.protocol import Source, Target
from live_translator.serve.room import Room, Seat, everyone
from live_translator.serve.room_protocol import SOUND_HEADER, Person
from tests.serve.light import LightEngines
from tests.serve.server import configured

LIMITS = ServeConfig(room_members=5, room_languages=3, room_utterances=3)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("test", "test"),
        ("Test", "test"),
        ("team-7_b", "team-7_b"),
        ("ÉCOLE", "école"),
        ("e\u0301cole", "école"),
        ("会議", "会議"),
        ("a" * 40, "a" * 40),
        ("", None),
        ("a" * 41, None),
        ("a b", None),
        ("-a", None),
        ("..", None),
        ("a/b", None),
        ("a\\b", None),
        ("a\0b", None),
        ("a\n", None),
        ("a\u202eb", None),
        ("<script>", None),
        ("ﷺ" * 5, None),  # Eighteen letters each once they are spelt out, and spaces.
    ],
)
def test_a_room_has_a_plain_name(given: str, name: str | None) -> None:
    assert outcome(room_name, given) == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Ann", "Ann"),
        ("  Ann \t Lee ", "Ann Lee"),
        ("Jose\u0301", "José"),
        ("O'Neill & <b>sons</b>", "O'Neill & <b>sons</b>"),
        ("🙂", "🙂"),
        ("x" * 40, "x" * 40),
        ("x" * 41, None),
        ("", None),
        (" ", None),
        ("\u0301", None),
        ("a\0", None),
        ("a\x1b[31m", None),
        ("a\u202egnp", None),
        ("a\u200bb", None),
        ("\ud800", None),
    ],
)
def test_a_person_has_a_name_that_can_be_shown(given: str, name: str | None) -> None:
    assert outcome(person_name, given) == name


def outcome(check: Callable[[str], str], given: str) -> str | None:
    try:
        return check(given)
    except ClientError as error:
        assert error.code == "bad_message"
        return None


class Heard:
    """Somebody in a room who remembers what he was told."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.told: list[BaseModel | bytes | tuple[str, BaseModel]] = []

    def put(self, make: Callable[[int], BaseModel], *, instead_of: str = "") -> None:
        self.told.append(make(len(self.told) + 1))

    def put_sound(self, make: Callable[[int], bytes]) -> None:
        self.told.append(make(len(self.told) + 1))

    def show(self, slot: str, message: BaseModel) -> None:
        self.told.append((slot, message))


def join(room: Room, name: str, lang: str, voice: str = "auto", *, speech: bool = True) -> Heard:
    return room.join(name, LANGUAGES[lang], voice, speech=speech, make=Heard)[0]


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        ("", {}),
        ("en", {}),
        ("es", {"es": {"auto"}}),
        ("es es", {"es": {"auto"}}),
        ("es es:deep", {"es": {"auto", "deep"}}),
        ("es:-", {"es": set()}),
        ("es:- es", {"es": {"auto"}}),
        ("es de en", {"es": {"auto"}, "de": {"auto"}}),
    ],
)
def test_a_speaker_is_translated_into_what_others_need(
    others: str, wanted: dict[str, set[str]]
) -> None:
    room = Room("test", LIMITS)
    speaker = join(room, "Ann", "en")
    for other in others.split():
        lang, _, voice = other.partition(":")
        join(room, other, lang, voice or "auto", speech=voice != "-")
    found = {language.code: set(voices) for language, voices in room.wanted(speaker.seat).items()}
    assert found == wanted


def test_colours_are_given_again_and_numbers_are_not() -> None:
    room = Room("test", LIMITS)
    seats = [join(room, name, "en").seat for name in "abc"]
    assert [(seat.number, seat.colour) for seat in seats] == [(1, 0), (2, 1), (3, 2)]
    room.leave(seats[1])
    room.leave(seats[1])
    again = join(room, "d", "en").seat
    assert (again.number, again.colour) == (4, 1)


def test_a_room_has_so_many_people_and_languages() -> None:
    room = Room("test", LIMITS)
    for lang in ("en", "es", "de", "en"):
        join(room, lang, lang)
    with pytest.raises(ClientError, match="join in English, German, Spanish") as refused:
        join(room, "x", "fr")
    assert refused.value.code == "busy"
    join(room, "e", "es")
    with pytest.raises(ClientError, match="full"):
        join(room, "x", "es")


def test_who_comes_late_reads_what_was_said_and_hears_what_follows() -> None:
    room = Room("test", LIMITS)
    ann = join(room, "Ann", "en")
    join(room, "Bob", "es")
    say(room, ann, 1, 0, " Good", bob=" Buenos")
    say(room, ann, 1, 0, " morning.", bob="días.")
    late, people, lines = room.join("Eva", LANGUAGES["es"], "auto", speech=True, make=Heard)
    assert [person.name for person in people] == ["Ann", "Bob", "Eva"]
    assert [(line.name, line.colour, line.text, line.translation) for line in lines] == [
        ("Ann", 0, "Good morning.", "Buenos días.")
    ]
    say(room, ann, 1, 1, " How are you?", bob="¿Cómo está?")
    assert [type(message).__name__ for message in late.told] == ["RoomSource", "RoomTarget"]
    room.leave(ann.seat)
    _, _, lines = room.join("Max", LANGUAGES["en"], "auto", speech=True, make=Heard)
    assert [(line.name, line.text, line.translation) for line in lines] == [
        ("Ann", "Good morning.", ""),
        ("Ann", "How are you?", ""),
    ]


def say(room: Room, speaker: Heard, talk: int, utterance: int, text: str, *, bob: str) -> None:
    places: dict[str, Any] = {
        "start_s": 0.0,
        "end_s": 1.0,
        "emitted_s": 1.0,
        "final": False,
        "unstable": "",
    }
    room.say(
        speaker.seat,
        talk,
        lambda seq: Source(
            seq=seq, utterance=utterance, text=text, language="en", speech_end_s=1.0, **places
        ),
        "",
        everyone,
    )
    room.say(
        speaker.seat,
        talk,
        lambda seq: Target(
            seq=seq,
            utterance=utterance,
            segment=0,
            text=bob.strip(),
            source=text,
            language="es",
            uncertain=False,
            skipped="",
            **places,
        ),
        "",
        lambda seat: seat.language.code == "es",
    )


def test_minutes_forget_the_oldest_and_skip_what_is_empty() -> None:
    minutes = Minutes(2)
    ann = Person(member=1, name="Ann", colour=0, lang="en", talk=1)
    for utterance, text in enumerate([" one", "", " two", " three", "  "]):
        minutes.hear(ann, 1, utterance, text)
    minutes.translate(1, 0, "es", "uno")
    minutes.translate(1, 3, "es", "tres")
    assert [(line.text, line.translation) for line in minutes.lines("es")] == [
        ("two", ""),
        ("three", "tres"),
    ]


@pytest.mark.parametrize(
    ("busy", "talks", "is_taken"),
    [
        ({}, 1, True),
        ({"asr": 0.5, "tts": 0.79}, 3, True),
        ({"asr": 0.5, "tts": 0.81}, 3, False),
        ({}, 16, False),
    ],
)
def test_another_speaks_in_a_room_while_there_is_time(
    busy: dict[str, float], talks: int, *, is_taken: bool
) -> None:
    assert (room_refusal(busy, talks, ServeConfig()) is None) == is_taken


def test_microphones_of_one_room_count_as_one_talk_and_each_is_one_of_the_most() -> None:
    commons = Commons(configured(max_sessions=6), ModelStore.default(), engines=LightEngines())
    for number in range(5):
        commons.enter(f"room {number}", "room")
    assert commons.talks == 5
    commons.enter("alone")
    for conversation in ("room", None):
        with pytest.raises(ClientError, match="6 talks"):
            commons.enter("one more", conversation)
    for number in range(5):
        commons.leave(f"room {number}")
    for number in range(3):
        commons.enter(f"talk {number}")
    with pytest.raises(ClientError, match="late"):
        commons.enter("one more")


class Blocks:
    """A source of blocks of 0.1 s, each with its number for its samples."""

    dropped_s = 0.0
    origin_s = 0.0

    def __init__(self, count: int, gaps: dict[int, float] | None = None) -> None:
        self._count = count
        self._gaps = gaps or {}

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def blocks(self) -> Iterator[AudioBlock]:
        for number in range(self._count):
            samples = np.full(SAMPLE_RATE_HZ // 10, number / 100, np.float32)
            yield AudioBlock(
                samples=samples,
                start_s=number / 10,
                captured_at_s=0.0,
                gap_s=self._gaps.get(number, 0.0),
            )


@pytest.mark.parametrize(
    ("speech", "gaps", "heard", "told"),
    [
        ("..........", {}, [], []),
        ("########", {}, range(8), [True, False]),
        ("..###...", {}, range(6), [True, False]),
        (".........##......", {}, range(4, 12), [True, False]),
        (".........##.........##", {}, [*range(4, 12), *range(15, 22)], [True, False] * 2),
        ("##########", {5: 1.0}, range(10), [True, False]),
        ("......####", {6: 1.0}, range(6, 10), [True, False]),
    ],
)
def test_speech_is_passed_on_with_its_first_sounds_and_silence_is_not(
    speech: str, gaps: dict[int, float], heard: list[int], told: list[bool]
) -> None:
    pcm: list[tuple[float, bytes]] = []
    states: list[bool] = []
    source = Original(
        Blocks(len(speech), gaps), lambda at_s, _, data: pcm.append((at_s, data)), states.append
    )
    seen = 0
    source.in_speech = lambda: speech[seen - 1] == "#"
    for _ in source.blocks():
        seen += 1
    numbers = [
        round(sample / 327.67) for _, data in pcm for sample in np.frombuffer(data, "<i2")[::1600]
    ]
    assert numbers == list(heard)
    assert states == told
    assert all(round(at_s * 10) in numbers for at_s, _ in pcm)


def test_the_header_of_a_rooms_sound_is_twenty_four_bytes() -> None:
    assert SOUND_HEADER.size == 24


def test_a_seat_does_not_hear_itself() -> None:
    seat = Seat(number=1, name="Ann", colour=0, language=LANGUAGES["en"])
    other = dataclasses.replace(seat, number=2)
    assert not seat.hears(seat)
    assert seat.hears(other)
    assert not dataclasses.replace(seat, speech=False).hears(other)
