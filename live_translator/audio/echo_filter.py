"""What the loudspeaker's sound becomes on its way to the microphone, learnt and subtracted."""

import numpy as np

from live_translator.audio.spectra import (
    BINS,
    FFT_SAMPLES,
    FRAME_SAMPLES,
    Powers,
    Spectrum,
    power,
    spectrum,
)
from live_translator.messages import Samples

PARTITIONS = 8
"""Frames that the room's answer may last: 0.26 s, in which a living room's falls by 30 dB."""

_FALL = np.float32(0.35)
"""How much less power is expected of the room's answer with each frame: it lasts 0.4 s (RT60)."""
_KEPT = np.float32(0.997)
"""How much of the way stays as it was from frame to frame: with more, a moved laptop is noticed
seconds later; with less, another voice disturbs what was learnt (0.9995: 33 dB of a -10 dB echo
are cancelled, and 4 s are needed after a move; 0.997: 25 dB and 1 s)."""
_OTHERS_KEPT = np.float32(0.5)
"""Of what others say, from frame to frame: sounds of speech last two or three."""
_SMOOTH_BINS = 8
"""Either way, 0.25 kHz in all: in one frame alone a single bin says little."""
_TINY = np.float32(1e-9)


class EchoFilter:
    """An adaptive model of the way from the loudspeaker to the microphone.

    A partitioned-block Kalman filter in the frequency domain (Enzner and Vary 2006,
    "Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free
    telephones"; Kuech, Mabande and Enzner 2014, "State-space architecture of the
    partitioned-block-based acoustic echo controller"). Its step is what it does not know
    of the way against what others say at the moment, so it learns below another voice
    and needs no detector of double talk.
    """

    def __init__(self) -> None:
        shape = (PARTITIONS, BINS)
        self._way = np.zeros(shape, np.complex64)
        self._unsure = np.zeros(shape, np.float32)
        self._others = np.zeros(BINS, np.float32)
        self.echo: Spectrum = np.zeros(BINS, np.complex64)
        """What was subtracted from the last frame."""
        self.left: Spectrum = np.zeros(BINS, np.complex64)
        """What was left of it."""
        self.doubt: Powers = np.zeros(BINS, np.float32)
        """The power of the echo that may be left in it, by what was not known of the way."""

    @property
    def gain(self) -> Powers:
        """The power of the echo by that of what is played, shape (BINS,)."""
        gain: Powers = power(self._way).sum(axis=0)
        return gain

    def restart(self, coupling: float) -> None:
        """Forget the way, and expect that it lets this share of the power through."""
        self._way[:] = 0
        self._unsure[:] = 0
        self.expect(coupling)

    def expect(self, coupling: float) -> None:
        """Be at least so unsure that this share of the power may be left."""
        falls = _FALL ** np.arange(PARTITIONS, dtype=np.float32)[:, None]
        self._unsure = np.maximum(self._unsure, np.float32(coupling) * falls)

    def loosen(self, share: float) -> None:
        """Doubt the way by a share of its power, in all it does."""
        self._unsure += np.float32(share) * power(self._way)

    def push(self, heard: Samples, played: Spectrum, *, learn: bool) -> Samples:
        """Return the frame without the echo; learn from it where asked to.

        The frame has shape (n,), n at most 512. `played[p]`, shape (8, BINS), is of the 1,024
        samples that end 512 p samples before a whole frame would.
        """
        sounds = np.fft.irfft((self._way * played).sum(axis=0), FFT_SAMPLES)
        # The first half is wrapped around.
        echo: Samples = np.asarray(sounds[FRAME_SAMPLES:][: len(heard)], np.float32)
        left = heard - echo
        error = spectrum(left)
        played_power, error_power = power(played), power(error)
        doubt = (self._unsure * played_power).sum(axis=0)
        # The frame of what was played is twice as long as that of what was heard.
        self.doubt = 0.5 * doubt
        self.echo, self.left = spectrum(echo), error
        others = np.maximum(error_power - self.doubt, 0.05 * error_power)
        # At once where another voice begins, so that its first frame does no harm.
        self._others = np.maximum(
            _OTHERS_KEPT * self._others + (1 - _OTHERS_KEPT) * others, 0.5 * _smooth(others)
        )
        if learn:
            self._learn(played, played_power, error, doubt)
        return left

    def _learn(
        self, played: Spectrum, played_power: Powers, error: Spectrum, doubt: Powers
    ) -> None:
        step = self._unsure / (doubt + 2 * self._others + _TINY)
        update = np.fft.irfft(step * np.conj(played) * error, FFT_SAMPLES, axis=1)
        update[:, FRAME_SAMPLES:] = 0
        self._way += np.asarray(np.fft.rfft(update, axis=1), np.complex64)
        known = self._unsure * (1 - 0.5 * step * played_power)
        self._unsure = _KEPT * known + (1 - _KEPT) * power(self._way)


def _smooth(powers: Powers) -> Powers:
    """Return the means over the bins around each."""
    width = 2 * _SMOOTH_BINS + 1
    sums = np.cumsum(np.pad(powers, (_SMOOTH_BINS + 1, _SMOOTH_BINS), mode="edge"))
    means: Powers = (sums[width:] - sums[:-width]) / np.float32(width)
    return means
