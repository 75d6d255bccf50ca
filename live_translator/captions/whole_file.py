"""A small text file that is always whole: as it was, or as it is now."""

import contextlib
import os
from pathlib import Path

from live_translator.captions.tail_file import encoded, write_error


class WholeFile:
    """Is replaced at once, so that a reader finds the old text or the new one.

    What cannot be written (a full disk) leaves the old text, and no draft. From one thread at
    a time.
    """

    def __init__(self, path: Path) -> None:
        """Write nothing yet."""
        self._path = path
        # Of the file itself, where the name given is a link to it.
        self._place = path.resolve()
        self._draft = self._place.with_name(f".{self._place.name}.new")

    def replace(self, text: str) -> None:
        """Write the text; raises OutputError."""
        try:
            if self._path.exists() and not self._path.is_file():
                self._path.write_bytes(encoded(text))  # A pipe, a device: nothing to replace.
                return
            self._draft.write_bytes(encoded(text))
            os.replace(self._draft, self._place)  # noqa: PTH105 - says what it does
        except OSError as error:
            with contextlib.suppress(OSError):
                self._draft.unlink()
            raise write_error(self._path, error) from error
