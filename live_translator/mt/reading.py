"""When two sentences read the same: case, marks, contractions and typing aside. Pure."""

import re
import unicodedata

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_WHOLE = {
    "cannot": "can not", "can't": "can not", "won't": "will not", "shan't": "shall not",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "ok": "okay", "y'all": "you all",
    "let's": "let us",
}  # fmt: skip
"""Words that are written in one or in two ways."""
_TIED = (("n't", " not"), ("'m", " am"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"))
_IS_BEHIND = frozenset(
    ("it", "he", "she", "that", "this", "there", "here", "what", "where", "who", "how", "when",
     "why", "everything", "everybody", "everyone", "something", "nothing", "nobody")
)  # fmt: skip
"""Words behind which 's stands for is (or has, which is then the same on both sides)."""
_SIGN = re.compile(r"[$£€¥¢%‰°+=#@&]|(?<!\w)[-\u2212](?=\d)")
"""What is said aloud though it is no word."""


def words(text: str) -> list[str]:
    """Return the words of a text, case folded and without marks; contractions are written out."""
    found: list[str] = []
    # Some keyboards and file systems write an accent as a letter of its own.
    plain = unicodedata.normalize("NFC", text.casefold().replace("\u2019", "'"))
    for match in _WORD.finditer(plain):
        found += _written_out(match[0]).split()
    return found


def key(text: str) -> str:
    """Return what two sentences have in common that read the same; accents do not count.

    Many people type without them; `is_typed_plainly` says whether a text may have been.
    """
    return without_accents(" ".join(words(text)))


def may_be(text: str, said: str) -> bool:
    """Whether a text may stand for one with the same key: $5 is not £5, and habló is not hablo.

    Its accents count only where it has any.
    """
    if _signs(text) != _signs(said):
        return False
    return is_typed_plainly(text) or words(text) == words(said)


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


def _signs(text: str) -> list[str]:
    return [match[0].replace("\u2212", "-") for match in _SIGN.finditer(text)]


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
