"""Which language is heard, which is spoken, and in which voice; it may change during a talk."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live_translator.languages import AUTO, LANGUAGES, Language, language

if TYPE_CHECKING:
    from live_translator.config import Config


@dataclass(frozen=True, slots=True)
class Direction:
    """What becomes of an utterance."""

    source: Language
    target: Language
    """The same as `source`: nothing is translated or spoken, captions show what was said."""
    voice: str = "auto"
    """`TtsConfig.voice`, for this direction."""

    def __str__(self) -> str:
        """Return the direction as captions show it, such as en → es."""
        return f"{self.source.code} → {self.target.code}"

    @property
    def translates(self) -> bool:
        """Whether there is anything to translate."""
        return self.source is not self.target

    def reversed(self) -> "Direction":
        """Return the way back; a voice speaks one language, so it is chosen anew."""
        return Direction(self.target, self.source)

    def hearing(self, source: Language) -> "Direction":
        """Return the direction for another language heard."""
        return replace(self, source=source)

    def speaking(self, target: Language) -> "Direction":
        """Return the direction for another language spoken."""
        return Direction(self.source, target)


def directions(config: "Config") -> tuple[Direction, ...]:
    """Return the ways that an utterance of a run may go; more than one if its language tells.

    Raises UsageError for a language that is not known.
    """
    target = language(config.target)
    if config.source == AUTO:
        return tuple(Direction(source, target, config.tts.voice) for source in LANGUAGES.values())
    there = Direction(language(config.source), target, config.tts.voice)
    return (there, there.reversed()) if config.two_way else (there,)


def shown(ways: tuple[Direction, ...]) -> str:
    """Return the ways that an utterance may go, as captions show them."""
    first, *others = ways
    if not others:
        return str(first)
    if others == [first.reversed()]:
        return f"{first.source.code} ⇄ {first.target.code}"
    return f"{AUTO} → {first.target.code}"
