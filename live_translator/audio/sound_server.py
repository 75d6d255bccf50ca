"""PulseAudio, or PipeWire in its place: its inputs and outputs, and how a stream gets to one.

PortAudio reaches the server through one ALSA device and sees none of what lies behind it.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator

from live_translator.audio.devices import Device

log = logging.getLogger(__name__)

APPLICATION = "live-translate"
ALSA_NAME = "pulse"
"""What PortAudio calls the way to the server (alsa-plugins' own name for it)."""


def devices(*, output: bool) -> list[Device]:
    """Return the server's sinks or sources; none where there is no server or no pulsectl."""
    if not sys.platform.startswith("linux"):
        return []
    try:
        import pulsectl  # noqa: PLC0415 - an extra, and loads libpulse
    except (ImportError, OSError) as error:
        log.debug("the sound server's devices cannot be listed: %s", error)
        return []
    try:
        with pulsectl.Pulse(APPLICATION) as server:
            info = server.server_info()
            if output:
                found = [(sink, "", info.default_sink_name) for sink in server.sink_list()]
            else:
                found = [
                    (source, source.monitor_of_sink_name or "", info.default_source_name)
                    for source in server.source_list()
                ]
            default_sink: str = info.default_sink_name
    except pulsectl.PulseError as error:
        log.debug("no sound server answers: %s", error)
        return []
    return [
        Device(
            name=each.name,
            label=each.description,
            channels=each.channel_count,
            rate_hz=each.sample_spec.rate,
            default=each.name == default,
            monitor_of=monitor_of,
            hears_default=bool(monitor_of) and monitor_of == default_sink,
            on_server=True,
            number=each.index,
        )
        for each, monitor_of, default in found
    ]


@contextlib.contextmanager
def streams_go_to(device: Device | None, *, output: bool) -> Iterator[None]:
    """Let a stream that is opened meanwhile go to a device of the server; None is its default.

    libpulse reads the variables when the stream is opened (manual page pulse-client.conf),
    so that streams of one process can go to different places. One at a time: the
    environment is the whole process's.
    """
    # What the desktop's mixer shows, instead of "ALSA plug-in [python3]".
    meanwhile = {"PULSE_PROP_application.name": APPLICATION}
    if device is not None:
        meanwhile["PULSE_SINK" if output else "PULSE_SOURCE"] = device.name
    before = {name: os.environ.get(name) for name in meanwhile}
    os.environ.update(meanwhile)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
