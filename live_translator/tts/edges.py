"""The two ends of a piece of speech, and where two touch: no silence, no click, no dip."""

import numpy as np

from live_translator.messages import Samples

_FRAME_S = 0.01
_QUIET_DB = -45.0
"""Below the loudest frame by this much is silence; final fricatives stay above it."""
_LEAD_S = 0.02
"""Kept before the first frame with sound: plosives begin in near silence."""
_TAIL_S = 0.05
"""Kept after the last one: final sounds fade out, they do not stop."""
_FADE_S = 0.005
"""Long enough that an end or a join does not click, too short to hear."""


def trim_silence(samples: Samples, sample_rate_hz: int) -> Samples:
    """Return the part with sound, up to a breath around it; empty if there is none.

    Mono float32, shape (n,); a view, not a copy.
    """
    frame = max(1, round(_FRAME_S * sample_rate_hz))
    usable = len(samples) // frame * frame
    if not usable:
        return samples[:0]
    energy = np.square(samples[:usable].reshape(-1, frame)).mean(axis=1)
    loudest = float(energy.max())
    if loudest <= 0.0:
        return samples[:0]
    sounding = np.flatnonzero(energy > loudest * 10 ** (_QUIET_DB / 10))
    begin = int(sounding[0]) * frame - round(_LEAD_S * sample_rate_hz)
    end = (int(sounding[-1]) + 1) * frame + round(_TAIL_S * sample_rate_hz)
    return samples[max(0, begin) : end]


def fade_samples(samples: Samples, sample_rate_hz: int) -> int:
    """Return how many samples of a piece fade at each end, also where it joins another."""
    return min(round(_FADE_S * sample_rate_hz), len(samples) // 2)


def fade_in(samples: Samples, count: int) -> Samples:
    """Return a copy whose first `count` samples rise from zero, linearly."""
    faded = np.array(samples, np.float32)
    faded[:count] *= np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)
    return faded


def fade_out(samples: Samples, count: int) -> Samples:
    """Return a copy whose last `count` samples fall to zero, linearly."""
    return fade_in(samples[::-1], count)[::-1]


def join(tail: Samples, head: Samples) -> Samples:
    """Return one sound that passes into another while both last; mono float32, shape (n,).

    Both have n samples and are of no relation to each other, so the gains are those of equal
    power, cos and sin of the same quarter turn: the loudness does not dip between them. Raises
    ValueError for two lengths.
    """
    if len(tail) != len(head):
        raise ValueError(f"sounds of {len(tail)} and {len(head)} samples cannot be joined")
    turn = (np.arange(len(head), dtype=np.float32) + 0.5) * (np.pi / 2 / max(1, len(head)))
    joined: Samples = (tail * np.cos(turn) + head * np.sin(turn)).astype(np.float32)
    return joined
