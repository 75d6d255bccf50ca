"""What goes over a room's WebSocket: the messages of a talk, each naming its speaker.

Fields that messages of the same `type` have in `protocol.py` mean the same here.
"""

import struct
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from live_translator.serve import protocol
from live_translator.serve.codes import Code
from live_translator.serve.protocol import (
    PCM,
    VERSION,
    Ack,
    Audio,
    Error,
    Format,
    Ping,
    Pong,
    Resume,
    Secret,
    Seq,
    SlowDown,
    Tag,
)

SOUND_HEADER = struct.Struct("<IIIId")
"""Of a binary message from the server: `seq`, `member`, `talk`, sample rate in Hz, and the
second on that talk's clock at which its first sample sounds. Mono s16le samples follow."""

MemberNumber = Annotated[int, Field(ge=1, description="of a person, while the room exists")]
TalkNumber = Annotated[
    int,
    Field(ge=1, description="of what one person says from opening a microphone to closing it; "
          "utterances, segments and seconds count from its beginning"),
]  # fmt: skip


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Join(_Message):
    """The first message. Binary messages with sound may follow, unless muted."""

    type: Literal["join"] = "join"
    version: Literal[1] = VERSION
    name: str = Field(min_length=1, max_length=160, description="what others call you")
    lang: Tag = Field(description="what you speak, and want to read and hear")
    format: Format = PCM
    sample_rate: int = Field(default=16_000, ge=8_000, le=96_000, description="in Hz, of PCM")
    speech: bool = Field(default=True, description="whether to hear others, not only read them")
    voice: str = Field(
        default="auto", pattern=r"^[a-z0-9_]{1,32}$", description="in which others are heard"
    )
    muted: bool = Field(default=False, description="whether the microphone is closed")
    token: Secret | None = Field(default=None, description="where the server asks for one")


class Mute(_Message):
    """Close or open the microphone; each opening begins a new stream and a new talk.

    What was said before is still translated. Sound that comes while it is closed is dropped.
    """

    type: Literal["mute"] = "mute"
    muted: bool
    sample_rate: int | None = Field(
        default=None, ge=8_000, le=96_000, description="of the new stream, if not as at first"
    )


class Leave(_Message):
    """Leave the room, as closing with 1000 does."""

    type: Literal["leave"] = "leave"


ClientMessage: TypeAlias = Join | Resume | Mute | Audio | Ack | Ping | Leave


class Person(_Message):
    """Somebody in the room."""

    member: MemberNumber
    name: str
    colour: int = Field(ge=0, description="the least that nobody here has, from 0")
    lang: str
    talk: TalkNumber | None = Field(description="while the microphone is open")


class Line(_Message):
    """An utterance of the room's past."""

    member: MemberNumber
    name: str
    colour: int
    talk: TalkNumber
    utterance: int
    lang: str
    text: str = Field(description="so far: `source` messages go on with it")
    translation: str = Field(description="into the reader's language, where it was made")


class Joined(_Message):
    """You are in the room."""

    type: Literal["joined"] = "joined"
    version: Literal[1] = VERSION
    room: str
    session: str = Field(description="to resume with; keep it secret")
    resume_s: float = Field(description="how long your place is kept without a connection")
    you: MemberNumber
    members: list[Person]
    transcript: list[Line]
    max_message_bytes: int


class Rejoined(_Message):
    """You are there again; what you lack follows."""

    type: Literal["rejoined"] = "rejoined"
    version: Literal[1] = VERSION
    session: str
    you: MemberNumber
    talk: TalkNumber | None = Field(description="yours, if your microphone is open")
    received: int = Field(description="how much of it has arrived, as `offset` counts")
    lost: int = Field(description="of what you lack, what is no longer kept")


class MemberJoined(_Message):
    """Somebody came."""

    type: Literal["member_joined"] = "member_joined"
    seq: Seq
    person: Person


class MemberLeft(_Message):
    """Somebody left; what he said last may still be translated."""

    type: Literal["member_left"] = "member_left"
    seq: Seq
    member: MemberNumber


class TalkStarted(_Message):
    """Somebody's microphone is open; told to himself too."""

    type: Literal["talk_started"] = "talk_started"
    seq: Seq
    member: MemberNumber
    talk: TalkNumber


class TalkEnded(_Message):
    """Somebody's microphone is closed, and all that he said is told."""

    type: Literal["talk_ended"] = "talk_ended"
    seq: Seq
    member: MemberNumber
    talk: TalkNumber


class Refused(_Message):
    """Your microphone is closed, and why; you go on hearing the others."""

    type: Literal["refused"] = "refused"
    seq: Seq
    code: Code
    message: str
    retry_after_s: int | None = None


class Missing(_Message):
    """What somebody says cannot be had in your language, or not be heard; the rest can."""

    type: Literal["missing"] = "missing"
    seq: Seq
    member: MemberNumber
    talk: TalkNumber
    what: Literal["translation", "speech"]
    message: str


class Speaking(_Message):
    """Whether somebody is speaking at this moment."""

    type: Literal["speaking"] = "speaking"
    member: MemberNumber
    talk: TalkNumber
    speaking: bool


class _Said(_Message):
    member: MemberNumber
    talk: TalkNumber


class RoomSource(protocol.Source, _Said):
    """Words that were recognised for good, of anybody, yourself too."""


class RoomSourcePartial(protocol.SourcePartial, _Said):
    """What is believed to come next in an utterance."""


class RoomTarget(protocol.Target, _Said):
    """A segment that was translated into your language for good."""


class RoomTargetPartial(protocol.TargetPartial, _Said):
    """The translation's unstable tail."""


class RoomSpoken(protocol.Spoken, _Said):
    """When words sound, of the sound that came just before; or why they were left out."""


ServerMessage: TypeAlias = (
    Joined
    | Rejoined
    | MemberJoined
    | MemberLeft
    | TalkStarted
    | TalkEnded
    | Refused
    | Missing
    | Speaking
    | RoomSource
    | RoomSourcePartial
    | RoomTarget
    | RoomTargetPartial
    | RoomSpoken
    | SlowDown
    | Pong
    | Error
)

Said: TypeAlias = RoomSource | RoomSourcePartial | RoomTarget | RoomTargetPartial | RoomSpoken
"""A message of a talk."""

_IN_ROOM: dict[type[BaseModel], type[Said]] = {
    protocol.Source: RoomSource,
    protocol.SourcePartial: RoomSourcePartial,
    protocol.Target: RoomTarget,
    protocol.TargetPartial: RoomTargetPartial,
    protocol.Spoken: RoomSpoken,
}

CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(
    Annotated[ClientMessage, Field(discriminator="type")]
)
SERVER: TypeAdapter[ServerMessage] = TypeAdapter(
    Annotated[ServerMessage, Field(discriminator="type")]
)


def parse(text: str) -> ClientMessage:
    """Return a client's message; raises ClientError saying what is wrong with it."""
    return protocol.parsed(text, CLIENT)


def said(message: BaseModel, *, member: int, talk: int) -> Said:
    """Return a message of a talk as a room is told it."""
    return _IN_ROOM[type(message)](**message.model_dump(), member=member, talk=talk)
