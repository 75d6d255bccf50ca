"""Somebody in a room over a WebSocket: `/ws/room/NAME`."""

from pydantic import BaseModel
from starlette.websockets import WebSocket

from live_translator.errors import ClientError
from live_translator.serve.codes import Code
from live_translator.serve.connection import Connection, Connections
from live_translator.serve.protocol import Resume
from live_translator.serve.room_member import Member
from live_translator.serve.room_protocol import Join, Joined, Leave, Mute, Rejoined, parse
from live_translator.serve.rooms import Rooms


class RoomConnection(Connection[Member]):
    """One connection of somebody in a room."""

    def __init__(
        self, connections: Connections, socket: WebSocket, rooms: Rooms, name: str
    ) -> None:
        """Prepare; `name` is the room's, and checked."""
        super().__init__(connections, socket, rooms)
        self._rooms = rooms
        self._name = name

    async def _begin(self, first: str) -> Member:
        """Let somebody in, for the first time or again."""
        message = parse(first)
        if not isinstance(message, Join | Resume):
            raise ClientError(Code.BAD_MESSAGE, "the first message is join or resume")
        self._check_token(message.token)
        if isinstance(message, Join):
            return await self._join(message)
        return await self._resume(message)

    async def _join(self, message: Join) -> Member:
        member, people, lines = self._rooms.join(self._name, message)
        self._hold(member)
        await self._send(
            Joined(
                room=self._name,
                session=member.token,
                resume_s=self._limits.resume_s,
                you=member.seat.number,
                members=people,
                transcript=lines,
                max_message_bytes=self._limits.max_message_bytes,
            )
        )
        member.mute(muted=message.muted)
        return member

    async def _resume(self, message: Resume) -> Member:
        member = self._rooms.resume(self._name, message.session)
        lost = self._hold_again(member, message)
        talk = member.talk
        await self._send(
            Rejoined(
                session=member.token,
                you=member.seat.number,
                talk=talk.number if talk else None,
                received=member.received,
                lost=lost,
            )
        )
        return member

    def _parse(self, text: str) -> BaseModel:
        return parse(text)

    async def _obey(self, party: Member, message: BaseModel) -> None:
        """Do what somebody says who is in the room."""
        match message:
            case Mute(muted=muted, sample_rate=sample_rate_hz):
                party.mute(muted=muted, sample_rate_hz=sample_rate_hz)
            case Leave():
                self._rooms.forget(party)
            case _:
                raise ClientError(Code.BAD_MESSAGE, "you are in the room already")
