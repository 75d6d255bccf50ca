"""What of a failure a client is told: nothing of the machine that it happened on."""

import logging

from live_translator.errors import (
    AudioError,
    ClientError,
    LiveTranslateError,
    ModelError,
    StageError,
    UsageError,
)
from live_translator.serve.codes import Code

log = logging.getLogger(__name__)


def as_told(error: LiveTranslateError) -> ClientError:
    """Return a failure as a client is told it; what is our fault is logged."""
    cause = error.__cause__ if isinstance(error, StageError) else error
    match cause:
        case ClientError():
            return ClientError(cause.code, str(cause))
        case UsageError():
            return ClientError(Code.LANGUAGE, str(cause))
        case AudioError():
            return ClientError(
                Code.BAD_AUDIO,
                "the file cannot be decoded: send sound, such as WAV, FLAC, MP3, M4A, Ogg or WebM",
            )
    log.warning("%s", error)
    if isinstance(cause, ModelError):
        return ClientError(Code.LANGUAGE, "the models for this are not on the server")
    return ClientError(Code.ENGINE, "a part of the program failed: try again")
