"""Text of the project's own: the phrasebook, and pairs that are right by construction."""

from collections.abc import Iterable
from pathlib import Path

from live_translator.spelling import bare
from models import phrasebook
from models.train import contrasts, templates
from models.train.corpus import CONTRASTS, NUMBERS, PHRASES, Pair, held_out_texts, plain

_MADE = 12_000
"""Pairs of each construction: more repeat the same patterns."""
_SEED = 1


def read(held_out: Iterable[Path]) -> list[Pair]:
    """Return the phrasebook's pairs and those made by rule, none with a held-out sentence."""
    unseen = held_out_texts(held_out)
    texts = {
        PHRASES: [(phrase.english, phrase.spanish) for phrase in phrasebook.read()],
        NUMBERS: templates.pairs(_MADE, _SEED),
        CONTRASTS: contrasts.pairs(_MADE, _SEED),
    }
    return [
        Pair(plain(english), plain(spanish), name)
        for name, pairs in texts.items()
        for english, spanish in dict.fromkeys(pairs)
        if unseen.isdisjoint((bare(english), bare(spanish)))
    ]
