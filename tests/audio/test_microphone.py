import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from live_translator.audio.microphone import MicrophoneSource
from live_translator.audio.sources import BLOCK_SAMPLES
from live_translator.messages import AudioBlock, Samples
from tests.audio.sound_server import SoundServer
from tests.audio.sounds import came_through, place_of, sweep, write_wav


def whole(blocks: list[AudioBlock]) -> Samples:
    return np.concatenate([block.samples for block in blocks])


def no_worker_alive() -> bool:
    return not [t for t in threading.enumerate() if t.name.startswith("microphone")]


class Listening:
    """A microphone read on a thread of its own, as the capture stage does."""

    def __init__(self, source: MicrophoneSource) -> None:
        self.source = source
        self.blocks: list[AudioBlock] = []
        self.hears = threading.Event()
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self.hears.wait(10), "the microphone delivers nothing"

    def wait_for(self, happened: Callable[[], bool], seconds: float = 15.0) -> None:
        with self._came:
            assert self._came.wait_for(happened, seconds), "it did not happen"

    def stop(self) -> None:
        self.source.close()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        for block in self.source.blocks():
            with self._came:
                self.blocks.append(block)
                self._came.notify_all()
            self.hears.set()


@pytest.mark.slow
def test_the_microphone_hears_what_is_played_to_it(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    sound = sweep(16_000, 1.0)
    # The server swallows about 25 ms where a stream starts (parec shows the same), and
    # paplay leaves before the server has handed on what it got last: all that is silence.
    silence = np.zeros(16_000, np.float32)
    padded = np.concatenate([silence[:8000], sound, silence])
    path = write_wav(tmp_path / "a.wav", padded, 16_000)
    source = MicrophoneSource(clock=time.monotonic, buffer_s=10.0)
    source.open()
    listening = Listening(source)
    subprocess.run(["paplay", "--device=mic", str(path)], timeout=30, check=True)
    listening.stop()
    blocks = listening.blocks
    _, alike = place_of(sound, whole(blocks))
    assert alike > 0.99
    assert source.dropped_s == 0.0
    assert {len(block.samples) for block in blocks[:-1]} == {BLOCK_SAMPLES}
    assert source.origin_s is not None
    for number, block in enumerate(blocks):
        assert block.start_s == number * BLOCK_SAMPLES / 16_000
        end_s = source.origin_s + block.start_s + len(block.samples) / 16_000
        assert block.captured_at_s == pytest.approx(end_s, abs=0.5)
    assert no_worker_alive()


@pytest.mark.slow
def test_a_late_consumer_of_the_microphone_finds_a_marked_gap(sound_server: SoundServer) -> None:
    source = MicrophoneSource(clock=time.monotonic, buffer_s=0.2)
    blocks = source.blocks()
    taken = [next(blocks)]
    threading.Event().wait(1.0)
    while not taken[-1].gap_s:
        taken.append(next(blocks))
    source.close()
    taken += blocks
    gaps_s = [block.gap_s for block in taken if block.gap_s]
    assert gaps_s[0] == pytest.approx(0.8, abs=0.25)
    assert source.dropped_s == pytest.approx(sum(gaps_s), abs=0.05)
    expected_s = 0.0
    for block in taken:
        expected_s += block.gap_s
        assert block.start_s == pytest.approx(expected_s, abs=1e-6)
        expected_s += len(block.samples) / 16_000
    assert no_worker_alive()


@pytest.mark.slow
def test_leaving_the_blocks_early_lets_the_microphone_go(sound_server: SoundServer) -> None:
    blocks = MicrophoneSource(clock=time.monotonic, buffer_s=1.0).blocks()
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]
    assert no_worker_alive()


def aligned(blocks: list[AudioBlock], origin_s: float) -> None:
    """Every block lies where the one before and its gap say, and where the clock says."""
    expected_s = 0.0
    for block in blocks:
        expected_s += block.gap_s
        assert block.start_s == pytest.approx(expected_s, abs=1e-6)
        expected_s += len(block.samples) / 16_000
        end_s = origin_s + block.start_s + len(block.samples) / 16_000
        assert block.captured_at_s == pytest.approx(end_s, abs=0.5)


