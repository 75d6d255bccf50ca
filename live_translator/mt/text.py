"""Translating plain text: the MT stage alone, one line in, one line out."""

from collections.abc import Iterable, Iterator

from live_translator.interfaces import Translator
from live_translator.mt.sentences import split

_MAX_WORDS = 40
"""Longer lines are translated sentence by sentence: engines lose clauses of long input."""


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
