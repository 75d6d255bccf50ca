"""A sentence without what stands around it: greetings, fillers, names called, courtesy, and
whole sentences that people have said.

"Sorry, Elena, your microphone is off." is "Perdón, Elena," and a sentence that an engine
knows better alone. Pure but for what it asks the memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from live_translator.mt.memory import Memory
from live_translator.mt.reading import asks, words
from live_translator.mt.recall import Joint, joining, joints_of, said_of, within
from live_translator.mt.vocatives import vocative

_END_MARKS = ".?!…"
_MIN_CORE = 2
"""Words that are left to be a sentence."""
_MAX_PARTS = 6
"""On either side: each costs a look into the memory, and a list of a thousand words has as many."""
_COURTESY = {
    "en": {"please": "por favor", "thanks": "gracias", "thank you": "gracias", "sorry": "perdón",
           "then": "entonces", "of course": "claro"},
    "es": {"por favor": "please", "gracias": "thanks", "perdón": "sorry", "entonces": "then",
           "porfa": "please", "claro": "of course"},
}  # fmt: skip
"""What may stand behind a sentence."""
_MIN_NEW_CLAUSE = 3
"""Words behind a clause and its comma that are no mere item of a list: "tall, dark, handsome"."""
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
_PRONOUN = {
    "en": re.compile(r"(?:i|you|he|she|we|they)\b", re.IGNORECASE),
    "es": re.compile(r"(?:yo|tú|él|ella|ustedes|usted|nosotr[oa]s|ell[oa]s)\b", re.IGNORECASE),
}
"""Of a subject, which may be the second of two: "my brother and I"."""
_RELATIVE = {
    "en": re.compile(r"(?:who|whom|whose|which)\b", re.IGNORECASE),
    "es": re.compile(r"(?:que|quien|quienes|cuy[oa]s?)\b", re.IGNORECASE),
}
"""Begins a clause about the word before it, where it does not ask."""
_LISTED = {
    "en": re.compile(r"\w+,?\s(?:and|or)\s", re.IGNORECASE),
    "es": re.compile(r"\w+,?\s(?:y|e|o|u)\s", re.IGNORECASE),
}
"""One word and another: behind a name they are a list with it."""
_LISTS = frozenset(("y", "o", "and", "or"))
"""Conjunctions of the translation that join words as well as sentences."""
_QUOTES = frozenset('"«»“”')


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
        """Return the committed words of the core.

        None where the lead was said otherwise, or what stands behind is said already.
        """
        lead, committed = self.lead.split(), prefix.split()
        shared = min(len(lead), len(committed))
        begun = " ".join(committed[shared:])
        is_same = lead[:shared] == committed[:shared]
        return begun if is_same and not self._reaches_tail(begun) else None

    def joined(self, said: str, *, is_begun: bool) -> str:
        """Return the whole with the core's translation; `is_begun` says that some is committed."""
        if self.lead and is_begun:
            said = f"{self.lead} {said}"
        elif self.lead:
            said = f"{joining(self.lead, said)} {within(said, self.core)}"
        if not self.tail:
            return said
        end = len(said.rstrip(_END_MARKS))
        return f"{said[:end]}{self.tail}{said[end:]}"

    def _reaches_tail(self, begun: str) -> bool:
        """Whether committed words may say some of the tail: they were said of the whole."""
        if not self.tail:
            return False
        said = f" {' '.join(words(begun))} "
        parts = (" ".join(words(part)) for part in self.tail.split(",") if part)
        return begun.count(",") > self.core.count(",") or any(f" {part} " in said for part in parts)


def peeled(text: str, memory: Memory, code: str, *, ended: bool) -> Peeled | None:
    """Return a sentence without what stands around it; None where nothing does.

    Of one that still grows only what stands before is known.
    """
    if code not in _COURTESY:
        return None
    core = text.rstrip(_END_MARKS) if ended else text
    mark = text[len(core) :]
    tails: list[str] = []
    while ended and len(tails) < _MAX_PARTS and (end := _tail(core, code)) is not None:
        tails.insert(0, end[1])
        core = core[: end[0]]
    core += mark
    lead = ""
    for begin, said in _heads(core, memory, code):
        lead = f"{lead} {within(said, core)}" if lead else said[:1].upper() + said[1:]
        core = core[begin:]
    if not (lead or tails):
        return None
    return Peeled(lead=lead, core=core, tail="".join(f", {tail}" for tail in tails))


def _heads(text: str, memory: Memory, code: str) -> Iterator[tuple[int, str]]:
    """Yield what stands before a sentence: where the rest begins, and what is said for it."""
    for _ in range(_MAX_PARTS):
        head = _head(text, memory, code)
        if head is None:
            return
        yield head
        text = text[head[0] :]


def _head(text: str, memory: Memory, code: str) -> tuple[int, str] | None:
    """Return the longest part that stands before a sentence, with what joins the two."""
    for joint in reversed(list(islice(joints_of(text, code), _MAX_PARTS))):
        part, rest = text[: joint.begin], text[joint.end :]
        if len(words(rest)) < _MIN_CORE:
            continue
        called = None if joint.has_conjunction else vocative(part, code)
        if not _is_apart(part, rest, joint, code, is_called=called is not None):
            continue
        said = called or said_of(part, memory, code)
        if said is not None and not asks(said):
            return joint.end, said.strip(".!¡… ") + joint.between
    return None


def _is_apart(part: str, rest: str, joint: Joint, code: str, *, is_called: bool) -> bool:
    """Whether what follows a part and a joint is a sentence by itself, as far as it has come.

    `is_called` says that the part is whom it speaks to. Else it may be the rest of a list, or a
    clause about what stands before: "Ana, who is my sister", "he is tall, dark, handsome".
    """
    if not _QUOTES.isdisjoint(part) or (_RELATIVE[code].match(rest) and not asks(rest)):
        return False
    begins_clause = _BEGINS_CLAUSE[code].match(rest) is not None
    if joint.has_conjunction:
        return begins_clause and not _is_one_subject(part, rest, joint, code)
    if is_called:
        return _LISTED[code].match(rest) is None
    first = rest[: next((other.begin for other in joints_of(rest, code)), len(rest))]
    return (
        not _is_clause(part, code)
        or begins_clause
        or len(words(first)) >= _MIN_NEW_CLAUSE
        or vocative(first, code) is not None
    )


def _is_one_subject(part: str, rest: str, joint: Joint, code: str) -> bool:
    """Whether a part and the pronoun behind it are one subject: "he and she"."""
    may_list = joint.between.rpartition(" ")[2] in _LISTS and _PRONOUN[code].match(rest)
    return bool(may_list) and len(words(part)) < _MIN_NEW_CLAUSE and not _is_clause(part, code)


def _is_clause(part: str, code: str) -> bool:
    return len(words(part)) > 1 and _BEGINS_CLAUSE[code].match(part) is not None


def _tail(text: str, code: str) -> tuple[int, str] | None:
    """Return where courtesy or a name called begins behind a sentence, and what is said for it."""
    before, comma, part = text.rpartition(", ")
    if not comma or len(words(before)) < _MIN_CORE:
        return None
    if part[:1].isupper() and before.rpartition(" ")[2][:1].isupper():
        return None  # As in "I met Ana, Eva": no one may be called.
    said = _COURTESY[code].get(part.casefold()) or vocative(part, code)
    return None if said is None else (len(before), said)
