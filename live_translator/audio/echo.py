"""Our own voice in the microphone: recognised, cancelled, and muted where some is left."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from live_translator.audio.echo_filter import PARTITIONS, EchoFilter
from live_translator.audio.echo_lag import Lag, LagFinder
from live_translator.audio.spectra import (
    BANDS,
    FFT_SAMPLES,
    FRAME_SAMPLES,
    Powers,
    Spectrum,
    bands,
    power,
    spectra,
    spectrum,
    taper,
)
from live_translator.config import SAMPLE_RATE_HZ, EchoConfig
from live_translator.messages import Samples

_LEAD_SAMPLES = 4 * FRAME_SAMPLES
"""How much earlier than said our voice may be heard (0.13 s): the sink may say too late a time."""
_LAG_PARTITIONS = 28
"""Frames of lag that are searched: from 0.13 s too early to 0.77 s late."""
_ONSET_SAMPLES = 128
"""How long before its strongest path the echo may begin: what a loudspeaker's filter takes."""
_LEFT_PARTITIONS = 3
"""Frames of lag around the known one in which what is left of an echo is looked for."""
_RUN_PARTITIONS = 5
"""How far, in frames, the lag may move from one run of speech to the next: 0.16 s, what sinks
were seen to be wrong by."""
_FINDING_FRAMES = 4
"""Before that chance has no deviation to stand out from."""
_CONFIRMED_FRAMES = 6
"""In which a lag that was found shows whether it is right."""
_UNCONFIRMED = np.float32(8.0)
"""How much more is doubted until then: how loud an echo is, its first frames say to 9 dB."""
_NEW_ROOM_DB = 4.0
"""And by how much more somebody must stand out then, when our voice is found for the first time."""
_COMMON_KEPT = np.float32(0.75)
"""Over four frames it shows what is left of an echo; over ten an echo that comes back is late."""
_SAME_SAMPLES = 4
"""A lag that moves by less while our voice sounds is the finder's jitter, or is learnt."""

HISTORY_SAMPLES = (_LAG_PARTITIONS + PARTITIONS) * FRAME_SAMPLES - _LEAD_SAMPLES
"""What a frame needs to know of what was played before it began."""
FUTURE_SAMPLES = FRAME_SAMPLES + _LEAD_SAMPLES + _ONSET_SAMPLES
"""And from its beginning on."""

_FRAME_TAPER = taper(FRAME_SAMPLES)
_PLAYED_TAPER = taper(FFT_SAMPLES)

_TRAIL_KEPT = np.float32(0.63)
"""Of an echo's power, a frame later: beyond what the filter models, rooms fade (RT60 1 s)."""
_NOISE_RISE = np.float32(1.02)
"""The floor rises by 2.7 dB/s where it is not touched, and falls within frames where it is."""
_TINY = np.float32(1e-9)


class EchoRemover(Protocol):
    """Takes our own voice out of what the microphone heard; one thread at a time."""

    def clean(self, heard: Samples, played: Samples) -> Samples:
        """Return the frame `heard`, shape (n,) at 16 kHz, without our own voice.

        Frames come in order; n is 512, or less where the microphone pauses. `played` is what
        the loudspeaker was given, shape (HISTORY_SAMPLES + FUTURE_SAMPLES,), such that
        `played[HISTORY_SAMPLES]` was said to sound when `heard[0]` was heard.
        """


class Gate:
    """Mutes all that is heard while our own voice may be among it: half duplex."""

    def __init__(self, reach_s: float) -> None:
        self._begin = HISTORY_SAMPLES - round(reach_s * SAMPLE_RATE_HZ)

    def clean(self, heard: Samples, played: Samples) -> Samples:
        """Return the frame, or silence from when our voice sounds until `reach_s` later."""
        return np.zeros_like(heard) if played[self._begin :].any() else heard


