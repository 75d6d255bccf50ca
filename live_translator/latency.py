"""The field's latency metrics as pure formulas; seconds in, seconds out.

The definitions, down to their corner cases, are those of SimulEval (Ma et al. 2020,
https://arxiv.org/abs/2007.16193), so that numbers can be compared. Every function scores
one utterance, or one run taken as one. Where nothing was said there is no latency: the
result is `nan`, which a report should write as null.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

TOKEN_MS = 300
"""What ATD takes as one spoken word, in milliseconds (Kano et al. 2023, section 3)."""

Target = tuple[float, float, float]
"""A run of speech: source seconds it depends on (its delay), when it starts, when it ends."""


def al(delays_s: Sequence[float], source_s: float, reference_words: int | None = None) -> float:
    """Return Average Lagging: mean lead of the source over an ideal steady translator.

    `1/tau * sum_{i=1..tau} (D_i - (i - 1) * X / Y)`, with `tau` the first word whose delay
    reaches the end of the source, X its length and Y the reference's words (or the
    hypothesis's, where there is no reference). Ma et al. 2019, STACL,
    https://arxiv.org/abs/1810.08398; for speech Ma et al. 2020.
    """
    return _average_lagging(delays_s, source_s, reference_words or len(delays_s))


def laal(delays_s: Sequence[float], source_s: float, reference_words: int | None = None) -> float:
    """Return Length-Adaptive Average Lagging: AL that over-generation does not flatter.

    As `al`, with Y the longer of reference and hypothesis; without a reference, the
    hypothesis. With delays the result is computation-unaware, with the times at which the
    words came out ("elapsed") computation-aware. Papi et al. 2022,
    https://arxiv.org/abs/2206.05807; Polak et al. 2022, https://arxiv.org/abs/2204.06028.
    """
    return _average_lagging(delays_s, source_s, max(reference_words or 0, len(delays_s)))


def dal(delays_s: Sequence[float], source_s: float) -> float:
    """Return Differentiable Average Lagging: AL where lost time is never made good.

    `1/Y * sum_i (D'_i - (i - 1) * X / Y)`, with `D'_i = max(D_i, D'_{i-1} + X / Y)` and Y
    the hypothesis's words. Cherry and Foster 2019, https://arxiv.org/abs/1906.00048;
    Arivazhagan et al. 2019, https://arxiv.org/abs/1906.05218.
    """
    if not delays_s or source_s <= 0:
        return math.nan
    step_s = source_s / len(delays_s)
    total_s, previous_s = 0.0, -math.inf
    for index, delay_s in enumerate(delays_s):
        previous_s = max(delay_s, previous_s + step_s)
        total_s += previous_s - index * step_s
    return total_s / len(delays_s)


def ap(delays_s: Sequence[float], source_s: float, reference_words: int | None = None) -> float:
    """Return Average Proportion: the mean share of the source heard before a word; no unit.

    `1/(X * Y) * sum_i D_i`, Y as in `al`. Cho and Esipova 2016,
    https://arxiv.org/abs/1606.02012.
    """
    if not delays_s or source_s <= 0:
        return math.nan
    return sum(delays_s) / (source_s * (reference_words or len(delays_s)))


def atd(source_s: float, targets: Sequence[Target]) -> float:
    """Return Average Token Delay: how long after its source word a spoken word ends.

    `1/|y| * sum_t (T(y_t) - T(x_{a(t)}))`: source and target are cut into tokens of
    `TOKEN_MS`, T is when a token ends, and `a(t) = min(t - d(t), tokens heard by t's
    chunk)`, where `d(t)` is by how many tokens the target before that chunk is longer than
    the source before it. Unlike LAAL it sees how long the speech itself takes. Kano et al.
    2023, https://arxiv.org/abs/2211.13173, as SimulEval's ATD for speech output.

    `targets` in the order in which they sound. Neighbours of the same delay are one chunk;
    delays are held to `source_s` and to never decrease. Where speech starts when it is due
    and the previous has ended, the result is SimulEval's computation-unaware number; with
    the times at which it really sounded, the computation-aware one.
    """
    chunks = _chunks(source_s, targets)
    source_ends_ms = [0]
    heard: list[int] = []
    """Source tokens heard by the end of each chunk."""
    previous_ms = 0
    for delay_ms, _ in chunks:
        source_ends_ms += [previous_ms + cut for cut in _token_ends_ms(delay_ms - previous_ms)]
        previous_ms = delay_ms
        heard.append(len(source_ends_ms) - 1)

    lags_ms: list[int] = []
    for index, (_, runs_ms) in enumerate(chunks):
        surplus = max(0, len(lags_ms) - (heard[index - 1] if index else 0))
        for end_ms in _sounding_ends_ms(runs_ms):
            token = len(lags_ms) + 1
            lags_ms.append(end_ms - source_ends_ms[min(token - surplus, heard[index])])
    return sum(lags_ms) / len(lags_ms) / 1000 if lags_ms else math.nan


def percentile(values: Iterable[float], q: float) -> float:
    """Return the q-th percentile (0 to 100) by nearest rank: a value that was really seen.

    The smallest value that at least q % of the values do not exceed; `nan` of nothing.
    """
    if not 0 <= q <= 100:
        raise ValueError(f"a percentile is between 0 and 100, not {q}")
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(q / 100 * len(ordered)) - 1)]


def _average_lagging(delays_s: Sequence[float], source_s: float, words: int) -> float:
    if not delays_s or source_s <= 0:
        return math.nan
    if delays_s[0] > source_s:
        # Everything came after the source: SimulEval scores the first word alone.
        return delays_s[0]
    step_s = source_s / words
    total_s, tau = 0.0, 0
    for index, delay_s in enumerate(delays_s):
        total_s += delay_s - index * step_s
        tau = index + 1
        if delay_s >= source_s:
            break
    return total_s / tau


def _chunks(source_s: float, targets: Sequence[Target]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Group sounding targets by delay: (delay, [(start, end), ...]) in whole milliseconds.

    Whole milliseconds, because 0.9 // 0.3 is 2 in floating point.
    """
    latest_ms, held = 0, []
    for delay_s, start_s, end_s in targets:
        latest_ms = max(latest_ms, round(min(delay_s, source_s) * 1000))
        start_ms, end_ms = round(start_s * 1000), round(end_s * 1000)
        if end_ms > start_ms:
            held.append((latest_ms, (start_ms, end_ms)))
    return [
        (delay_ms, [run for _, run in group])
        for delay_ms, group in groupby(held, key=lambda item: item[0])
    ]


def _token_ends_ms(length_ms: int) -> list[int]:
    """Cut a length into tokens, the last one shorter: where each ends."""
    ends = list(range(TOKEN_MS, length_ms + 1, TOKEN_MS))
    return ends if length_ms % TOKEN_MS == 0 else [*ends, length_ms]


def _sounding_ends_ms(runs_ms: Sequence[tuple[int, int]]) -> list[int]:
    """Return when each token of a chunk ends, over the pauses between its runs."""
    ends: list[int] = []
    before_ms = 0
    cuts = _token_ends_ms(sum(end - start for start, end in runs_ms))
    for start_ms, end_ms in runs_ms:
        length_ms = end_ms - start_ms
        ends += [
            start_ms + cut - before_ms for cut in cuts if before_ms < cut <= before_ms + length_ms
        ]
        before_ms += length_ms
    return ends
