"""`live-translate devices`: what there is to listen to and to play on, and whether it works."""

import math
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from live_translator.arguments import ArgumentParser
from live_translator.captions.text import clean
from live_translator.errors import DeviceError

if TYPE_CHECKING:
    from live_translator.audio.devices import Device
    from live_translator.audio.microphone import MicrophoneSource
    from live_translator.messages import Samples

_PING_S = 0.4
_PING_HZ = (600.0, 1200.0)
"""Rising by an octave: to be told from hum and from speech, and kind to ears."""
_PING_LEVEL = 0.25
_LISTEN_S = 1.5
"""Before the ping and after it: longer than the devices' delays together."""
_START_S = 10.0
"""A microphone that has not begun by then does not work; some need two seconds."""
_LOUDER_DB = 6.0
"""Of the whole time with the ping over the time before: rooms that are quiet differ by less."""
_NOTHING_DB = -80.0
"""Below any microphone's own noise: it is muted, or a monitor of something silent."""


def run(argv: Sequence[str]) -> int:
    """Run the subcommand; return the exit code. Raises DeviceError."""
    options = _parser().parse_args(argv)
    # A test that chooses a device wants its test.
    if options.test or options.input_device or options.output_device:
        return _test(options.input_device, options.output_device)
    return _list()


def level_db(samples: "Samples") -> tuple[float, float]:
    """Return peak and RMS in dBFS: 0 is the largest sample there is; silence is -inf."""
    if not len(samples):
        return -math.inf, -math.inf
    import numpy as np  # noqa: PLC0415 - start-up time

    peak = float(np.abs(samples).max())
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return _db(peak), _db(rms)


def _db(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude else -math.inf


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="live-translate devices",
        description="Show microphones and loudspeakers; the default ones are marked *.",
    )
    parser.add_argument(
        "--test", action="store_true", help="play a ping, and show what the microphone hears"
    )
    parser.add_argument(
        "--input-device", metavar="NAME", help="test this one: number, part of its name, 'system'"
    )
    parser.add_argument(
        "--output-device", metavar="NAME", help="test this one: number or part of its name"
    )
    return parser


def _list() -> int:
    from live_translator.audio import portaudio  # noqa: PLC0415

    for flag, output in (("--input-device", False), ("--output-device", True)):
        kind = "outputs" if output else "inputs"
        sys.stdout.write(f"{kind}, for {flag}:\n")
        sys.stdout.write(table(portaudio.devices(output=output)) + "\n")
    return 0


def table(devices: "Sequence[Device]") -> str:
    """Return the devices with their numbers, one a line, the default one marked *."""
    if not devices:
        return "  none\n"
    rows = [("", "", "CHANNELS", "RATE", "NAME", "")]
    for place, device in enumerate(devices):
        mark = "*" if device.default else ""
        rate = f"{device.rate_hz} Hz"
        rows.append(
            (mark, str(place), str(device.channels), rate, clean(device.name), clean(device.label))
        )
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    right = {1, 2, 3}
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)


def _test(input_device: str | None, output_device: str | None) -> int:
    """Listen, ping, listen; say what was heard. 0 if anything was."""
    from live_translator.audio.microphone import MicrophoneSource  # noqa: PLC0415
    from live_translator.audio.speaker import SpeakerSink  # noqa: PLC0415
    from live_translator.timeline import Timeline  # noqa: PLC0415

    timeline = Timeline(time.monotonic, realtime=True)
    speaker = SpeakerSink(timeline=timeline, buffer_s=30.0, away_s=0.0, device=output_device)
    try:
        microphone = MicrophoneSource(clock=time.monotonic, buffer_s=30.0, device=input_device)
        microphone.open()
        chosen = (clean(str(device)) for device in (microphone.device, speaker.device))
        sys.stdout.write("input   {}\noutput  {}\n".format(*chosen))
        sys.stdout.flush()
        listening = _Listening(microphone)
        try:
            before = listening.hear(_LISTEN_S)
            speaker.play(_ping(speaker.sample_rate_hz), not_before_s=0.0)
            after = listening.hear(_LISTEN_S)
        finally:
            listening.stop()
    finally:
        speaker.close(drain=False)
    for when, samples in (("before the ping", before), ("with the ping", after)):
        peak_db, rms_db = level_db(samples)
        sys.stdout.write(f"{when:15}  peak {peak_db:6.1f} dBFS  RMS {rms_db:6.1f} dBFS\n")
    came, sentence = verdict(before, after)
    sys.stdout.write(sentence + "\n")
    return 0 if came else 1


def verdict(before: "Samples", after: "Samples") -> tuple[bool, str]:
    """Return whether sound came in, and what to say of it."""
    if max(level_db(before)[0], level_db(after)[0]) < _NOTHING_DB:
        return False, (
            "No sound came in: unmute the input, raise its level, allow this terminal to use "
            "the microphone, or choose another with --input-device."
        )
    if level_db(after)[1] > level_db(before)[1] + _LOUDER_DB:
        return True, "Sound came in, and louder with the ping: the input hears the output."
    return True, (
        "Sound came in, but not the ping: so it should be with headphones; "
        "without, turn the output up or choose another with --output-device."
    )


class _Listening:
    """A microphone that is read on a thread of its own; `hear` is for one other thread."""

    def __init__(self, microphone: "MicrophoneSource") -> None:
        self._microphone = microphone
        self._heard: list[Samples] = []
        self._hears = threading.Event()
        self._failure: DeviceError | None = None
        self._thread = threading.Thread(target=self._listen, name="test", daemon=True)
        self._thread.start()

    def hear(self, seconds: float) -> "Samples":
        """Return what comes in the next seconds; raises DeviceError where nothing does."""
        import numpy as np  # noqa: PLC0415 - start-up time

        began = len(self._heard)
        self._thread.join(seconds if self._hears.wait(_START_S) else 0.0)
        if self._failure is not None:
            raise self._failure
        if not self._hears.is_set():
            raise DeviceError(
                "the input delivers nothing, not even silence: choose another with --input-device"
            )
        return np.concatenate([np.zeros(0, np.float32), *self._heard[began:]])

    def stop(self) -> None:
        self._microphone.close()
        self._thread.join()

    def _listen(self) -> None:
        try:
            for block in self._microphone.blocks():
                self._heard.append(block.samples)
                self._hears.set()
        except DeviceError as error:
            self._failure = error
            self._hears.set()


def _ping(rate_hz: int) -> "Samples":
    """Return a tone that rises by an octave, mono, with soft ends."""
    import numpy as np  # noqa: PLC0415 - start-up time

    time_s = np.arange(round(_PING_S * rate_hz)) / rate_hz
    low_hz, high_hz = _PING_HZ
    phase = 2 * np.pi * (low_hz * time_s + (high_hz - low_hz) / (2 * _PING_S) * time_s**2)
    envelope = np.sin(np.pi * time_s / _PING_S)
    return (_PING_LEVEL * envelope * np.sin(phase)).astype(np.float32)
