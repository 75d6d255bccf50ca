"""A device stream that is kept open: its device may go away and come back."""

import contextlib
import logging
import threading
from collections.abc import Callable

from live_translator.audio import portaudio
from live_translator.audio.devices import choose, lasts
from live_translator.audio.portaudio import Callback, DeviceStream
from live_translator.errors import DeviceError
from live_translator.interfaces import Clock

log = logging.getLogger(__name__)

_CHECK_S = 0.5
"""Between two looks whether the device is still there, of a millisecond each: until then a
sound server may play the speech on another one."""
_STALL_S = 5.0
"""A device that calls for nothing this long is gone; it calls every 32 ms, but some need
two seconds to begin."""
_RETRY_S = 1.0
"""Between two tries to open a device that has gone."""
_PATIENCE_S = 3.0
"""How long the end waits for a device to be let go, which takes milliseconds: a sound server
that hangs keeps PortAudio waiting for a minute."""


class Connection:
    """Opens a device at once, and again whenever it was gone and is back.

    `opened` is called with each stream, the first included, before it calls back; `lost`
    after each, when its device has gone: a last call may still come, since to let a device go
    may take a while. But for the first stream both run on the connection's own thread, and
    there every stream that was started is closed. `meanwhile` ends the sentence that says
    that the device has gone. Where the first stream cannot be opened raises DeviceError;
    later failures are waited out, until `close`.
    """

    def __init__(
        self,
        *,
        output: bool,
        wanted: str | None,
        wanted_hz: int,
        callback: Callback,
        opened: Callable[[DeviceStream], None],
        lost: Callable[[], None],
        meanwhile: str,
        clock: Clock,
    ) -> None:
        self._output = output
        self._wanted = wanted
        self._wanted_hz = wanted_hz
        self._callback = callback
        self._opened = opened
        self._lost = lost
        self._meanwhile = meanwhile
        self._clock = clock
        self._closed = threading.Event()
        self._lookout = portaudio.Lookout()
        self._stream = self._open()
        self.device = self._stream.device
        """What it was first opened on."""
        if lasts(wanted):
            # A number may be another device's by then, a part of a name fit a second one.
            self._wanted = self.device.name
        self._watch = threading.Thread(
            target=self._keep, name=f"{self._stream.name}-watch", daemon=True
        )

    def start(self) -> None:
        """Begin to call back, and to watch; raises DeviceError."""
        try:
            self._stream.start()
        except DeviceError:
            self._stream.close()
            raise
        self._watch.start()

    def close(self) -> None:
        """Let the device go, or wait for it no longer; from any thread, more than once."""
        self._closed.set()
        self._lookout.stop()
        if self._watch.ident is None:
            self._stream.close()
            return
        self._watch.join(_PATIENCE_S)
        if self._watch.is_alive():
            log.warning(
                "the sound system does not answer, and keeps the %s: "
                "if it stays so, start the sound server again",
                self._stream.name,
            )

    def _open(self) -> DeviceStream:
        stream = DeviceStream(
            output=self._output,
            wanted=self._wanted,
            wanted_hz=self._wanted_hz,
            callback=self._callback,
        )
        self._opened(stream)
        return stream

    def _keep(self) -> None:
        checked_s, seen = self._clock(), 0
        gone_s: float | None = None
        while not self._closed.wait(_CHECK_S):
            if self._stream.callbacks != seen:
                checked_s, seen = self._clock(), self._stream.callbacks
                if gone_s is not None:
                    away_s = checked_s - gone_s
                    log.warning(
                        "the %s is back after %.0f s: %s",
                        self._stream.name,
                        away_s,
                        self._stream.device,
                    )
                    gone_s = None
            hangs = self._clock() - checked_s >= _STALL_S
            if not hangs and self._stream.is_there():
                continue
            if gone_s is None:
                gone_s = self._clock()
                log.warning(
                    "the %s %s %s: %s",
                    self._stream.name,
                    self._stream.device,
                    "does not answer any more" if hangs else "has gone",
                    self._meanwhile,
                )
            # First of all, so that nobody waits for a device that hangs.
            self._lost()
            self._stream.close()
            self._open_again()
            checked_s, seen = self._clock(), 0
        self._stream.close()

    def _open_again(self) -> None:
        """Return once a stream is open, or the connection is closed."""
        wait_s = 0.0  # where the sound server moved the stream, its default may be back already
        while not self._closed.wait(wait_s):
            wait_s = _RETRY_S
            try:
                self._stream = self._open()
            except DeviceError as error:
                log.debug("not back yet: %s", error)
                self._let_new_devices_in()
            else:
                # One that does not start is found gone at the next look.
                with contextlib.suppress(DeviceError):
                    self._stream.start()
                return

    def _let_new_devices_in(self) -> None:
        """Have PortAudio list devices anew, if ours is there and PortAudio does not know.

        That stops the other stream for a moment, so it must be worth it. Where there is none,
        the next stream to be opened has PortAudio initialised, and so finds all there is.
        """
        if not portaudio.in_use():
            return
        there = self._lookout.devices(output=self._output)
        if there == portaudio.devices(output=self._output):
            return
        try:
            choose(there, self._wanted, output=self._output)
        except DeviceError:
            return
        portaudio.start_anew()
