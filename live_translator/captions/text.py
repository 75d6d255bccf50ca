"""Text that is safe to show: nothing in it moves the cursor or turns the line around."""

import sys
import unicodedata
from typing import TextIO

_BIDI_CONTROLS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Embeddings, overrides and isolates: an unclosed one would reach into what stands beside it."""
_UNSHOWN = (0xAD, 0xFEFF, *range(0xFFF9, 0xFFFC))
"""Soft hyphen, byte order mark, annotations: terminals disagree about their width."""
_LINE_ENDS = ("\t", "\n", "\v", "\f", "\r", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
_SURROGATES = range(0xD800, 0xE000)
"""Halves of a character, which no encoding can write."""
_REMOVED: dict[int, str | None] = {
    # C0, delete and C1: everything that a terminal could take for a command.
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *_BIDI_CONTROLS, *_UNSHOWN)),
    **{ord(mark): " " for mark in _LINE_ENDS},
    **dict.fromkeys(_SURROGATES, "\N{REPLACEMENT CHARACTER}"),
}
RIGHT_TO_LEFT = ("\u2067", "\u2069")
"""What stands around a row to keep it in right-to-left order (UAX 9: RLI and PDI).

A terminal that reorders takes each row for a paragraph from left to right; without the marks
the full stop of an Arabic row would jump to its other side. One that does not reorder
ignores them. They have no width.
"""
_STRONG = {"L": False, "R": True, "AL": True}
"""Unicode's strong directions (UAX 9), and whether each runs from right to left."""


def escaped(text: str) -> str:
    """Return the text on one line, with an escape for each character that cannot be shown.

    For names and messages, of which nothing may be lost, where `clean` is for what is read.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def clean(text: str) -> str:
    """Return the text without control characters; ends of lines become spaces."""
    return text.translate(_REMOVED)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (UAX 9, P2-P3)."""
    directions = (_STRONG.get(unicodedata.bidirectional(character)) for character in text)
    return next((direction for direction in directions if direction is not None), False)


def encodable(text: str, stream: TextIO) -> str:
    """Return the text with a question mark for each character that the stream cannot take."""
    encoding = stream.encoding or sys.getdefaultencoding()
    return text.encode(encoding, "replace").decode(encoding)
