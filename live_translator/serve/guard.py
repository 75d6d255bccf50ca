"""What every request passes first: where it comes from, how large it is, how it is answered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from live_translator.errors import ClientError
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.door import Door
from live_translator.serve.replies import refusal

SECURITY_HEADERS = {
    # Modules of two versions do not fit together, and answers are not for others.
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; media-src 'self' blob:; worker-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer (OWASP Secure Headers)."""
_HSTS = "max-age=31536000"
_BODILESS = ("GET", "HEAD", "OPTIONS")

UPLOADS = ("/transcribe", "/transcribe-translate")
"""Paths that take recordings; to all others a message's size is allowed."""


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp, *, commons: Commons, door: Door) -> None:
        self.app = app
        self._commons = commons
        self._limits = commons.limits
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check(scope)
        except ClientError as error:
            await receive()
            response = self._refusal(error)
            await WebSocket(scope, receive, send).send_denial_response(response)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send, secure=scope["scheme"] == "https")
        try:
            self._check(scope)
            headers = Headers(scope=scope)
            if scope["method"] not in _BODILESS:
                # Before the body is read: the routes themselves ask only after it.
                self._door.check_token(headers.get("authorization"))
            body = _Body(receive, self._size_limit(scope), self._limits.upload_s)
            body.check_length(headers.get("content-length"))
        except ClientError as error:
            await self._refusal(error)(scope, receive, answer)
        else:
            await self.app(scope, body, answer.unless(body))
            if body.refused is not None and not answer.status:
                await self._refusal(body.refused)(scope, receive, answer)
        self._commons.meters.answered(scope["method"], answer.status)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        address = scope["client"][0] if scope["client"] else ""
        self._door.check_request(address, headers.get("host", ""), headers.get("origin"))

    def _size_limit(self, scope: Scope) -> int:
        upload = scope["path"] in UPLOADS
        return self._limits.max_upload_bytes if upload else self._limits.max_message_bytes

    def _refusal(self, error: ClientError) -> Any:
        self._commons.meters.refused(Code(error.code))
        return refusal(Code(error.code), str(error), self._limits)


class _Body:
    """A request's body as it is received, while it is not too long and not too slow."""

    def __init__(self, receive: Receive, limit_bytes: int, limit_s: float) -> None:
        self._receive = receive
        self._limit_bytes = limit_bytes
        self._deadline_s = asyncio.get_running_loop().time() + limit_s
        self._bytes = 0
        self._is_complete = False
        self.refused: ClientError | None = None
        """Why no more of it was taken."""

    def check_length(self, announced: str | None) -> None:
        """Raise ClientError for a length that is announced and too much."""
        if announced is not None and announced.isdecimal() and int(announced) > self._limit_bytes:
            raise self._too_large()

    async def __call__(self) -> Message:
        """Return the next part; one that is too much ends the body."""
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline_s):
                message = await self._receive()
        except TimeoutError:
            return self._refuse(ClientError(Code.IDLE, "the request took too long to arrive"))
        self._bytes += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        if self._bytes > self._limit_bytes:
            return self._refuse(self._too_large())
        return message

    def _refuse(self, error: ClientError) -> Message:
        self.refused = error
        self._is_complete = True
        return {"type": "http.disconnect"}

    def _too_large(self) -> ClientError:
        return ClientError(Code.TOO_LARGE, f"a request has at most {self._limit_bytes} bytes")


class _Answer:
    """Adds what every answer has, and remembers its status."""

    def __init__(self, send: Send, *, secure: bool) -> None:
        self._send = send
        self._secure = secure
        self.status = 0

    async def __call__(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if self._secure:
                headers.setdefault("Strict-Transport-Security", _HSTS)
        await self._send(message)

    def unless(self, body: _Body) -> Callable[[Message], Awaitable[None]]:
        """Return the same, which says nothing once a body was refused: that is answered then."""

        async def send(message: Message) -> None:
            if body.refused is None or self.status:
                await self(message)

        return send
