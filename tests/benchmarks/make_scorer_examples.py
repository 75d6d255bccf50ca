"""Write data/scorer_examples.json: examples, and what the field's own scorers say of them.

    python -m venv scorers
    scorers/bin/pip install mweralign==1.4.1 sacrebleu==2.6.0 pyyaml mosestokenizer \
        editdistance pandas textgrid tqdm requests
    scorers/bin/pip install --no-deps simuleval==1.1.4 simulstream==1.0.0 omnisteval==0.1.10
    scorers/bin/python tests/benchmarks/make_scorer_examples.py

Run by hand, in an environment of its own, after changing the examples; no test imports it.
Only the scorers' published entry points and loaders are called. Times become seconds.
"""

import json
import math
import random
import statistics
import tempfile
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module, metadata
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent / "data" / "scorer_examples.json"
SCORERS = ("simuleval", "simulstream", "omnisteval", "mweralign", "sacrebleu")
WORD_MS = 350
"""How long a word sounds, where ATD needs a duration."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A talk, its reference sentences, and what a system made of it."""

    name: str
    sentences: list[dict[str, Any]]
    """`text`, `start_s` and `end_s` of each."""
    words: list[str]
    delays_ms: list[int]
    elapsed_ms: list[int]
    history: list[str] = field(default_factory=list)
    """What the captions showed, one text after the other."""


def talk(*sentences: tuple[str, float, float]) -> list[dict[str, Any]]:
    """Return reference sentences as the file has them."""
    return [{"text": text, "start_s": start, "end_s": end} for text, start, end in sentences]


def said(*runs: tuple[int, int, str]) -> dict[str, Any]:
    """Return words and times from runs of (delay, time spent computing, text)."""
    words: list[str] = []
    delays_ms: list[int] = []
    elapsed_ms: list[int] = []
    for delay_ms, computing_ms, text in runs:
        own = text.split()
        words += own
        delays_ms += [delay_ms] * len(own)
        elapsed_ms += [delay_ms + computing_ms] * len(own)
    return {"words": words, "delays_ms": delays_ms, "elapsed_ms": elapsed_ms}


def examples() -> list[Example]:
    """Return the examples: the ordinary ones by hand, many ties by chance."""
    stream = talk(
        ("Buenos días a todos y gracias por venir.", 0.48, 3.1),
        ("Hoy quiero hablar de cómo aprendemos un idioma.", 3.6, 7.25),
        ("No es fácil, pero tampoco es imposible.", 7.9, 10.4),
        ("Élise lo consiguió en un año: nadie lo esperaba.", 12.0, 15.5),
    )
    return [
        Example(
            name="one utterance, three words behind",
            sentences=talk(("la casa es grande y blanca", 0.0, 3.0)),
            **said(
                (1200, 180, "la"),
                (1600, 150, "casa"),
                (2000, 210, "está"),
                (2400, 160, "grande"),
                (3000, 420, "y blanca"),
            ),
            history=[
                "la cama",
                "la casa es",
                "la casa está gran",
                "la casa está grande",
                "la casa está grande y blanca",
            ],
        ),
        Example(
            name="stream of four sentences",
            sentences=stream,
            **said(
                (1800, 320, "Buenos días"),
                (2400, 300, "a todos"),
                (3600, 510, "y gracias por haber venido."),
                (5400, 640, "Hoy quiero hablar"),
                (6600, 420, "sobre como se"),
                (7800, 980, "aprende una lengua."),
                (9600, 350, "No es fácil"),
                (10800, 700, "pero tampoco imposible."),
                (13800, 420, "elise lo"),
                (15500, 1900, "consiguió en un año y nadie lo esperaba."),
            ),
            history=[
                "Buenos",
                "Buenos días a",
                "Buenos días a todos y gracia",
                "Buenos días a todos y gracias por haber venido.",
                "Buenos días a todos y gracias por haber venido. Hoy quería hablar del",
                "Buenos días a todos y gracias por haber venido. Hoy quiero hablar",
            ],
        ),
        Example(name="nothing said", sentences=stream, **said()),
        Example(
            name="all after the source's end",
            sentences=talk(("uno dos tres cuatro", 0.5, 2.5), ("cinco seis siete", 2.75, 4.25)),
            **said((5000, 900, "uno dos tres"), (6000, 1500, "cuatro cinco seis siete")),
            history=["uno dos tres", "uno dos tres cuatro cinco seis siete"],
        ),
        Example(
            name="over-generation",
            sentences=talk(
                ("Gracias.", 0.2, 1.0), ("Hasta mañana, amigos.", 1.4, 3.0), ("Adiós.", 3.2, 4.0)
            ),
            **said(
                (1000, 90, "Muchas gracias , gracias , de verdad , gracias ."),
                (2000, 120, "Hasta la vista , hasta mañana ,"),
                (3000, 700, "hasta siempre , mis queridos amigos y amigas ."),
                (4000, 650, "Adiós , adiós , adiós a todos !"),
            ),
            history=["Muchas gracias", "Gracias", "Muchas gracias", "Muchas gracias , gracias"],
        ),
        Example(
            name="a sentence left out",
            sentences=stream,
            **said(
                (2400, 200, "buenos días a todos"),
                (3600, 200, "y gracias por venir"),
                (10400, 3100, "no es fácil pero tampoco es imposible"),
                (15000, 1600, "élise lo consiguió en un año nadie lo esperaba"),
            ),
            history=["buenos días", "buenos tardes a", "buenos días a todos"],
        ),
        Example(
            name="words that start before their sentence does",
            sentences=talk(("no sé qué decir", 1.0, 2.0), ("sí que lo sabes", 4.0, 5.0)),
            **said((800, 40, ", bueno"), (1500, 60, "no sé decir"), (3500, 90, "sí lo sabes bien")),
            history=["bueno no", "no"],
        ),
        Example(
            name="the first sentence lost, where mweralign leaves the second without a word",
            sentences=talk(("hola", 0.25, 1.0), ("adiós", 1.5, 2.5), ("amigos", 3.0, 4.0)),
            **said((2400, 300, "adiós")),
            history=["adiós"],
        ),
        by_chance("many ties", seed=7, sentences=24),
        by_chance("many more ties", seed=11, sentences=40),
    ]


