"""What was said in a room, for who comes late."""

from collections import OrderedDict
from dataclasses import dataclass, field

from live_translator.serve.room_protocol import Line, Person


@dataclass(slots=True)
class _Utterance:
    speaker: Person
    text: str = ""
    translations: dict[str, str] = field(default_factory=dict)


class Minutes:
    """The last utterances, with what they were translated into. No thread or clock."""

    def __init__(self, max_utterances: int) -> None:
        self._max = max_utterances
        self._said: OrderedDict[tuple[int, int], _Utterance] = OrderedDict()
        """By talk and utterance, as they began."""

    def hear(self, speaker: Person, talk: int, utterance: int, text: str) -> None:
        """Add words that were recognised."""
        if not text.strip():
            return
        entry = self._said.setdefault((talk, utterance), _Utterance(speaker))
        entry.text += text
        while len(self._said) > self._max:
            self._said.popitem(last=False)

    def translate(self, talk: int, utterance: int, lang: str, text: str) -> None:
        """Add their translation into a language; of what is forgotten it is too."""
        if text.strip() and (entry := self._said.get((talk, utterance))):
            entry.translations[lang] = f"{entry.translations.get(lang, '')} {text}".strip()

    def lines(self, lang: str) -> list[Line]:
        """Return all of it for a reader of a language."""
        return [
            Line(
                member=entry.speaker.member,
                name=entry.speaker.name,
                colour=entry.speaker.colour,
                talk=talk,
                utterance=utterance,
                lang=entry.speaker.lang,
                text=entry.text.lstrip(),
                translation=entry.translations.get(lang, ""),
            )
            for (talk, utterance), entry in self._said.items()
        ]
