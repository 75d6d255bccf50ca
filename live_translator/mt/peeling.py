"""A sentence without what stands around it: greetings, fillers, names called, courtesy.

"Sorry, Elena, your microphone is off." is "Perdón, Elena," and a sentence that an engine
knows better alone. Pure but for what it asks the memory.
"""

import re
from dataclasses import dataclass

from live_translator.mt.memory import Memory
from live_translator.mt.reading import asks, words
from live_translator.mt.recall import within
from live_translator.mt.vocatives import vocative

_COMMA = re.compile(r",\s+")
_END = re.compile(r"[.?!…]*$")
_MAX_WORDS = 4
"""Of a part that is a set phrase by itself; a longer one belongs to the sentence."""
_MIN_CORE = 2
"""Words that are left to be a sentence."""
_COURTESY = {
    "en": {"please": "por favor", "thanks": "gracias", "thank you": "gracias", "sorry": "perdón",
           "then": "entonces", "of course": "claro"},
    "es": {"por favor": "please", "gracias": "thanks", "perdón": "sorry", "entonces": "then",
           "porfa": "please", "claro": "of course"},
}  # fmt: skip
"""What may stand behind a sentence."""


@dataclass(frozen=True, slots=True)
class Peeled:
    """A sentence and what stands around it, as it is said in the other language."""

    lead: str
    """With the comma that ends it; empty where nothing stands before."""
    core: str
    """To be translated; with the mark that ended the whole."""
    tail: str
    """With the comma that begins it; empty where nothing stands behind."""

    def core_prefix(self, prefix: str) -> str | None:
        """Return the committed words of the core; None where the lead was said otherwise."""
        lead, committed = self.lead.split(), prefix.split()
        shared = min(len(lead), len(committed))
        return " ".join(committed[shared:]) if lead[:shared] == committed[:shared] else None

    def joined(self, said: str, *, is_begun: bool) -> str:
        """Return the whole with the core's translation; `is_begun` says that some is committed."""
        if self.lead:
            said = f"{self.lead} {said if is_begun else within(said, self.core)}"
        if not self.tail:
            return said
        at = _END.search(said)
        end = at.start() if at else len(said)
        return f"{said[:end]}{self.tail}{said[end:]}"


def peeled(text: str, memory: Memory, code: str, *, ended: bool) -> Peeled | None:
    """Return a sentence without what stands around it; None where nothing does.

    Of one that still grows only what stands before is known.
    """
    if code not in _COURTESY or "," not in text:
        return None
    at = _END.search(text)
    mark = at[0] if at and ended else ""
    parts = _COMMA.split(text[: len(text) - len(mark)])
    heads: list[str] = []
    while len(parts) > 1 and (said := _head(parts[0], memory, code)) is not None:
        heads.append(within(said, parts[0]) if heads else said[:1].upper() + said[1:])
        del parts[0]
    tails: list[str] = []
    while ended and len(parts) > 1 and (said := _tail(parts[-1], code)) is not None:
        tails.insert(0, said)
        del parts[-1]
    core = ", ".join(parts)
    if not (heads or tails) or len(words(core)) < _MIN_CORE:
        return None
    return Peeled(
        lead="".join(f"{head}, " for head in heads).rstrip(),
        core=core + mark,
        tail="".join(f", {tail}" for tail in tails),
    )


def _head(part: str, memory: Memory, code: str) -> str | None:
    called = vocative(part, code)
    if called is not None:
        return called
    if len(words(part)) > _MAX_WORDS:
        return None
    said = memory.known(part, code)
    return None if said is None or asks(said) else said.strip(".!¡… ")


def _tail(part: str, code: str) -> str | None:
    return _COURTESY[code].get(part.casefold()) or vocative(part, code)
