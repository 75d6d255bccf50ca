"""PortAudio through PyAudio: loaded, kept quiet and explained in one place."""

import contextlib
import ctypes
import functools
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from live_translator.audio import sound_server
from live_translator.audio.devices import Device, choose, follows_default, lasts
from live_translator.errors import DeviceError

BUFFER_S = 0.032
"""One callback's worth: a frame of the voice detector, and no more delay than that."""

_LOOK = """
import dataclasses, json, sys
from live_translator.audio.portaudio import devices
found = devices(output=sys.argv[1] == "output")
json.dump([dataclasses.asdict(each) for each in found], sys.stdout)
"""
_LOOK_S = 10.0
"""It takes half a second; a sound system that hangs must not hang us."""

log = logging.getLogger(__name__)

CONTINUE = 0
"""PortAudio's paContinue, which a callback returns."""

# PortAudio's open, close and terminate must not run at once (portaudio.com/docs, FAQ).
_lock = threading.Lock()


def _ignore(*_: object) -> None:
    """Take a library's message and drop it."""


# ALSA's handler gets file, line, function, error number and format; JACK's the message.
# Kept here, because the libraries call them for as long as the process lives.
_ignore_alsa = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)(_ignore)
_ignore_jack = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(_ignore)

Callback = Callable[[bytes | None, int, Any, int], tuple[bytes | None, int]]


class DeviceStream:
    """An open stream of 32-bit floats to or from a sound card, not started yet.

    `wanted` is what `devices.choose` takes. Takes the wanted rate in mono where the device
    can, else the device's own rate, mono or stereo: see `sample_rate_hz` and `channels`.
    PortAudio calls `callback` on a thread of its own, PyAudio's way. All else may be
    called by any thread. Raises DeviceError, naming the fix.
    """

    def __init__(
        self, *, output: bool, wanted: str | None, wanted_hz: int, callback: Callback
    ) -> None:
        pyaudio = load()
        self.name = "loudspeaker" if output else "microphone"
        self.callbacks = 0
        """How often PortAudio has called."""
        self._output = output
        self._wanted = wanted
        self._callback = callback
        with _lock:
            self._host = _host(pyaudio)
            try:
                self.device = choose(_listed(self._host, output=output), wanted, output=output)
                """What it was opened on."""
                self._stream = self._open(pyaudio, wanted_hz)
            except DeviceError:
                self._host.terminate()
                raise
            _open_streams.add(self)
        self.output_latency_s = float(self._stream.get_output_latency()) if output else 0.0
        """What PortAudio believes to lie between the callback and the loudspeaker."""

    def start(self) -> None:
        """Begin to call back; raises DeviceError."""
        try:
            with _lock:
                self._stream.start_stream()
        except OSError as error:
            raise DeviceError(
                f"the {self.name} does not start ({_reason(error)}): "
                "close other programs that use it and start again"
            ) from error

    def is_there(self) -> bool:
        """Whether a stream that was started still goes to the device it was opened on.

        A device that falls silent without a word is for the caller to notice.
        """
        with _lock:
            try:
                if self not in _open_streams or not self._stream.is_active():
                    return False
            except OSError:
                return False
        if follows_default(self._wanted) or not self.device.on_server:
            return True
        # The server moves a stream whose device went away to another one, and leaves it there.
        listed = sound_server.devices(output=self._output)
        if not listed:
            return True  # no answer in time; a server that has ended ends the stream too
        if not lasts(self._wanted):
            try:
                listed = [choose(listed, self._wanted, output=self._output)]
            except DeviceError:
                return False
        here = (self.device.name, self.device.number)
        return any((each.name, each.number) == here for each in listed)

    def close(self) -> None:
        """Stop calling back and let the device go; may be called again."""
        with _lock:
            self._close()

    def _close(self) -> None:
        if self not in _open_streams:
            return
        _open_streams.remove(self)
        # A device that was pulled out cannot be stopped, and need not be.
        with contextlib.suppress(OSError):
            self._stream.close()
        self._host.terminate()

    def _open(self, pyaudio: Any, wanted_hz: int) -> Any:
        kind = "output" if self._output else "input"
        device, on_server = self.device, None
        index: int | None = device.number
        if device.on_server:
            index = _way_to_server(self._host)
            # Unnamed, the stream goes with the default when that changes.
            on_server = None if follows_default(self._wanted) else device
        failure: OSError | None = None
        for rate_hz, channels in dict.fromkeys(
            [(wanted_hz, 1), (device.rate_hz, 1), (device.rate_hz, min(2, device.channels))]
        ):
            try:
                with sound_server.streams_go_to(on_server, output=self._output):
                    stream = self._host.open(
                        format=pyaudio.paFloat32,
                        channels=channels,
                        rate=rate_hz,
                        frames_per_buffer=round(BUFFER_S * rate_hz),
                        stream_callback=self._on_call,
                        start=False,
                        **{kind: True, f"{kind}_device_index": index},
                    )
            except OSError as error:
                failure = error
                continue
            self.sample_rate_hz = rate_hz
            self.channels = channels
            return stream
        raise DeviceError(
            f"cannot open the {self.name} {device} ({_reason(failure)}): "
            f"close other programs that use it, or choose another with --{kind}-device"
        ) from failure

    def _on_call(
        self, content: bytes | None, frames: int, times: Any, status: int
    ) -> tuple[bytes | None, int]:
        self.callbacks += 1
        return self._callback(content, frames, times, status)


