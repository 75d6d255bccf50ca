"""Whether a sentence asks before its question mark has come: from how it begins. Pure.

A sentence that still grows has no mark yet, and an engine that sees none makes a statement
of it, whose first words are then committed.
"""

import re

_ENDED = re.compile(r"[.?!…,;:][\"'\u201d\u2019)\]]*$")
_LEAD = r"^(?:(?:and|but|so|well|okay|ok|hey|hi|hello|sorry|excuse me|oh|um|uh)\b[,\s]+)*"
_AUXILIARY = (
    r"(?:am|is|are|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|might"
    r"|must)(?:n['\u2019]t)?"
)
_SUBJECT = (
    r"(?:i|you|he|she|it|we|they|this|that|these|those|there|my|your|his|her|its|our|their|the|any"
    r"(?:one|body|thing)?|some(?:one|body|thing)?|every(?:one|body|thing))"
)
_ASKING = (
    r"(?:what|which|who|whose|where|when|why|how(?:\s(?:much|many|long|far|often|old|soon|late"
    r"|big|tall|expensive))?|what\stime|(?:what|which)\s(?:kind|sort|type|colour|color|size)\sof\s\w+)"
)
_CONTRACTED = r"(?:what|where|who|how|when|why)(?:['\u2019](?:s|re|d|ll))\s"
_BEGINS = {
    "en": re.compile(
        rf"{_LEAD}(?:{_AUXILIARY}\s{_SUBJECT}\b|{_ASKING}\s(?:\w+\s)?{_AUXILIARY}\b|{_CONTRACTED})",
        re.IGNORECASE,
    ),
    "es": re.compile(r"¿(?!.*\?)"),
}


def with_question_mark(text: str, code: str) -> str:
    """Return a sentence with a question mark behind it where it asks and has no mark."""
    begins = _BEGINS.get(code)
    if begins is None or _ENDED.search(text) or not begins.search(text):
        return text
    return f"{text}?"
