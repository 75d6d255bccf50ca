"""Translating plain text: the MT stage alone, one line in, one line out."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from live_translator.config import MtConfig
from live_translator.errors import SegmentError, UsageError
from live_translator.interfaces import Translator
from live_translator.mt.attention import Context, ask
from live_translator.mt.sentences import split

UNTRANSLATED = "[not translated: {}]"
"""What stands for a sentence that could not be translated."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_MAX_WORDS = MtConfig().max_sentence_words
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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as it is translated."""

    text: str
    failure: SegmentError | None = None
    """Why a sentence of it stands there untranslated, marked; None where all is translated."""
    is_unreadable: bool = False
    """Whether it had bytes that are no text."""


def translate_lines(
    translator: Translator, lines: Iterable[str], *, max_words: int = _MAX_WORDS
) -> Iterator[Line]:
    """Yield the translation of each line, without its line end; blank lines stay blank.

    Sentence after sentence, as speech is translated; one longer than `max_words` is cut. A
    sentence that the engine cannot translate costs itself alone.
    """
    for line in lines:
        parts: list[str] = []
        failure: SegmentError | None = None
        before = ""
        for sentence in split(" ".join(line.split()), max_words=max_words, ended=True).complete:
            try:
                parts.append(ask(translator, sentence, context=Context(before=before)).text.strip())
            except SegmentError as error:
                parts.append(UNTRANSLATED.format(sentence))
                failure = failure or error
            before = sentence
        yield Line(" ".join(parts), failure, is_unreadable=_REPLACEMENT in line)
