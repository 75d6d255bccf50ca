"""The rooms that there are, and who is in them."""

import asyncio

from live_translator.errors import ClientError, UsageError
from live_translator.languages import language
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.names import person_name
from live_translator.serve.room import Room
from live_translator.serve.room_member import Member
from live_translator.serve.room_protocol import Join, Line, Person


class Rooms:
    """Opens a room for the first who comes, and forgets it with the last who leaves.

    Used by the event loop's thread alone.
    """

    def __init__(self, commons: Commons) -> None:
        self._commons = commons
        self._rooms: dict[str, Room] = {}
        self._members: dict[str, Member] = {}
        """By token: those who are connected, and those who may come back."""
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._is_closed = False

    def join(self, name: str, join: Join) -> tuple[Member, list[Person], list[Line]]:
        """Let somebody into a room; return him, who is there, and what was said.

        Raises ClientError where he cannot be.
        """
        if self._is_closed:
            raise ClientError(Code.STOPPING, "the server is being stopped")
        try:
            spoken = language(join.lang)
        except UsageError as error:
            raise ClientError(Code.LANGUAGE, str(error)) from error
        called = person_name(join.name)
        limits = self._commons.limits
        room = self._rooms.get(name)
        if room is None:
            if len(self._rooms) >= limits.max_rooms:
                raise ClientError(Code.BUSY, f"there are {len(self._rooms)} rooms already")
            room = Room(name, limits)
        member, people, lines = room.join(
            called,
            spoken,
            join.voice,
            speech=join.speech,
            make=lambda seat: Member(seat, room, join, self._commons),
        )
        self._rooms[name] = room
        self._members[member.token] = member
        return member, people, lines

    def resume(self, name: str, token: str) -> Member:
        """Return somebody who was kept; raises ClientError where nobody was."""
        member = self._members.get(token)
        if member is None or member.room.name != name:
            raise ClientError(Code.SESSION, "your place is not kept any more: join again")
        if expiry := self._expiries.pop(token, None):
            expiry.cancel()
        return member

    def keep(self, member: Member) -> None:
        """Keep the place of somebody whose connection broke."""
        if member.is_over:
            self.forget(member)
            return
        loop = asyncio.get_running_loop()
        self._expiries[member.token] = loop.call_later(
            self._commons.limits.resume_s, self.forget, member
        )

    def forget(self, member: Member) -> None:
        """Let somebody go who will not come back, and his room if he was the last."""
        self._members.pop(member.token, None)
        if expiry := self._expiries.pop(member.token, None):
            expiry.cancel()
        member.leave()
        room = member.room
        if room.is_empty and self._rooms.get(room.name) is room:
            del self._rooms[room.name]
            for talk in room.talks:
                talk.abort()

    async def close(self) -> None:
        """Let nobody in, send all away and wait for what they said to end."""
        self._is_closed = True
        for member in self._members.values():
            member.expel(Code.STOPPING, "the server is being stopped")
        talks = [talk for room in self._rooms.values() for talk in room.talks]
        for talk in talks:
            talk.abort()
        wait_s = self._commons.config.shutdown.join_s + 1.0
        await asyncio.gather(*(asyncio.to_thread(talk.join, wait_s) for talk in talks))
        for expiry in self._expiries.values():
            expiry.cancel()
