"""Sounds that tests make and compare."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from live_translator.messages import Samples


def sweep(rate_hz: int, seconds: float) -> Samples:
    """Return a rising tone, 200 Hz to 3 kHz: it matches itself at one place only."""
    time_s = np.arange(round(rate_hz * seconds)) / rate_hz
    phase = 2 * np.pi * (200 * time_s + (3000 - 200) / (2 * seconds) * time_s**2)
    return (0.5 * np.sin(phase)).astype(np.float32)


def write_wav(path: Path, samples: NDArray[np.float32], rate_hz: int) -> Path:
    """Write (n,) or (n, channels) as 16-bit PCM."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((samples * 32767).round().astype("<i2").tobytes())
    return path


def read_wav(path: Path) -> Samples:
    """Read mono 16-bit PCM back."""
    with wave.open(str(path), "rb") as file:
        content = file.readframes(file.getnframes())
    return np.frombuffer(content, "<i2").astype(np.float32) * np.float32(1 / 32767)


def place_of(sound: Samples, heard: Samples) -> tuple[int, float]:
    """Return where in `heard` the sound lies, and how alike they are there, 1 for the same.

    The place is to the sample. The likeness is the best within a sample either way: a
    sound server resamples, and half a sample's shift alone takes 0.07 off at 3 kHz.
    """
    size = 1 << (len(sound) + len(heard)).bit_length()
    spectrum = np.fft.rfft(heard, size)
    match = np.fft.irfft(spectrum * np.conj(np.fft.rfft(sound, size)), size)[: len(heard)]
    at = int(np.argmax(match))
    turn = 2j * np.pi * np.fft.rfftfreq(size)
    best = 0.0
    for shift in np.linspace(-1, 1, 21):
        piece = np.fft.irfft(spectrum * np.exp(turn * shift), size)[at : at + len(sound)]
        norm = float(np.linalg.norm(piece) * np.linalg.norm(sound))
        best = max(best, float(piece @ sound) / norm if norm else 0.0)
    return at, best


def came_through(sound: Samples, heard: Samples) -> bool:
    """Whether all of a sound was heard, but for a hole that a busy machine makes."""
    alike = [place_of(piece, heard)[1] for piece in np.array_split(sound, 8)]
    return sorted(alike)[1] > 0.9


def chatter(seconds: float, seed: int, rate_hz: int = 16_000) -> Samples:
    """Return something like a voice: syllables of noise and of tones, with pauses; to 0.5."""
    random = np.random.default_rng(seed)
    count = round(rate_hz * seconds)
    time_s = np.arange(count) / rate_hz
    noise = np.convolve(random.standard_normal(count), [0.5, 0.4, 0.3], mode="same")
    pitch_hz = 140 + 30 * np.interp(
        time_s, np.arange(seconds * 3 + 1) / 3, random.standard_normal(int(seconds * 3) + 1)
    )
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
    tones = sum(np.cos(harmonic * phase) / harmonic**0.7 for harmonic in range(1, 25))
    points = random.uniform(-0.5, 1.0, int(seconds * 8) + 2).clip(0.0)
    level = np.interp(time_s, np.arange(len(points)) / 8, points)
    voiced = np.interp(time_s, np.arange(len(points)) / 8, random.uniform(0, 1, len(points)))
    voice = level * (voiced * tones / 4 + (1 - voiced) * noise)
    return np.asarray(0.5 * voice / np.abs(voice).max(), np.float32)