class EchoGuard:
    """Recognises our own voice, cancels it, and mutes the frames that only it explains.

    While we speak the microphone is muted, but for what the guard is sure is somebody
    else: what is left behind the filter in more power than its doubts, a share of the
    echo and the room's noise explain. So it is half duplex where nobody talks on top or
    while it cannot tell, and full duplex where somebody does.

    Three parts: a LagFinder says where our voice is; an EchoFilter subtracts it; another
    LagFinder looks for it in what is left, and where it finds it the filter learns anew. The
    lag is found anew for each run of speech, since a sink's times may be wrong by another
    amount after each pause. About 0.6 ms of processor time a frame of 32 ms.
    """

    def __init__(self, config: EchoConfig) -> None:
        self._config = config
        self._leak = np.float32(10 ** (config.leak_db / 10))
        self._hold_frames = _frames(config.hold_s)
        self._unsure_frames = _frames(config.unsure_s)
        self._finder = LagFinder(config.lag_memory_s, _LAG_PARTITIONS)
        self._left_finder = LagFinder(config.left_memory_s, _LEFT_PARTITIONS)
        self._filter = EchoFilter()
        # As loud as a voice, until it is known better: it falls within frames.
        self._noise: Powers = np.ones(BANDS, np.float32)
        self._trail: Powers = np.zeros(BANDS, np.float32)
        """The echo's power in the bands, and what it was a little ago where that was more."""
        self._common: Spectrum = np.zeros(BANDS, np.complex64)
        self._subtracted: Powers = np.zeros(BANDS, np.float32)
        self._unfound = _Unfound(config)
        self._lag: int | None = None
        self._run_frames = 0
        """Frames in which this run of our speech could be heard."""
        self._found = False
        """Whether the lag was found in this run."""
        self._knows_room = False
        """Whether a lag was ever confirmed."""
        self._fit_frames = 0
        """Frames that were cancelled at this run's lag."""
        self._held_frames = 0
        self._gain = np.float32(1.0)

    @property
    def lag_s(self) -> float | None:
        """How much later than said our voice was last heard; None before it was found."""
        return None if self._lag is None else self._lag / SAMPLE_RATE_HZ

    def clean(self, heard: Samples, played: Samples) -> Samples:
        """Return the frame without our voice; see EchoRemover."""
        heard_bands = bands(power(spectrum(heard)))
        self._hear_noise(heard_bands)
        if not played.any():
            self._begin_run()
            self._hold(others=self._are_others(heard_bands, 0.0))
            return self._faded(heard, sounds=True)
        if self._lag is not None and not _at(played, self._lag).any():
            self._begin_run()
        seen = spectra(played, HISTORY_SAMPLES + _LEAD_SAMPLES, _LAG_PARTITIONS, _PLAYED_TAPER)
        self._finder.push(spectrum(heard * _FRAME_TAPER[: len(heard)]), seen)
        self._run_frames += 1
        if self._run_frames % 2 == 0:
            self._find_lag()
        if self._lag is None:
            # Somebody who talked when our voice began is not cut off by it.
            talking = self._held_frames > 0
            left, others = heard, self._unfound.others(heard, played, talking=talking)
        else:
            left, others = self._cancel(heard, heard_bands, played, seen, self._lag)
        self._hold(others=others)
        return self._faded(left, sounds=self._held_frames > 0)

    def _hold(self, *, others: bool) -> None:
        self._held_frames = self._hold_frames if others else max(0, self._held_frames - 1)

    def _are_others(
        self, left_bands: Powers, ours: NDArray[Any] | float, more_db: float = 0.0
    ) -> bool:
        """Return whether what is left is more than our voice and the room's noise explain."""
        above = left_bands / (2 * ours + 2 * self._noise + _TINY)
        above_db = float(np.mean(10 * np.log10(np.maximum(above, 1.0))))
        return above_db > self._config.open_db + more_db

    def _begin_run(self) -> None:
        self._finder.forget()
        self._left_finder.forget()
        self._run_frames = 0
        self._found = False
        self._fit_frames = 0

    def _find_lag(self) -> None:
        best = self._finder.best()
        if best.score < self._config.lag_score or self._run_frames < _FINDING_FRAMES:
            return
        lag = best.samples - _LEAD_SAMPLES
        if self._lag is None:
            self._lag = lag
            self._filter.restart(best.coupling)
        elif self._has_moved(best, lag - self._lag):
            self._lag = lag
            self._filter.loosen(self._config.moved_doubt)
            self._fit_frames = 0
        self._found = True

    def _has_moved(self, best: Lag, by_samples: int) -> bool:
        if by_samples == 0 or (self._found and abs(by_samples) <= _SAME_SAMPLES):
            return False
        # Of two paths that are as strong, the one that the filter is made for stays.
        return self._finder.score(best.samples - by_samples) < 0.7 * best.score

    def _cancel(
        self, heard: Samples, heard_bands: Powers, played: Samples, seen: Spectrum, lag: int
    ) -> tuple[Samples, bool]:
        """Return what is left of the frame, and whether others are heard in it."""
        on_its_way = spectra(played, HISTORY_SAMPLES - lag + _ONSET_SAMPLES, PARTITIONS)
        # A run that is not found for long is too weak to be: then it is learnt that it is.
        learn = self._found or self._run_frames > self._unsure_frames
        left = self._filter.push(heard, on_its_way, learn=learn)
        left_bands = bands(power(self._filter.left))
        doubt = bands(self._filter.doubt)
        ours = self._left_of_echo() + 0.5 * doubt
        row = (lag + _LEAD_SAMPLES) // FRAME_SAMPLES
        if self._found:
            begin = min(max(0, row - 1), _LAG_PARTITIONS - _LEFT_PARTITIONS)
            self._look_for_echo_in(left, seen[begin : begin + _LEFT_PARTITIONS])
        self._fit_frames += self._found
        if self._fit_frames <= _CONFIRMED_FRAMES:
            # It is there somewhere, and perhaps not where the filter looks for it.
            around = seen[max(0, row - _RUN_PARTITIONS) : row + _RUN_PARTITIONS + 1]
            loudest = power(around).max(axis=0)
            ours = ours + _UNCONFIRMED * doubt + bands(0.5 * self._filter.gain * loudest)
            if float(left @ left) > float(heard @ heard):
                left, left_bands = heard, heard_bands
        else:
            self._knows_room = True
        more_db = 0.0 if self._knows_room else _NEW_ROOM_DB
        return left, self._are_others(left_bands, ours, more_db)

    def _left_of_echo(self) -> Powers:
        """Return the power in the bands that the filter, as it fits, may leave of the echo.

        What is left and what was subtracted have the echo's rest in common, if the filter
        does not fit, and nothing else in the long run.
        """
        echo_bands = bands(power(self._filter.echo))
        self._trail = np.maximum(_TRAIL_KEPT * self._trail, echo_bands)
        common = bands(self._filter.left * np.conj(self._filter.echo))
        self._common = _COMMON_KEPT * self._common + common
        self._subtracted = _COMMON_KEPT * self._subtracted + echo_bands
        shares = power(self._common) / np.square(self._subtracted + _TINY)
        left: Powers = np.maximum(self._leak, shares) * self._trail
        return left

    def _look_for_echo_in(self, left: Samples, seen: Spectrum) -> None:
        self._left_finder.push(spectrum(left * _FRAME_TAPER[: len(left)]), seen)
        if self._run_frames % 2:
            best = self._left_finder.best()
            if best.score > self._config.left_score:
                self._filter.expect(best.coupling)

    def _hear_noise(self, heard_bands: Powers) -> None:
        """Follow the room's noise by the least that is heard (Martin 2001, in short)."""
        most = _NOISE_RISE * self._noise + _TINY
        falling = np.float32(0.7) * self._noise + np.float32(0.3) * heard_bands
        self._noise = np.where(heard_bands < most, falling, most)

    def _faded(self, samples: Samples, *, sounds: bool) -> Samples:
        """Return the frame at full level or mute, without a click where that changes."""
        before, self._gain = self._gain, np.float32(sounds)
        if before == self._gain:
            return samples * self._gain
        return samples * np.linspace(before, self._gain, len(samples), dtype=np.float32)


