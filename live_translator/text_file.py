"""Small text files that a user wrote: settings and word lists, read without trusting them."""

from pathlib import Path

from live_translator.errors import ConfigError

MAX_BYTES = 1 << 20
"""More than anybody writes by hand; a device or an endless pipe stops here."""


def read_text(path: Path, what: str) -> str:
    """Return a UTF-8 file's text, with or without a BOM; `what` it is goes into errors.

    A pipe will do. Raises ConfigError: it cannot be read, is no text, or is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the {what} {path}: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise ConfigError(f"cannot read the {what} {path}: that is no file name") from error
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{path} is larger than {MAX_BYTES >> 20} MB: is it a {what}?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not a UTF-8 text file: save it as UTF-8") from error
