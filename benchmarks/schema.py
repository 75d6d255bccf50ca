"""What `report.json` holds: what a benchmark writes and its page reads.

All times are in seconds, on the source clock where they are moments. `null` (None) stands
for what was not measured or is not defined.
"""

# ruff: noqa: RUF001  formulas have real minus signs and primes

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NotRequired, TypeAlias, TypedDict, cast

SCHEMA = "live-translate/benchmark/1"
"""Changes when a key is renamed or removed, not when one is added."""

MetricKey: TypeAlias = Literal[
    "wer",
    "bleu",
    "chrf",
    "asr_bleu",
    "laal_s",
    "laal_ca_s",
    "stream_laal_s",
    "stream_laal_ca_s",
    "al_s",
    "dal_s",
    "ap",
    "yaal_s",
    "commit_lag_s",
    "commit_lag_ca_s",
    "first_audio_p50_s",
    "start_offset_p50_s",
    "end_offset_p50_s",
    "end_offset_p95_s",
    "atd_s",
    "drift_s_per_min",
    "normalised_erasure",
    "dropped_audio_s",
    "real_time_factor",
    "cpu_s_per_s",
    "peak_rss_mb",
]
Metrics: TypeAlias = Mapping[MetricKey, float | None]
"""Any key may be absent, which says no more than None."""

StageName: TypeAlias = Literal["capture", "asr", "mt", "tts"]
QueueName: TypeAlias = Literal["speech", "transcripts", "translations"]
"""In the order of the numbers in `Recording.depths`."""


class RecordingSet(TypedDict):
    """What was listened to."""

    name: str
    recordings: int
    seconds: float
    source: str
    """Language code."""
    target: str
    """Language code."""


class Stage(TypedDict):
    """How long the steps of one stage took (`live_translator.metrics.StageMeter`)."""

    count: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    busy_fraction: float


class Queue(TypedDict):
    """How one channel was used (`live_translator.channel.ChannelStats`)."""

    capacity: int
    high_water: int
    blocked_s: float


class Word(TypedDict):
    """A source word as it was recognised."""

    text: str
    start_s: float
    end_s: float
    committed_at_s: float


class Segment(TypedDict):
    """A committed piece of the translation, and the source words newly covered by it."""

    source: str
    target: str
    start_s: float
    end_s: float
    committed_at_s: float
    audio_start_s: NotRequired[float | None]
    audio_end_s: NotRequired[float | None]


class Sentence(TypedDict):
    """A sentence of the source, and what came out for it."""

    source: str
    reference: str | None
    hypothesis: str
    start_s: float
    end_s: float
    end_offset_s: float | None
    """From the end of the sentence to the end of its translation."""
    score: float | None
    """Of the hypothesis against the reference; greater is better."""
    audio: str | None
    """A data: URI."""


class Recording(TypedDict):
    """What one system made of one recording."""

    id: str
    seconds: float
    transcript: str
    translation: str | None
    metrics: Metrics
    words: Sequence[Word]
    segments: Sequence[Segment]
    sentences: Sequence[Sentence]
    depths: Sequence[Sequence[float]]
    """[moment, then the depth of each queue in the order of `QueueName`]."""
    lags: Sequence[Sequence[float]]
    """[moment of the source, how far the output was behind it then]."""


class System(TypedDict):
    """One program with one setting."""

    name: str
    what: str
    """One line that says what it is."""
    setting: str
    reference: bool
    """Whether it is what the others are to reach: usually one that waits for the end."""
    metrics: Metrics
    stages: Mapping[StageName, Stage]
    queues: Mapping[QueueName, Queue]
    recordings: Sequence[Recording]


class Point(TypedDict):
    """One system at one setting, in the plane of latency and quality."""

    system: str
    setting: str
    latency_s: float
    quality: float


class Axes(TypedDict):
    """What the two coordinates of a `Point` are called."""

    latency: str
    quality: str


