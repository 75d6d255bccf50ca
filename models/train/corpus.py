"""The parallel text that the translator learns from: read, cleaned, without the test sets."""

import gzip
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from live_translator.spelling import bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """One file of pairs, and how the training uses it."""

    name: str
    to_spanish: float
    """How often a pair is drawn to be said in Spanish, beside the pairs of other files."""
    to_english: float
    joined: float
    """How often two to four pairs are shown as one text: longer input survives."""
    in_order: bool = True
    """Whether neighbours belong together, as in a text; in a list of sentences none do."""
    is_remembered: bool = False
    """Whether it is everyday talk whose licence lets the memory ship its sentences."""
    most: int | None = None
    """Pairs that are taken at most, spread over the file."""


CORPORA = (
    Corpus(name="tatoeba", to_spanish=20, to_english=8, joined=0.35, in_order=False,
           is_remembered=True),
    Corpus(name="europarl", to_spanish=5, to_english=4, joined=0.2, is_remembered=True),
    Corpus(name="storybooks", to_spanish=20, to_english=15, joined=0.2, is_remembered=True),
    Corpus(name="osguide", to_spanish=12, to_english=8, joined=0.2, is_remembered=True),
    Corpus(name="tmw", to_spanish=6, to_english=4, joined=0.2),
    Corpus(name="tuxemon", to_spanish=6, to_english=4, joined=0.2),
    Corpus(name="directfile", to_spanish=6, to_english=4, joined=0.2, is_remembered=True),
    Corpus(name="vitamin", to_spanish=5, to_english=3, joined=0.2, is_remembered=True),
    Corpus(name="djangogirls", to_spanish=6, to_english=4, joined=0.2),
    Corpus(name="news", to_spanish=6, to_english=4, joined=0.1),
    Corpus(name="tico", to_spanish=6, to_english=4, joined=0.1),
    Corpus(name="mozweb", to_spanish=1.5, to_english=1, joined=0.2),
    Corpus(name="reactdev", to_spanish=1.5, to_english=1, joined=0.3),
    Corpus(name="comprust", to_spanish=1, to_english=1, joined=0.3),
    Corpus(name="msalchemy", to_spanish=1, to_english=0.5, joined=0.3),
    Corpus(name="gnomedocs", to_spanish=1, to_english=0.5, joined=0.3),
    Corpus(name="lohelp", to_spanish=1, to_english=0.5, joined=0.3, most=12_000),
    Corpus(name="pydocs", to_spanish=1, to_english=0.5, joined=0.3, most=12_000),
    Corpus(name="phpdocs", to_spanish=1, to_english=0.5, joined=0.3, most=12_000),
    Corpus(name="msdyn365", to_spanish=1, to_english=0.5, joined=0.3, most=12_000),
    Corpus(name="msdev", to_spanish=1, to_english=0.5, joined=0.3, most=12_000),
)  # fmt: skip
"""What people say first, then what they report of, manuals least; and Spanish, with its many
forms, is learnt more slowly. Two thirds of the text is technical, hence the caps. A sentence of
Tatoeba is a quarter as long as the others. Under copyleft or for research only, and so not in
the memory: tmw, tuxemon, djangogirls, news."""
PHRASES, NUMBERS, CONTRASTS = "phrases", "numbers", "contrasts"
OWN = (
    Corpus(name=PHRASES, to_spanish=150, to_english=150, joined=0.35, in_order=False,
           is_remembered=True),
    Corpus(name=NUMBERS, to_spanish=25, to_english=20, joined=0.2, in_order=False),
    Corpus(name=CONTRASTS, to_spanish=20, to_english=20, joined=0.3, in_order=False),
)  # fmt: skip
"""The phrasebook, and pairs that are right by construction."""
_SEED = 1
_MAX_WORDS = 90
_RUN = 40
"""Neighbours that are taken together of a capped file: texts of several sentences survive."""
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
    r"[{}|\\_^~<>⌘]|==|=\w+\(|::|--|%[sdr(]|CommandCtrl|OptionAlt|\.\w+\(|\w/\w+/\w*(?![\w.])"
)
_SIGNS = re.compile(r"[@#=\[\]]|https?:|www\.")
"""What belongs to a text where both sides have it: an address, a reference, a sum."""
_CURRENCIES = {
    "$": re.compile(r"\$|\b(?:dollars?|USD|d[óo]lar(?:es)?|pesos?)\b", re.IGNORECASE),
    "\u20ac": re.compile(r"\u20ac|\b(?:euros?|EUR)\b", re.IGNORECASE),
    "\u00a3": re.compile(r"\u00a3|\b(?:pounds?|GBP|libras?)\b", re.IGNORECASE),
}
"""By sign, what says the currency in either language."""
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
    """Return every usable pair of `folder`/NAME.en-es.tsv.gz, none with a held-out sentence.

    A file that is not there is passed over, but for the first: it is the everyday text.
    """
    unseen = held_out_texts(held_out)
    pairs: dict[tuple[str, str], Pair] = {}
    for corpus in CORPORA:
        path = folder / f"{corpus.name}.en-es.tsv.gz"
        if corpus is not CORPORA[0] and not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found = [
                pair
                for english, spanish in _columns(lines)
                if (pair := cleaned(english, spanish, corpus.name)) is not None
                and unseen.isdisjoint((bare(english), bare(spanish)))
            ]
        for pair in _spread(found, corpus.most):
            pairs.setdefault((pair.english, pair.spanish), pair)
    return list(pairs.values())


def held_out_texts(paths: Iterable[Path]) -> set[str]:
    """Return the sentences of both sides of test sets, bare."""
    return {bare(text) for path in paths for pair in read_pairs(path) for text in pair}


def _spread(pairs: Sequence[Pair], most: int | None) -> Sequence[Pair]:
    """Return at most so many pairs, in runs of neighbours from all over the file."""
    if most is None or len(pairs) <= most:
        return pairs
    runs = range(0, len(pairs), _RUN)
    chosen = sorted(random.Random(_SEED).sample(runs, most // _RUN))
    return [pair for begin in chosen for pair in pairs[begin : begin + _RUN]]


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
    if same or not (_is_text(english) and _is_text(spanish)) or not _has_signs(english, spanish):
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


def _has_signs(english: str, spanish: str) -> bool:
    """Whether both sides have the same signs, and the same currencies by sign or name."""
    return sorted(_SIGNS.findall(english)) == sorted(_SIGNS.findall(spanish)) and all(
        said.search(english) and said.search(spanish)
        for sign, said in _CURRENCIES.items()
        if sign in english or sign in spanish
    )


def _columns(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        english, spanish, *_ = line.rstrip("\n").split("\t")
        yield english, spanish
