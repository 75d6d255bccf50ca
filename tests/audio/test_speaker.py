import re
import subprocess
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from live_translator.audio.devices import choose
from live_translator.audio.portaudio import devices
from live_translator.audio.speaker import SpeakerSink
from live_translator.errors import DeviceError
from live_translator.messages import Samples
from live_translator.timeline import Timeline
from tests.audio.sound_server import RATE_HZ, SoundServer
from tests.audio.sounds import came_through, place_of, sweep


class Recorder:
    """Records a source, the loudspeaker's monitor, with parec, from construction to `stop`."""

    def __init__(self, source: str = "spk.monitor", seconds_at_most: float = 20.0) -> None:
        self._process = subprocess.Popen(
            ["parec", f"--device={source}", "--format=s16le", "--channels=1",
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


def no_worker_alive() -> bool:
    return not [t for t in threading.enumerate() if t.name.startswith("loudspeaker")]


def wait_for(happened: Callable[[], bool], seconds: float = 15.0) -> None:
    """Look every now and then: a log line wakes nobody."""
    until_s = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until_s, "it did not happen"
        threading.Event().wait(0.1)


@pytest.mark.slow
def test_two_streams_of_one_process_go_to_different_places(sound_server: SoundServer) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    with sound_server.plugged_in("left"), sound_server.plugged_in("right"):
        recorders = [Recorder("left.monitor"), Recorder("right.monitor")]
        sinks = [
            SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=5.0, device=name)
            for name in ("left", "right")
        ]
        sounds = [sweep(RATE_HZ, 0.5), sweep(RATE_HZ, 0.5)[::-1].copy()]
        timeline.start()
        for sink, sound in zip(sinks, sounds, strict=True):
            # The server swallows about 25 ms where a stream starts.
            sink.play(sound, not_before_s=0.5)
        for sink in sinks:
            sink.close(drain=True)
        heard = [recorder.stop() for recorder in recorders]
    assert [[came_through(sound, each) for sound in sounds] for each in heard] == [
        [True, False],
        [False, True],
    ]
    assert no_worker_alive()


@pytest.mark.slow
def test_speech_waits_for_a_loudspeaker_that_is_pulled_out(
    sound_server: SoundServer, caplog: pytest.LogCaptureFixture
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    module = sound_server.plug_in("usb")
    sink = SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=4.0, device="usb")
    sink.play(sweep(RATE_HZ, 0.2), not_before_s=0.0)
    sound_server.pull_out(module)
    wait_for(lambda: "the loudspeaker usb (Null Output) has gone" in caplog.text)
    # Of 44 seconds of speech four may wait; nobody waits for room.
    sound = sweep(RATE_HZ, 1.0)
    for seconds in (40, 3):
        sink.play(np.zeros(seconds * RATE_HZ, np.float32), not_before_s=0.0)
    sink.play(sound, not_before_s=0.0)
    assert sink.queued_until_s() - timeline.now_s() == pytest.approx(4.0, abs=0.5)
    with sound_server.plugged_in("usb"):
        recorder = Recorder("usb.monitor")
        wait_for(lambda: "the loudspeaker is back after" in caplog.text)
        sink.close(drain=True)
        heard = recorder.stop()
    assert came_through(sound, heard)
    # A fifth of a second was to be played before, and may have been.
    assert re.search(r"40\.[012] s of speech were lost while the loudspeaker", caplog.text)
    assert no_worker_alive()


@pytest.mark.slow
def test_when_the_sound_server_is_restarted_the_rest_is_played(
    sound_server: SoundServer, caplog: pytest.LogCaptureFixture
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=10.0)
    start_s, _ = sink.play(np.zeros(RATE_HZ, np.float32), not_before_s=0.0)
    sound = sweep(RATE_HZ, 1.0)
    wait_for(lambda: timeline.now_s() > start_s + 0.5)
    sound_server.stop()
    # The recorder takes its time to begin.
    sink.play(np.concatenate([np.zeros(4 * RATE_HZ, np.float32), sound]), not_before_s=0.0)
    wait_for(lambda: "has gone" in caplog.text)
    assert not sound_server.start()
    recorder = Recorder()
    sink.close(drain=True)
    assert came_through(sound, recorder.stop())
    assert "were lost" not in caplog.text
    assert no_worker_alive()


@pytest.mark.slow
def test_a_loudspeaker_that_hangs_holds_nobody_up(
    sound_server: SoundServer, caplog: pytest.LogCaptureFixture
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, buffer_s=2.0, away_s=4.0)
    began_s = time.monotonic()
    with sound_server.stopped():
        for _ in range(10):
            sink.play(np.zeros(RATE_HZ, np.float32), not_before_s=0.0)
        assert time.monotonic() - began_s < 8.0
        assert "the loudspeaker spk (Null Output) does not answer any more" in caplog.text
        began_s = time.monotonic()
        sink.close(drain=False)
        assert time.monotonic() - began_s < 4.0
        assert "the sound system does not answer, and keeps the loudspeaker" in caplog.text
    wait_for(no_worker_alive)


@pytest.mark.slow
def test_a_loudspeaker_that_answers_again_plays_the_rest(
    sound_server: SoundServer, caplog: pytest.LogCaptureFixture
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    sink = SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=10.0)
    sound = sweep(RATE_HZ, 1.0)
    with sound_server.stopped():
        sink.play(np.concatenate([np.zeros(4 * RATE_HZ, np.float32), sound]), not_before_s=0.0)
        wait_for(lambda: "does not answer any more" in caplog.text)
    recorder = Recorder()
    sink.close(drain=True)
    assert came_through(sound, recorder.stop())
    assert no_worker_alive()


@pytest.mark.slow
@pytest.mark.parametrize("drain", [False, True])
def test_the_end_of_a_talk_does_not_wait_for_ever_for_a_loudspeaker(
    sound_server: SoundServer, caplog: pytest.LogCaptureFixture, drain: bool
) -> None:
    timeline = Timeline(time.monotonic, realtime=True)
    with sound_server.plugged_in("usb"):
        sink = SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=10.0, device="usb")
        sink.play(np.zeros(RATE_HZ, np.float32), not_before_s=0.0)
    wait_for(lambda: "has gone" in caplog.text)
    sink.play(np.zeros(7 * RATE_HZ, np.float32), not_before_s=0.0)
    began_s = time.monotonic()
    sink.close(drain=drain)
    assert time.monotonic() - began_s < (6.0 if drain else 0.5)
    assert ("did not come back: the last" in caplog.text) is drain
    assert no_worker_alive()


@pytest.mark.slow
def test_a_call_hears_the_translation_through_a_virtual_microphone(
    sound_server: SoundServer,
) -> None:
    """As README says to set it up: a null sink, and its monitor as a microphone by name."""
    timeline = Timeline(time.monotonic, realtime=True)
    with sound_server.plugged_in("call"):
        module = sound_server.control(
            "load-module", "module-remap-source", "master=call.monitor",
            "source_name=call_mic", "source_properties=device.description=Translation",
        )  # fmt: skip
        assert choose(devices(output=False), "Translation", output=False).name == "call_mic"
        recorder = Recorder("call_mic")
        sink = SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=5.0, device="call")
        sound = sweep(RATE_HZ, 0.8)
        timeline.start()
        # Where a stream starts, the server swallows a little, and here there are three.
        sink.play(sound, not_before_s=2.0)
        sink.close(drain=True)
        heard = recorder.stop()
        sound_server.pull_out(module)
    assert came_through(sound, heard)
