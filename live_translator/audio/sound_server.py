"""PulseAudio, or PipeWire in its place: its inputs and outputs, and how a stream gets to one.

PortAudio reaches the server through one ALSA device and sees none of what lies behind it. So
the server is asked through libpulse, which must be there where that ALSA device is.
"""

import contextlib
import ctypes
import functools
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from live_translator.audio.devices import Device

log = logging.getLogger(__name__)

APPLICATION = "live-translate"
ALSA_NAME = "pulse"
"""What PortAudio calls the way to the server (alsa-plugins' own name for it)."""

_PATIENCE_S = 2.0
"""It answers in two milliseconds; one that hangs must not hang us."""
_POLL_US = 100_000

# Enumerations of pulse/def.h.
_NO_AUTOSPAWN = 1
_READY, _FAILED = 4, 5


class _SampleSpec(ctypes.Structure):
    _fields_ = (
        ("format", ctypes.c_int),
        ("rate", ctypes.c_uint32),
        ("channels", ctypes.c_uint8),
    )


class _ChannelMap(ctypes.Structure):
    _fields_ = (("channels", ctypes.c_uint8), ("map", ctypes.c_int * 32))


class _Volume(ctypes.Structure):
    _fields_ = (("channels", ctypes.c_uint8), ("values", ctypes.c_uint32 * 32))


class _Info(ctypes.Structure):
    """The beginning of pa_sink_info and of pa_source_info, which is the same."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("index", ctypes.c_uint32),
        ("description", ctypes.c_char_p),
        ("sample_spec", _SampleSpec),
        ("channel_map", _ChannelMap),
        ("owner_module", ctypes.c_uint32),
        ("volume", _Volume),
        ("mute", ctypes.c_int),
        ("monitor", ctypes.c_uint32),
        ("monitor_name", ctypes.c_char_p),
    )


class _ServerInfo(ctypes.Structure):
    """The beginning of pa_server_info."""

    _fields_ = (
        ("user_name", ctypes.c_char_p),
        ("host_name", ctypes.c_char_p),
        ("server_version", ctypes.c_char_p),
        ("server_name", ctypes.c_char_p),
        ("sample_spec", _SampleSpec),
        ("default_sink_name", ctypes.c_char_p),
        ("default_source_name", ctypes.c_char_p),
    )


_OnInfo = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.POINTER(_Info), ctypes.c_int, ctypes.c_void_p
)
_OnServerInfo = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.POINTER(_ServerInfo), ctypes.c_void_p
)


@dataclass(frozen=True, slots=True)
class _Defaults:
    sink: str
    source: str


def devices(*, output: bool) -> list[Device]:
    """Return the server's sinks or sources; none where no server answers."""
    library = _libpulse()
    if library is None:
        return []
    try:
        with _Client(library) as client:
            return client.devices(output=output)
    except _NoAnswerError:
        log.debug("no sound server answers")
        return []


def hangs() -> bool:
    """Whether there is a server that says nothing: all that asks it for sound would wait."""
    library = _libpulse()
    if library is None:
        return False
    try:
        with _Client(library) as client:
            client.defaults()
    except _SilentError:
        return True
    except _NoAnswerError:
        return False
    return False


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


class _NoAnswerError(Exception):
    """There is no server, or it went away."""


class _SilentError(_NoAnswerError):
    """There is one, but it says nothing."""


