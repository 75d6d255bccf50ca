"""From traces to numbers: every metric of every talk, and of all talks together."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import schema
from benchmarks.metrics import longform, quality
from benchmarks.metrics.erasure import normalised_erasure
from benchmarks.metrics.offsets import drift, end_offset, start_offset
from benchmarks.metrics.resegmentation import mwer_slices, soft_slices
from benchmarks.recognition import normalise
from benchmarks.talks import Sentence, Talk
from benchmarks.trace import Trace
from live_translator import latency

_DRIFT_FROM_S = 60.0
"""A shorter talk has too few sentences for a slope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One talk, as one system went through it."""

    talk: Talk
    trace: Trace
    report: dict[str, Any]
    """The program's own report of the run."""
    cpu_s: float
    anchors: tuple[str, ...]
    """A translation of each sentence to align the output with: the reference or, where there
    is none, the same engine's of the transcript."""
    heard: str = ""
    """What a recogniser understood of the speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One sentence of a talk, with what came out for it."""

    sentence: Sentence
    hypothesis: str
    heard: str
    delays_s: tuple[float, ...]
    """Of the hypothesis's words, from where the sentence begins."""
    elapsed_s: tuple[float, ...]
    """The same with computation."""
    start_offset_s: float
    end_offset_s: float
    spoken_s: tuple[float, float] | None
    """Source clock, when its speech begins and ends."""

    @property
    def source_s(self) -> float:
        """How long the sentence is spoken."""
        return self.sentence.end_s - self.sentence.start_s

    @property
    def reference_words(self) -> int | None:
        """How long the reference is, None where there is none."""
        return len(self.sentence.translation.split()) or None


def sentences(ran: Ran) -> list[Scored]:
    """Cut everything that came out of a talk to its sentences."""
    words = [word.text for word in ran.trace.target]
    spoken = ran.trace.spoken
    said_slices = soft_slices(ran.anchors, [word.text for word in spoken])
    heard = ran.heard.split()
    heard_slices = mwer_slices([normalise(text) for text in ran.anchors], heard)
    scored = []
    for sentence, own, said, understood in zip(
        ran.talk.sentences,
        soft_slices(ran.anchors, words),
        said_slices,
        heard_slices,
        strict=True,
    ):
        run = spoken[said]
        scored.append(
            Scored(
                sentence=sentence,
                hypothesis=" ".join(words[own]),
                heard=" ".join(heard[understood]),
                delays_s=tuple(w.delay_s - sentence.start_s for w in ran.trace.target[own]),
                elapsed_s=tuple(w.elapsed_s - sentence.start_s for w in ran.trace.target[own]),
                start_offset_s=start_offset([w.start_s for w in run], sentence.start_s),
                end_offset_s=end_offset([w.end_s for w in run], sentence.end_s),
                spoken_s=(run[0].start_s, run[-1].end_s) if run else None,
            )
        )
    return scored


