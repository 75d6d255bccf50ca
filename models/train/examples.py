"""What the network is shown: source, Apertium's hint, what the memory holds of a sentence like
it, and target, as texts and as pieces.

The examples of a file are made once and kept, since Apertium takes minutes for them; a
file that changed is made anew.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from live_translator.mt.memory import Memory
from models.train.corpus import CORPORA, OWN, Pair
from models.train.hints import hints
from models.train.variants import varied

DIRECTIONS = (("en", "es"), ("es", "en"))
_VARIED = 0.3
"""Pairs, of all, that are shown in another form too."""
_HINTED = 0.75
"""How often the hint is shown: the rest teaches the network to do without Apertium."""
_REMEMBERED = 0.85
"""How often the translation of the nearest sentence is shown, where one is like it."""
_RESEGMENTED = 0.3
"""How often a source is cut into other pieces than the likeliest (Kudo 2018)."""
_SMOOTHNESS = 0.2
MAX_PIECES = 160
_DIGITS = 12
"""Of a checksum in a file's name: enough to tell the states of one file apart."""
_CORPORA = {corpus.name: corpus for corpus in (*CORPORA, *OWN)}


@dataclass(frozen=True, slots=True)
class Example:
    """A text to translate, what is known of it, and what should be said."""

    source: str
    hint: str
    """What Apertium makes of it."""
    memory: str
    """What was said of the nearest other sentence, empty where none is like it."""
    target: str
    to: str
    corpus: str


def kept(pairs: Iterable[Pair], memory: Memory, folder: Path, seed: int) -> list[Example]:
    """Return the examples of all pairs; those of a file that has changed are made and kept."""
    files: dict[str, list[Pair]] = {}
    for pair in pairs:
        files.setdefault(pair.corpus, []).append(pair)
    examples: list[Example] = []
    for name, known in files.items():
        digest = hashlib.sha256(repr(known).encode()).hexdigest()[:_DIGITS]
        path = folder / f"{name}-{digest}.json.gz"
        if not path.exists():
            write(make(known, memory, seed), path)
            print(f"{name}: {len(known)} pairs", flush=True)
        examples += load(path)
    return examples


def make(pairs: Sequence[Pair], memory: Memory, seed: int) -> list[Example]:
    """Return every pair in both directions, and some of them varied, each with its hint."""
    return [
        example
        for source, target in DIRECTIONS
        for example in _hinted(pairs, memory, source, target, seed)
    ]


def write(examples: Sequence[Example], path: Path) -> None:
    """Keep the examples; the file is whole or not there."""
    partial = path.with_suffix(".partial")
    with gzip.open(partial, "wt", encoding="utf-8", compresslevel=4) as file:
        for example in examples:
            file.write(json.dumps(astuple(example), ensure_ascii=False) + "\n")
    partial.replace(path)


def load(path: Path) -> list[Example]:
    """Return what `write` kept."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [Example(*json.loads(line)) for line in file]


def _hinted(
    pairs: Sequence[Pair], memory: Memory, source: str, target: str, seed: int
) -> list[Example]:
    rng = random.Random(f"{seed} {source}")
    shown: list[tuple[str, str, Pair]] = []
    for pair in pairs:
        texts = (pair.english, pair.spanish) if source == "en" else (pair.spanish, pair.english)
        shown.append((*texts, pair))
        if rng.random() < _VARIED and (changed := varied(*texts, source, rng)):
            shown.append((*changed, pair))
    found = hints([said for said, _, _ in shown], source, target)
    return [
        Example(said, hint, _remembered(memory, said, source, pair), meant, target, pair.corpus)
        for (said, meant, pair), hint in zip(shown, found, strict=True)
    ]


def _remembered(memory: Memory, said: str, language: str, pair: Pair) -> str:
    """Return what the memory holds of another sentence: it is made of what people say alone."""
    if not _CORPORA[pair.corpus].is_remembered:
        return ""
    near = memory.nearest(said, language, without=(pair.english, pair.spanish))
    return near.target if near else ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """An example as the network takes it: piece numbers without any mark."""

    source: list[int]
    hint: list[int]
    memory: list[int]
    target: list[int]
    to: str


class Stream:
    """An endless, shuffled stream of examples in pieces; a state to go on from is its seed."""

    def __init__(self, examples: Sequence[Example], vocabulary: Any, seed: int) -> None:
        self._vocabulary = vocabulary
        self._rng = random.Random(seed)
        self._groups: dict[tuple[str, str], list[Example]] = {}
        for example in examples:
            self._groups.setdefault((example.corpus, example.to), []).append(example)
        self._shares = [
            _weight(corpus, to) * len(group) for (corpus, to), group in self._groups.items()
        ]

    def __iter__(self) -> Iterator[Pieces]:
        names = list(self._groups)
        while True:
            (name,) = self._rng.choices(names, weights=self._shares)
            yield self._pieces(self._drawn(name))

    def _drawn(self, name: tuple[str, str]) -> Example:
        group, corpus = self._groups[name], _CORPORA[name[0]]
        count = self._rng.choice((2, 2, 3, 4)) if self._rng.random() < corpus.joined else 1
        if not corpus.in_order:
            drawn = self._rng.choices(group, k=count)
        else:
            first = self._rng.randrange(len(group))
            drawn = group[first : first + count]
        if count == 1:
            return drawn[0]
        return Example(
            source=" ".join(example.source for example in drawn),
            hint=" ".join(example.hint for example in drawn),
            memory="",
            target=" ".join(example.target for example in drawn),
            to=name[1],
            corpus=name[0],
        )

    def _pieces(self, example: Example) -> Pieces:
        encode = self._vocabulary.encode
        if self._rng.random() < _RESEGMENTED:
            source = encode(example.source, enable_sampling=True, alpha=_SMOOTHNESS, nbest_size=-1)
        else:
            source = encode(example.source)
        hint = encode(example.hint) if self._rng.random() < _HINTED else []
        memory = encode(example.memory) if self._rng.random() < _REMEMBERED else []
        return Pieces(
            source=source[:MAX_PIECES],
            hint=hint[:MAX_PIECES],
            memory=memory[:MAX_PIECES],
            target=encode(example.target)[:MAX_PIECES],
            to=example.to,
        )


def _weight(name: str, to: str) -> float:
    corpus = _CORPORA[name]
    return corpus.to_spanish if to == "es" else corpus.to_english
