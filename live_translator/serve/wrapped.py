"""A source around another."""

from collections.abc import Iterator

from live_translator.interfaces import OpenableSource
from live_translator.messages import AudioBlock


class WrappedSource:
    """Does what another source does; who inherits it says what becomes of its blocks."""

    def __init__(self, source: OpenableSource) -> None:
        self._source = source

    @property
    def dropped_s(self) -> float:
        """Seconds of audio lost, as in the source."""
        return self._source.dropped_s

    @property
    def origin_s(self) -> float | None:
        """When the source's first sample was heard."""
        return self._source.origin_s

    def open(self) -> None:
        """Open the source."""
        self._source.open()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the source's blocks."""
        yield from self._source.blocks()

    def close(self) -> None:
        """Close the source."""
        self._source.close()
