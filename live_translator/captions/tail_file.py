"""A text file that is valid after every write, though its last part may still change."""

import contextlib
import errno
import os
from pathlib import Path

from live_translator.errors import OutputError


def open_for_writing(path: Path) -> int:
    """Create or empty a file and return its descriptor; raises OutputError naming the fix."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise write_error(path, error) from error


class TailFile:
    """A settled part that only grows, and behind it a tail that is replaced as a whole.

    Each change is one write at the tail's place, so that a reader, or whoever finds the
    file after the program was killed, sees the old tail or the new one.
    """

    def __init__(self, path: Path, head: str = "") -> None:
        self._path = path
        self._descriptor: int | None = open_for_writing(path)
        self._settled_bytes = 0
        self._tail = b""
        self.replace(head)
        self.settle()

    def replace(self, tail: str) -> None:
        """Write the tail anew; raises OutputError, with the old tail as it was."""
        if self._descriptor is None:
            return
        data = encoded(tail)
        try:
            self._write(self._descriptor, data)
            if len(data) < len(self._tail):
                self._end_behind(self._descriptor, data)
        except OSError as error:
            # There is room for it: it was there.
            with contextlib.suppress(OSError):
                self._write(self._descriptor, self._tail)
                self._end_behind(self._descriptor, self._tail)
            raise write_error(self._path, error) from error
        self._tail = data

    def settle(self, tail_bytes: int | None = None) -> None:
        """Make the tail, or its first bytes, permanent."""
        settled = len(self._tail) if tail_bytes is None else tail_bytes
        self._settled_bytes += settled
        self._tail = self._tail[settled:]

    def close(self) -> None:
        """Close the file as it stands; idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, descriptor: int, data: bytes) -> None:
        """Put the data where the tail begins."""
        written = 0
        while written < len(data):
            written += os.pwrite(descriptor, data[written:], self._settled_bytes + written)

    def _end_behind(self, descriptor: int, data: bytes) -> None:
        """Cut off what is behind the data there."""
        os.ftruncate(descriptor, self._settled_bytes + len(data))


def encoded(text: str) -> bytes:
    r"""Return UTF-8; what it cannot write, of a file name that is no text, as JSON does: \udc80."""
    return text.encode("utf-8", "backslashreplace")


def write_error(path: Path, error: OSError) -> OutputError:
    """Return what to tell the user of a file that could not be written."""
    if isinstance(error, FileNotFoundError):
        return OutputError(
            f"cannot write {path}: there is no folder {path.parent}; create it first"
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            f"cannot write {path}: the disk is full; free some space or choose another folder"
        )
    return OutputError(f"cannot write {path}: {error.strerror}; choose another file or folder")
