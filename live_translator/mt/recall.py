"""What people have said for a sentence: as it is, but for a name or number, or part by part.

Pure but for what it asks the memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from live_translator.mt.agreement import gender_of
from live_translator.mt.memory import Memory
from live_translator.mt.reading import asks

_CONJUNCTIONS = {
    "en": {"and": "y", "but": "pero", "so": "así que", "because": "porque", "or": "o"},
    "es": {"y": "and", "e": "and", "pero": "but", "así que": "so", "porque": "because", "o": "or"},
}
"""Between two whole sentences, by the language that is translated."""
_JOINT = {
    code: re.compile(
        rf"(?P<mark>[,;:]?)\s+(?:(?P<joint>{'|'.join(known)})\s+)?(?=\S)", re.IGNORECASE
    )
    for code, known in _CONJUNCTIONS.items()
}
_WORD = re.compile(r"\w+")
_MAX_JOINTS = 6
"""Of a sentence that is put together: what has more is no talk of set phrases."""
_END_MARKS = ".!\u00a1\u2026 "
_KEEPS_CAPITAL = frozenset(
    ("i", "i'm", "i'll", "i'd", "i've", "mr", "mrs", "ms", "dr", "english", "spanish", "monday",
     "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february",
     "april", "june", "july", "august", "september", "october", "november", "december")
)  # fmt: skip
"""Words that have one within a sentence too, beside given names; not what begins "May I"."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A place where a sentence may be two."""

    begin: int
    end: int
    between: str
    """What stands there in the translation, without the space behind."""

    @property
    def has_conjunction(self) -> bool:
        """Whether a word joins the two."""
        return any(map(str.isalpha, self.between))


def recalled(text: str, memory: Memory, code: str) -> str | None:
    """Return how people have said a whole sentence of the language `code`, or None.

    A sentence that differs from one that the memory holds in names and numbers alone is said
    as that one, with its own. One of several parts, "Hello, how are you?" or "I'm tired and I
    want to go home.", is put together of what they say for each.
    """
    whole = said_of(text, memory, code)
    if whole is not None:
        return whole
    joints = list(joints_of(text, code))
    return _together(text, joints, memory, code) if len(joints) <= _MAX_JOINTS else None


def _together(text: str, joints: list[Joint], memory: Memory, code: str) -> str | None:
    """Return the parts as they are said one after another, the longest first part first."""
    for place in reversed(range(len(joints))):
        joint = joints[place]
        head = said_of(text[: joint.begin], memory, code)
        if head is None or asks(head):
            continue
        rest, offset = text[joint.end :], joint.end
        later = [
            Joint(other.begin - offset, other.end - offset, other.between)
            for other in joints[place + 1 :]
        ]
        tail = said_of(rest, memory, code) or _together(rest, later, memory, code)
        if tail is not None:
            between = joining(joint.between, tail)
            return f"{head.strip(_END_MARKS)}{between} {within(tail, rest)}"
    return None


def said_of(part: str, memory: Memory, code: str) -> str | None:
    """Return how people have said a part as it is, or but for a name or number; else None."""
    return memory.known(part, code) or memory.patterned(part, code)


def joints_of(text: str, code: str) -> Iterator[Joint]:
    """Yield the places where a sentence may be two, in their order."""
    for found in _JOINT[code].finditer(text):
        joint = found["joint"]
        if joint:
            meant = _CONJUNCTIONS[code][joint.casefold()]
            yield Joint(found.start(), found.end(), f"{found['mark']} {meant}")
        elif found["mark"]:
            yield Joint(found.start(), found.end(), found["mark"])


def joining(between: str, tail: str) -> str:
    """Return what joins two parts, with the forms that Spanish has before i and o."""
    start = tail.lstrip("¿¡").casefold()
    if between.endswith(" y") and re.match(r"h?i(?!e)", start):
        return between.removesuffix("y") + "e"
    if between.endswith(" o") and re.match(r"h?o", start):
        return between.removesuffix("o") + "u"
    return between


def within(said: str, source: str) -> str:
    """Return a sentence as it is written behind another: without its capital, but for a name.

    A word that the source has as well, with its capital, is one.
    """
    start = next((place for place, letter in enumerate(said) if letter.isalpha()), 0)
    first = re.split(r"[\s,.!?]", said[start:], maxsplit=1)[0]
    is_name = gender_of(first) or first in _WORD.findall(source)
    keeps = first.casefold() in _KEEPS_CAPITAL or is_name or first[1:].isupper()
    return said if keeps else said[:start] + said[start : start + 1].lower() + said[start + 1 :]
