"""One talk of one client: a pipeline whose source and sink are the socket."""

import logging
import threading
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
from live_translator.serve.party import Party
from live_translator.serve.protocol import (
    HEADER,
    Error,
    Ready,
    StartStream,
    StreamEnd,
)
from live_translator.serve.sink import SocketSink

log = logging.getLogger(__name__)

_PACE = "pace"
"""The slot of a warning that sound comes too fast."""


class Session(Party):
    """Runs a talk on threads of its own, whether or not anybody is connected."""

    def __init__(
        self,
        start: StartStream,
        config: Config,
        commons: Commons,
        *,
        live: bool,
    ) -> None:
        """Prepare; nothing runs before `begin`. `config` is that of this talk."""
        super().__init__(config.serve.kept_bytes)
        self.start = start
        self.live = live
        self._config = config
        self._commons = commons
        self._ear = Ear(
            form=start.format,
            sample_rate_hz=start.sample_rate,
            config=config.serve,
            clock=commons.clock,
            live=live,
            slow_down=lambda message: self.show(_PACE, message),
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

    @property
    def received(self) -> int:
        """How much of the client's stream has arrived, in its units."""
        return self._ear.received

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
        return super().resume(last_seq)

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
            self._be_over()
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
        events = Events(self.put, self.show, commons.meters.lag)
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
            self.put(lambda seq: Ready(seq=seq, engines=engines.names(ways[0])))
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

    def _say(self, start_s: float, rate_hz: int, pcm: bytes) -> None:
        self.put_sound(lambda seq: HEADER.pack(seq, rate_hz, start_s) + pcm)


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
