"""PortAudio through PyAudio: loaded, kept quiet and explained in one place."""

import contextlib
import ctypes
import functools
import sys
import threading
from collections.abc import Callable
from typing import Any

from live_translator.errors import DeviceError

BUFFER_S = 0.032
"""One callback's worth: a frame of the voice detector, and no more delay than that."""

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

    Takes the wanted rate in mono where the device can, else the device's own rate, mono
    or stereo: see `sample_rate_hz` and `channels`. PortAudio calls `callback` on a thread
    of its own, PyAudio's way. Raises DeviceError, naming the fix.
    """

    def __init__(
        self, *, output: bool, device: int | None, wanted_hz: int, callback: Callback
    ) -> None:
        pyaudio = load()
        self.name = "loudspeaker" if output else "microphone"
        with _lock:
            self._host = pyaudio.PyAudio()
            try:
                info = self._device(device, output=output)
                self._stream = self._open(pyaudio, info, wanted_hz, callback, output=output)
            except DeviceError:
                self._host.terminate()
                raise
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

    def close(self) -> None:
        """Stop calling back and let the device go."""
        with _lock:
            # A device that was pulled out cannot be stopped, and need not be.
            with contextlib.suppress(OSError):
                self._stream.close()
            self._host.terminate()

    def _device(self, device: int | None, *, output: bool) -> dict[str, Any]:
        kind = "output" if output else "input"
        try:
            if device is not None:
                info: dict[str, Any] = self._host.get_device_info_by_index(device)
            elif output:
                info = self._host.get_default_output_device_info()
            else:
                info = self._host.get_default_input_device_info()
        except OSError as error:
            instead = "--output FILE.wav" if output else "--input FILE"
            raise DeviceError(
                f"no {self.name} was found: connect one or choose it in the system's sound "
                f"settings, or use {instead} instead"
            ) from error
        if not info[f"max{kind.capitalize()}Channels"]:
            raise DeviceError(f"sound device {device} ({info['name']}) is no {self.name}")
        return info

    def _open(
        self,
        pyaudio: Any,
        info: dict[str, Any],
        wanted_hz: int,
        callback: Callback,
        *,
        output: bool,
    ) -> Any:
        native_hz = int(info["defaultSampleRate"])
        kind = "output" if output else "input"
        most = min(2, int(info[f"max{kind.capitalize()}Channels"]))
        failure: OSError | None = None
        for rate_hz, channels in dict.fromkeys([(wanted_hz, 1), (native_hz, 1), (native_hz, most)]):
            try:
                stream = self._host.open(
                    format=pyaudio.paFloat32,
                    channels=channels,
                    rate=rate_hz,
                    frames_per_buffer=round(BUFFER_S * rate_hz),
                    stream_callback=callback,
                    start=False,
                    **{kind: True, f"{kind}_device_index": info["index"]},
                )
            except OSError as error:
                failure = error
                continue
            self.sample_rate_hz = rate_hz
            self.channels = channels
            return stream
        raise DeviceError(
            f"cannot open the {self.name} {info['name']!r} ({_reason(failure)}): "
            "close other programs that use it, or choose another in the system's sound settings"
        ) from failure


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
    """Take ALSA's and JACK's own error printers out of stderr.

    While PortAudio looks for devices they report each one that is not there. Their
    hooks are set, so that stderr itself, and with it our own errors, stays as it is.
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


def _reason(error: OSError | None) -> str:
    # PyAudio raises OSError(code, text) or OSError(text, code) alike.
    texts = [part for part in getattr(error, "args", ()) if isinstance(part, str)]
    return texts[0] if texts else "no reason given"
