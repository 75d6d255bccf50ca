"""Whether the microphone and the loudspeaker of the sound settings can be used."""

from collections.abc import Iterator

from live_translator.audio.devices import Device
from live_translator.audio.portaudio import DeviceStream
from live_translator.audio.portaudio import devices as listed
from live_translator.config import OUTPUT_RATE_HZ, SAMPLE_RATE_HZ
from live_translator.doctor.checks import Check, Level
from live_translator.errors import DeviceError


def devices() -> list[Device]:
    """Return all that can be chosen, inputs first; raises DeviceError where PyAudio is missing."""
    return [*listed(output=False), *listed(output=True)]


def checks() -> Iterator[Check]:
    """Open the default microphone and loudspeaker for a moment; nothing is heard or played."""
    for output in (False, True):
        name = "loudspeaker" if output else "microphone"
        try:
            stream = DeviceStream(
                output=output,
                wanted=None,
                wanted_hz=OUTPUT_RATE_HZ if output else SAMPLE_RATE_HZ,
                callback=lambda *_: (None, 0),
            )
        except DeviceError as error:
            yield Check(name, Level.FAILURE, str(error))
            continue
        rate, channels = stream.sample_rate_hz, stream.channels
        stream.close()
        shape = f"{rate} Hz {'mono' if channels == 1 else 'stereo'}"
        count = len(listed(output=output))
        yield Check(name, Level.OK, f"the default one opens at {shape}; {count} to choose")
