"""What the words are worth: thin wrappers of jiwer and sacrebleu, over a whole corpus.

Every function takes references and outputs as parallel lists, one text per segment. A long
output is cut to the reference's sentences first (`resegmentation`).
"""

from collections.abc import Sequence

import jiwer
import sacrebleu

from benchmarks.recognition import normalise


def wer(references: Sequence[str], transcripts: Sequence[str]) -> float:
    """Return the word error rate: edits per reference word, of the whole corpus; no unit.

    `(S + D + I) / N` over lower-case words without punctuation (`normalise`). Can exceed 1.
    """
    return float(
        jiwer.wer(
            [normalise(text) for text in references], [normalise(text) for text in transcripts]
        )
    )


def bleu(references: Sequence[str], outputs: Sequence[str], *, tokenize: str = "13a") -> float:
    """Return corpus BLEU from 0 to 100, case and punctuation included.

    `tokenize` is sacrebleu's: "zh", "ja-mecab" and "ko-mecab" for languages without spaces.
    Papineni et al. 2002, https://aclanthology.org/P02-1040; Post 2018,
    https://aclanthology.org/W18-6319.
    """
    return float(sacrebleu.corpus_bleu(outputs, [references], tokenize=tokenize).score)


def chrf(references: Sequence[str], outputs: Sequence[str]) -> float:
    """Return corpus chrF2 from 0 to 100: F-score of n-grams of up to six letters.

    Popovic 2015, https://aclanthology.org/W15-3049.
    """
    return float(sacrebleu.corpus_chrf(outputs, [references]).score)


def asr_bleu(
    references: Sequence[str], transcripts: Sequence[str], *, tokenize: str = "13a"
) -> float:
    """Return the BLEU of what a recogniser understood of the translated speech.

    Both sides in lower case and without punctuation (`normalise`), since a voice speaks
    neither. It counts the recogniser's errors too: name the model beside the number. Jia et
    al. 2022, Translatotron 2, https://arxiv.org/abs/2107.08661.
    """
    return bleu(
        [normalise(text) for text in references],
        [normalise(text) for text in transcripts],
        tokenize=tokenize,
    )
