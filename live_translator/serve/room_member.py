"""Somebody in a room, connected or not."""

from live_translator.errors import ClientError
from live_translator.serve.bucket import Bucket
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.party import Party
from live_translator.serve.protocol import Error
from live_translator.serve.room import Room, Seat
from live_translator.serve.room_protocol import Join, Refused
from live_translator.serve.room_talk import Talk

_PACE = "pace"
"""The slot of a warning that sound comes too fast."""
_SPEAKS_AT_ONCE = 10


class Member(Party):
    """Is told what the others say; speaks, unless muted, in a talk."""

    def __init__(self, seat: Seat, room: Room, join: Join, commons: Commons) -> None:
        """Sit down, muted."""
        super().__init__(commons.limits.kept_bytes)
        self.seat = seat
        self.room = room
        self._join = join
        self._commons = commons
        self._talk: Talk | None = None
        self._speaks = Bucket(per_s=commons.limits.speaks_per_s, burst=_SPEAKS_AT_ONCE)

    @property
    def talk(self) -> Talk | None:
        """What he says, while his microphone is open."""
        return self._talk

    @property
    def received(self) -> int:
        """How much of it has arrived, in the stream's units."""
        talk = self._talk
        return talk.ear.received if talk else 0

    def seek(self, offset: int) -> None:
        """Say where the next message with sound begins; raises ClientError."""
        if talk := self._talk:
            talk.ear.seek(offset)

    def has_room(self) -> bool:
        """Return whether a message with sound can be taken now."""
        talk = self._talk
        return talk is None or talk.ear.has_room()

    def hear(self, data: bytes) -> None:
        """Take a message with sound, and drop it while he is muted; raises ClientError."""
        if talk := self._talk:
            talk.ear.hear(data)

    def mute(self, *, muted: bool, sample_rate_hz: int | None = None) -> None:
        """Close or open his microphone; where the machine is busy it is closed, and he is told.

        A new rate is for this time and all that follow. Raises ClientError where he does so
        without end.
        """
        talk = self._talk
        if muted and talk is not None:
            self._talk = None
            talk.stop()
        elif not muted and talk is None:
            if sample_rate_hz is not None:
                self._join = self._join.model_copy(update={"sample_rate": sample_rate_hz})
            self._speak()

    def resume(self, last_seq: int) -> int:
        """Tell again what he lacks; return how many of these messages are gone."""
        if talk := self._talk:
            talk.ear.source.resumed()
        return super().resume(last_seq)

    def leave(self) -> None:
        """Go: what he said is still translated for those who stay. Idempotent."""
        self.mute(muted=True)
        self.room.leave(self.seat)
        self._be_over()

    def expel(self, code: Code, message: str) -> None:
        """Let him go at once, and tell why."""
        self.failure = code
        self._end(lambda seq: Error(seq=seq, code=code, message=message))
        self.leave()

    def _speak(self) -> None:
        if not self._speaks.take(1, self._commons.clock()):
            raise ClientError(Code.TOO_MANY, "the microphone is opened again and again")
        talk = Talk(
            self.seat,
            self.room,
            self._join,
            self._commons,
            slow_down=lambda message: self.show(_PACE, message),
            roomy=self._roomy,
            failed=self._failed,
        )
        # Before it begins: it may fail at once.
        self._talk = talk
        try:
            talk.begin()
        except ClientError as error:
            self._talk = None
            self._refuse(error)

    def _failed(self, talk: Talk, error: ClientError) -> None:
        """His talk has ended with a failure; on its thread."""
        if self._talk is talk:
            self._talk = None
        self._refuse(error)

    def _refuse(self, error: ClientError) -> None:
        code = Code(error.code)
        self._commons.meters.refused(code)
        retry_after_s = self._commons.limits.retry_after_s if code is Code.BUSY else None
        self.put(
            lambda seq: Refused(seq=seq, code=code, message=str(error), retry_after_s=retry_after_s)
        )