def by_chance(name: str, *, seed: int, sentences: int) -> Example:
    """Return a talk of few different words, some lost, repeated or replaced."""
    chance = random.Random(seed)
    vocabulary = ["a", "al", "la", "las", "el", "lo", "de", "del", "que", "no", "sí", ",", "."]
    references: list[tuple[str, float, float]] = []
    runs: list[tuple[int, int, str]] = []
    now_s = 0.0
    for _ in range(sentences):
        text = [chance.choice(vocabulary) for _ in range(chance.randint(1, 9))]
        start_s = round(now_s + chance.uniform(0, 1.5), 2)
        now_s = round(start_s + 0.4 * len(text), 2)
        references.append((" ".join(text), start_s, now_s))
        for word in text:
            fate = chance.random()
            out = (
                ""
                if fate < 0.2
                else chance.choice(vocabulary)
                if fate < 0.4
                else f"{word} {chance.choice(vocabulary)}"
                if fate < 0.55
                else word
            )
            delay_ms = max(runs[-1][0] if runs else 0, int(1000 * now_s) - chance.randint(0, 1500))
            runs.append((delay_ms, chance.randint(50, 2000), out))
    spoken = said(*runs)
    spoken["elapsed_ms"] = [
        max(spoken["elapsed_ms"][: index + 1]) for index in range(len(spoken["words"]))
    ]
    words = spoken["words"]
    history = [
        " ".join([*words[:shown], *words[shown + 1 : shown + chance.randint(1, 4)]])
        for shown in range(1, len(words), 3)
    ]
    return Example(name=name, sentences=talk(*references), **spoken, history=history)


