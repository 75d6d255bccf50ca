"""Which words of a long output belong to which reference sentence.

A stream has no sentences that match the reference's, and without them neither a sentence's
latency nor BLEU is defined. Both functions cut the output into as many runs as there are
reference sentences, in order, some of them empty, and return each run as a slice of the
output's words. They hold a table of reference words x output words: 2,000 of each, ten
minutes of speech, are 16 to 32 MB and well under a second.
"""

import string
import unicodedata
from collections.abc import Callable, Sequence
from itertools import accumulate, groupby, pairwise

import numpy as np
from numpy.typing import NDArray

Resegmenter = Callable[[Sequence[str], Sequence[str]], list[slice]]
"""From reference sentences and output words to the words of each sentence."""

_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_MARKS = frozenset(".!?,;:-()。！？，；：—（）ー")  # noqa: RUF001


def mwer_slices(sentences: Sequence[str], words: Sequence[str]) -> list[slice]:
    """Cut `words` so that the edit distance to the sentences, summed, is least.

    Substitution, insertion and deletion cost 1 each. Matusov et al. 2005, "Evaluating
    Machine Translation Output with Automatic Sentence Segmentation",
    https://aclanthology.org/2005.iwslt-1.19; of equal cuts the one that mweralign 1.4
    takes, which simulstream uses (Post and Hoang 2025,
    https://aclanthology.org/2025.iwslt-1.7). Its habits come along: case is folded in
    ASCII only, surplus words go to the sentence before them, and to lose a talk's first
    sentences costs one edit more for each, so that what follows may be taken for them.
    """
    if not sentences:
        return []
    output = [word.translate(_ASCII_LOWER) for word in words]
    reference: list[str | None] = []
    """All reference words, None at each sentence's end."""
    for sentence in sentences:
        reference += [*sentence.translate(_ASCII_LOWER).split(), None]
    costs = _edit_costs(reference, output)

    cuts = [len(output)]
    row, column = len(output), len(reference) - 1
    while row and column:
        word = reference[column - 1]
        if word is None:
            cuts.append(row)
            column -= 1
            continue
        deletion = costs[row, column - 1] + 1
        insertion = costs[row - 1, column] + 1
        substitution = costs[row - 1, column - 1] + (word != output[row - 1])
        if deletion <= min(insertion, substitution):
            column -= 1
        elif insertion <= substitution:
            row -= 1
        else:
            row, column = row - 1, column - 1
    cuts += [0] * (len(sentences) + 1 - len(cuts))
    return [slice(begin, end) for begin, end in pairwise(reversed(cuts))]


def soft_slices(sentences: Sequence[str], words: Sequence[str]) -> list[slice]:
    """Cut `words` so that the words paired with reference words look most alike.

    The similarity of two words is the Jaccard index of their sets of letters; a lone
    punctuation mark pairs with another only; a word left unpaired costs nothing and goes to
    the sentence of the neighbouring pair that it resembles more. SoftSegmenter of Polak et
    al. 2025, https://arxiv.org/abs/2509.17349, as OmniSTEval 0.1.10 without a language,
    whose words are split by spaces alone. Unpaired marks before the first word that could
    belong anywhere belong nowhere.
    """
    reference = [
        (_folded(word), index)
        for index, sentence in enumerate(sentences)
        for word in sentence.split()
    ]
    output = [_folded(word) for word in words]
    if not reference:
        return [slice(0, 0)] * len(sentences)
    likeness = _likeness([word for word, _ in reference], output)
    owners = _owners(_paired(likeness), likeness)
    sizes = {
        sentence: len(list(group))
        for sentence, group in groupby(reference[owner][1] for owner in owners if owner is not None)
    }
    cuts = accumulate(
        (sizes.get(index, 0) for index in range(len(sentences))), initial=owners.count(None)
    )
    return [slice(begin, end) for begin, end in pairwise(cuts)]


