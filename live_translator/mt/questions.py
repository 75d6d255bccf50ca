"""Whether a sentence asks before its question mark has come: from how it begins. Pure.

A sentence that still grows has no mark yet, and an engine that sees none makes a statement
of it, whose first words are then committed.
"""

import re

_ENDED = re.compile(r"[.?!…,;:][\"'\u201d\u2019)\]]*$")
_LEAD = r"^(?:(?:and|but|so|well|okay|ok|hey|hi|hello|sorry|excuse me|oh|um|uh)\b[,\s]+)*"
_NOT = r"(?:n['\u2019]t)?"
_AUXILIARY = (
    r"(?:am|is|are|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|might"
    rf"|must){_NOT}"
)
_SUBJECT = (
    r"(?:i|you|he|she|it|we|they|this|that|these|those|there|my|your|his|her|its|our|their|the|any"
    r"(?:one|body|thing)?|some(?:one|body|thing)?|every(?:one|body|thing))"
)
_INVERTED = (
    rf"(?:(?:am|is|are|was|were|does|did|has|can|could|will|would|shall|should|might|must){_NOT}"
    rf"\s{_SUBJECT}|(?:do|have){_NOT}\s(?:i|you|we|they)|may\s(?:i|we))"
)
"""An auxiliary before its subject, where it can be nothing else: "do the dishes" and "have it" tell
somebody to, "may the force" wishes, and "had I known" is a condition."""
_NOUN = rf"(?:\s(?!{_SUBJECT}\b)(?-i:[a-z]+))?"
"""No pronoun and no name, which begin a clause: "what Tom did was wrong"."""
_ASKING = (
    r"(?:who|where|when|why|(?:what|which|whose|how(?:\s(?:much|many))?"
    rf"|(?:what|which)\s(?:kind|sort|type|colour|color|size)\sof){_NOUN})"
)
_CONTRACTED = r"(?:what|where|who|how|when|why)['\u2019](?:s|re|d|ll)\s"
_TELLS = (
    r"(?:which\s\w+\s(?:why|what|how|where|when|because)\b|what['\u2019]s\smore\b"
    r"|don['\u2019]t\syou\s(?:worry|dare|ever)\b)"
)
"""Begins like a question and is none: "which is why I left", "don't you worry"."""
_BEGINS = {
    "en": re.compile(
        rf"{_LEAD}(?!{_TELLS})(?:{_INVERTED}\b|{_ASKING}\s{_AUXILIARY}\b|{_CONTRACTED})",
        re.IGNORECASE,
    ),
    "es": re.compile(r"¿[^¿?]*$"),
}


def with_question_mark(text: str, code: str) -> str:
    """Return a sentence with a question mark behind it where it asks and has no mark."""
    begins = _BEGINS.get(code)
    if begins is None or _ENDED.search(text) or not begins.search(text):
        return text
    return f"{text}?"
