"""What goes over a WebSocket, both ways: JSON messages, and the header of spoken sound.

The AsyncAPI document is made of these models (`asyncapi.py`). `VERSION` changes when a
field is renamed or removed, or changes its meaning; readers ignore fields that they do
not know.
"""

import struct
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import ClientError
from live_translator.serve.codes import Code

T = TypeVar("T")

VERSION: Final = 1

PCM: Final = "pcm_s16le"

HEADER = struct.Struct("<IId")
"""Of a binary message from the server: `seq`, sample rate in Hz, and the second on the
source's clock at which its first sample sounds. Mono s16le samples follow."""

Format: TypeAlias = Literal["pcm_s16le", "webm", "ogg"]
Tag = Annotated[str, Field(min_length=1, max_length=35, examples=["en", "spa", "ben_Beng"])]
Secret = Annotated[str, Field(min_length=1, max_length=512)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Seconds = Annotated[float, Field(description="on the source's clock, 0 at its first sample")]
Seq = Annotated[int, Field(ge=1, description="counts what is kept until it is acknowledged")]


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class StartStream(_Message):
    """The first message of a talk. Binary messages with its sound follow."""

    type: Literal["start_stream"] = "start_stream"
    version: Literal[1] = VERSION
    src_lang: Tag = Field(description="BCP 47, ISO 639-3 or FLORES code, or `auto`")
    tgt_lang: Tag = Field(description="the language to translate into")
    format: Format = Field(
        default=PCM,
        description="mono s16le samples, or Opus or Vorbis in WebM or Ogg, cut anywhere",
    )
    sample_rate: int = Field(default=16_000, ge=8_000, le=96_000, description="in Hz, of PCM")
    chunk_size: int | None = Field(
        default=None, ge=1, le=1_048_576, description="samples in a message; any will do"
    )
    speech: bool = Field(default=True, description="whether the translation is spoken")
    voice: str = Field(default="auto", pattern=r"^[a-z0-9_]{1,32}$")
    token: Secret | None = Field(default=None, description="where the server asks for one")


class Resume(_Message):
    """The first message of a new connection for a talk whose connection broke."""

    type: Literal["resume"] = "resume"
    version: Literal[1] = VERSION
    session: Secret = Field(description="as `stream_started` gave it")
    last_seq: Count = Field(description="the last `seq` that was received; 0 for none")
    offset: Count | None = Field(
        default=None,
        description="where the next binary message begins in the whole stream: in samples of "
        "PCM, else in bytes. What is sent again is not heard twice",
    )
    token: Secret | None = Field(default=None, description="where the server asks for one")


class Audio(_Message):
    """Where the next binary message begins; without it, where the last one ended."""

    type: Literal["audio"] = "audio"
    offset: Count = Field(description="as in `resume`; of PCM, what is skipped is a gap")


class Ack(_Message):
    """All up to `seq` is safe with the client and need not be kept."""

    type: Literal["ack"] = "ack"
    seq: Count


class Ping(_Message):
    """Something to say where there is no sound to send; answered at once."""

    type: Literal["ping"] = "ping"
    id: Count = 0


class StopStream(_Message):
    """No sound follows: what was said is still translated, then `stream_end` comes."""

    type: Literal["stop_stream"] = "stop_stream"


ClientMessage: TypeAlias = StartStream | Resume | Audio | Ack | Ping | StopStream


class StreamStarted(_Message):
    """The talk is begun; sound may be sent."""

    type: Literal["stream_started"] = "stream_started"
    version: Literal[1] = VERSION
    session: str = Field(description="to resume with; keep it secret")
    resume_s: float = Field(description="how long a talk without a connection is kept")
    src_lang: str = Field(description="ISO 639-1, or `auto`")
    tgt_lang: str
    sample_rate: int = Field(
        default=OUTPUT_RATE_HZ, description="in Hz, of the sound that comes back"
    )
    max_message_bytes: int


class StreamResumed(_Message):
    """The talk goes on; what the client lacks follows."""

    type: Literal["stream_resumed"] = "stream_resumed"
    version: Literal[1] = VERSION
    session: str
    received: int = Field(description="how much of the stream has arrived, as `offset` counts")
    lost: int = Field(description="of what the client lacks, what is no longer kept")


class Ready(_Message):
    """The models are loaded: what was sent so far is being heard."""

    type: Literal["ready"] = "ready"
    seq: Seq
    engines: dict[str, str]


class Source(_Message):
    """Words that were recognised for good."""

    type: Literal["source"] = "source"
    seq: Seq
    utterance: int
    text: str = Field(description="new words only, with the space before them; never taken back")
    unstable: str = Field(description="what is believed to come next, and may change")
    language: str
    start_s: Seconds
    end_s: Seconds
    speech_end_s: Seconds
    emitted_s: Seconds
    final: bool = Field(description="the last of its utterance")


class SourcePartial(_Message):
    """What is believed to come next in an utterance; replaces what was believed before."""

    type: Literal["source_partial"] = "source_partial"
    utterance: int
    unstable: str
    end_s: Seconds


class Target(_Message):
    """A segment that was translated for good."""

    type: Literal["target"] = "target"
    seq: Seq
    utterance: int
    segment: int
    text: str = Field(description="new words only, never taken back; a space joins segments")
    source: str = Field(description="the words that it covers")
    unstable: str
    language: str
    uncertain: bool = Field(description="whether the engine doubts it")
    skipped: str = Field(description="why there is no translation, where there should be one")
    start_s: Seconds
    end_s: Seconds
    emitted_s: Seconds
    final: bool


class TargetPartial(_Message):
    """The translation's unstable tail; replaces what was believed before."""

    type: Literal["target_partial"] = "target_partial"
    utterance: int
    unstable: str
    end_s: Seconds


class Spoken(_Message):
    """When words sound, of the sound that came just before; or why they were left out."""

    type: Literal["spoken"] = "spoken"
    seq: Seq
    utterance: int
    segment: int
    text: str
    start_s: Seconds
    end_s: Seconds
    skipped: str


class Latency(_Message):
    """How late the translation is."""

    type: Literal["latency"] = "latency"
    lag_s: float | None = Field(description="from a word's onset to its translation's onset")
    behind_s: float = Field(description="speech that is queued and has not sounded")
    waiting: dict[str, int] = Field(description="messages that wait for a stage")


class SlowDown(_Message):
    """Sound comes faster than it is spoken: wait, or the talk is ended as `too_fast`."""

    type: Literal["slow_down"] = "slow_down"
    left_s: float = Field(description="how much more may come at once")


class StreamEnd(_Message):
    """All that was heard is translated; the last message of a talk."""

    type: Literal["stream_end"] = "stream_end"
    seq: Seq
    source_s: float
    words: dict[str, int]
    latency: dict[str, float | None] = Field(description="of the whole talk, in seconds")


class Pong(_Message):
    """The answer to a ping."""

    type: Literal["pong"] = "pong"
    id: int


class Error(_Message):
    """What went wrong; the connection is closed after it."""

    type: Literal["error"] = "error"
    seq: Seq | None = Field(default=None, description="where it ends a talk")
    code: Code
    message: str
    resumable: bool = False
    retry_after_s: int | None = None


ServerMessage: TypeAlias = (
    StreamStarted
    | StreamResumed
    | Ready
    | Source
    | SourcePartial
    | Target
    | TargetPartial
    | Spoken
    | Latency
    | SlowDown
    | StreamEnd
    | Pong
    | Error
)

CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(
    Annotated[ClientMessage, Field(discriminator="type")]
)
SERVER: TypeAdapter[ServerMessage] = TypeAdapter(
    Annotated[ServerMessage, Field(discriminator="type")]
)


def parse(text: str) -> ClientMessage:
    """Return a client's message; raises ClientError saying what is wrong with it."""
    return parsed(text, CLIENT)


def parsed(text: str, messages: TypeAdapter[T]) -> T:
    """Return a message of some protocol; raises ClientError saying what is wrong with it."""
    try:
        return messages.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "message"
        raise ClientError(Code.BAD_MESSAGE, f"{place}: {first['msg']}"[:300]) from error