def _edit_costs(reference: Sequence[str | None], output: Sequence[str]) -> NDArray[np.int32]:
    """Return the least cost of turning the first columns into the first rows' words.

    Sentence ends are free to pass and match nothing. Only before the first word does one
    cost 1: mwerSegmenter starts its table so, and its cuts depend on it.
    """
    vocabulary = {word: number for number, word in enumerate({*reference, *output})}
    columns = np.array([vocabulary[word] for word in reference], dtype=np.int32)
    ends = np.array([word is None for word in reference], dtype=bool)
    walk = np.concatenate(([0], np.cumsum(~ends))).astype(np.int32)
    """What it costs to reach a column by deletions alone."""
    costs = np.empty((len(output) + 1, len(reference) + 1), dtype=np.int32)
    costs[0] = np.arange(len(reference) + 1)
    for row, word in enumerate(output, start=1):
        arrived = costs[row - 1] + 1
        np.minimum(
            arrived[1:], costs[row - 1, :-1] + (columns != vocabulary[word]), out=arrived[1:]
        )
        arrived[1:][ends] = len(output) + len(reference)
        costs[row] = np.minimum.accumulate(arrived - walk) + walk
    return costs


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).lower()


def _likeness(reference: Sequence[str], output: Sequence[str]) -> NDArray[np.float64]:
    """Return the similarity of each reference word (row) to each output word (column)."""
    letters = {letter: number for number, letter in enumerate(set("".join([*reference, *output])))}

    def incidence(words: Sequence[str]) -> NDArray[np.float64]:
        table = np.zeros((len(words), len(letters)))
        for row, word in enumerate(words):
            table[row, [letters[letter] for letter in word]] = 1
        return table

    rows, columns = incidence(reference), incidence(output)
    shared = rows @ columns.T
    either = rows.sum(axis=1)[:, None] + columns.sum(axis=1)[None, :] - shared
    likeness: NDArray[np.float64] = np.divide(
        shared, either, out=np.zeros_like(shared), where=either > 0
    )
    row_marks = np.array([word in _MARKS for word in reference], dtype=bool)
    column_marks = np.array([word in _MARKS for word in output], dtype=bool)
    likeness[row_marks[:, None] != column_marks[None, :]] = -np.inf
    return likeness


def _paired(likeness: NDArray[np.float64]) -> list[tuple[int | None, int | None]]:
    """Return the pairing of rows and columns, in order, that has the greatest sum.

    None stands for a gap, which costs nothing. Among equals a pair is taken before a
    reference word without output, and that before an output word without reference.
    """
    rows, columns = likeness.shape
    sums = np.zeros((rows + 1, columns + 1))
    for row in range(rows):
        best = np.maximum(sums[row, 1:], sums[row, :-1] + likeness[row])
        sums[row + 1, 1:] = np.maximum.accumulate(best)
    pairs: list[tuple[int | None, int | None]] = []
    row, column = rows, columns
    while row or column:
        above = sums[row - 1, column] if row else -np.inf
        beside = sums[row, column - 1] if column else -np.inf
        pair = (
            sums[row - 1, column - 1] + likeness[row - 1, column - 1] if row and column else -np.inf
        )
        if row and column and pair >= max(above, beside):
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif above >= beside:
            row -= 1
            pairs.append((row, None))
        else:
            column -= 1
            pairs.append((None, column))
    return pairs[::-1]


def _owners(
    pairs: Sequence[tuple[int | None, int | None]], likeness: NDArray[np.float64]
) -> list[int | None]:
    """Return for each output word the reference word whose sentence it joins.

    In a run of unpaired words, those before the first that resembles the reference word
    after the run more than the one before it stay with the earlier; the rest go on.
    """
    rows = len(likeness)
    owners: list[int | None] = []
    before: int | None = None
    switched = False
    for row, column in pairs:
        if row is not None:
            before, switched = row, False
        if column is None:
            continue
        if row is None:
            after = 0 if before is None else before + 1
            closer = -np.inf if before is None else likeness[before, column]
            switched = switched or (after < rows and likeness[after, column] > closer)
        owners.append((0 if before is None else before + 1) if switched else before)
    return owners
