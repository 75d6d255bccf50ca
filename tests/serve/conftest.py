"""Talks that a test leaves behind end before the next."""

import threading
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def talks_end() -> Iterator[None]:
    """Wait for talks whose client has gone; whoever keeps one fails here."""
    yield
    for thread in threading.enumerate():
        if thread.name in ("session", "talk"):
            thread.join(30)
            assert not thread.is_alive()
