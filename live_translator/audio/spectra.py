"""Frames of sound and their short spectra, as what works on echoes shares them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from live_translator.messages import Samples

FRAME_SAMPLES = 512
"""What is worked on at once, 32 ms at 16 kHz: a microphone's block, so that nothing waits."""
FFT_SAMPLES = 2 * FRAME_SAMPLES
"""Overlap-save: a frame and the one before it (Shynk 1992, "Frequency-domain and multirate
adaptive filtering")."""
BINS = FRAME_SAMPLES + 1

BANDS = 16
"""About as many as the ear tells apart between 200 Hz and 7 kHz."""
_EDGES = np.round(np.geomspace(200, 7000, BANDS + 1) * FFT_SAMPLES / 16_000).astype(int)
_TAPER_SAMPLES = 64

Spectrum = NDArray[np.complex64]
"""Shape (..., BINS)."""
Powers = NDArray[np.float32]


def spectrum(frame: Samples) -> Spectrum:
    """Return the spectrum of one frame, shape (n,), n at most 512, with 512 of silence before."""
    padded = np.zeros(FFT_SAMPLES, np.float32)
    padded[FRAME_SAMPLES : FRAME_SAMPLES + len(frame)] = frame
    return np.asarray(np.fft.rfft(padded), np.complex64)


def spectra(samples: Samples, begin: int, count: int, taper: Samples | None = None) -> Spectrum:
    """Return the spectra, shape (count, BINS), of frames that lie ever earlier in `samples`.

    The first is of `samples[begin : begin + 512]` and the 512 samples before them, each of
    the others 512 samples earlier.
    """
    begins = begin - FRAME_SAMPLES * np.arange(1, count + 1)
    frames = np.stack([samples[at : at + FFT_SAMPLES] for at in begins])
    if taper is not None:
        frames = frames * taper
    return np.asarray(np.fft.rfft(frames, axis=1), np.complex64)


def power(values: Spectrum) -> Powers:
    """Return the squared magnitudes."""
    return np.square(values.real) + np.square(values.imag)


def bands(values: NDArray[Any]) -> NDArray[Any]:
    """Return the sums, shape (..., BANDS), over the bins of each band of the voice."""
    return np.add.reduceat(values, _EDGES, axis=-1)[..., :-1]


def taper(length: int) -> Samples:
    """Return a window that fades in and out: where a frame is cut is no sound of its own."""
    window = np.ones(length, np.float32)
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(_TAPER_SAMPLES) + 0.5) / _TAPER_SAMPLES)).astype(
        np.float32
    )
    window[:_TAPER_SAMPLES] = rise
    window[-_TAPER_SAMPLES:] = rise[::-1]
    return window
