"""The pieces that both languages are spelt in: one SentencePiece model for both."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sentencepiece

from live_translator.mt.compact import HINT_MARK, language_mark

SIZE = 8192
"""Small, as the text is: a rare word is spelt in pieces that were seen often."""
MARKS = (language_mark("en"), language_mark("es"), HINT_MARK)


def train(texts: Iterable[str], path: Path) -> None:
    """Write the pieces to `path`; a letter never seen is spelt in bytes."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(path.with_suffix("")),
        vocab_size=SIZE,
        model_type="unigram",
        character_coverage=0.9998,
        byte_fallback=True,
        split_digits=True,
        control_symbols=list(MARKS),
        pad_id=0,
        unk_id=1,
        bos_id=2,
        eos_id=3,
        input_sentence_size=400_000,
        shuffle_input_sentence=True,
        minloglevel=1,
        num_threads=2,
    )


def load(path: Path) -> Any:
    """Return the pieces as `train` wrote them."""
    return sentencepiece.SentencePieceProcessor(model_file=str(path.with_suffix(".model")))
