"""Commit policies on text: what they cost in quality against what they save in lag.

    python benchmarks/translation.py --lines FILE.tsv [--first 200] [--policy NAME ...]

A line of the file is source TAB reference. Each is fed to the pipeline's own translating
processor, 1 to 3 words a message as recognition commits them, at a steady pace and without
threads; so the rows are the same on every machine. The last message of a line says that
nothing follows, as a pause does in a talk.
"""

import argparse
import csv
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from benchmarks.metrics import quality
from live_translator import config as settings
from live_translator import latency
from live_translator.config import MtConfig
from live_translator.interfaces import Translator
from live_translator.languages import Language, language
from live_translator.messages import Transcript
from live_translator.model_store import ModelStore
from live_translator.mt.attention import ALONE, Answer, Context, ask
from live_translator.mt.engines import choose
from live_translator.mt.streaming import TranslateProcessor

WORD_S = 0.35
"""How long a source word is spoken: 170 words a minute, an English talk."""
_CHUNK_WORDS = (1, 3)
"""What recognition commits at a time, at the least and at the most."""
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A source text and its reference translation."""

    source: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """What came out for a line, and when."""

    text: str
    delays_words: tuple[int, ...]
    """For each target word how many source words were there when it was committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One policy and setting over all lines."""

    name: str
    bleu: float
    bleu_share: float
    """Of the BLEU of one-shot translation; no unit."""
    lag_words: float
    """Mean LAAL, in source words."""
    lag_p95_words: float


class Remembering:
    """An engine that is asked once for the same text; satisfies `interfaces.Translator`.

    Every policy reads the same beginnings of the same lines.
    """

    def __init__(self, engine: Translator) -> None:
        self.name = engine.name
        self.forces_prefix = engine.forces_prefix
        self._engine = engine
        self._answers: dict[tuple[str, str, bool, Context], Answer] = {}

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the engine's translation; raises SegmentError."""
        return self.answer(source, prefix=prefix).text

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        """Return the engine's answer; raises SegmentError."""
        key = (source, prefix if self.forces_prefix else "", with_attention, context)
        if key not in self._answers:
            self._answers[key] = ask(
                self._engine, source, prefix=prefix, with_attention=with_attention, context=context
            )
        return self._answers[key]

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()


def read_lines(path: Path, first: int) -> list[Line]:
    """Return the first lines of a TSV without a header: source, reference."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Line(source=row[0], reference=row[1])
            for row, _ in zip(rows, range(first), strict=False)
        ]


def messages(text: str, seed: int) -> Iterator[Transcript]:
    """Yield a text as recognition would commit it, 1 to 3 words at a time."""
    words = text.split()
    sizes = random.Random(seed)
    heard = 0
    while heard < len(words):
        count = min(sizes.randint(*_CHUNK_WORDS), len(words) - heard)
        start_s, end_s = heard * WORD_S, (heard + count) * WORD_S
        yield Transcript(
            utterance=0,
            start_s=start_s,
            end_s=end_s,
            captured_at_s=end_s,
            emitted_at_s=end_s,
            final=heard + count == len(words),
            committed="".join(f" {word}" for word in words[heard : heard + count]),
            speech_end_s=end_s,
        )
        heard += count


def stream(
    text: str,
    engine: Translator,
    config: MtConfig,
    *,
    seed: int = _SEED,
    pair: tuple[Language, Language] | None = None,
) -> Streamed:
    """Return what the translating processor makes of a text that comes in bit by bit."""
    processor = TranslateProcessor(engine, config, lambda: 0.0, coalesce=False, pair=pair)
    words: list[str] = []
    delays: list[int] = []
    heard = 0
    for message in messages(text, seed):
        heard += len(message.committed.split())
        for segment in processor.process([message]):
            new = segment.target.split()
            words += new
            delays += [heard] * len(new)
    return Streamed(text=" ".join(words), delays_words=tuple(delays))


def measure(
    lines: Sequence[Line],
    engine: Translator,
    config: MtConfig,
    *,
    name: str,
    pair: tuple[Language, Language] | None = None,
) -> Row:
    """Stream every line under one setting and compare with translating it at once.

    The lag is LAAL (Papi et al. 2022, https://arxiv.org/abs/2206.05807) in source words,
    the mean over lines: by how many words the target trails a translator that keeps pace.
    """
    references = [line.reference for line in lines]
    whole = [engine.translate(line.source) for line in lines]
    streamed = [
        stream(line.source, engine, config, seed=_SEED + number, pair=pair)
        for number, line in enumerate(lines)
    ]
    bleu = quality.bleu(references, [line.text for line in streamed])
    at_once = quality.bleu(references, whole)
    lags_words = [
        latency.laal(out.delays_words, len(line.source.split()), len(line.reference.split()))
        for line, out in zip(lines, streamed, strict=True)
        if out.delays_words
    ]
    return Row(
        name=name,
        bleu=bleu,
        bleu_share=bleu / at_once if at_once else float("nan"),
        lag_words=statistics.fmean(lags_words) if lags_words else float("nan"),
        lag_p95_words=latency.percentile(lags_words, 95),
    )


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, in the order of their lag."""
    text = ["| policy | BLEU | of one-shot | lag, words | p95 |", "|---|---|---|---|---|"]
    text += [
        f"| {row.name} | {row.bleu:.1f} | {row.bleu_share:.0%} | {row.lag_words:.1f} "
        f"| {row.lag_p95_words:.1f} |"
        for row in sorted(rows, key=lambda row: row.lag_words)
    ]
    return "\n".join(text)


def variants(base: MtConfig, options: argparse.Namespace) -> Iterator[tuple[str, MtConfig]]:
    """Yield a name and a configuration for each setting that is asked for."""
    for policy, deadline in product(options.policy, options.deadline):
        suffix = {"none": "", "time": f", {options.deadline_s:g} s at most"}.get(
            deadline, ", clause at most"
        )
        config = replace(base, policy=policy, deadline=deadline, deadline_s=options.deadline_s)
        if policy.endswith("holdback"):
            for words in options.holdback_words:
                yield f"{policy} {words}{suffix}", replace(config, holdback_words=words)
        else:
            yield f"{policy}{suffix}", config


def main() -> int:
    """Print a row for each policy and setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=Path, required=True, metavar="FILE.tsv")
    parser.add_argument("--first", type=int, default=200, help="lines to take")
    parser.add_argument("--src", default="en")
    parser.add_argument("--tgt", default="es")
    parser.add_argument("--profile", default="embedded")
    parser.add_argument("--policy", nargs="+", default=["holdback", "agreement"])
    parser.add_argument("--holdback-words", nargs="+", type=int, default=[0, 1, 2, 3, 4, 6])
    parser.add_argument("--deadline", nargs="+", default=["none", "time", "clause"])
    parser.add_argument("--deadline-s", type=float, default=MtConfig().deadline_s)
    options = parser.parse_args()
    pair = language(options.src), language(options.tgt)
    config = settings.load(options.profile).mt
    engine = choose(*pair, config, ModelStore.default(), complete=False)
    if engine is None:
        parser.error("the recogniser itself translates this pair: there is no text to stream")
    remembering = Remembering(engine)
    lines = read_lines(options.lines, options.first)
    try:
        rows = [
            measure(lines, remembering, setting, name=name, pair=pair)
            for name, setting in variants(config, options)
        ]
    finally:
        remembering.close()
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
