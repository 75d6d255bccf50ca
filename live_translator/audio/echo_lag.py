"""How much later than played our own voice is heard, and how loud."""

import math
from dataclasses import dataclass

import numpy as np

from live_translator.audio.spectra import (
    BANDS,
    BINS,
    FFT_SAMPLES,
    FRAME_SAMPLES,
    Powers,
    Spectrum,
    bands,
    power,
)
from live_translator.config import SAMPLE_RATE_HZ
from live_translator.messages import Samples

_TINY = np.float32(1e-9)
_WEAK = np.float32(0.03)
"""Of a frame's strongest bin: weaker ones have no phase of their own and count less."""
_SHARE = 0.7
"""Of the coupling that is found. With thrice as much the filter's first steps follow other
voices, and 1 to 3 dB less of an echo below one is cancelled."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The likeliest lag of what was heard behind what was played."""

    samples: int
    """From the earliest lag that is searched."""
    score: float
    """How many standard deviations of chance it stands out; chance itself reaches 4 to 6."""
    coupling: float
    """The power of the echo by the power of what was played; where another voice drowns it,
    as much as it could be."""


class LagFinder:
    """Finds our own voice in what is heard, also below another voice.

    The cross-correlation of what was played with what is heard, for all lags at once and
    with forgetting. Each bin counts by its phase alone (PHAT; Knapp and Carter 1976, "The
    generalized correlation method for estimation of time delay"), so that a louder voice
    on top does not drown it: an echo 30 dB below another voice stands out in 0.3 s.
    Searches 512 lags for each spectrum that it is given.
    """

    def __init__(self, memory_s: float, partitions: int) -> None:
        keep = math.exp(-FRAME_SAMPLES / SAMPLE_RATE_HZ / memory_s)
        self._keep = np.float32(keep)
        self._phases = np.zeros((partitions, BINS), np.complex64)
        self._chance = np.zeros(partitions, np.float32)
        """The variance of what phases have in common by chance."""
        self._cross = np.zeros((partitions, BINS), np.complex64)
        self._cross_chance = np.zeros((partitions, BANDS), np.float32)
        self._played = np.zeros((partitions, BANDS), np.float32)

    def push(self, heard: Spectrum, played: Spectrum) -> None:
        """Account for one frame, shape (BINS,), and what was played, (partitions, BINS).

        `played[p]` is of the 1,024 samples that end 512 p samples before the frame does.
        """
        heard_power, played_power = power(heard), power(played)
        heard_phase, played_phase = _phase(heard, heard_power), _phase(played, played_power)
        self._phases = self._keep * self._phases + heard_phase * np.conj(played_phase)
        self._cross = self._keep * self._cross + heard * np.conj(played)
        self._chance = self._keep**2 * self._chance + power(played_phase) @ power(heard_phase)
        chance = bands(heard_power * played_power)
        self._cross_chance = self._keep**2 * self._cross_chance + chance
        self._played = self._keep * self._played + bands(played_power)

    def best(self) -> Lag:
        """Return the lag that stands out most."""
        scores = self._scores()
        best = int(np.argmax(scores))
        return Lag(best, float(scores.flat[best]), self._coupling(best))

    def score(self, samples: int) -> float:
        """Return how far one lag stands out."""
        return float(self._scores().flat[samples])

    def forget(self) -> None:
        """Begin anew."""
        for sums in (self._phases, self._chance, self._cross, self._cross_chance, self._played):
            sums[:] = 0

    def _scores(self) -> Samples:
        correlation = np.fft.irfft(self._phases, FFT_SAMPLES, axis=1)[:, :FRAME_SAMPLES]
        # A sum of random phases has this deviation; each bin counts twice but for the ends.
        deviation = np.sqrt(2 * self._chance)[:, None] / FFT_SAMPLES
        # Where hardly anything was played, chance is not yet what it will be.
        enough = np.maximum(deviation, 0.5 * deviation.max()) + _TINY
        scores: Samples = np.abs(correlation) / enough
        return scores

    def _coupling(self, lag: int) -> float:
        row, place = divmod(lag, FRAME_SAMPLES)
        turn = np.exp(2j * np.pi * place / FFT_SAMPLES * np.arange(BINS))
        # Band by band, since a loudspeaker's phase is not the same in all of them.
        found = power(bands(self._cross[row] * turn))
        played = self._played[row] + _TINY
        # The frame of what was played is twice as long as that of what was heard.
        gains = 4 * np.maximum(found, self._cross_chance[row]) / np.square(played)
        return _SHARE * float((gains * played).sum() / played.sum())


def _phase(values: Spectrum, powers: Powers) -> Spectrum:
    size = np.sqrt(powers)
    phases: Spectrum = values / np.maximum(size, _WEAK * size.max(axis=-1, keepdims=True) + _TINY)
    return phases
