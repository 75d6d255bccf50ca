"""What may be changed while a talk runs: where it goes, whether it listens and speaks."""

import threading

from live_translator.direction import Direction


class Steering:
    """The present wishes; written by any thread, read by the stages as they work.

    A change of direction takes effect between two utterances: the one that runs is ended
    first, and goes the way it was begun (`audio/steered.py`).
    """

    def __init__(self, *directions: Direction) -> None:
        """Begin listening and speaking; of several directions each utterance takes one."""
        self._lock = threading.Lock()
        self._directions = directions
        self._paused = False
        self._muted = False

    @property
    def directions(self) -> tuple[Direction, ...]:
        """What an utterance that begins now may be: one, or one of several by its language."""
        with self._lock:
            return self._directions

    @property
    def paused(self) -> bool:
        """Whether nothing is listened to."""
        return self._paused

    @property
    def muted(self) -> bool:
        """Whether nothing is spoken; captions go on."""
        return self._muted

    def turn(self, *directions: Direction) -> None:
        """Take other directions from the next utterance on."""
        with self._lock:
            self._directions = directions

    def pause(self, *, paused: bool) -> None:
        """Stop listening or go on."""
        self._paused = paused

    def mute(self, *, muted: bool) -> None:
        """Stop speaking or go on."""
        self._muted = muted
