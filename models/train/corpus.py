"""The parallel text that the translator learns from: read, cleaned, without the test sets."""

import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from live_translator.spelling import bare

CORPORA = ("tatoeba", "news", "tico", "lohelp", "pydocs")
_MAX_WORDS = 90
_MAX_RATIO, _SLACK_LETTERS = 1.8, 12
"""How much longer one side may be, in letters, and over it: Spanish needs a fifth more."""
_MIN_LETTERS, _SLACK_MARKS = 0.75, 4
"""Of all characters but spaces and a few; under it a line is a formula, a table or code."""

_ROLE = re.compile(r":[a-z:+]+:`[~!]?([^`<]*?)\s*(?:<[^>`]*>)?`")
_LINK = re.compile(r"`([^`<]+?)\s*<[^>`]*>`_{1,2}")
_QUOTED = re.compile(r"`{1,2}([^`]+)`{1,2}_{0,2}")
_EMPHASIS = re.compile(r"(?<![\w*])\*{1,2}([^*\s](?:[^*]*[^*\s])?)\*{1,2}(?![\w*])")
_FOOTNOTE = re.compile(r"\s*\[(?:\d+|#\w*)\]_")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_DOTTED = re.compile(r"\b\w+(?:\.\w+)+\(\)|\b[a-zA-Z]\w*\(\)")
_CODE = re.compile(
    r"[={}|\\_^@#$~<>\[\]⌘]|https?:|www\.|::|--|%[sdr(]|CommandCtrl|OptionAlt|\.\w+\(|\w/\w+/"
)
_SPACE = re.compile(r"\s+")
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019", "'"),
        **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2013\u2014", "-"),
        "\u00ad": "",
    }
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in both languages and the corpus that it comes from."""

    english: str
    spanish: str
    corpus: str


def read(folder: Path, held_out: Iterable[Path]) -> list[Pair]:
    """Return every usable pair of `folder`/NAME.en-es.tsv.gz, none with a held-out sentence."""
    unseen = {bare(text) for path in held_out for pair in read_pairs(path) for text in pair}
    pairs: dict[tuple[str, str], Pair] = {}
    for corpus in CORPORA:
        with gzip.open(folder / f"{corpus}.en-es.tsv.gz", "rt", encoding="utf-8") as lines:
            for english, spanish in _columns(lines):
                pair = cleaned(english, spanish, corpus)
                if pair is not None and unseen.isdisjoint((bare(english), bare(spanish))):
                    pairs.setdefault((pair.english, pair.spanish), pair)
    return list(pairs.values())


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Return the English and Spanish of a test set, as they are."""
    with path.open(encoding="utf-8") as lines:
        return list(_columns(lines))


def sides(path: Path, source: str, count: int | None = None) -> tuple[list[str], list[str]]:
    """Return the first `count` sentences of a test set in a source language, and the others."""
    english, spanish = map(list, zip(*read_pairs(path)[:count], strict=True))
    return (english, spanish) if source == "en" else (spanish, english)


def cleaned(english: str, spanish: str, corpus: str) -> Pair | None:
    """Return a pair without mark-up; None where it is no pair of sentences in two languages."""
    english, spanish = plain(english), plain(spanish)
    same = english.casefold() == spanish.casefold() and len(english.split()) > 3
    if same or not (_is_text(english) and _is_text(spanish)):
        return None
    longer, shorter = sorted((len(english), len(spanish)), reverse=True)
    if longer > _MAX_RATIO * shorter + _SLACK_LETTERS:
        return None
    return Pair(english, spanish, corpus)


def plain(text: str) -> str:
    """Return the words of a line of documentation, its mark-up gone, quotes and dashes plain."""
    text = unicodedata.normalize("NFC", text).translate(_SAME)
    text = _ROLE.sub(lambda role: role[1].rsplit(".", 1)[-1] or role[1], text)
    for mark in (_LINK, _QUOTED, _EMPHASIS):
        text = mark.sub(r"\1", text)
    text = _DOTTED.sub(lambda name: name[0].removesuffix("()").rsplit(".", 1)[-1], text)
    text = _TAG.sub("", _FOOTNOTE.sub("", text))
    return _SPACE.sub(" ", text).strip()


def _is_text(text: str) -> bool:
    marks = text.replace(" ", "")
    letters = sum(letter.isalpha() for letter in marks)
    return (
        letters >= max(2, _MIN_LETTERS * (len(marks) - _SLACK_MARKS))
        and len(text.split()) <= _MAX_WORDS
        and not _CODE.search(text)
    )


def _columns(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        english, spanish, *_ = line.rstrip("\n").split("\t")
        yield english, spanish