def gaps(listening: Listening) -> list[float]:
    return [block.gap_s for block in listening.blocks if block.gap_s]


@pytest.mark.slow
def test_a_microphone_that_is_pulled_out_is_waited_for(
    sound_server: SoundServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    module = sound_server.plug_in("usb")
    source = MicrophoneSource(clock=time.monotonic, buffer_s=10.0, device="USB")
    listening = Listening(source)
    assert source.device.name == "usb.monitor"
    sound_server.pull_out(module)
    listening.wait_for(lambda: len(gaps(listening)) == 1)
    assert "the microphone usb.monitor" in caplog.text
    assert "connect it again" in caplog.text
    threading.Event().wait(1.0)
    assert len(gaps(listening)) == 1, "the server's other microphone is not the one that was chosen"
    with sound_server.plugged_in("usb"):
        listening.wait_for(lambda: len(gaps(listening)) == 2)
        sound = sweep(16_000, 1.0)
        padded = np.concatenate([np.zeros(8000, np.float32), sound, np.zeros(16_000, np.float32)])
        path = write_wav(tmp_path / "a.wav", padded, 16_000)
        subprocess.run(["paplay", "--device=usb", str(path)], timeout=30, check=True)
        listening.stop()
    assert came_through(sound, whole(listening.blocks))
    assert "the microphone is back after" in caplog.text
    assert source.origin_s is not None
    aligned(listening.blocks, source.origin_s)
    assert source.dropped_s == 0.0
    assert no_worker_alive()


@pytest.mark.slow
@pytest.mark.parametrize("device", [None, "mic.monitor", "system"])
def test_when_the_sound_server_is_restarted_the_microphone_goes_on(
    sound_server: SoundServer, device: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    source = MicrophoneSource(clock=time.monotonic, buffer_s=10.0, device=device)
    listening = Listening(source)
    sound_server.stop()
    listening.wait_for(lambda: len(gaps(listening)) == 1)
    assert not sound_server.start()
    listening.wait_for(lambda: len(gaps(listening)) == 2)
    listening.stop()
    assert source.origin_s is not None
    aligned(listening.blocks, source.origin_s)
    assert no_worker_alive()
    assert "Expression" not in capfd.readouterr().err


@pytest.mark.slow
def test_a_microphone_that_hangs_is_a_gap_and_goes_on_when_it_answers(
    sound_server: SoundServer, caplog: pytest.LogCaptureFixture
) -> None:
    source = MicrophoneSource(clock=time.monotonic, buffer_s=10.0)
    listening = Listening(source)
    with sound_server.stopped():
        listening.wait_for(lambda: len(gaps(listening)) == 1)
    assert "the microphone mic.monitor (Monitor of Null Output) does not answer" in caplog.text
    listening.wait_for(lambda: len(gaps(listening)) == 2)
    listening.stop()
    assert source.origin_s is not None
    aligned(listening.blocks, source.origin_s)
    assert no_worker_alive()


@pytest.mark.slow
def test_closing_a_microphone_that_is_waited_for_is_immediate(sound_server: SoundServer) -> None:
    with sound_server.plugged_in("usb"):
        listening = Listening(
            MicrophoneSource(clock=time.monotonic, buffer_s=10.0, device="usb.monitor")
        )
    listening.wait_for(lambda: bool(gaps(listening)))
    began_s = time.monotonic()
    listening.stop()
    assert time.monotonic() - began_s < 0.5
    assert no_worker_alive()


@pytest.mark.slow
def test_what_the_machine_plays_is_followed_to_another_output(sound_server: SoundServer) -> None:
    listening = Listening(MicrophoneSource(clock=time.monotonic, buffer_s=10.0, device="system"))
    assert listening.source.device.name == "spk.monitor"
    with sound_server.plugged_in("headphones"):
        sound_server.control("set-default-sink", "headphones")
        listening.wait_for(lambda: len(gaps(listening)) == 2)
        outputs = sound_server.control("list", "short", "source-outputs").split()
        sources = sound_server.control("list", "short", "sources").splitlines()
        assert outputs[1] == next(s.split()[0] for s in sources if "headphones.monitor" in s)
        sound_server.control("set-default-sink", "spk")
        listening.stop()
    assert no_worker_alive()
