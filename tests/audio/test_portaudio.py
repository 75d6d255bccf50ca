import itertools
import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from live_translator.audio import portaudio
from live_translator.audio.connection import Connection
from live_translator.audio.devices import Device
from live_translator.audio.portaudio import CONTINUE, DeviceStream
from live_translator.audio.sound_server import devices, streams_go_to
from live_translator.errors import DeviceError
from tests.audio.sound_server import SoundServer

ROOT = Path(__file__).parents[2]


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
    )  # fmt: skip


def test_without_pyaudio_the_error_names_both_commands() -> None:
    found = run(
        "import sys; sys.modules['pyaudio'] = None\n"
        "from live_translator.audio.portaudio import load\n"
        "from live_translator.errors import DeviceError\n"
        "try: load()\n"
        "except DeviceError as error: print(error)\n"
    )
    assert "apt-get install portaudio19-dev" in found.stdout
    assert "pip install 'live-translate[mic]'" in found.stdout
    assert found.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("open_device", "message"),
    [
        (
            "from live_translator.audio.microphone import MicrophoneSource as M\n"
            "def opened(): M(clock=lambda: 0.0, buffer_s=1.0).open()\n",
            "no microphone was found: .* use --input FILE instead",
        ),
        (
            "from live_translator.audio.speaker import SpeakerSink as S\n"
            "from live_translator.timeline import Timeline as T\n"
            "def opened(): S(timeline=T(lambda: 0.0, realtime=True), buffer_s=1.0, away_s=1.0)\n",
            "no loudspeaker was found: .* use --output FILE.wav instead",
        ),
    ],
)
def test_without_a_sound_card_the_error_is_one_sentence_and_stderr_is_quiet(
    open_device: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyaudio", reason="needs PyAudio: pip install 'live-translate[mic]'")
    if Path("/proc/asound/cards").exists() and Path("/dev/snd").exists():
        pytest.skip("this machine has a sound card")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    found = run(
        open_device + "import os\n"
        "from live_translator.errors import DeviceError\n"
        "try: opened()\n"
        "except DeviceError as error: print(error)\n"
        "os.write(2, b'our own')\n"
    )
    assert re.search(message, found.stdout), found
    assert found.stderr == "our own"


# A device that cannot do what is wanted


class PickyCard:
    """As much of PyAudio as a stream needs: one card that takes few formats."""

    def __init__(self, *, channels: int, takes: tuple[int, int] | None) -> None:
        self.channels = channels
        self.takes = takes
        self.asked: list[tuple[int, int, int]] = []
        self.closed = 0

    def get_device_count(self) -> int:
        return 1

    def get_device_info_by_index(self, index: int) -> dict[str, Any]:
        return {
            "index": index,
            "name": "Picky",
            "maxInputChannels": self.channels,
            "maxOutputChannels": 0,
            "defaultSampleRate": 44_100.0,
        }

    def get_default_input_device_info(self) -> dict[str, Any]:
        return self.get_device_info_by_index(0)

    def open(self, *, rate: int, channels: int, frames_per_buffer: int, **_: object) -> object:
        self.asked.append((rate, channels, frames_per_buffer))
        if (rate, channels) != self.takes:
            raise OSError(-9997, "Invalid sample rate")
        return SimpleNamespace(
            close=lambda: None, start_stream=lambda: None, is_active=lambda: True
        )

    def terminate(self) -> None:
        self.closed += 1


def listen(card: PickyCard, patch: pytest.MonkeyPatch) -> DeviceStream:
    patch.setitem(sys.modules, "pyaudio", SimpleNamespace(PyAudio=lambda: card, paFloat32=1))
    return DeviceStream(
        output=False, wanted=None, wanted_hz=16_000, callback=lambda *_: (None, CONTINUE)
    )


@pytest.mark.parametrize(
    ("channels", "takes", "asked"),
    [
        (2, (16_000, 1), [(16_000, 1, 512)]),
        (2, (44_100, 1), [(16_000, 1, 512), (44_100, 1, 1411)]),
        (8, (44_100, 2), [(16_000, 1, 512), (44_100, 1, 1411), (44_100, 2, 1411)]),
    ],
)
def test_what_a_device_cannot_do_is_asked_of_it_in_another_form(
    channels: int,
    takes: tuple[int, int],
    asked: list[tuple[int, int, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = PickyCard(channels=channels, takes=takes)
    stream = listen(card, monkeypatch)
    assert card.asked == asked
    assert (stream.sample_rate_hz, stream.channels) == takes
    stream.close()
    stream.close()
    assert card.closed == 1


def test_a_device_that_takes_nothing_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = PickyCard(channels=1, takes=None)
    with pytest.raises(DeviceError, match=r"cannot open the microphone Picky \(Invalid sample"):
        listen(card, monkeypatch)
    assert card.closed == 1


# Devices that come and go


def wait_for(happened: Callable[[], bool], seconds: float = 20.0) -> None:
    """Look every now and then: a log line wakes nobody."""
    until_s = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until_s, "it did not happen"
        threading.Event().wait(0.1)


def quiet_connection(*, output: bool, wanted: str) -> Connection:
    return Connection(
        output=output,
        wanted=wanted,
        wanted_hz=16_000,
        callback=lambda _, frames, *__: (bytes(4 * frames) if output else None, CONTINUE),
        opened=lambda _: None,
        lost=lambda: None,
        meanwhile="waiting",
        clock=time.monotonic,
    )


def test_a_device_that_falls_silent_is_given_up_and_opened_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    card = PickyCard(channels=1, takes=(16_000, 1))
    monkeypatch.setitem(sys.modules, "pyaudio", SimpleNamespace(PyAudio=lambda: card, paFloat32=1))
    happened: list[str] = []
    twice = threading.Event()

    def opened(_: DeviceStream) -> None:
        happened.append("opened")
        if len(happened) > 4:
            twice.set()

    connection = Connection(
        output=False,
        wanted=None,
        wanted_hz=16_000,
        callback=lambda *_: (None, CONTINUE),
        opened=opened,
        lost=lambda: happened.append("lost"),
        meanwhile="waiting",
        clock=itertools.count(step=10).__next__,
    )
    connection.start()
    assert twice.wait(10)
    connection.close()
    assert happened[:5] == ["opened", "lost", "opened", "lost", "opened"]
    # It never was back, so it has gone but once.
    assert len(caplog.records) == 1
    assert "the microphone Picky does not answer any more: waiting" in caplog.text


@pytest.mark.slow
def test_a_device_that_portaudio_has_not_seen_is_found_while_another_one_plays(
    sound_server: SoundServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As with a card of its own, without a sound server: PortAudio lists devices but once."""
    server = os.environ["PULSE_SERVER"]
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    cards = tmp_path / "alsa.conf"
    card = 'pcm.{} {{ type pulse server "' + server + '" device {} }}\n'
    speakers = "</usr/share/alsa/alsa.conf>\n" + card.format("speakers", "spk")
    headset = card.format("headset", "mic.monitor")
    cards.write_text(speakers + headset)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(cards))
    assert {"speakers", "headset"} <= {d.name for d in portaudio.devices(output=False)}
    speaker = quiet_connection(output=True, wanted="speakers")
    microphone = quiet_connection(output=False, wanted="headset")
    speaker.start()
    microphone.start()

    def said(sentence: str) -> int:
        return len(re.findall(sentence, caplog.text))

    try:
        cards.write_text(speakers)
        portaudio.start_anew()
        wait_for(lambda: said("the microphone headset has gone") == 1)
        wait_for(lambda: said("the loudspeaker is back after .* speakers") == 1)
        caplog.set_level(logging.DEBUG)
        wait_for(lambda: said("not back yet: no input device is called 'headset'") >= 2)
        assert said("the loudspeaker speakers has gone") == 1
        cards.write_text(speakers + headset)
        wait_for(lambda: said("the microphone is back after .* headset") == 1)
        wait_for(lambda: said("the loudspeaker is back after .* speakers") == 2)
    finally:
        microphone.close()
        speaker.close()
    assert not [t for t in threading.enumerate() if t.name.endswith("-watch")]
    assert not portaudio.in_use()


@pytest.mark.slow
def test_the_sound_servers_devices_are_listed_with_channels_rates_and_defaults(
    sound_server: SoundServer,
) -> None:
    inputs, outputs = portaudio.devices(output=False), portaudio.devices(output=True)
    assert [
        (d.name, d.channels, d.rate_hz, d.default, d.monitor_of, d.hears_default) for d in inputs
    ] == [
        ("mic.monitor", 2, 24_000, True, "mic", False),
        ("spk.monitor", 2, 24_000, False, "spk", True),
    ]
    assert [(d.name, d.label, d.default) for d in outputs] == [
        ("mic", "Null Output", False),
        ("spk", "Null Output", True),
    ]


@pytest.mark.slow
def test_a_sound_server_that_hangs_hangs_nobody(sound_server: SoundServer) -> None:
    with sound_server.stopped():
        began_s = time.monotonic()
        assert devices(output=True) == []
        with pytest.raises(DeviceError, match="the sound server does not answer: start it again"):
            portaudio.devices(output=True)
        assert time.monotonic() - began_s < 6.0
    assert devices(output=True)


def test_the_environment_is_as_it_was_after_a_stream_was_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULSE_SINK", "mine")
    before = dict(os.environ)
    device = Device(name="theirs", channels=2, rate_hz=1, number=0)
    with streams_go_to(device, output=True):
        assert os.environ["PULSE_SINK"] == "theirs"
    with streams_go_to(device, output=False):
        assert (os.environ["PULSE_SINK"], os.environ["PULSE_SOURCE"]) == ("mine", "theirs")
    with streams_go_to(None, output=True):
        assert os.environ["PULSE_SINK"] == "mine"
    assert dict(os.environ) == before