class _Unfound:
    """What may be our voice while it was never found: all of it, then as much as could be.

    A microphone hears at least our voice, so its quietest moments bound how loud that can
    be; and if it was more than a share of what is heard, it would have been found.
    """

    def __init__(self, config: EchoConfig) -> None:
        self._unsure_frames = _frames(config.unsure_s)
        self._share = 10 ** (config.unfound_db / 10)
        self._heard = 0.0
        self._played = 0.0
        self._frames = 0
        self._bound = np.inf

    def others(self, heard: Samples, played: Samples, *, talking: bool) -> bool:
        """Return whether the frame is louder than our voice can be, or was so before it."""
        frames = played[: len(played) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
        played_power = np.square(frames).sum(axis=1)
        heard_power = float(heard @ heard)
        # Over 0.4 s, as long as the finder's memory.
        self._heard = 0.92 * self._heard + heard_power
        self._played = 0.92 * self._played + float(played_power.mean() + _TINY)
        self._frames += 1
        if self._frames <= self._unsure_frames:
            return talking
        # It may rise again: somebody turns the volume up.
        self._bound = min(1.002 * self._bound, self._share * self._heard / self._played)
        return heard_power > 4 * self._bound * float(played_power.max())


def _at(played: Samples, lag: int) -> Samples:
    """Return what is heard in this frame if our voice is heard so much later."""
    begin = HISTORY_SAMPLES - lag
    return played[begin : begin + FRAME_SAMPLES]


def _frames(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ / FRAME_SAMPLES)