def simuleval(example: Example) -> dict[str, float | None]:
    """Score the talk as one utterance, text and (pieces of one delay) speech."""
    latency = import_module("simuleval.evaluator.scorers.latency_scorer")
    quality = import_module("simuleval.evaluator.scorers.quality_scorer")
    instance = import_module("simuleval.evaluator.instance")
    reference = " ".join(sentence["text"] for sentence in example.sentences)
    source_ms = 1000 * example.sentences[-1]["end_s"]
    text = instance.LogInstance(
        json.dumps(
            {
                "index": 0,
                "prediction": " ".join(example.words),
                "delays": example.delays_ms,
                "elapsed": example.elapsed_ms,
                "reference": reference,
                "source_length": source_ms,
            }
        )
    )
    spoken = type(
        "Spoken",
        (instance.SpeechOutputInstance,),
        {"__init__": lambda self: None, "source_length": source_ms},
    )()
    spoken.reference, spoken.latency_unit, spoken.metrics = reference, "word", {}
    pieces = speech(example)
    spoken.delays = [delay for delay, _, _ in pieces]
    spoken.durations = [end - start for _, start, end in pieces]
    spoken.intervals = [[start, end - start] for _, start, end in pieces]

    scores: dict[str, float | None] = {}
    for name in ("AL", "LAAL", "DAL", "AP", "StartOffset", "EndOffset"):
        for aware in (False, True):
            scorer = latency.LATENCY_SCORERS_DICT[name](computation_aware=aware)
            unit = 1 if name == "AP" else 1000
            scores[name + "_CA" * aware] = mean_or_none(scorer, {0: text}, unit)
    for name in ("ATD", "EndOffset"):
        scorer = latency.LATENCY_SCORERS_DICT[name]()
        scores[name + "_speech"] = mean_or_none(scorer, {0: spoken}, 1000)
    scores["WER"] = quality.WERScorer(None)({0: text}) / 100
    scores["BLEU"] = quality.SacreBLEUScorer()({0: text})
    # The transcriber aside, this is ASR-BLEU: both sides folded, then BLEU.
    bare = Namespace(prediction=folded(text.prediction), reference=folded(reference))
    scores["ASR_BLEU"] = quality.SacreBLEUScorer()({0: bare})
    return scores


def folded(text: str) -> str:
    """Return the text in lower case, without punctuation, by SimulEval's own function."""
    quality = import_module("simuleval.evaluator.scorers.quality_scorer")
    marks = quality.PUNCTUATIONS_EXCLUDE_APOSTROPHE
    return str(quality.remove_punctuations(text.lower(), marks)).strip()


def speech(example: Example) -> list[tuple[int, int, int]]:
    """Return (delay, start, end) of pieces played when due and after one another.

    For speech, SimulEval's delay is how much source was heard: never more than there is.
    """
    source_ms = round(1000 * example.sentences[-1]["end_s"])
    pieces: list[tuple[int, int, int]] = []
    end_ms = 0
    for delay_ms, group in groupby(min(ms, source_ms) for ms in example.delays_ms):
        start_ms = max(delay_ms, end_ms)
        end_ms = start_ms + WORD_MS * len(list(group))
        pieces.append((delay_ms, start_ms, end_ms))
    return pieces


def simulstream(example: Example) -> dict[str, Any]:
    """Score the talk with StreamLAAL, and its captions' erasure."""
    readers = import_module("simulstream.metrics.readers")
    latency = import_module("simulstream.metrics.scorers.latency")
    stream_laal = import_module("simulstream.metrics.scorers.latency.stream_laal")
    stats = import_module("simulstream.metrics.stats")
    mweralign = import_module("mweralign.mweralign")

    text = " ".join(example.words)
    references = [sentence["text"] for sentence in example.sentences]
    sample = latency.LatencyScoringSample(
        "talk",
        readers.OutputWithDelays(
            text,
            [ms / 1000 for ms in example.delays_ms],
            [ms / 1000 for ms in example.elapsed_ms],
        ),
        [
            readers.ReferenceSentenceDefinition(
                sentence["text"], sentence["start_s"], sentence["end_s"] - sentence["start_s"]
            )
            for sentence in example.sentences
        ],
    )
    scores: dict[str, Any] = {"StreamLAAL": None, "StreamLAAL_CA": None, "erasure": None}
    if example.words:  # simulstream has no mean of nothing
        score = stream_laal.StreamLaal(Namespace(latency_unit="word")).score([sample])
        scores["StreamLAAL"] = score.ideal_latency
        scores["StreamLAAL_CA"] = score.computational_aware_latency
    aligned = mweralign.align_texts("\n".join(references), text).split("\n")
    scores["sizes"] = [len(segment.split()) for segment in aligned]
    if example.history:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log.jsonl"
            lines: list[dict[str, Any]] = [{"id": 0, "metadata": {"wav_name": "talk.wav"}}]
            shown: list[str] = []
            for version in example.history:
                then = version.split()
                kept = sum(
                    1
                    for _ in takewhile(
                        lambda pair: pair[0] == pair[1], zip(shown, then, strict=False)
                    )
                )
                lines.append(
                    {
                        "id": 0,
                        "total_audio_processed": len(lines),
                        "computation_time": 0.1,
                        "deleted_tokens": shown[kept:],
                        "generated_tokens": then[kept:],
                    }
                )
                shown = then
            log.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
            config = Namespace(detokenizer_type="simuleval", latency_unit="word")
            scores["erasure"] = stats.NormalizedErasure().compute(
                readers.LogReader(config, str(log))
            )
    return scores


