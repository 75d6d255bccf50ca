"""One connection of a client to a talk: `/ws/stream` and `/ws/translate`."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from pydantic import BaseModel
from starlette.websockets import WebSocket, WebSocketDisconnect

from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import ClientError
from live_translator.languages import AUTO, language
from live_translator.serve.bucket import Bucket
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.door import Door
from live_translator.serve.protocol import (
    Ack,
    Audio,
    Error,
    Ping,
    Pong,
    Resume,
    StartStream,
    StopStream,
    StreamResumed,
    StreamStarted,
    parse,
)
from live_translator.serve.replies import refusal
from live_translator.serve.session import Session
from live_translator.serve.sessions import Sessions

log = logging.getLogger(__name__)

_GOODBYE_S = 1.0
"""For the last words to a client that may not read: then the connection is cut."""
_NORMAL = 1000
"""The close code of who has what was wanted; of a line that broke uvicorn makes 1005."""


class Connections:
    """Serves WebSockets, and knows which holds which talk. On the event loop's thread."""

    def __init__(self, commons: Commons, sessions: Sessions, door: Door) -> None:
        self.commons = commons
        self.sessions = sessions
        self.door = door
        self.holders: dict[str, Connection] = {}
        """By the talk's token."""

    async def serve(self, socket: WebSocket, *, live: bool) -> None:
        """Serve one WebSocket to its end; nothing is raised but a cancellation."""
        address = socket.client.host if socket.client else ""
        try:
            self.door.enter(address)
        except ClientError as error:
            code = Code(error.code)
            self.commons.meters.refused(code)
            await socket.send_denial_response(refusal(code, str(error), self.commons.limits))
            return
        self.commons.meters.connected(1)
        try:
            await socket.accept()
            await Connection(self, socket, live=live).run()
        finally:
            self.door.leave(address)
            self.commons.meters.connected(-1)


class Connection:
    """Passes messages between a socket and a talk until either ends."""

    def __init__(self, connections: Connections, socket: WebSocket, *, live: bool) -> None:
        self._connections = connections
        self._limits = connections.commons.limits
        self._meters = connections.commons.meters
        self._clock = connections.commons.clock
        self._socket = socket
        self._live = live
        self._messages = Bucket(
            per_s=self._limits.messages_per_s, burst=2 * self._limits.messages_per_s
        )
        self._to_send = asyncio.Event()
        self._room = asyncio.Event()
        self._replaced = asyncio.Event()
        self._sending = asyncio.Lock()
        self._session: Session | None = None

    def replace(self) -> None:
        """Another connection has taken the talk."""
        self._replaced.set()

    async def run(self) -> None:
        """Serve until the talk or the connection ends."""
        resumable = True
        try:
            session = await self._begin()
            await self._pass(session)
            if session.failure is not None:
                self._meters.refused(session.failure)
                await self._close(session.failure.close, session.failure.value)
            else:
                await self._close(_NORMAL, "")
        except WebSocketDisconnect as left:
            resumable = left.code != _NORMAL
        except ClientError as error:
            code = Code(error.code)
            resumable = self._session is not None and not code.fatal
            self._meters.refused(code)
            await self._refuse(code, str(error), resumable=resumable)
        finally:
            self._let_go(resumable=resumable)

    async def _begin(self) -> Session:
        """Return the talk that the first message asks for."""
        try:
            async with asyncio.timeout(self._limits.start_s):
                first = await self._receive()
        except TimeoutError as error:
            raise ClientError(
                Code.IDLE, f"nothing was asked for within {self._limits.start_s:g} s"
            ) from error
        message = parse(first) if isinstance(first, str) else None
        if not isinstance(message, StartStream | Resume):
            raise ClientError(Code.BAD_MESSAGE, "the first message is start_stream or resume")
        self._connections.door.check_token(message.token, self._socket.headers.get("authorization"))
        if isinstance(message, StartStream):
            session = self._connections.sessions.begin(message, live=self._live)
            self._hold(session)
            await self._send(self._started(session))
        else:
            session = self._connections.sessions.resume(message.session)
            self._hold(session)
            lost = session.resume(message.last_seq)
            session.seek(session.received if message.offset is None else message.offset)
            await self._send(
                StreamResumed(session=session.token, received=session.received, lost=lost)
            )
        return session

    def _started(self, session: Session) -> StreamStarted:
        start = session.start
        return StreamStarted(
            session=session.token,
            resume_s=self._limits.resume_s,
            src_lang=AUTO if start.src_lang.lower() == AUTO else language(start.src_lang).code,
            tgt_lang=language(start.tgt_lang).code,
            sample_rate=OUTPUT_RATE_HZ,
            max_message_bytes=self._limits.max_message_bytes,
        )

    def _hold(self, session: Session) -> None:
        holders = self._connections.holders
        if before := holders.get(session.token):
            before.replace()
        holders[session.token] = self
        self._session = session
        loop = asyncio.get_running_loop()
        session.attach(
            lambda: _soon(loop, self._to_send.set),
            lambda: _soon(loop, self._room.set),
        )

    def _holds(self) -> bool:
        session = self._session
        return session is not None and self._connections.holders.get(session.token) is self

    def _let_go(self, *, resumable: bool) -> None:
        session = self._session
        if session is None or not self._holds():
            return
        session.detach()
        del self._connections.holders[session.token]
        if resumable:
            self._connections.sessions.keep(session)
        else:
            self._connections.sessions.forget(session)

    async def _pass(self, session: Session) -> None:
        """Pass messages both ways until all is sent; raises what ended it before."""
        tasks = {
            asyncio.create_task(work, name=name)
            for name, work in (
                ("reader", self._read(session)),
                ("writer", self._write(session)),
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
        """Raise ClientError where another connection has the talk: what comes is for that."""
        if not self._holds():
            raise ClientError(Code.REPLACED, "the talk was resumed by another connection")

    async def _read(self, session: Session) -> None:
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
                await self._hear(session, message)
            else:
                await self._obey(session, parse(message))

    async def _hear(self, session: Session, data: bytes) -> None:
        self._room.clear()
        while not session.has_room():
            await self._room.wait()
            self._room.clear()
        self._check_held()
        session.hear(data)

    async def _obey(self, session: Session, message: BaseModel) -> None:
        match message:
            case Audio(offset=offset):
                session.seek(offset)
            case Ack(seq=seq):
                session.acknowledge(seq)
            case Ping(id=number):
                await self._send(Pong(id=number))
            case StopStream():
                session.stop()
            case _:
                raise ClientError(Code.BAD_MESSAGE, "the talk has begun already")

    async def _write(self, session: Session) -> None:
        while True:
            self._to_send.clear()
            # Asked before the messages: the end is told after the last of them.
            is_over = session.is_over
            while True:
                self._check_held()
                if (frame := session.take()) is None:
                    break
                if session.is_hopeless:
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