def metrics(runs: Sequence[Ran]) -> schema.Metrics:
    """Return the metrics of one or more talks together; None for what cannot be had."""
    scored = [(ran, sentences(ran)) for ran in runs]
    every = [sentence for _, group in scored for sentence in group]
    judged = [sentence for sentence in every if sentence.sentence.translation]
    references = [sentence.sentence.translation for sentence in judged]
    audio_s = sum(ran.talk.seconds for ran in runs)
    words = [word for ran in runs for word in ran.trace.source]
    found: dict[schema.MetricKey, float] = {
        "wer": quality.wer(
            [" ".join(s.transcript for s in ran.talk.sentences) for ran in runs],
            [" ".join(word.text for word in ran.trace.source) for ran in runs],
        ),
        "laal_s": _mean(_number(ran.report["latency"]["laal_s"]) for ran in runs),
        "laal_ca_s": _mean(_number(ran.report["latency"]["laal_ca_s"]) for ran in runs),
        "stream_laal_s": _mean(_stream_laals(runs, computation=False)),
        "stream_laal_ca_s": _mean(_stream_laals(runs, computation=True)),
        "al_s": _mean(latency.al(s.delays_s, s.source_s, s.reference_words) for s in every),
        "dal_s": _mean(latency.dal(s.delays_s, s.source_s) for s in every),
        "ap": _mean(latency.ap(s.delays_s, s.source_s, s.reference_words) for s in every),
        "yaal_s": _mean(
            longform.yaal(
                s.delays_s,
                s.source_s,
                s.reference_words,
                until_s=ran.talk.seconds - s.sentence.start_s,
            )
            for ran, group in scored
            for s in group
        ),
        "commit_lag_s": _mean(word.delay_s - word.end_s for word in words),
        "commit_lag_ca_s": _mean(word.committed_at_s - word.end_s for word in words),
        "first_audio_p50_s": _median(
            _number(ran.report["latency"]["first_audio_s"]) for ran in runs
        ),
        "start_offset_p50_s": _median(s.start_offset_s for s in every),
        "end_offset_p50_s": _percentile((s.end_offset_s for s in every), 50),
        "end_offset_p95_s": _percentile((s.end_offset_s for s in every), 95),
        "atd_s": _mean(_number(ran.report["latency"]["atd_s"]) for ran in runs),
        "drift_s_per_min": _weighted(
            (_drift(ran), ran.talk.seconds) for ran in runs if ran.talk.seconds >= _DRIFT_FROM_S
        ),
        "normalised_erasure": normalised_erasure(
            history for ran in runs for history in ran.trace.captions.values()
        ),
        "dropped_audio_s": sum(ran.report["dropped_audio_s"] for ran in runs),
        "real_time_factor": sum(ran.report["wall_seconds"] for ran in runs) / audio_s,
        "cpu_s_per_s": sum(ran.cpu_s for ran in runs) / audio_s,
        "peak_rss_mb": max(ran.report["peak_rss_mb"] for ran in runs),
    }
    if judged:
        outputs = [sentence.hypothesis for sentence in judged]
        found["bleu"] = quality.bleu(references, outputs)
        found["chrf"] = quality.chrf(references, outputs)
        if any(ran.heard for ran in runs):
            found["asr_bleu"] = quality.asr_bleu(references, [s.heard for s in judged])
    return {key: None if math.isnan(value) else value for key, value in found.items()}


def sentence_score(scored: Scored) -> float | None:
    """Return chrF of one sentence, or None without a reference."""
    if not scored.sentence.translation:
        return None
    return quality.chrf([scored.sentence.translation], [scored.hypothesis])


def lags(ran: Ran) -> list[tuple[float, float]]:
    """Return (end of a segment's source, how much later its speech ended) in order."""
    return [
        (segment.end_s, ran.trace.audio[segment.segment][1] - segment.end_s)
        for segment in ran.trace.segments
        if segment.segment in ran.trace.audio
    ]


def _drift(ran: Ran) -> float:
    points = lags(ran)
    return drift([at_s for at_s, _ in points], [lag_s for _, lag_s in points])


def _stream_laals(runs: Sequence[Ran], *, computation: bool) -> list[float]:
    found: list[float] = []
    for ran in runs:
        target = ran.trace.target
        found += longform.laal_by_sentence(
            [word.elapsed_s if computation else word.delay_s for word in target],
            mwer_slices(ran.anchors, [word.text for word in target]),
            [
                longform.Sentence(text=anchor, start_s=sentence.start_s, end_s=sentence.end_s)
                for anchor, sentence in zip(ran.anchors, ran.talk.sentences, strict=True)
            ],
        )
    return found


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _known(values: Iterable[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def _mean(values: Iterable[float]) -> float:
    known = _known(values)
    return statistics.fmean(known) if known else math.nan


def _median(values: Iterable[float]) -> float:
    known = _known(values)
    return statistics.median(known) if known else math.nan


def _percentile(values: Iterable[float], q: float) -> float:
    return latency.percentile(_known(values), q)


def _weighted(values: Iterable[tuple[float, float]]) -> float:
    """Return the mean of values with their weights."""
    pairs = [(value, weight) for value, weight in values if not math.isnan(value)]
    weight = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / weight if weight else math.nan
