"""The exception tree: every error a user can meet is one sentence that names the fix."""


class LiveTranslateError(Exception):
    """Something went wrong; the message is one sentence for the user, naming the fix."""

    exit_code = 1
    """What the program exits with when this error ends it."""


def reason(error: BaseException) -> str:
    """Return what may be told of an error: of others than ours only the kind.

    Their messages may quote what was said.
    """
    return str(error) if isinstance(error, LiveTranslateError) else type(error).__name__


class UsageError(LiveTranslateError):
    """The user asked for something that cannot be: an unknown language, flag or value."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration value is unknown, of the wrong type or out of range."""


class ModelError(LiveTranslateError):
    """A model is missing, damaged or cannot be fetched."""


class AudioError(LiveTranslateError):
    """An audio file cannot be read, or holds no sound."""


class DeviceError(LiveTranslateError):
    """No sound device, or no library that could reach one."""


class OutputError(LiveTranslateError):
    """A file that the program should write cannot be written."""


class SegmentError(LiveTranslateError):
    """One segment could not be processed; it may be skipped, logged and counted."""


class EngineError(SegmentError):
    """A model failed on a segment for no fault of the segment's: the next may fail too."""


class HungError(EngineError):
    """A model call has not come back in time."""


class GivenUpError(LiveTranslateError):
    """A model failed again and again, and starting it anew did not help; `__cause__` is why."""


class StageError(LiveTranslateError):
    """A stage of the pipeline failed; `__cause__` is why."""

    def __init__(self, stage: str, cause: BaseException) -> None:
        super().__init__(f"the {stage} stage failed: {cause or type(cause).__name__}")
        self.stage = stage
        self.__cause__ = cause
        if isinstance(cause, LiveTranslateError):
            self.exit_code = cause.exit_code


class Interrupted(LiveTranslateError):  # noqa: N818 - the user's wish, not a fault
    """The user interrupted a second time, or the grace time after the first ran out."""

    exit_code = 130


class ClientError(LiveTranslateError):
    """A client of the server asked for what it may not have; `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
