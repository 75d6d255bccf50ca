"""The talks that go on, connected or not."""

import asyncio

from live_translator.config import Config
from live_translator.direction import directions
from live_translator.errors import ClientError, UsageError
from live_translator.languages import AUTO, language
from live_translator.mt.engines import prospect
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.protocol import StartStream
from live_translator.serve.session import Session, config_of


class Sessions:
    """Begins talks that the machine can hold, and keeps them while they may be resumed.

    Used by the event loop's thread alone.
    """

    def __init__(self, commons: Commons) -> None:
        self._commons = commons
        self._kept: dict[str, Session] = {}
        """By token: those that run, and those whose last words may not have arrived."""
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._is_closed = False

    def begin(self, start: StartStream, *, live: bool) -> Session:
        """Begin a talk; raises ClientError where it cannot be had."""
        if self._is_closed:
            raise ClientError(Code.STOPPING, "the server is being stopped")
        config = self.config_for(start, live=live)
        session = Session(start, config, self._commons, live=live)
        session.begin()
        self._commons.meters.begun(live=live)
        self._kept[session.token] = session
        return session

    def config_for(self, start: StartStream, *, live: bool) -> Config:
        """Return a talk's configuration; raises ClientError for languages that it cannot have."""
        try:
            source = AUTO if start.src_lang.lower() == AUTO else language(start.src_lang).code
            target = language(start.tgt_lang).code
        except UsageError as error:
            raise ClientError(Code.LANGUAGE, str(error)) from error
        if source == target:
            raise ClientError(Code.LANGUAGE, f"{target} is both heard and spoken: choose another")
        config = config_of(start, self._commons.config, source, target, live=live)
        for way in directions(config) if source != AUTO else ():
            if prospect(way.source, way.target, config.mt, self._commons.store).engine is None:
                raise ClientError(
                    Code.LANGUAGE,
                    f"this server cannot translate {way.source.name} to {way.target.name}",
                )
        return config

    def resume(self, token: str) -> Session:
        """Return a talk that was kept; raises ClientError where there is none."""
        session = self._kept.get(token)
        if session is None:
            raise ClientError(Code.SESSION, "there is no such talk any more: begin a new one")
        if expiry := self._expiries.pop(token, None):
            expiry.cancel()
        return session

    def keep(self, session: Session) -> None:
        """Let a talk without a connection wait to be resumed."""
        loop = asyncio.get_running_loop()
        self._expiries[session.token] = loop.call_later(
            self._commons.limits.resume_s, self.forget, session
        )

    def forget(self, session: Session) -> None:
        """End a talk that nobody will resume."""
        self._kept.pop(session.token, None)
        if expiry := self._expiries.pop(session.token, None):
            expiry.cancel()
        session.abort(Code.SESSION)

    async def close(self) -> None:
        """Take no more talks, end all at once and wait for their threads."""
        self._is_closed = True
        sessions = list(self._kept.values())
        for session in sessions:
            session.abort(Code.STOPPING)
        wait_s = self._commons.config.shutdown.join_s + 1.0
        await asyncio.gather(*(asyncio.to_thread(one.join, wait_s) for one in sessions))
        for expiry in self._expiries.values():
            expiry.cancel()
