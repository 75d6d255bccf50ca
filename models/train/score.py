"""What an exported model is worth: BLEU on the development sets, with and without the hint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sacrebleu

from live_translator.languages import language
from live_translator.mt.apertium import ApertiumTranslator
from models.train import vocabulary
from models.train.corpus import read_pairs
from models.train.export import SEGMENTS, SEPARATOR, load


def score(folder: Path, dev_sets: Sequence[Path], *, count: int = 0) -> None:
    """Print BLEU for each set and direction: Apertium, the network alone, and with the hint."""
    model = load(folder)
    pieces = vocabulary.load(folder / "pieces.model")
    for path in dev_sets:
        pairs = read_pairs(path)[: count or None]
        for source, target in (("en", "es"), ("es", "en")):
            columns = list(zip(*pairs, strict=True))
            sources, references = columns if source == "en" else columns[::-1]
            apertium = ApertiumTranslator(language(source), language(target))
            hints = [apertium.translate(text) for text in sources]
            apertium.close()
            alone = translate(model, pieces, sources, [""] * len(sources), target)
            hinted = translate(model, pieces, sources, hints, target)
            scores = [
                f"{name} {sacrebleu.corpus_bleu(said, [list(references)]).score:.1f}"
                for name, said in (("Apertium", hints), ("alone", alone), ("hinted", hinted))
            ]
            print(path.name, f"{source}-{target}", *scores, flush=True)


def translate(
    model: Any,
    pieces: Any,
    sources: Sequence[str],
    hints: Sequence[str],
    target: str,
    *,
    beam_size: int = 4,
) -> list[str]:
    """Return a translation of each source, with its hint where that is not empty."""
    marked = []
    for source, hint in zip(sources, hints, strict=True):
        own = [vocabulary.language_mark(target), *pieces.encode(source, out_type=str)]
        second = [vocabulary.HINT_MARK, *pieces.encode(hint, out_type=str)] if hint else []
        marked.append(
            [
                f"{piece}{SEPARATOR}{letter}{place}"
                for letter, part in zip(SEGMENTS, (own, second), strict=True)
                for place, piece in enumerate(part)
            ]
        )
    results = model.translate_batch(
        marked,
        beam_size=beam_size,
        max_batch_size=4000,
        batch_type="tokens",
        max_decoding_length=256,
    )
    return [str(pieces.decode(result.hypotheses[0])) for result in results]