_open_streams: set[DeviceStream] = set()
"""Guarded by the lock."""


def devices(*, output: bool) -> list[Device]:
    """Return the outputs or inputs that can be chosen, in the order of their numbers.

    Those of the sound server where there is one, else PortAudio's. Raises DeviceError
    where there is no PyAudio, or a sound server that does not answer.
    """
    pyaudio = load()
    with _lock:
        host = _host(pyaudio)
        try:
            return _listed(host, output=output)
        finally:
            host.terminate()


def in_use() -> bool:
    """Whether any stream is open, so that PortAudio knows only the devices of before."""
    with _lock:
        return bool(_open_streams)


def start_anew() -> None:
    """Close every stream, so that the next to be opened finds what devices there are then.

    PortAudio lists devices when it is initialised and never again. Whoever keeps a stream
    open (see `Connection`) opens it again.
    """
    with _lock:
        for stream in list(_open_streams):
            stream._close()


class Lookout:
    """Sees devices that came after PortAudio was initialised here, from another process.

    So the other stream of this process need not stop for it. One thread looks, any stops.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._stopped = False

    def devices(self, *, output: bool) -> list[Device]:
        """Return what `devices` would return in a new process; nothing once stopped."""
        with self._starting:
            if self._stopped:
                return []
            self._child = subprocess.Popen(
                [sys.executable, "-c", _LOOK, "output" if output else "input"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        try:
            content, _ = self._child.communicate(timeout=_LOOK_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            content, _ = self._child.communicate()
        if self._child.returncode:
            return []
        return [Device(**fields) for fields in json.loads(content)]

    def stop(self) -> None:
        """Look no more, and end a look that is under way."""
        with self._starting:
            self._stopped = True
            if self._child is not None:
                self._child.kill()


def _host(pyaudio: Any) -> Any:
    """Return PortAudio, initialised; raises DeviceError."""
    # There it would wait half a minute for each device, and say nothing.
    if sound_server.hangs():
        raise DeviceError(
            "the sound server does not answer: start it again, "
            "with `systemctl --user restart pipewire-pulse` or `pulseaudio --kill`"
        )
    return pyaudio.PyAudio()


def _listed(host: Any, *, output: bool) -> list[Device]:
    if _way_to_server(host) is not None:
        on_server = sound_server.devices(output=output)
        if on_server:
            return on_server
    return _of_portaudio(host, output=output)


def _way_to_server(host: Any) -> int | None:
    for info in _infos(host):
        if info["name"] == sound_server.ALSA_NAME:
            return int(info["index"])
    return None


def _of_portaudio(host: Any, *, output: bool) -> list[Device]:
    kind = "Output" if output else "Input"
    try:
        default = (
            host.get_default_output_device_info()
            if output
            else host.get_default_input_device_info()
        )["index"]
    except OSError:
        default = None
    return [
        Device(
            name=info["name"],
            channels=info[f"max{kind}Channels"],
            rate_hz=int(info["defaultSampleRate"]),
            default=info["index"] == default,
            number=info["index"],
        )
        for info in _infos(host)
        if info[f"max{kind}Channels"]
    ]


def _infos(host: Any) -> list[dict[str, Any]]:
    return [host.get_device_info_by_index(index) for index in range(host.get_device_count())]


def load() -> Any:
    """Import PyAudio and quiet its backends; raises DeviceError where it is missing."""
    try:
        import pyaudio  # noqa: PLC0415 - an extra, needed for sound cards alone
    except ImportError as error:
        raise DeviceError(
            "PyAudio, which reaches the sound card, is not installed: "
            "run apt-get install portaudio19-dev, then pip install 'live-translate[mic]'"
        ) from error
    _quiet()
    return pyaudio


@functools.cache
def _quiet() -> None:
    """Take ALSA's, JACK's and PortAudio's own messages out of stderr.

    While PortAudio looks for devices, ALSA and JACK report each one that is not there; they
    have hooks for that. PortAudio as Debian builds it prints the C expression that failed
    each time a device goes away, through C's `stderr`: that becomes /dev/null, unless the
    log level is debug. File descriptor 2, and with it our own errors, stays as it is.
    """
    if not sys.platform.startswith("linux"):
        return
    # Where a library is missing, it cannot chatter.
    with contextlib.suppress(OSError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_ignore_alsa)
    with contextlib.suppress(OSError):
        jack = ctypes.CDLL("libjack.so.0")
        jack.jack_set_error_function(_ignore_jack)
        jack.jack_set_info_function(_ignore_jack)
    if not log.isEnabledFor(logging.DEBUG):
        libc = ctypes.CDLL(None)
        libc.fopen.restype = ctypes.c_void_p
        ctypes.c_void_p.in_dll(libc, "stderr").value = libc.fopen(b"/dev/null", b"w")


def _reason(error: OSError | None) -> str:
    # PyAudio raises OSError(code, text) or OSError(text, code) alike.
    texts = [part for part in getattr(error, "args", ()) if isinstance(part, str)]
    return texts[0] if texts else "no reason given"
