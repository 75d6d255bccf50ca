"""Translating plain text: the MT stage alone, one line in, one line out."""

import io
from collections.abc import Iterable, Iterator
from typing import TextIO

from live_translator.errors import UsageError
from live_translator.interfaces import Translator
from live_translator.mt.sentences import split

_MAX_WORDS = 40
"""Longer lines are translated sentence by sentence: engines lose clauses of long input."""


_MAX_CHARACTERS = 1_000_000
"""Of a line, which is held in memory as a whole: some twenty hours of talk."""


def lines_of(stream: TextIO) -> Iterator[str]:
    """Yield a stream's lines; bytes that are no text come as replacement characters.

    Raises UsageError at a line that is longer than any text, as of a file that has no lines.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    number = 0
    while line := stream.readline(_MAX_CHARACTERS + 1):
        number += 1
        if len(line) > _MAX_CHARACTERS:
            raise UsageError(
                f"line {number} of the text is longer than {_MAX_CHARACTERS} characters: "
                "break it into lines, or check that it is text"
            )
        yield line


def translate_lines(translator: Translator, lines: Iterable[str]) -> Iterator[str]:
    """Yield the translation of each line, without its line end; blank lines stay blank.

    Raises SegmentError where the engine cannot translate a line.
    """
    for line in lines:
        text = " ".join(line.split())
        if len(text.split()) <= _MAX_WORDS:
            sentences: tuple[str, ...] = (text,) if text else ()
        else:
            sentences = split(text, max_words=_MAX_WORDS, ended=True).complete
        yield " ".join(translator.translate(sentence).strip() for sentence in sentences)
