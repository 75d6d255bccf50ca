"""What the network is shown: source, Apertium's hint and target, as texts, and batches of pieces.

The examples of a run are made once and kept (`examples.json.gz`), since Apertium takes
minutes for them.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.train.corpus import Pair
from models.train.hints import hints
from models.train.variants import varied

DIRECTIONS = (("en", "es"), ("es", "en"))
_VARIED = 0.3
"""Pairs, of all, that are shown in another form too."""
_WEIGHTS = {"tatoeba": 5.0, "news": 2.0, "tico": 2.0, "lohelp": 0.3, "pydocs": 0.2}
"""How often a pair is drawn: what people say first, then what they report of, manuals least.

Sentences of Tatoeba are a quarter as long as the others: so they are two thirds of all pieces."""
_TOWARDS = {"es": 3.0, "en": 1.0}
"""The same by what it is said in: Spanish, with its many forms, is learnt more slowly."""
_JOINED = {"tatoeba": 0.35, "news": 0.1, "tico": 0.1, "lohelp": 0.3, "pydocs": 0.3}
"""How often two to four examples of a corpus in a row are shown as one: longer input survives."""
_HINTED = 0.75
"""How often the hint is shown: the rest teaches the network to do without Apertium."""
_RESEGMENTED = 0.3
"""How often a source is cut into other pieces than the likeliest (Kudo 2018)."""
_SMOOTHNESS = 0.2
MAX_PIECES = 160


@dataclass(frozen=True, slots=True)
class Example:
    """A text to translate, what Apertium makes of it, and what should be said."""

    source: str
    hint: str
    target: str
    to: str
    corpus: str


def make(pairs: Sequence[Pair], seed: int) -> list[Example]:
    """Return every pair in both directions, and some of them varied, each with its hint."""
    return [
        example for source, target in DIRECTIONS for example in _hinted(pairs, source, target, seed)
    ]


def write(examples: Sequence[Example], path: Path) -> None:
    """Keep the examples; the file is whole or not there."""
    partial = path.with_suffix(".partial")
    with gzip.open(partial, "wt", encoding="utf-8", compresslevel=4) as file:
        for example in examples:
            row = [example.source, example.hint, example.target, example.to, example.corpus]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    partial.replace(path)


def load(path: Path) -> list[Example]:
    """Return what `write` kept."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [Example(*json.loads(line)) for line in file]


def _hinted(pairs: Sequence[Pair], source: str, target: str, seed: int) -> list[Example]:
    rng = random.Random(f"{seed} {source}")
    shown = []
    for pair in pairs:
        texts = (pair.english, pair.spanish) if source == "en" else (pair.spanish, pair.english)
        shown.append((*texts, pair.corpus))
        if rng.random() < _VARIED and (changed := varied(*texts, source, rng)):
            shown.append((*changed, pair.corpus))
    found = hints([said for said, _, _ in shown], source, target)
    return [
        Example(said, hint, meant, target, corpus)
        for (said, meant, corpus), hint in zip(shown, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Pieces:
    """An example as the network takes it: piece numbers without any mark."""

    source: list[int]
    hint: list[int]
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
            _WEIGHTS[corpus] * _TOWARDS[to] * len(group)
            for (corpus, to), group in self._groups.items()
        ]

    def __iter__(self) -> Iterator[Pieces]:
        names = list(self._groups)
        while True:
            (name,) = self._rng.choices(names, weights=self._shares)
            yield self._pieces(self._drawn(name))

    def _drawn(self, name: tuple[str, str]) -> Example:
        group = self._groups[name]
        count = self._rng.choice((2, 2, 3, 4)) if self._rng.random() < _JOINED[name[0]] else 1
        # Neighbours in documentation belong together; in a list of sentences none do.
        if name[0] == "tatoeba":
            drawn = self._rng.choices(group, k=count)
        else:
            first = self._rng.randrange(len(group))
            drawn = group[first : first + count]
        return Example(
            " ".join(example.source for example in drawn),
            " ".join(example.hint for example in drawn),
            " ".join(example.target for example in drawn),
            *name[::-1],
        )

    def _pieces(self, example: Example) -> Pieces:
        encode = self._vocabulary.encode
        if self._rng.random() < _RESEGMENTED:
            source = encode(example.source, enable_sampling=True, alpha=_SMOOTHNESS, nbest_size=-1)
        else:
            source = encode(example.source)
        hint = encode(example.hint) if self._rng.random() < _HINTED else []
        return Pieces(
            source[:MAX_PIECES], hint[:MAX_PIECES], encode(example.target)[:MAX_PIECES], example.to
        )
