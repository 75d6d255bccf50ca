"""Latency of a stream: formulas for one utterance, applied to reference sentences of a talk.

`words` are the output's, `times_s` when each came out, on the source clock: with delays the
results are computation-unaware, with the times at which the words really appeared (or
sounded) computation-aware. Where nothing can be scored, the result is `nan`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.metrics.resegmentation import Resegmenter, mwer_slices, soft_slices
from live_translator import latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A reference sentence, and when its source is spoken."""

    text: str
    start_s: float
    """Source clock."""
    end_s: float
    """Source clock."""


def yaal(
    times_s: Sequence[float],
    source_s: float,
    reference_words: int | None = None,
    *,
    until_s: float | None = None,
) -> float:
    """Return Yet Another Average Lagging: LAAL of the words that came out during the source.

    `1/tau * sum_{i=1..tau} (D_i - (i - 1) * X / max(Y, Y'))`, where tau is the last word
    before `until_s`, X the source's length, Y the reference's words and Y' the output's.
    LAAL also counts the first word after the source's end, where whatever a system kept
    back comes out at once. `until_s` is the end of the source (the default) for an
    utterance by itself, and the end of the recording, on the utterance's clock, for a
    sentence in a talk. `nan` where no word came before it. Polak et al. 2025, "Better Late
    Than Never", https://arxiv.org/abs/2509.17349.
    """
    if source_s <= 0:
        return math.nan
    end_s = source_s if until_s is None else until_s
    step_s = source_s / max(reference_words or 0, len(times_s), 1)
    lags_s: list[float] = []
    for index, time_s in enumerate(times_s):
        if time_s >= end_s:
            break
        lags_s.append(time_s - index * step_s)
    return _mean(lags_s)


def laal_by_sentence(
    times_s: Sequence[float], slices: Sequence[slice], sentences: Sequence[Sentence]
) -> list[float]:
    """Return the LAAL of each sentence, its words timed from where its source begins.

    `slices` say which words are whose (`resegmentation`); `nan` for a sentence without any.
    """
    return [
        latency.laal(
            [time_s - sentence.start_s for time_s in times_s[own]],
            sentence.end_s - sentence.start_s,
            len(sentence.text.split()),
        )
        for own, sentence in zip(slices, sentences, strict=True)
    ]


def yaal_by_sentence(
    times_s: Sequence[float],
    slices: Sequence[slice],
    sentences: Sequence[Sentence],
    recording_end_s: float | None = None,
) -> list[float]:
    """Return the YAAL of each sentence, counting words until the recording ends.

    The recording ends at `recording_end_s` on the source clock or, by default as in
    OmniSTEval, where the last sentence does.
    """
    if recording_end_s is None:
        recording_end_s = max((sentence.end_s for sentence in sentences), default=math.inf)
    return [
        yaal(
            [time_s - sentence.start_s for time_s in times_s[own]],
            sentence.end_s - sentence.start_s,
            len(sentence.text.split()),
            until_s=recording_end_s - sentence.start_s,
        )
        for own, sentence in zip(slices, sentences, strict=True)
    ]


def stream_laal(
    words: Sequence[str], times_s: Sequence[float], sentences: Sequence[Sentence]
) -> float:
    """Return StreamLAAL: mean LAAL of the sentences after minimum-edit resegmentation.

    Sentences without words are left out. Papi et al. 2024, "StreamAtt",
    https://aclanthology.org/2024.acl-long.202; resegmented as version 2, simulstream 1.0.
    Raises ValueError unless there is one time per word.
    """
    return _mean(
        laal_by_sentence(times_s, _slices(mwer_slices, words, times_s, sentences), sentences)
    )


def long_laal(
    words: Sequence[str], times_s: Sequence[float], sentences: Sequence[Sentence]
) -> float:
    """Return LongLAAL: as `stream_laal`, resegmented by SoftSegmenter, as OmniSTEval 0.1.10.

    Raises ValueError unless there is one time per word.
    """
    return _mean(
        laal_by_sentence(times_s, _slices(soft_slices, words, times_s, sentences), sentences)
    )


def long_yaal(
    words: Sequence[str],
    times_s: Sequence[float],
    sentences: Sequence[Sentence],
    recording_end_s: float | None = None,
) -> float:
    """Return LongYAAL: mean YAAL of the sentences after SoftSegmenter's resegmentation.

    Unlike StreamLAAL it counts every word of a sentence that came late, and none that came
    after the recording. Polak et al. 2025, https://arxiv.org/abs/2509.17349. Raises
    ValueError unless there is one time per word.
    """
    slices = _slices(soft_slices, words, times_s, sentences)
    return _mean(yaal_by_sentence(times_s, slices, sentences, recording_end_s))


def _slices(
    resegment: Resegmenter,
    words: Sequence[str],
    times_s: Sequence[float],
    sentences: Sequence[Sentence],
) -> list[slice]:
    if len(words) != len(times_s):
        raise ValueError(f"{len(words)} words need as many times, not {len(times_s)}")
    return resegment([sentence.text for sentence in sentences], words)


def _mean(values: Iterable[float]) -> float:
    """Return the mean of what is a number."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
