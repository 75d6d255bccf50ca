"""One WebSocket of a client that takes part in something that outlives the connection."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel
from starlette.websockets import WebSocket, WebSocketDisconnect

from live_translator.errors import ClientError
from live_translator.serve.bucket import Bucket
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.door import Door
from live_translator.serve.party import Party
from live_translator.serve.protocol import Ack, Audio, Error, Ping, Pong, Resume
from live_translator.serve.replies import refusal

_GOODBYE_S = 1.0
"""For the last words to a client that may not read: then the connection is cut."""
_NORMAL = 1000
"""The close code of who has what was wanted; of a line that broke uvicorn makes 1005."""


P = TypeVar("P", bound=Party)
P_contra = TypeVar("P_contra", bound=Party, contravariant=True)


class Keeps(Protocol[P_contra]):
    """Who knows all parties of a kind."""

    def keep(self, party: P_contra, /) -> None:
        """Let one without a connection wait to be resumed."""

    def forget(self, party: P_contra, /) -> None:
        """End one that nobody will resume."""


class Connections:
    """Serves WebSockets, and knows which holds which party. On the event loop's thread."""

    def __init__(self, commons: Commons, door: Door) -> None:
        self.commons = commons
        self.door = door
        self.holders: dict[str, Connection[Any]] = {}
        """By the party's token."""

    async def serve(self, socket: WebSocket, make: "Callable[[], Connection[Any]]") -> None:
        """Serve one WebSocket to its end; nothing is raised but a cancellation."""
        address = socket.client.host if socket.client else ""
        try:
            self.door.enter(address)
        except ClientError as error:
            await self.deny(socket, error)
            return
        self.commons.meters.connected(1)
        try:
            await socket.accept()
            await make().run()
        finally:
            self.door.leave(address)
            self.commons.meters.connected(-1)

    async def deny(self, socket: WebSocket, error: ClientError) -> None:
        """Refuse a connection before it is one."""
        code = Code(error.code)
        self.commons.meters.refused(code)
        await socket.send_denial_response(refusal(code, str(error), self.commons.limits))


