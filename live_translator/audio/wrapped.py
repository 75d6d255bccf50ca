"""A source around another."""

from typing import Generic, TypeVar

from live_translator.interfaces import AudioSource, OpenableSource

Source = TypeVar("Source", bound=AudioSource)


class WrappedSource(Generic[Source]):
    """Says of itself what another source does; who inherits it yields that one's blocks."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def dropped_s(self) -> float:
        """Seconds of audio lost, as in the source."""
        return self._source.dropped_s

    @property
    def origin_s(self) -> float | None:
        """When the source's first sample was heard."""
        return self._source.origin_s

    def close(self) -> None:
        """Close the source."""
        self._source.close()


class WrappedOpenableSource(WrappedSource[OpenableSource]):
    """The same of a source that a run opens."""

    def open(self) -> None:
        """Open the source."""
        self._source.open()
