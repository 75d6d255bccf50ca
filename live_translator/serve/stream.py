"""A client's talk over a WebSocket: `/ws/stream` and `/ws/translate`."""

from pydantic import BaseModel
from starlette.websockets import WebSocket

from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import ClientError
from live_translator.languages import AUTO, language
from live_translator.serve.codes import Code
from live_translator.serve.connection import Connection, Connections
from live_translator.serve.protocol import (
    Resume,
    StartStream,
    StopStream,
    StreamResumed,
    StreamStarted,
    parse,
)
from live_translator.serve.session import Session
from live_translator.serve.sessions import Sessions


class StreamConnection(Connection[Session]):
    """One connection to a talk."""

    def __init__(
        self, connections: Connections, socket: WebSocket, sessions: Sessions, *, live: bool
    ) -> None:
        super().__init__(connections, socket, sessions)
        self._sessions = sessions
        self._live = live

    async def _begin(self, first: str) -> Session:
        """Begin or resume a talk."""
        message = parse(first)
        if not isinstance(message, StartStream | Resume):
            raise ClientError(Code.BAD_MESSAGE, "the first message is start_stream or resume")
        self._check_token(message.token)
        if isinstance(message, StartStream):
            session = self._sessions.begin(message, live=self._live)
            self._hold(session)
            await self._send(self._started(session))
        else:
            session = self._sessions.resume(message.session)
            lost = self._hold_again(session, message)
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

    def _parse(self, text: str) -> BaseModel:
        return parse(text)

    async def _obey(self, party: Session, message: BaseModel) -> None:
        """Do what a client says while its talk runs."""
        match message:
            case StopStream():
                party.stop()
            case _:
                raise ClientError(Code.BAD_MESSAGE, "the talk has begun already")
