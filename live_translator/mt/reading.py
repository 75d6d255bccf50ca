"""When two sentences read the same: case, marks, contractions and typing aside. Pure."""

import re
import unicodedata

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_WHOLE = {
    "cannot": "can not", "can't": "can not", "won't": "will not", "shan't": "shall not",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "ok": "okay", "y'all": "you all",
    "o'clock": "o'clock", "let's": "let us",
}  # fmt: skip
"""Words that are written in one or in two ways."""
_TIED = (("n't", " not"), ("'m", " am"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"))
_IS_BEHIND = frozenset(
    ("it", "he", "she", "that", "this", "there", "here", "what", "where", "who", "how", "when",
     "why", "everything", "everybody", "everyone", "something", "nothing", "nobody")
)  # fmt: skip
"""Words behind which 's stands for is (or has, which is then the same on both sides)."""


def words(text: str) -> list[str]:
    """Return the words of a text, case folded and without marks; contractions are written out."""
    found: list[str] = []
    for match in _WORD.finditer(text.casefold().replace("\u2019", "'")):
        found += _written_out(match[0]).split()
    return found


def key(text: str) -> str:
    """Return what two sentences have in common that read the same; accents do not count.

    Many people type without them; `is_typed_plainly` says whether a text may have been.
    """
    return without_accents(" ".join(words(text)))


def is_typed_plainly(text: str) -> bool:
    """Whether a text has no accent at all, so that it may have lost them."""
    return without_accents(text) == text


def asks(text: str) -> bool:
    """Whether a text is written as a question."""
    return "?" in text


def has_end_mark(text: str) -> bool:
    """Whether a text ends with a mark, so that a question would show."""
    return text.rstrip("\"'\u201d\u2019)] ")[-1:] in (".", "?", "!", "\u2026")


def without_accents(text: str) -> str:
    """Return a text without the marks above and below its letters."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _written_out(word: str) -> str:
    if "'" not in word:
        return _WHOLE.get(word, word)
    if word in _WHOLE:
        return _WHOLE[word]
    for tied, whole in _TIED:
        if word.endswith(tied):
            return word.removesuffix(tied) + whole
    stem, _, tail = word.rpartition("'")
    return f"{stem} is" if tail == "s" and stem in _IS_BEHIND else word