class Report(TypedDict):
    """A whole benchmark."""

    schema: str
    made_at: str
    """ISO 8601."""
    command: str
    machine: str
    versions: Mapping[str, str]
    set: RecordingSet
    systems: Sequence[System]
    points: Sequence[Point]
    axes: Axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How one metric is written, and what it means."""

    key: MetricKey
    group: str
    label: str
    unit: str = "s"
    format: str = ".2f"
    better: Literal["lower", "higher", "zero"] = "lower"
    meaning: str
    """In a sentence, with the formula."""
    source: str = ""
    """The paper."""

    def text(self, value: float | None) -> str:
        """Return a value as a reader sees it, without its unit; a dash for None."""
        return "–" if value is None else format(value, self.format).replace("-", "−")

    def best(self, values: Sequence[float | None]) -> set[int]:
        """Return which values are the best as written; none where all are equal or alone."""
        costs = {
            index: {"lower": value, "higher": -value, "zero": abs(value)}[self.better]
            for index, value in enumerate(values)
            if value is not None
        }
        winner = self.text(values[min(costs, key=lambda index: costs[index])]) if costs else ""
        winners = {index for index in costs if self.text(values[index]) == winner}
        return winners if len(winners) < len(costs) else set()


METRICS: tuple[Metric, ...] = (
    Metric(
        key="wer",
        group="Quality",
        label="WER",
        unit="",
        format=".1%",
        meaning="Word error rate of the transcript: (S + D + I) / N, "
        "lower case and without punctuation.",
    ),
    Metric(
        key="bleu",
        group="Quality",
        label="BLEU",
        unit="",
        format=".1f",
        better="higher",
        meaning="Of the translated text, over the whole corpus: brevity penalty · geometric mean "
        "of the precisions of 1- to 4-grams.",
        source="Papineni et al. 2002, ACL P02-1040; Post 2018, ACL W18-6319",
    ),
    Metric(
        key="chrf",
        group="Quality",
        label="chrF2",
        unit="",
        format=".1f",
        better="higher",
        meaning="Of the translated text: F-score of n-grams of up to six letters, "
        "recall counted twice.",
        source="Popović 2015, ACL W15-3049",
    ),
    Metric(
        key="asr_bleu",
        group="Quality",
        label="ASR-BLEU",
        unit="",
        format=".1f",
        better="higher",
        meaning="BLEU of what a recogniser understood of the translated speech; "
        "its own errors count too.",
        source="Jia et al. 2022, Translatotron 2, arXiv 2107.08661",
    ),
    Metric(
        key="laal_s",
        group="Lateness of the text",
        label="LAAL",
        meaning="Length-Adaptive Average Lagging: 1/τ · Σ (D_i − (i − 1) · X / max(Y, Y′)), with "
        "D_i the source heard when word i came out, X the source's length, Y and Y′ the words of "
        "reference and output, τ the first word that needed all of the source.",
        source="Papi et al. 2022, arXiv 2206.05807; Polák et al. 2022, arXiv 2204.06028",
    ),
    Metric(
        key="laal_ca_s",
        group="Lateness of the text",
        label="LAAL, computation-aware",
        meaning="LAAL with the moment at which a word really appeared instead of "
        "the source heard by then.",
        source="Papi et al. 2022, arXiv 2206.05807; Ma et al. 2020, arXiv 2007.16193",
    ),
    Metric(
        key="stream_laal_s",
        group="Lateness of the text",
        label="StreamLAAL",
        meaning="Mean LAAL of the reference's sentences, after the whole talk's output "
        "was cut to them by least edit distance.",
        source="Papi et al. 2024, StreamAtt, ACL 2024.acl-long.202",
    ),
    Metric(
        key="stream_laal_ca_s",
        group="Lateness of the text",
        label="StreamLAAL, computation-aware",
        meaning="StreamLAAL with the moments at which the words really appeared.",
        source="Papi et al. 2024, StreamAtt, ACL 2024.acl-long.202",
    ),
    Metric(
        key="al_s",
        group="Lateness of the text",
        label="AL",
        meaning="Average Lagging: LAAL with X / Y, Y the words of the reference alone; "
        "an output that is too long flatters it.",
        source="Ma et al. 2019, STACL, arXiv 1810.08398",
    ),
    Metric(
        key="dal_s",
        group="Lateness of the text",
        label="DAL",
        meaning="Differentiable Average Lagging: 1/Y · Σ (D′_i − (i − 1) · X / Y), "
        "D′_i = max(D_i, D′_(i−1) + X / Y); lost time is never made good.",
        source="Cherry and Foster 2019, arXiv 1906.00048",
    ),
    Metric(
        key="ap",
        group="Lateness of the text",
        label="AP",
        unit="",
        meaning="Average Proportion: 1/(X · Y) · Σ D_i, the mean share of the source "
        "heard before a word.",
        source="Cho and Esipova 2016, arXiv 1606.02012",
    ),
    Metric(
        key="yaal_s",
        group="Lateness of the text",
        label="YAAL",
        meaning="Yet Another Average Lagging: LAAL over the words that came out before "
        "the recording ended, and no others.",
        source="Polák et al. 2025, arXiv 2509.17349",
    ),
    Metric(
        key="commit_lag_s",
        group="Lateness of the text",
        label="Commit lag",
        meaning="Source heard beyond a word's end when the recogniser committed it, "
        "mean over words.",
    ),
    Metric(
        key="commit_lag_ca_s",
        group="Lateness of the text",
        label="Commit lag, computation-aware",
        meaning="From a word's end to the moment at which the recogniser committed it, "
        "mean over words.",
    ),
    Metric(
        key="first_audio_p50_s",
        group="Lateness of the speech",
        label="First audio, p50",
        meaning="From the onset of a recording's first word to the first translated sound, median.",
    ),
    Metric(
        key="start_offset_p50_s",
        group="Lateness of the speech",
        label="Start offset, p50",
        meaning="From the beginning of what is said to the beginning of its translation, median.",
        source="Ma et al. 2020, SimulEval, arXiv 2007.16193",
    ),
    Metric(
        key="end_offset_p50_s",
        group="Lateness of the speech",
        label="End offset, p50",
        meaning="From the end of what is said to the end of its translation, median.",
        source="Ma et al. 2020, SimulEval, arXiv 2007.16193",
    ),
    Metric(
        key="end_offset_p95_s",
        group="Lateness of the speech",
        label="End offset, p95",
        meaning="From the end of what is said to the end of its translation, 95th percentile.",
        source="Ma et al. 2020, SimulEval, arXiv 2007.16193",
    ),
    Metric(
        key="atd_s",
        group="Lateness of the speech",
        label="ATD",
        meaning="Average Token Delay: 1/|y| · Σ (T(y_t) − T(x_a(t))), from the end of a source "
        "token of 0.3 s to the end of the token that speaks it; sees how long the speech takes.",
        source="Kano et al. 2023, arXiv 2211.13173",
    ),
    Metric(
        key="drift_s_per_min",
        group="Steadiness",
        label="Drift",
        unit="s/min",
        format="+.2f",
        better="zero",
        meaning="Slope of the least-squares line through each sentence's end offset over the time "
        "at which it ended: by how much the output falls further behind.",
    ),
    Metric(
        key="normalised_erasure",
        group="Steadiness",
        label="Normalised erasure",
        unit="",
        meaning="Words that captions took back per word of the final text: "
        "Σ (|o_(i−1)| − |common prefix of o_(i−1) and o_i|) / |o_last|.",
        source="Arivazhagan et al. 2020, ACL 2020.iwslt-1.27",
    ),
    Metric(
        key="dropped_audio_s",
        group="Steadiness",
        label="Dropped audio",
        meaning="Source audio that was lost because nothing took it in time.",
    ),
    Metric(
        key="real_time_factor",
        group="Cost",
        label="Real-time factor",
        unit="",
        meaning="Time that the run took / length of the source.",
    ),
    Metric(
        key="cpu_s_per_s",
        group="Cost",
        label="CPU time",
        unit="s/s",
        meaning="Seconds of processor time per second of source, over all cores.",
    ),
    Metric(
        key="peak_rss_mb",
        group="Cost",
        label="Peak memory",
        unit="MB",
        format=".0f",
        meaning="The largest resident set that the process had.",
    ),
)
"""Every metric, in the order in which the page shows them."""


BY_KEY: Mapping[MetricKey, Metric] = {metric.key: metric for metric in METRICS}


def known(metrics: Metrics, key: MetricKey) -> float | None:
    """Return a metric's value; None where it is absent, null or not a finite number."""
    value = metrics.get(key)
    return value if value is not None and math.isfinite(value) else None


def title(system: System, systems: Sequence[System]) -> str:
    """Return a system's name, with its setting where the name alone could be another's."""
    shared = sum(other["name"] == system["name"] for other in systems) > 1
    return f"{system['name']}, {system['setting']}" if shared else system["name"]


def read(path: Path) -> Report:
    """Return the report in a file; raises OSError, and ValueError if it is not one."""
    report = json.loads(path.read_text(encoding="utf-8"))
    schema = report.get("schema") if isinstance(report, dict) else None
    if schema != SCHEMA:
        raise ValueError(f"{path} has schema {schema!r}: this program reads {SCHEMA!r}")
    return cast("Report", report)
