"""A room: who is in it, who needs which language, and what all are told."""

import itertools
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel

from live_translator.config import ServeConfig
from live_translator.errors import ClientError
from live_translator.languages import Language
from live_translator.serve.codes import Code
from live_translator.serve.minutes import Minutes
from live_translator.serve.room_protocol import (
    Line,
    MemberJoined,
    MemberLeft,
    Person,
    RoomSource,
    RoomTarget,
    Said,
    TalkEnded,
    TalkStarted,
    said,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What somebody in a room is called, and what he needs of the others."""

    number: int
    name: str
    colour: int
    language: Language
    """That he speaks, reads and hears."""
    voice: str = "auto"
    speech: bool = True
    """Whether he hears them."""

    def hears(self, other: "Seat") -> bool:
        """Whether he wants another's own voice: they speak the same language."""
        return other is not self and self.speech and self.language is other.language

    def needs(self, other: "Seat") -> bool:
        """Whether he wants another's words in his language."""
        return self.language is not other.language


class Hearer(Protocol):
    """Who sits there, and can be told; neither method waits."""

    seat: Seat

    def put(self, make: Callable[[int], BaseModel], *, instead_of: str = "") -> None:
        """Tell what `make` returns for its number; the slot named is out of date."""

    def put_sound(self, make: Callable[[int], bytes]) -> None:
        """The same with sound."""

    def show(self, slot: str, message: BaseModel) -> None:
        """Tell what is only worth its newest state."""


class Speech(Protocol):
    """What somebody says, translated into what is wanted."""

    def adjust(self) -> None:
        """Ask what is wanted now."""

    def abort(self) -> None:
        """End at once."""

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came."""


H = TypeVar("H", bound=Hearer)
To = Callable[[Seat], bool]


def everyone(_: Seat) -> bool:
    """All in the room."""
    return True


class Room:
    """The state of one conversation; from any thread.

    Who comes is told what was said so far and then all that follows: nothing twice, and nothing
    in between is lost.
    """

    def __init__(self, name: str, limits: ServeConfig) -> None:
        self.name = name
        self.token = secrets.token_urlsafe(8)
        """As which the talks in it are counted: as one conversation."""
        self._limits = limits
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._talk_numbers = itertools.count(1)
        self._hearers: dict[int, Hearer] = {}
        self._open: dict[int, int] = {}
        """Who has his microphone open, for which talk."""
        self._talks: dict[int, Speech] = {}
        """Those that go on, with those that finish what was heard."""
        self._minutes = Minutes(limits.room_utterances)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is there."""
        with self._lock:
            return not self._hearers

    @property
    def talks(self) -> list[Speech]:
        """What is being said, and what was said and is still being translated."""
        with self._lock:
            return list(self._talks.values())

    def join(
        self, name: str, language: Language, voice: str, *, speech: bool, make: Callable[[Seat], H]
    ) -> tuple[H, list[Person], list[Line]]:
        """Let somebody in; return him, who is there, and what was said.

        Raises ClientError where the room is full, or has as many languages as it can.
        """
        with self._lock:
            languages = {hearer.seat.language for hearer in self._hearers.values()}
            if len(self._hearers) >= self._limits.room_members:
                raise ClientError(Code.BUSY, f"the room is full: {len(self._hearers)} are there")
            if len(languages | {language}) > self._limits.room_languages:
                there = ", ".join(sorted(known.name for known in languages))
                raise ClientError(Code.BUSY, f"the room has enough languages: join in {there}")
            seat = Seat(
                number=next(self._numbers),
                name=name,
                colour=_least({hearer.seat.colour for hearer in self._hearers.values()}),
                language=language,
                voice=voice,
                speech=speech,
            )
            hearer = make(seat)
            self.tell(lambda seq: MemberJoined(seq=seq, person=self._person(seat)))
            self._hearers[seat.number] = hearer
            people = [self._person(other.seat) for other in self._hearers.values()]
            lines = self._minutes.lines(language.code)
        self._adjust()
        return hearer, people, lines

    def leave(self, seat: Seat) -> None:
        """Let somebody go; what only he needed is no longer made. Idempotent."""
        with self._lock:
            if self._hearers.pop(seat.number, None) is None:
                return
            self._open.pop(seat.number, None)
            self.tell(lambda seq: MemberLeft(seq=seq, member=seat.number))
        self._adjust()

    def wanted(self, speaker: Seat) -> dict[Language, frozenset[str]]:
        """Return the languages that what somebody says is needed in, each with its voices."""
        wanted: dict[Language, frozenset[str]] = {}
        with self._lock:
            for hearer in self._hearers.values():
                seat = hearer.seat
                if seat.needs(speaker):
                    voices = frozenset({seat.voice} if seat.speech else ())
                    wanted[seat.language] = wanted.get(seat.language, frozenset()) | voices
        return wanted

    def number_talk(self) -> int:
        """Return the number of a talk that may begin."""
        with self._lock:
            return next(self._talk_numbers)

    def begin(self, seat: Seat, number: int, talk: Speech) -> None:
        """Somebody's microphone is open."""
        with self._lock:
            self._talks[number] = talk
            self._open[seat.number] = number
            self.tell(lambda seq: TalkStarted(seq=seq, member=seat.number, talk=number))

    def close(self, seat: Seat, number: int) -> None:
        """It is closed; what was heard is still told. Idempotent."""
        with self._lock:
            if self._open.get(seat.number) == number:
                del self._open[seat.number]
                self.tell(lambda seq: TalkEnded(seq=seq, member=seat.number, talk=number))

    def end(self, number: int) -> None:
        """Nothing follows of a talk."""
        with self._lock:
            self._talks.pop(number, None)

    def tell(self, make: Callable[[int], BaseModel], to: To = everyone) -> None:
        """Tell some of those who are there."""
        with self._lock:
            for hearer in self._hearers.values():
                if to(hearer.seat):
                    hearer.put(make)

    def say(
        self, seat: Seat, talk: int, make: Callable[[int], BaseModel], slot: str, to: To
    ) -> None:
        """Tell what somebody said, a message of a talk as others are; it is remembered."""
        message = said(make(1), member=seat.number, talk=talk)
        with self._lock:
            self._note(seat, message)
            for hearer in self._hearers.values():
                if to(hearer.seat):
                    hearer.put(
                        lambda seq: message.model_copy(update={"seq": seq}),
                        instead_of=slot and f"{slot} {talk}",
                    )

    def show(self, talk: int, slot: str, message: BaseModel, to: To) -> None:
        """Tell what is only worth its newest state, of a talk."""
        with self._lock:
            for hearer in self._hearers.values():
                if to(hearer.seat):
                    hearer.show(f"{slot} {talk}", message)

    def sound(self, make: Callable[[int], bytes], to: To) -> None:
        """Let some hear a message with sound."""
        with self._lock:
            for hearer in self._hearers.values():
                if to(hearer.seat):
                    hearer.put_sound(make)

    def _note(self, seat: Seat, message: Said) -> None:
        match message:
            case RoomSource():
                speaker = self._person(seat)
                self._minutes.hear(speaker, message.talk, message.utterance, message.text)
            case RoomTarget():
                self._minutes.translate(
                    message.talk, message.utterance, message.language, message.text
                )

    def _person(self, seat: Seat) -> Person:
        return Person(
            member=seat.number,
            name=seat.name,
            colour=seat.colour,
            lang=seat.language.code,
            talk=self._open.get(seat.number),
        )

    def _adjust(self) -> None:
        # Not under the lock: a talk asks back, under its own.
        for talk in self.talks:
            talk.adjust()


def _least(taken: set[int]) -> int:
    return next(number for number in itertools.count() if number not in taken)
