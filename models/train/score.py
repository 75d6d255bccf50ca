"""What an exported model is worth: BLEU on the development sets, with and without the hint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sacrebleu

from live_translator.mt.compact import side_by_side
from models.train import vocabulary
from models.train.corpus import sides
from models.train.examples import DIRECTIONS
from models.train.export import load
from models.train.hints import hints


def score(folder: Path, dev_sets: Sequence[Path]) -> None:
    """Print BLEU for each set and direction: Apertium, the network alone, and with the hint."""
    model = load(folder)
    pieces = vocabulary.load(folder / "pieces.model")
    for path in dev_sets:
        for source, target in DIRECTIONS:
            sources, references = sides(path, source)
            hinted = hints(sources, source, target)
            scores = [
                f"{name} {sacrebleu.corpus_bleu(said, [references]).score:.1f}"
                for name, said in (
                    ("Apertium", hinted),
                    ("alone", translate(model, pieces, sources, [""] * len(sources), target)),
                    ("hinted", translate(model, pieces, sources, hinted, target)),
                )
            ]
            print(path.name, f"{source}-{target}", *scores, flush=True)


def translate(
    model: Any,
    pieces: Any,
    sources: Sequence[str],
    hinted: Sequence[str],
    target: str,
    *,
    beam_size: int = 4,
) -> list[str]:
    """Return a translation of each source, with its hint where that is not empty."""
    marked = [
        side_by_side(pieces.encode(source, out_type=str), pieces.encode(hint, out_type=str), target)
        for source, hint in zip(sources, hinted, strict=True)
    ]
    results = model.translate_batch(
        marked,
        beam_size=beam_size,
        max_batch_size=4000,
        batch_type="tokens",
        max_decoding_length=256,
    )
    return [str(pieces.decode(result.hypotheses[0])) for result in results]