def omnisteval(example: Example) -> dict[str, Any]:
    """Score the talk as one utterance (YAAL) and by sentences (the Long metrics)."""
    scoring = import_module("omnisteval.scoring")
    data = import_module("omnisteval.data")
    loading = import_module("omnisteval.io")
    resegment = import_module("omnisteval.resegment")
    text = " ".join(example.words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        segmentation = [
            {
                "wav": "talk.wav",
                "offset": sentence["start_s"],
                "duration": sentence["end_s"] - sentence["start_s"],
            }
            for sentence in example.sentences
        ]
        line = {
            "source": "talk.wav",
            "prediction": text,
            "delays": example.delays_ms,
            "elapsed": example.elapsed_ms,
        }
        references = [sentence["text"] for sentence in example.sentences]
        (folder / "segments.json").write_text(json.dumps(segmentation), encoding="utf-8")
        (folder / "references.txt").write_text("\n".join(references), encoding="utf-8")
        (folder / "hypothesis.jsonl").write_text(json.dumps(line), encoding="utf-8")
        loaded = loading.load_resegmentation_inputs(
            str(folder / "segments.json"),
            None,
            str(folder / "references.txt"),
            str(folder / "hypothesis.jsonl"),
        )
    instances, segments = resegment.resegment(*loaded, lang=None)
    scores, _, _ = scoring.evaluate_instances(instances, is_longform=True)
    utterance = data.Instance(
        prediction=text,
        reference=" ".join(references),
        source_length=1000 * example.sentences[-1]["end_s"],
        emission_cu=example.delays_ms,
        emission_ca=example.elapsed_ms,
    )
    short, _, _ = scoring.evaluate_instances([utterance], is_longform=False)
    times = {
        "YAAL": short.get("yaal"),
        "YAAL_CA": short.get("ca_yaal"),
        "LongYAAL": scores.get("long_yaal"),
        "LongYAAL_CA": scores.get("ca_long_yaal"),
        "LongLAAL": scores.get("long_laal"),
        "LongLAAL_CA": scores.get("ca_long_laal"),
    }
    return {
        **{name: None if lost(ms) else ms / 1000 for name, ms in times.items()},
        "BLEU": scores["bleu"],
        "chrF": scores["chrf"],
        "sizes": [len(segment["prediction"].split()) for segment in segments],
    }


def mean_or_none(
    scorer: Callable[[dict[int, Any]], float], instances: dict[int, Any], unit: float
) -> float | None:
    """Return a score in seconds; SimulEval has no mean where nothing was said."""
    try:
        return scorer(instances) / unit
    except statistics.StatisticsError:
        return None


def lost(value: float | None) -> bool:
    """Return whether there is no number."""
    return value is None or math.isnan(value)


def main(all_examples: Sequence[Example]) -> None:
    """Write the file."""
    table = {
        "made_by": "tests/benchmarks/make_scorer_examples.py, whose docstring has the commands",
        "versions": {name: metadata.version(name) for name in SCORERS},
        "columns": {
            "simuleval": "LogInstance and SpeechOutputInstance through its registered scorers",
            "simulstream": "StreamLaal and NormalizedErasure; sizes of sentences: mweralign",
            "omnisteval": "resegment without a language (sizes), then evaluate_instances",
        },
        "examples": [
            {
                **asdict(example),
                "speech_ms": speech(example),
                "simuleval": simuleval(example),
                "simulstream": simulstream(example),
                "omnisteval": omnisteval(example),
            }
            for example in all_examples
        ],
    }
    EXAMPLES.write_text(compact(table), encoding="utf-8")


def compact(table: dict[str, Any]) -> str:
    """Return JSON with one line per example's field, for diffs that can be read."""
    head = {name: value for name, value in table.items() if name != "examples"}
    rows = [
        "{\n"
        + ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
            for name, value in example.items()
        )
        + "\n}"
        for example in table["examples"]
    ]
    opening = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    return opening + ',\n "examples": [\n' + ",\n".join(rows) + "\n]}\n"


if __name__ == "__main__":
    main(examples())
