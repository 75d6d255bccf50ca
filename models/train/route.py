"""Where the router should turn to Apertium: BLEU on the development sets for each threshold.

    python -m models.train.route --data FOLDER

Goes through the program's own adapter and router, on the model that the project ships.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import sacrebleu

from live_translator.config import MtConfig, data_path
from live_translator.languages import language
from live_translator.mt.compact import CompactTranslator
from live_translator.mt.engines import COMPACT_FOLDER
from live_translator.mt.router import Candidate, RoutedTranslator, choose
from models.train.corpus import sides
from models.train.examples import DIRECTIONS

_THRESHOLDS = (-9.0, -2.0, -1.6, -1.4, -1.2, -1.1, -1.0, -0.9, -0.8, -0.7, -0.6, 0.0)


def main() -> None:
    """Print a line for each set, direction and threshold."""
    parser = argparse.ArgumentParser(prog="python -m models.train.route", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the dev sets")
    parser.add_argument("--count", type=int, default=None, help="sentences of each set")
    parser.add_argument("--beam", type=int, default=MtConfig().complete_beam_size)
    options = parser.parse_args()
    for path in sorted(options.data.glob("*-dev.en-es.tsv")):
        for source, target in DIRECTIONS:
            sources, references = sides(path, source, options.count)
            network = CompactTranslator(
                data_path("models") / COMPACT_FOLDER,
                language(source),
                language(target),
                threads=2,
                beam_size=options.beam,
            )
            router = RoutedTranslator(network, MtConfig())
            ways = [router.candidates(text) for text in sources]
            router.close()
            print(f"{path.name} {source}-{target}")
            for threshold in _THRESHOLDS:
                _tell(threshold, ways, references)


def _tell(threshold: float, ways: Sequence[Sequence[Candidate]], references: Sequence[str]) -> None:
    chosen = [choose(candidates, threshold) for candidates in ways]
    bleu = sacrebleu.corpus_bleu([candidate.text for candidate in chosen], [references])
    counts = Counter(candidate.way for candidate in chosen)
    print(f"  {threshold:5.1f}  BLEU {bleu.score:5.2f}  {dict(counts)}", flush=True)


if __name__ == "__main__":
    main()
