"""What a client is told when it is refused: stable codes, and what they are elsewhere."""

from enum import StrEnum


class Code(StrEnum):
    """Why a request, a connection or a talk ended; never renamed within a protocol version."""

    BAD_MESSAGE = "bad_message"
    BAD_AUDIO = "bad_audio"
    TOO_FAST = "too_fast"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_LONG = "too_long"
    IDLE = "idle"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD = "method_not_allowed"
    BUSY = "busy"
    TOO_MANY = "too_many_requests"
    LANGUAGE = "unsupported_language"
    SESSION = "unknown_session"
    REPLACED = "replaced"
    ENGINE = "engine_failed"
    STOPPING = "shutting_down"
    INTERNAL = "internal"

    @property
    def http(self) -> int:
        """The HTTP status of a refused request."""
        return _STATUS[self]

    @property
    def close(self) -> int:
        """The close code of a WebSocket: 1009 and the like as registered, else 4000 + status."""
        return _CLOSE.get(self) or 4000 + self.http

    @property
    def fatal(self) -> bool:
        """Whether there is nothing left to resume."""
        return self not in (Code.TOO_SLOW, Code.REPLACED, Code.IDLE)


_STATUS = {
    Code.BAD_MESSAGE: 422,
    Code.BAD_AUDIO: 415,
    Code.TOO_FAST: 429,
    Code.TOO_LARGE: 413,
    Code.TOO_SLOW: 408,
    Code.TOO_LONG: 413,
    Code.IDLE: 408,
    Code.UNAUTHORIZED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.METHOD: 405,
    Code.BUSY: 503,
    Code.TOO_MANY: 429,
    Code.LANGUAGE: 422,
    Code.SESSION: 404,
    Code.REPLACED: 409,
    Code.ENGINE: 500,
    Code.STOPPING: 503,
    Code.INTERNAL: 500,
}
_CLOSE = {Code.TOO_LARGE: 1009, Code.STOPPING: 1001, Code.INTERNAL: 1011}


def code_of_status(status: int) -> Code:
    """Return the code for a status that the framework itself answers with."""
    known = {401: Code.UNAUTHORIZED, 403: Code.FORBIDDEN, 404: Code.NOT_FOUND, 405: Code.METHOD}
    if status in known:
        return known[status]
    return Code.BAD_MESSAGE if status < 500 else Code.INTERNAL
