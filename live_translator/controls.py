"""What a person may ask of a running talk, by keys or any other front end."""

from collections.abc import Callable

from live_translator.direction import Direction
from live_translator.engines import Engines
from live_translator.errors import UsageError
from live_translator.languages import language
from live_translator.steering import Steering


class Controls:
    """Carries out wishes while a run goes on; each returns one sentence on what is so now.

    What a new direction needs is loaded before the talk turns to it, on the caller's
    thread, so nothing is lost meanwhile, and what cannot be had changes nothing. Raises
    UsageError and ModelError, naming the fix. For one thread at a time.
    """

    def __init__(self, steering: Steering, engines: Engines, *, hush: Callable[[], None]) -> None:
        """Steer a run; `hush` ends what is sounding."""
        self._steering = steering
        self._engines = engines
        self._hush = hush

    def pause(self) -> str:
        """Stop listening, or go on."""
        self._steering.pause(paused=not self._steering.paused)
        return "paused: nothing is heard" if self._steering.paused else "listening again"

    def mute(self) -> str:
        """Stop speaking at once, captions going on, or speak again."""
        self._steering.mute(muted=not self._steering.muted)
        if not self._steering.muted:
            return "speaking again"
        self._hush()
        return "muted: captions only"

    def swap(self) -> str:
        """Hear the language that was spoken, and speak the one that was heard."""
        return self._turn(self._only().reversed())

    def speak(self, name: str) -> str:
        """Translate into another language, by name or code."""
        direction = self._only()
        target = language(name)
        if target is direction.source:
            raise UsageError(f"{target.name} is what is heard: press s to swap the languages")
        return self._turn(direction.speaking(target))

    def voice(self, name: str) -> str:
        """Speak with another voice."""
        direction = self._only()
        return self._turn(Direction(direction.source, direction.target, name))

    def _only(self) -> Direction:
        directions = self._steering.directions
        if len(directions) > 1:
            raise UsageError(
                "the direction follows the speaker: start without --two-way and --src auto "
                "to choose it yourself"
            )
        return directions[0]

    def _turn(self, direction: Direction) -> str:
        self._engines.prepare(direction)
        self._steering.turn(direction)
        voice = self._engines.voice(direction)
        return f"{direction}{f', voice {voice.name}' if voice else ''}"
