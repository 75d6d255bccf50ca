"""Write the translation memory that ships: the phrasebook, then the everyday text.

    python -m models.train.remember --data FOLDER

Takes a minute and needs neither torch nor a trained network, so a change of the phrasebook
is in the program at once.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from live_translator.config import data_path
from live_translator.mt import memory
from live_translator.mt.compact import MEMORY, write_checksums
from live_translator.mt.engines import COMPACT_FOLDER
from live_translator.mt.reading import words
from models import phrasebook
from models.train.corpus import CORPORA, Pair, read

_MAX_WORDS = 14
"""Of a sentence from text that is not everyday talk: longer ones are never said again."""
_EVERYDAY = "tatoeba"
_COMMON = 8
"""Times that a word stands in the everyday text, from which on its sentences are trusted."""
_SAME_PAIR = 2
"""What it weighs that two people translated a sentence alike, beside that others came to it."""
_REMEMBERED = {corpus.name for corpus in CORPORA if corpus.is_remembered}

Texts = tuple[str, str]
"""English and Spanish."""


def main() -> None:
    """Write the memory and the checksums beside it."""
    parser = argparse.ArgumentParser(prog="python -m models.train.remember", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and dev sets")
    parser.add_argument("--out", type=Path, default=data_path("models") / COMPACT_FOLDER)
    options = parser.parse_args()
    pairs = read(options.data / "train", sorted(options.data.glob("*-dev.en-es.tsv")))
    said, shown = remembered(pairs)
    phrases = len(phrasebook_pairs())
    memory.write(said, options.out / MEMORY, shown_only=shown, phrases=phrases)
    write_checksums(options.out)
    size = (options.out / MEMORY).stat().st_size
    print(f"{len(said)} pairs to say, {len(shown)} to show, {size} bytes")


def remembered(pairs: Iterable[Pair]) -> tuple[list[Texts], list[Texts]]:
    """Return the pairs that may be said as they are, the best for a sentence first, and others.

    The phrasebook comes before all. Of the others those are left to be shown to the network
    alone that have a rare word: translators' whims are among them ("Estoy fisurado.").
    """
    everyday = [
        (pair.english, pair.spanish)
        for pair in pairs
        if pair.corpus == _EVERYDAY
        or (pair.corpus in _REMEMBERED and _is_short(pair.english) and _is_short(pair.spanish))
    ]
    own = dict.fromkeys(phrasebook_pairs())
    times = [Counter(word for pair in everyday for word in words(pair[side])) for side in (0, 1)]

    def is_plain(pair: Texts) -> bool:
        return all(
            times[side][word] >= _COMMON for side, text in enumerate(pair) for word in words(text)
        )

    found = [pair for pair in most_natural_first(everyday) if pair not in own]
    said = [pair for pair in found if is_plain(pair)]
    return [*own, *said], [pair for pair in found if not is_plain(pair)]


def phrasebook_pairs() -> list[Texts]:
    """Return the phrasebook, each pair once."""
    return list(dict.fromkeys((phrase.english, phrase.spanish) for phrase in phrasebook.read()))


def most_natural_first(pairs: Sequence[Texts]) -> list[Texts]:
    """Return the pairs, those first whose sides people choose most often.

    A sentence that was said for many others is one that people say ("Estoy cansado." for "I'm
    tired.", "I am tired." and "I feel tired."). Of equals the one in more common words, then
    the earlier one.
    """
    told = [(bare(english), bare(spanish)) for english, spanish in pairs]
    together = Counter(told)
    said_for = [Counter(pair[side] for pair in together) for side in (0, 1)]
    times = [Counter(word for pair in together for word in pair[side].split()) for side in (0, 1)]

    def rank(pair: Texts) -> tuple[int, float]:
        sides = bare(pair[0]), bare(pair[1])
        chosen = _SAME_PAIR * together[sides]
        chosen += sum(said_for[side][text] for side, text in enumerate(sides))
        rarest = min((times[s][word] for s in (0, 1) for word in sides[s].split()), default=0)
        return -chosen, -rarest

    return sorted(dict.fromkeys(pairs), key=rank)


def bare(text: str) -> str:
    """Return the words of a text alone."""
    return " ".join(words(text))


def _is_short(text: str) -> bool:
    return len(words(text)) <= _MAX_WORDS


if __name__ == "__main__":
    main()
