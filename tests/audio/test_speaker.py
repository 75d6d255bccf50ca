import subprocess
import threading
import time

import numpy as np
import pytest

from live_translator.audio.speaker import SpeakerSink
from live_translator.errors import DeviceError
from live_translator.messages import Samples
from live_translator.timeline import Timeline
from tests.audio.sound_server import RATE_HZ, SoundServer
from tests.audio.sounds import place_of, sweep


class Recorder:
    """Records the loudspeaker's monitor with parec, from construction to `stop`."""

    def __init__(self, seconds_at_most: float = 20.0) -> None:
        self._process = subprocess.Popen(
            ["parec", "--device=spk.monitor", "--format=s16le", "--channels=1",
             f"--rate={RATE_HZ}", "--raw", "--latency-msec=20"],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self._heard = bytearray()
        self._running = threading.Event()
        self._limit_bytes = int(seconds_at_most * RATE_HZ) * 2
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._running.wait(10), "parec records nothing"

    def stop(self) -> Samples:
        self._process.terminate()
        self._process.wait(10)
        self._reader.join(10)
        whole = self._heard[: len(self._heard) // 2 * 2]
        return np.frombuffer(bytes(whole), "<i2").astype(np.float32) * np.float32(1 / 32767)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while content := self._process.stdout.read1(4096):  # type: ignore[attr-defined]
            self._running.set()
            if len(self._heard) < self._limit_bytes:
                self._heard += content


@pytest.mark.slow
def test_the_loudspeaker_plays_what_it_is_given(sound_server: SoundServer) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    recorder = Recorder()
    sink = SpeakerSink(timeline=timeline, sample_rate_hz=RATE_HZ, buffer_s=30.0, away_s=5.0)
    timeline.start()
    first, second = sweep(RATE_HZ, 0.8), sweep(RATE_HZ, 0.5)[::-1].copy()
    start_s, end_s = sink.play(first, not_before_s=0.5)
    again_s, until_s = sink.play(second, not_before_s=0.0)
    assert start_s >= 0.5
    assert end_s == pytest.approx(start_s + 0.8)
    assert again_s == pytest.approx(end_s, abs=0.15)
    assert sink.queued_until_s() == until_s
    sink.close(drain=True)
    # All has sounded when close returns, but not much later than it was due.
    assert until_s - 0.1 <= timeline.now_s() <= until_s + 1.5
    heard = recorder.stop()
    at, alike = place_of(first, heard)
    assert alike > 0.98
    then, alike = place_of(second, heard)
    assert alike > 0.98
    assert then - at == pytest.approx(len(first), abs=2)


@pytest.mark.slow
def test_closing_without_draining_is_immediate_and_wakes_a_waiting_play(
    sound_server: SoundServer,
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, sample_rate_hz=RATE_HZ, buffer_s=1.0, away_s=5.0)
    sink.play(np.zeros(RATE_HZ * 20, np.float32), not_before_s=0.0)
    player = threading.Thread(
        target=sink.play, args=(sweep(RATE_HZ, 0.1),), kwargs={"not_before_s": 0.0}, daemon=True
    )
    player.start()
    player.join(0.2)
    assert player.is_alive(), "more than the buffer waits, so play has to wait"
    began_s = time.monotonic()
    sink.close(drain=False)
    player.join(5)
    assert not player.is_alive()
    assert time.monotonic() - began_s < 2.0
    sink.close(drain=True)


@pytest.mark.slow
def test_after_a_pause_speech_starts_at_once(sound_server: SoundServer) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, sample_rate_hz=RATE_HZ, buffer_s=30.0, away_s=5.0)
    timeline.start()
    _, end_s = sink.play(sweep(RATE_HZ, 0.2), not_before_s=0.0)
    threading.Event().wait(end_s + 0.3 - timeline.now_s())
    now_s = timeline.now_s()
    start_s, _ = sink.play(sweep(RATE_HZ, 0.2), not_before_s=0.0)
    assert now_s <= start_s < now_s + 0.5
    sink.close(drain=True)


@pytest.mark.slow
def test_a_device_that_is_not_there_is_named(sound_server: SoundServer) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    with pytest.raises(DeviceError, match=r"no output device 999: there is 0 mic .*, 1 spk"):
        SpeakerSink(timeline=timeline, buffer_s=1.0, away_s=5.0, device="999")
