"""The two ends of a piece of speech: no silence, no click."""

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
"""Long enough that a join does not click, too short to hear."""


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


def fade_ends(samples: Samples, sample_rate_hz: int) -> Samples:
    """Return a copy whose first and last milliseconds rise from and fall to zero."""
    faded = np.array(samples, np.float32)
    length = min(round(_FADE_S * sample_rate_hz), len(faded) // 2)
    if length:
        ramp = np.linspace(0.0, 1.0, length, endpoint=False, dtype=np.float32)
        faded[:length] *= ramp
        faded[-length:] *= ramp[::-1]
    return faded
