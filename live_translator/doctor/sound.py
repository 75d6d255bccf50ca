"""The sound devices, as PortAudio sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from live_translator.audio.portaudio import DeviceStream, load
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ
from live_translator.doctor.checks import Check, Level
from live_translator.errors import DeviceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One of PortAudio's devices."""

    name: str
    inputs: int
    """Channels that can be heard; 0 for a loudspeaker."""
    outputs: int
    rate_hz: int
    """The device's own."""


def devices() -> list[Device]:
    """Return all sound devices; raises DeviceError where PyAudio is missing."""
    host: Any = load().PyAudio()
    try:
        infos = [host.get_device_info_by_index(index) for index in range(host.get_device_count())]
    finally:
        host.terminate()
    return [
        Device(
            name=str(info["name"]),
            inputs=int(info["maxInputChannels"]),
            outputs=int(info["maxOutputChannels"]),
            rate_hz=int(info["defaultSampleRate"]),
        )
        for info in infos
    ]


def checks(found: list[Device]) -> Iterator[Check]:
    """Open the default microphone and loudspeaker for a moment; nothing is heard or played."""
    for output in (False, True):
        name = "loudspeaker" if output else "microphone"
        usable = [device for device in found if (device.outputs if output else device.inputs)]
        try:
            stream = DeviceStream(
                output=output,
                device=None,
                wanted_hz=OUTPUT_RATE_HZ if output else SAMPLE_RATE_HZ,
                callback=lambda *_: (None, 0),
            )
        except DeviceError as error:
            yield Check(name, Level.FAILURE, str(error))
            continue
        rate, channels = stream.sample_rate_hz, stream.channels
        stream.close()
        shape = f"{rate} Hz {'mono' if channels == 1 else 'stereo'}"
        yield Check(name, Level.OK, f"the default one opens at {shape}; {len(usable)} to choose")