class _Client:
    """A connection to the server, for a question or two; one thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._until_s = time.monotonic() + _PATIENCE_S

    def __enter__(self) -> "_Client":
        self._loop = self._library.pa_mainloop_new()
        api = self._library.pa_mainloop_get_api(self._loop)
        self._context = self._library.pa_context_new(api, APPLICATION.encode())
        try:
            self._library.pa_context_connect(self._context, None, _NO_AUTOSPAWN, None)
            self._wait_for(lambda: self._library.pa_context_get_state(self._context) == _READY)
        except _NoAnswerError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._library.pa_context_disconnect(self._context)
        self._library.pa_context_unref(self._context)
        self._library.pa_mainloop_free(self._loop)

    def devices(self, *, output: bool) -> list[Device]:
        """Return the sinks or the sources; raises _NoAnswerError."""
        defaults = self.defaults()
        default = defaults.sink if output else defaults.source
        found: list[Device] = []
        ended = []

        def on_info(_context: object, pointer: Any, end: int, _data: object) -> None:
            if end:
                ended.append(end)
                return
            info = pointer.contents
            name = _text(info.name)
            monitor_of = "" if output else _text(info.monitor_name)
            found.append(
                Device(
                    name=name,
                    label=_text(info.description),
                    channels=info.sample_spec.channels,
                    rate_hz=info.sample_spec.rate,
                    default=name == default,
                    monitor_of=monitor_of,
                    hears_default=bool(monitor_of) and monitor_of == defaults.sink,
                    on_server=True,
                    number=info.index,
                )
            )

        callback = _OnInfo(on_info)
        ask = (
            self._library.pa_context_get_sink_info_list
            if output
            else self._library.pa_context_get_source_info_list
        )
        self._finish(ask(self._context, callback, None), lambda: bool(ended))
        return found

    def defaults(self) -> _Defaults:
        """Return the names of the default sink and source; raises _NoAnswerError."""
        found: list[_Defaults] = []

        def on_info(_context: object, pointer: Any, _data: object) -> None:
            names = [pointer.contents.default_sink_name, pointer.contents.default_source_name]
            found.append(_Defaults(*map(_text, names)))

        callback = _OnServerInfo(on_info)
        ask = self._library.pa_context_get_server_info
        self._finish(ask(self._context, callback, None), lambda: bool(found))
        return found[0]

    def _finish(self, operation: int | None, is_done: Callable[[], bool]) -> None:
        if operation is None:
            raise _NoAnswerError
        try:
            self._wait_for(is_done)
        finally:
            # Else it could call back into what is gone by then.
            self._library.pa_operation_cancel(operation)
            self._library.pa_operation_unref(operation)

    def _wait_for(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            if (
                self._library.pa_context_get_state(self._context) >= _FAILED
                or self._library.pa_mainloop_prepare(self._loop, _POLL_US) < 0
                or self._library.pa_mainloop_poll(self._loop) < 0
                or self._library.pa_mainloop_dispatch(self._loop) < 0
            ):
                raise _NoAnswerError
            if time.monotonic() > self._until_s:
                raise _SilentError


@functools.cache
def _libpulse() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL("libpulse.so.0")
    except OSError as error:
        log.debug("no sound server can be asked for its devices: %s", error)
        return None
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    signatures: dict[str, tuple[Any, list[Any]]] = {
        "pa_mainloop_new": (pointer, []),
        "pa_mainloop_get_api": (pointer, [pointer]),
        "pa_mainloop_prepare": (number, [pointer, number]),
        "pa_mainloop_poll": (number, [pointer]),
        "pa_mainloop_dispatch": (number, [pointer]),
        "pa_mainloop_free": (None, [pointer]),
        "pa_context_new": (pointer, [pointer, text]),
        "pa_context_connect": (number, [pointer, text, number, pointer]),
        "pa_context_get_state": (number, [pointer]),
        "pa_context_disconnect": (None, [pointer]),
        "pa_context_unref": (None, [pointer]),
        "pa_context_get_server_info": (pointer, [pointer, _OnServerInfo, pointer]),
        "pa_context_get_sink_info_list": (pointer, [pointer, _OnInfo, pointer]),
        "pa_context_get_source_info_list": (pointer, [pointer, _OnInfo, pointer]),
        "pa_operation_cancel": (None, [pointer]),
        "pa_operation_unref": (None, [pointer]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _text(content: bytes | None) -> str:
    return (content or b"").decode(errors="replace")
