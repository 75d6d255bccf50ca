"""A sentence without what stands around it: greetings, fillers, names called, courtesy, and
whole sentences that people have said.

"Sorry, Elena, your microphone is off." is "Perdón, Elena," and a sentence that an engine
knows better alone. Pure but for what it asks the memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from live_translator.mt.memory import Memory
from live_translator.mt.reading import asks, words
from live_translator.mt.recall import joining, joints_of, said_of, within
from live_translator.mt.vocatives import vocative

_COMMA = re.compile(r",\s+")
_END = re.compile(r"[.?!…]*$")
_MIN_CORE = 2
"""Words that are left to be a sentence."""
_COURTESY = {
    "en": {"please": "por favor", "thanks": "gracias", "thank you": "gracias", "sorry": "perdón",
           "then": "entonces", "of course": "claro"},
    "es": {"por favor": "please", "gracias": "thanks", "perdón": "sorry", "entonces": "then",
           "porfa": "please", "claro": "of course"},
}  # fmt: skip
"""What may stand behind a sentence."""
_BEGINS_CLAUSE = {
    "en": re.compile(
        r"(?:i|you|he|she|it|we|they|there|this|that|let's|please|don't|is|are|do|does|did|can|could"
        r"|would|will|what|where|when|why|how|who)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"¿?(?:yo|tú|él|ella|usted|ustedes|nosotr[oa]s|ell[oa]s|no|me|te|se|nos|les?|ya|hay|es|está"
        r"|son|soy|estoy|estamos|tengo|tiene|tenemos|quiero|quiere|queremos|necesit\w+|voy|vamos|va"
        r"|puedo|puede|podemos|qué|quién|dónde|cuándo|cómo|por qué|cuánt\w+)\b",
        re.IGNORECASE,
    ),
}
"""How what follows a conjunction begins where it is a sentence, and no second noun."""


@dataclass(frozen=True, slots=True)
class Peeled:
    """A sentence and what stands around it, as it is said in the other language."""

    lead: str
    """With the comma or word that joins it to the core; empty where nothing stands before."""
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
        if self.lead and is_begun:
            said = f"{self.lead} {said}"
        elif self.lead:
            said = f"{joining(self.lead, said)} {within(said, self.core)}"
        if not self.tail:
            return said
        at = _END.search(said)
        end = at.start() if at else len(said)
        return f"{said[:end]}{self.tail}{said[end:]}"


def peeled(text: str, memory: Memory, code: str, *, ended: bool) -> Peeled | None:
    """Return a sentence without what stands around it; None where nothing does.

    Of one that still grows only what stands before is known.
    """
    if code not in _COURTESY:
        return None
    at = _END.search(text)
    mark = at[0] if at and ended else ""
    core = text[: len(text) - len(mark)]
    tails: list[str] = []
    while ended and (end := _tail(core, code)) is not None:
        tails.insert(0, end[1])
        core = core[: end[0]]
    lead = ""
    for begin, said in _heads(core, memory, code):
        lead = f"{lead} {within(said, core)}" if lead else said[:1].upper() + said[1:]
        core = core[begin:]
    if not (lead or tails):
        return None
    return Peeled(lead=lead, core=core + mark, tail="".join(f", {tail}" for tail in tails))


def _heads(text: str, memory: Memory, code: str) -> Iterator[tuple[int, str]]:
    """Yield what stands before a sentence: where the rest begins, and what is said for it."""
    while (head := _head(text, memory, code)) is not None:
        yield head
        text = text[head[0] :]


def _head(text: str, memory: Memory, code: str) -> tuple[int, str] | None:
    """Return the longest part that stands before a sentence, with what joins the two."""
    for joint in reversed(list(joints_of(text, code))):
        part, rest = text[: joint.begin], text[joint.end :]
        if len(words(rest)) < _MIN_CORE:
            continue
        if joint.has_conjunction and not _BEGINS_CLAUSE[code].match(rest):
            continue
        said = None if joint.has_conjunction else vocative(part, code)
        said = said or said_of(part, memory, code)
        if said is not None and not asks(said):
            return joint.end, said.strip(".!¡… ") + joint.between
    return None


def _tail(text: str, code: str) -> tuple[int, str] | None:
    """Return where courtesy or a name called begins behind a sentence, and what is said for it."""
    commas = list(_COMMA.finditer(text))
    if not commas or len(words(text[: commas[-1].start()])) < _MIN_CORE:
        return None
    part = text[commas[-1].end() :]
    said = _COURTESY[code].get(part.casefold()) or vocative(part, code)
    return None if said is None else (commas[-1].start(), said)
