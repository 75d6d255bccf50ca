"""Where a sentence ends in text that is still growing. Pure functions."""

import re
from dataclasses import dataclass

_MARKS = ".?!…。？！؟।"  # noqa: RUF001 - other scripts
# Begun only at the first of several marks: else a row of n dots takes n² steps.
_END = re.compile(rf"(?<![{_MARKS}])[{_MARKS}]+[\"'”’»)\]]*(?=\s|$|(?<=[。？！])\S)")  # noqa: RUF001
_ABBREVIATIONS = frozenset(
    (
        *("mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "sra", "srta", "ud", "uds"),
        *("vs", "etc", "nr", "fig", "gen", "col", "capt", "lt", "sgt", "rev", "hon"),
        *("e.g", "i.e", "a.m", "p.m", "u.s", "u.k", "d.c", "approx", "dept", "est", "inc", "ltd"),
    )
)
"""Of the languages spoken here most; a wrong guess costs a sentence cut, not a word."""
_LONGEST_WORD = 40
"""Characters before a full stop that are looked at: more than any abbreviation has."""
_CLAUSE_END = re.compile(r"[,;:—–、，；：،؛][\"'”’»)\]]*$")  # noqa: RUF001 - other scripts


@dataclass(frozen=True, slots=True)
class Split:
    """Text split into what is complete and what still grows."""

    complete: tuple[str, ...]
    rest: str


def split(text: str, *, max_words: int, ended: bool = False, said_words: int = 0) -> Split:
    """Split text at sentence ends; `ended` says that nothing follows, so all is complete.

    A sentence longer than `max_words` is cut behind its last clause, else where it is.
    The first `said_words` words stay together: they are translated and spoken already,
    and those behind an earlier cut would be said again.
    """
    complete: list[str] = []
    begin = 0
    for match in _END.finditer(text):
        if _is_sentence_end(text, match, ended=ended):
            complete.append(text[begin : match.end()].strip())
            begin = match.end()
    rest = text[begin:].strip()
    words, at = rest.split(), 0
    while len(words) - at > max_words:
        cut = _clause_cut(words[at : at + max_words], 0 if complete else said_words)
        complete.append(" ".join(words[at : at + cut]))
        at += cut
    if at:
        rest = " ".join(words[at:])
    if ended and rest:
        complete.append(rest)
        rest = ""
    return Split(tuple(sentence for sentence in complete if sentence), rest)


def _is_sentence_end(text: str, match: re.Match[str], *, ended: bool) -> bool:
    if not match.group().startswith("."):
        return True
    before = text[max(0, match.start() - _LONGEST_WORD) : match.start()].split()
    word = before[-1].lower().strip("\"'“‘«([") if before else ""  # noqa: RUF001 - quotes
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i"):
        return False
    # "3." may go on as "3.5" as long as nothing follows.
    return not (word[-1:].isdigit() and match.end() == len(text) and not ended)


def ends_clause(word: str) -> bool:
    """Whether a clause, but no sentence, ends with this word."""
    return bool(_CLAUSE_END.search(word))


def clauses(text: str, *, min_words: int = 3) -> tuple[str, ...]:
    """Return the clauses of a text, each with its mark; one of fewer words joins the next."""
    parts: list[list[str]] = [[]]
    for word in text.split():
        parts[-1].append(word)
        if ends_clause(word) and len(parts[-1]) >= min_words:
            parts.append([])
    if len(parts) > 1 and len(parts[-1]) < min_words:
        last = parts.pop()
        parts[-1] += last
    return tuple(" ".join(part) for part in parts)


def _clause_cut(words: list[str], said_words: int) -> int:
    """Return how many words to cut off: behind the last clause mark of the later half."""
    for count in range(len(words), max(len(words) // 2, said_words - 1), -1):
        if ends_clause(words[count - 1]):
            return count
    return len(words)
