"""One talk of one client: a pipeline whose source and sink are the socket."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace

from live_translator.assembly import Run, Wanted
from live_translator.config import Config
from live_translator.direction import directions
from live_translator.errors import Interrupted, LiveTranslateError
from live_translator.languages import AUTO
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.ear import Ear
from live_translator.serve.events import Events
from live_translator.serve.failures import as_told
from live_translator.serve.outbox import Frame, Outbox
from live_translator.serve.protocol import (
    HEADER,
    Error,
    Ready,
    ServerMessage,
    StartStream,
    StreamEnd,
)
from live_translator.serve.sink import SocketSink

log = logging.getLogger(__name__)

_PACE = "pace"
"""The slot of a warning that sound comes too fast."""


class Session:
    """Runs a talk on threads of its own, whether or not anybody is connected.

    The event loop gives it sound (`hear`), takes what is to be sent (`take`) and is woken
    through the functions that it attaches, from other threads.
    """

    def __init__(
        self,
        start: StartStream,
        config: Config,
        commons: Commons,
        *,
        live: bool,
    ) -> None:
        """Prepare; nothing runs before `begin`. `config` is that of this talk."""
        self.token = secrets.token_urlsafe(24)
        self.start = start
        self.live = live
        self.is_over = False
        """Whether the pipeline has ended; what it said may still wait to be sent."""
        self.failure: Code | None = None
        """Why it ended, where it did not end well."""
        self._config = config
        self._commons = commons
        self._lock = threading.Lock()
        serve = config.serve
        self._outbox = Outbox(serve.kept_bytes)
        self._wake: Callable[[], object] = _nobody
        self._room: Callable[[], object] = _nobody
        self._ear = Ear(
            form=start.format,
            sample_rate_hz=start.sample_rate,
            config=serve,
            clock=commons.clock,
            live=live,
            slow_down=lambda message: self._show(_PACE, message),
            room=self._roomy,
        )
        self._source = self._ear.source
        self._run: Run | None = None
        self._aborted: Code | None = None
        self._thread = threading.Thread(target=self._work, name="session", daemon=True)

    def begin(self) -> None:
        """Start the talk; raises ClientError where it is one too many."""
        self._commons.enter(self.token)
        self._thread.start()

    def attach(self, wake: Callable[[], object], room: Callable[[], object]) -> None:
        """Call `wake` whenever something is to be sent, `room` where sound can be taken again.

        Both from any thread; whoever was attached before is told no more.
        """
        self._wake, self._room = wake, room

    def detach(self) -> None:
        """Tell nobody."""
        self._wake = self._room = _nobody

    @property
    def received(self) -> int:
        """How much of the client's stream has arrived, in its units."""
        return self._ear.received

    @property
    def is_hopeless(self) -> bool:
        """Whether the client is too late with what it is sent."""
        with self._lock:
            return self._outbox.is_hopeless

    def seek(self, offset: int) -> None:
        """Say where the next message with sound begins; raises ClientError."""
        self._ear.seek(offset)

    def has_room(self) -> bool:
        """Return whether a message with sound can be heard now; a client is told if not."""
        return self.is_over or self._ear.has_room()

    def hear(self, data: bytes) -> None:
        """Take what is new in a message with sound; call it only where there is room.

        Raises ClientError for what is no sound.
        """
        self._ear.hear(data)

    def stop(self) -> None:
        """No sound follows: finish what was heard."""
        self._source.close()

    def abort(self, code: Code) -> None:
        """End at once, from any thread; nothing is finished. Idempotent."""
        with self._lock:
            self._aborted = self._aborted or code
            run = self._run
        self._source.close()
        if run is not None:
            run.pipeline.interrupt()
            run.pipeline.interrupt()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def resume(self, last_seq: int) -> int:
        """Send again what a client lacks; return how many of these messages are gone."""
        self._source.resumed()
        with self._lock:
            return self._outbox.rewind(last_seq)

    def acknowledge(self, seq: int) -> None:
        """Forget what the client has."""
        with self._lock:
            self._outbox.acknowledge(seq)

    def take(self) -> Frame | None:
        """Return what is to be sent next, None where nothing waits."""
        with self._lock:
            return self._outbox.take()

    def _work(self) -> None:
        try:
            self._talk()
        except Interrupted:
            self._fail(self._aborted or Code.STOPPING, "the talk was ended")
        except LiveTranslateError as error:
            told = as_told(error)
            self._fail(Code(told.code), str(told))
        except Exception:
            log.exception("a talk failed")
            self._fail(Code.INTERNAL, "the server made a mistake: the talk was ended")
        finally:
            self._source.close()
            self.is_over = True
            self._wake()
            self._room()
            self._commons.leave(self.token)

    def _talk(self) -> None:
        config, commons = self._config, self._commons
        engines = commons.engines
        ways = directions(config)
        if config.source == AUTO:
            engines.transcriber(ways[0])
        else:
            engines.prepare(*ways)
        wanted = Wanted(
            source=self._source,
            sink=SocketSink(self._say) if self.start.speech else None,
            speech=self.start.speech,
            captions=False,
        )
        events = Events(self._put, self._show, commons.meters.lag)
        run = Run(
            config,
            wanted,
            engines,
            listeners=[events],
            turns=commons.gates.turns(self.token),
            clock=commons.clock,
        )
        events.attend(run)
        with run:
            with self._lock:
                self._run = run
                if self._aborted is not None:
                    raise Interrupted("ended before it began")
            self._put(lambda seq: Ready(seq=seq, engines=engines.names(ways[0])))
            run.pipeline.run()
        report = run.report()
        self._end(
            lambda seq: StreamEnd(
                seq=seq,
                source_s=report["source_seconds"],
                words=report["words"],
                latency=report["latency"],
            )
        )

    def _fail(self, code: Code, message: str) -> None:
        self.failure = code
        self._end(lambda seq: Error(seq=seq, code=code, message=message))

    def _end(self, make: Callable[[int], ServerMessage]) -> None:
        with self._lock:
            self._outbox.end(lambda seq: make(seq).model_dump_json())
        self._wake()

    def _put(self, make: Callable[[int], ServerMessage], instead_of: str = "") -> None:
        with self._lock:
            self._outbox.put(lambda seq: make(seq).model_dump_json(), instead_of=instead_of)
        self._wake()

    def _say(self, start_s: float, rate_hz: int, pcm: bytes) -> None:
        with self._lock:
            self._outbox.put(lambda seq: HEADER.pack(seq, rate_hz, start_s) + pcm)
        self._wake()

    def _roomy(self) -> None:
        self._room()

    def _show(self, slot: str, message: ServerMessage) -> None:
        with self._lock:
            self._outbox.show(slot, message.model_dump_json())
        self._wake()


def config_of(
    start: StartStream, config: Config, source: str, target: str, *, live: bool
) -> Config:
    """Return the configuration of one talk, `source` and `target` by their own codes."""
    return replace(
        config,
        source=source,
        target=target,
        two_way=False,
        mode="streaming" if live else "complete",
        pace="realtime" if live else "fast",
        tts=replace(config.tts, voice=start.voice),
    )


def _nobody() -> None:
    """Tell nobody."""
