"""What an exported model is worth: BLEU on the development sets, with what it reads and without."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sacrebleu

from live_translator.mt.compact import MEMORY, side_by_side
from live_translator.mt.memory import Memory
from models.train import vocabulary
from models.train.corpus import sides
from models.train.examples import DIRECTIONS
from models.train.export import load
from models.train.hints import hints


def score(folder: Path, dev_sets: Sequence[Path]) -> None:
    """Print BLEU for each set and direction: of Apertium, and of the network by what it reads."""
    model = load(folder)
    pieces = vocabulary.load(folder / "pieces.model")
    memory = Memory(folder / MEMORY)
    for path in dev_sets:
        for source, target in DIRECTIONS:
            sources, references = sides(path, source)
            hinted, nothing = hints(sources, source, target), [""] * len(sources)
            near = [memory.nearest(text, source) for text in sources]
            known = [pair.target if pair else "" for pair in near]
            translations = {"Apertium": hinted}
            for name, beside in (
                ("alone", (nothing, nothing)),
                ("hinted", (hinted, nothing)),
                ("remembering", (nothing, known)),
                ("both", (hinted, known)),
            ):
                texts = zip(sources, *beside, strict=True)
                translations[name] = translate(model, pieces, texts, target)
            scores = [
                f"{name} {sacrebleu.corpus_bleu(said, [references]).score:.1f}"
                for name, said in translations.items()
            ]
            print(path.name, f"{source}-{target}", *scores, flush=True)


def translate(
    model: Any,
    pieces: Any,
    texts: Iterable[tuple[str, str, str]],
    target: str,
    *,
    beam_size: int = 4,
) -> list[str]:
    """Return the translations of sources, each with its hint and what is remembered, or empty."""
    marked = []
    for row in texts:
        source, hint, memory = pieces.encode(list(row), out_type=str)
        marked.append(side_by_side(source, hint, memory, target))
    results = model.translate_batch(
        marked,
        beam_size=beam_size,
        max_batch_size=4000,
        batch_type="tokens",
        max_decoding_length=256,
    )
    return [str(pieces.decode(result.hypotheses[0])) for result in results]
