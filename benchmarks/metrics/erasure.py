"""How much of what captions showed was taken back."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise


def erased_words(history: Sequence[str]) -> int:
    """Return how many words were erased while a text grew, from all its displayed versions.

    From one version to the next, the words after their longest common prefix: a word that
    changed takes all that followed it along, for the reader's eye has to return there.
    """
    texts = [text.split() for text in history]
    return sum(len(shown) - _common_prefix(shown, then) for shown, then in pairwise(texts))


def normalised_erasure(histories: Iterable[Sequence[str]]) -> float:
    """Return the words erased per word of the final texts; 0 where nothing was taken back.

    `sum_i (|o_{i-1}| - |common prefix of o_{i-1} and o_i|) / |o_last|`, numerator and
    denominator summed over texts. Each history is one text's, from the first version to
    the last: an utterance's, or a whole talk's if nothing scrolls away. `nan` where the
    final texts are empty. Arivazhagan et al. 2020, "Re-translation versus Streaming for
    Simultaneous Translation", https://aclanthology.org/2020.iwslt-1.27.
    """
    erased = final = 0
    for history in histories:
        erased += erased_words(history)
        final += len(history[-1].split()) if history else 0
    return erased / final if final else math.nan


def _common_prefix(left: Sequence[str], right: Sequence[str]) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length