class Connection(Generic[P]):
    """Passes messages between a socket and a party until either ends."""

    def __init__(self, connections: Connections, socket: WebSocket, keeps: Keeps[P]) -> None:
        self._connections = connections
        self._commons = connections.commons
        self._limits = connections.commons.limits
        self._meters = connections.commons.meters
        self._clock = connections.commons.clock
        self._socket = socket
        self._keeps = keeps
        self._messages = Bucket(
            per_s=self._limits.messages_per_s, burst=2 * self._limits.messages_per_s
        )
        self._to_send = asyncio.Event()
        self._room = asyncio.Event()
        self._replaced = asyncio.Event()
        self._sending = asyncio.Lock()
        self._party: P | None = None

    async def _begin(self, first: str) -> P:
        """Return what the first message asks for, held and told so; raises ClientError."""
        raise NotImplementedError

    def _parse(self, text: str) -> BaseModel:
        """Return a client's message; raises ClientError."""
        raise NotImplementedError

    async def _obey(self, party: P, message: BaseModel) -> None:
        """Do what only messages of this kind of party ask for; raises ClientError."""
        raise NotImplementedError

    def replace(self) -> None:
        """Another connection has taken the party."""
        self._replaced.set()

    async def run(self) -> None:
        """Serve until the talk or the connection ends."""
        resumable = True
        try:
            party = await self._begin(await self._first())
            await self._pass(party)
            if (failure := party.failure) is not None:
                self._meters.refused(failure)
                await self._close(failure.close, failure.value)
            else:
                await self._close(_NORMAL, "")
        except WebSocketDisconnect as left:
            resumable = left.code != _NORMAL
        except ClientError as error:
            code = Code(error.code)
            resumable = self._party is not None and not code.fatal
            self._meters.refused(code)
            await self._refuse(code, str(error), resumable=resumable)
        finally:
            self._let_go(resumable=resumable)

    async def _first(self) -> str:
        """Return the first message."""
        try:
            async with asyncio.timeout(self._limits.start_s):
                first = await self._receive()
        except TimeoutError as error:
            raise ClientError(
                Code.IDLE, f"nothing was asked for within {self._limits.start_s:g} s"
            ) from error
        if isinstance(first, bytes):
            raise ClientError(Code.BAD_MESSAGE, "sound came before the message that begins")
        return first

    def _check_token(self, token: str | None) -> None:
        self._connections.door.check_token(token, self._socket.headers.get("authorization"))

    def _hold(self, party: P) -> None:
        holders = self._connections.holders
        if before := holders.get(party.token):
            before.replace()
        holders[party.token] = self
        self._party = party
        loop = asyncio.get_running_loop()
        party.attach(
            lambda: _soon(loop, self._to_send.set),
            lambda: _soon(loop, self._room.set),
        )

    def _hold_again(self, party: P, resume: Resume) -> int:
        """Take up a party where the client's connection broke; return what is lost of it."""
        self._hold(party)
        lost = party.resume(resume.last_seq)
        party.seek(party.received if resume.offset is None else resume.offset)
        return lost

    def _holds(self) -> bool:
        party = self._party
        return party is not None and self._connections.holders.get(party.token) is self

    def _let_go(self, *, resumable: bool) -> None:
        party = self._party
        if party is None or not self._holds():
            return
        party.detach()
        del self._connections.holders[party.token]
        if resumable:
            self._keeps.keep(party)
        else:
            self._keeps.forget(party)

    async def _pass(self, party: P) -> None:
        """Pass messages both ways until all is sent; raises what ended it before."""
        tasks = {
            asyncio.create_task(work, name=name)
            for name, work in (
                ("reader", self._read(party)),
                ("writer", self._write(party)),
                ("replaced", self._watch()),
            )
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _watch(self) -> None:
        await self._replaced.wait()
        self._check_held()

    def _check_held(self) -> None:
        """Raise ClientError where another connection has the party: what comes is for that."""
        if not self._holds():
            raise ClientError(Code.REPLACED, "it was resumed by another connection")

    async def _read(self, party: P) -> None:
        while True:
            try:
                async with asyncio.timeout(self._limits.idle_s):
                    message = await self._receive()
            except TimeoutError as error:
                raise ClientError(
                    Code.IDLE, f"nothing came within {self._limits.idle_s:g} s, not even a ping"
                ) from error
            self._check_held()
            if isinstance(message, bytes):
                await self._hear(party, message)
            else:
                await self._do(party, self._parse(message))

    async def _do(self, party: P, message: BaseModel) -> None:
        match message:
            case Audio(offset=offset):
                party.seek(offset)
            case Ack(seq=seq):
                party.acknowledge(seq)
            case Ping(id=number):
                await self._send(Pong(id=number))
            case _:
                await self._obey(party, message)

    async def _hear(self, party: P, data: bytes) -> None:
        self._room.clear()
        while not party.has_room():
            await self._room.wait()
            self._room.clear()
        self._check_held()
        party.hear(data)

    async def _write(self, party: P) -> None:
        while True:
            self._to_send.clear()
            # Asked before the messages: the end is told after the last of them.
            is_over = party.is_over
            while True:
                self._check_held()
                if (frame := party.take()) is None:
                    break
                if party.is_hopeless:
                    raise ClientError(
                        Code.TOO_SLOW, "the client reads more slowly than the translation comes"
                    )
                await self._send(frame)
            if is_over:
                return
            await self._to_send.wait()

    async def _receive(self) -> str | bytes:
        """Return the next message; raises ClientError where it is too much."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        content: str | bytes | None = message.get("bytes")
        if content is None:
            content = str(message.get("text") or "")
        self._meters.received(len(content))
        if len(content) > self._limits.max_message_bytes:
            raise ClientError(
                Code.TOO_LARGE, f"a message has at most {self._limits.max_message_bytes} bytes"
            )
        if not self._messages.take(1, self._clock()):
            raise ClientError(
                Code.TOO_MANY, f"more than {self._limits.messages_per_s:g} messages a second"
            )
        return content

    async def _send(self, message: BaseModel | str | bytes) -> None:
        """Send a message; raises ClientError where the client does not take it in time."""
        content = message.model_dump_json() if isinstance(message, BaseModel) else message
        try:
            async with asyncio.timeout(self._limits.send_s), self._sending:
                if isinstance(content, bytes):
                    await self._socket.send_bytes(content)
                else:
                    await self._socket.send_text(content)
        except TimeoutError as error:
            raise ClientError(
                Code.TOO_SLOW, f"the client took no message within {self._limits.send_s:g} s"
            ) from error
        except RuntimeError as error:  # Of a connection that the server has closed meanwhile.
            raise WebSocketDisconnect(1006) from error
        self._meters.sent(len(content))

    async def _refuse(self, code: Code, message: str, *, resumable: bool) -> None:
        retry_after_s = self._limits.retry_after_s if code is Code.BUSY else None
        error = Error(code=code, message=message, resumable=resumable, retry_after_s=retry_after_s)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._socket.send_text(error.model_dump_json())
        await self._close(code.close, code.value)

    async def _close(self, code: int, reason: str) -> None:
        # A connection that is gone, or takes nothing, is cut by the server when this returns.
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._socket.close(code, reason)


def _soon(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
    """Let the event loop call a function, from any thread; one that has ended does not."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(function)
