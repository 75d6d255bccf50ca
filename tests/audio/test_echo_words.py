"""What the real recogniser hears of our own voice: in simulated rooms, and in a looped one."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import jiwer
import numpy as np
import pytest

from benchmarks.echo import Room, Scene, listen, mixed, our_voice
from benchmarks.recognition import load, normalise, read_manifest
from live_translator import config as settings
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.audio.microphone import MicrophoneSource
from live_translator.audio.room import share_room
from live_translator.audio.speaker import SpeakerSink
from live_translator.audio.vad import SileroDetector
from live_translator.config import SAMPLE_RATE_HZ, EchoConfig
from live_translator.messages import Samples
from live_translator.model_store import ModelStore
from live_translator.timeline import Timeline
from tests.audio.sounds import write_wav
from tests.conftest import SAMPLE

pytestmark = pytest.mark.slow

CONFIG = settings.load("embedded")
(RECORDING,) = read_manifest(SAMPLE.parent / "manifest.tsv")


@pytest.fixture(scope="module")
def transcriber(store: ModelStore) -> WhisperTranscriber:
    return WhisperTranscriber(store.path("whisper-base"), "en", CONFIG.asr)


@pytest.fixture(scope="module")
def talk() -> Samples:
    return load(SAMPLE)


@pytest.fixture(scope="module")
def voice(store: ModelStore) -> list[Samples]:
    """Our own: eSpeak's, which is made in no time, and harder for being so regular."""
    return our_voice("espeak", store)


def speech_s(scene: Scene, policy: str) -> float:
    """Return for how long the voice detector hears anybody."""
    detector = SileroDetector()
    blocks = list(Room(scene, EchoConfig(policy=policy)).cleaned.blocks())
    voiced = [detector.probability(b.samples) > 0.5 for b in blocks if len(b.samples) == 512]
    return sum(voiced) * 512 / SAMPLE_RATE_HZ


@pytest.mark.parametrize(
    ("level_db", "delay_s"), [(0.0, 0.02), (-6.0, 0.6), (-12.0, 0.1), (-20.0, 0.25), (-30.0, 0.4)]
)
def test_our_voice_alone_in_the_room_is_not_taken_for_speech(
    level_db: float, delay_s: float, voice: list[Samples]
) -> None:
    silent = np.zeros(30 * SAMPLE_RATE_HZ, np.float32)
    scene = mixed(silent, voice, level_db=level_db, delay_s=delay_s, seed=1)
    assert speech_s(scene, "guard") < 0.3  # less than a word, of 35 s
    assert speech_s(scene, "off") > 10


def test_in_a_talk_nothing_of_our_own_is_heard_and_the_talk_is(
    talk: Samples, voice: list[Samples], transcriber: WhisperTranscriber
) -> None:
    """At 12 dB below the talker; unguarded, sentences of ours follow the talk's last."""
    scenes = {
        "alone": mixed(talk, voice, level_db=None, delay_s=0.0, seed=2),
        "guarded": mixed(talk, voice, level_db=-12.0, delay_s=0.1, seed=2),
    }
    wanted = normalise(RECORDING.transcript)
    found = {
        name: jiwer.process_words(wanted, listen(scene, transcriber, CONFIG).text)
        for name, scene in scenes.items()
    }
    # The sample has 119 words: one is 0.8 %. Over five minutes see benchmarks/RESULTS.md.
    assert found["guarded"].wer <= found["alone"].wer + 0.05
    assert found["guarded"].insertions <= found["alone"].insertions + 2


@pytest.fixture
def looped_room(sound_server: None) -> Iterator[None]:
    """What the loudspeaker plays is heard by the microphone, 0.2 s later."""
    command = ["pactl", "load-module", "module-loopback", "source=spk.monitor", "sink=mic"]
    loaded = subprocess.run(
        [*command, "latency_msec=200", "adjust_time=0"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    yield
    subprocess.run(["pactl", "unload-module", loaded.stdout.strip()], timeout=30, check=True)


class Listening:
    """Takes a source's blocks on a thread of its own, from construction to `stop`."""

    def __init__(self, policy: str) -> None:
        self.timeline = Timeline(time.monotonic, realtime=True)
        microphone = MicrophoneSource(clock=time.monotonic, buffer_s=60.0)
        speaker = SpeakerSink(timeline=self.timeline, buffer_s=60.0, away_s=15.0)
        self._source, self.sink = share_room(microphone, speaker, EchoConfig(policy=policy))
        self._pieces: list[Samples] = []
        self._hears = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._hears.wait(10)

    def stop(self) -> Samples:
        self.sink.close(drain=True)
        self._source.close()
        self._thread.join(10)
        assert not self._thread.is_alive()
        return np.concatenate(self._pieces)

    def _run(self) -> None:
        for block in self._source.blocks():
            if not self._hears.is_set():
                assert self._source.origin_s is not None
                self.timeline.start(self._source.origin_s)
            self._pieces.append(block.samples)
            self._hears.set()


def words(heard: Samples, transcriber: WhisperTranscriber) -> str:
    scene = Scene(heard, [])
    return listen(scene, transcriber, settings.load("embedded", None, {"echo.policy": "off"})).text


@pytest.mark.usefixtures("looped_room")
def test_through_a_loudspeaker_that_the_microphone_hears_only_the_talk_is_heard(
    tmp_path: Path, talk: Samples, voice: list[Samples], transcriber: WhisperTranscriber
) -> None:
    """Real PortAudio: 10 s of the talk, over and followed by our own voice."""
    excerpt = talk[: round(10.4 * SAMPLE_RATE_HZ)]  # to the end of a clause
    path = write_wav(tmp_path / "talk.wav", excerpt, SAMPLE_RATE_HZ)
    listening = Listening("guard")
    playing = subprocess.Popen(["paplay", "--device=mic", str(path)])
    for number, samples in enumerate(voice[:8]):
        listening.sink.play(0.25 * samples, not_before_s=1.5 + 2.0 * number)
    assert playing.wait(60) == 0
    heard = words(listening.stop(), transcriber)
    wanted = words(excerpt, transcriber)
    assert "age of wisdom" in wanted
    assert jiwer.wer(wanted, heard) < 0.2, heard
