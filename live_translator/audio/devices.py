"""What a sound device is, and how one of several is chosen by what the user typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from live_translator.errors import DeviceError

DEFAULT = "default"
"""Chooses what the system's sound settings say; the same as choosing nothing."""
SYSTEM = "system"
"""Chooses, as input, what this machine plays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """An input or an output, as PortAudio or the sound server lists it."""

    name: str
    label: str = ""
    """What a person knows it by, where that is not the name."""
    channels: int
    rate_hz: int
    default: bool = False
    """Whether the system's sound settings chose it."""
    monitor_of: str = ""
    """Of an input that hears what an output plays: the name of that output."""
    hears_default: bool = False
    """Whether that output is the one that the system's sound settings chose."""
    on_server: bool = False
    """Whether it is reached through PulseAudio or PipeWire, by name."""
    number: int
    """The server's or PortAudio's own; another one after the device was away."""

    def __str__(self) -> str:
        return f"{self.name} ({self.label})" if self.label else self.name


def lasts(wanted: str | None) -> bool:
    """Whether a choice means one device, and not whichever has a role at the time."""
    return _asked(wanted) not in (DEFAULT, SYSTEM)


def follows_default(wanted: str | None) -> bool:
    """Whether a choice leaves it to the system's sound settings."""
    return _asked(wanted) == DEFAULT


def choose(devices: Sequence[Device], wanted: str | None, *, output: bool) -> Device:
    """Return the one input (or output) of `devices`, all of that kind, that is wanted.

    `wanted` is its place in the list, its name, a part of its name or label in any case,
    'system' for the monitor of what the machine plays, or 'default' or None. A part that
    fits an output's monitor and another input means the other. Raises DeviceError: one
    sentence with what there is.
    """
    kind = "output" if output else "input"
    asked = _asked(wanted)
    if asked == DEFAULT:
        return _default(devices, output=output)
    if asked == SYSTEM and not output:
        return _what_plays(devices)
    if asked.isdecimal():
        if int(asked) < len(devices):
            return devices[int(asked)]
        raise DeviceError(f"there is no {kind} device {asked}: {_listed(devices, kind)}")
    exact = [d for d in devices if asked in (d.name.lower(), d.label.lower())]
    parts = [d for d in devices if asked in d.name.lower() or asked in d.label.lower()]
    heard = [d for d in parts if not d.monitor_of]
    for fitting in (exact, heard, parts):
        if len(fitting) == 1:
            return fitting[0]
    if parts:
        found = ", ".join(f"{place} {d}" for place, d in enumerate(devices) if d in parts)
        raise DeviceError(
            f"{wanted!r} fits {len(parts)} {kind} devices, {found}: "
            "give more of the name, or its number"
        )
    raise DeviceError(f"no {kind} device is called {wanted!r}: {_listed(devices, kind)}")


def hears_itself(source: Device, sink: Device) -> bool:
    """Whether an input is the monitor of an output: the program would hear its own voice."""
    return bool(source.monitor_of) and source.monitor_of == sink.name


def _asked(wanted: str | None) -> str:
    return (wanted or "").strip().lower() or DEFAULT


def _default(devices: Sequence[Device], *, output: bool) -> Device:
    for device in devices:
        if device.default:
            return device
    name, instead = (
        ("loudspeaker", "--output FILE.wav") if output else ("microphone", "--input FILE")
    )
    raise DeviceError(
        f"no {name} was found: connect one or choose it in the system's sound "
        f"settings, or use {instead} instead"
    )


def _what_plays(devices: Sequence[Device]) -> Device:
    for device in devices:
        if device.hears_default:
            return device
    raise DeviceError(
        "what this machine plays cannot be heard here: on Linux that needs PulseAudio or "
        "PipeWire, and libasound2-plugins; elsewhere install a loopback device such as "
        "BlackHole or VB-Cable, play into it, and name it with --input-device"
    )


def _listed(devices: Sequence[Device], kind: str) -> str:
    if not devices:
        return f"there is no {kind} device; connect one"
    return "there is " + ", ".join(f"{place} {device}" for place, device in enumerate(devices))
