"""What one person in a room says, from opening a microphone to closing it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from pydantic import BaseModel

from live_translator.assembly import Run, Wanted
from live_translator.direction import Direction
from live_translator.errors import ClientError, Interrupted, LiveTranslateError
from live_translator.languages import Language
from live_translator.messages import Playback, Transcript, Translation
from live_translator.serve.codes import Code
from live_translator.serve.commons import Commons
from live_translator.serve.ear import Ear
from live_translator.serve.events import Words
from live_translator.serve.failures import as_told
from live_translator.serve.interpreter import Interpreter, Outlet
from live_translator.serve.original import Original
from live_translator.serve.protocol import SlowDown
from live_translator.serve.room import Room, Seat, To, everyone
from live_translator.serve.room_protocol import SOUND_HEADER, Join, Missing, Speaking, said

log = logging.getLogger(__name__)

_SPEAKING = "speaking"
"""The slot of whether he speaks."""


class Talk:
    """Recognises a speaker once, and lets others hear him in each language that is needed.

    One run on threads of its own, of source words alone, and an `Interpreter` for each
    language, which come and go with those who need them.
    """

    def __init__(
        self,
        seat: Seat,
        room: Room,
        join: Join,
        commons: Commons,
        *,
        slow_down: Callable[[SlowDown], None],
        roomy: Callable[[], None],
        failed: Callable[["Talk", ClientError], None],
    ) -> None:
        """Prepare; `failed` is told on the talk's thread why it ended, where it ended badly."""
        self.number = room.number_talk()
        self._seat = seat
        self._room = room
        self._commons = commons
        self._roomy = roomy
        self._failed = failed
        self._key = f"{room.token}.{self.number}"
        self._config = replace(
            commons.config,
            source=seat.language.code,
            target=seat.language.code,
            two_way=False,
            mode="streaming",
            pace="realtime",
        )
        self.ear = Ear(
            form=join.format,
            sample_rate_hz=join.sample_rate,
            config=commons.limits,
            clock=commons.clock,
            live=True,
            slow_down=slow_down,
            room=roomy,
        )
        self._words = Words(self._putter(everyone), self._shower(everyone))
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._is_aborted = False
        self._is_open = False
        """Whether languages may still come."""
        self._interpreters: dict[Language, Interpreter] = {}
        self._gone: list[Interpreter] = []
        self._thread = threading.Thread(target=self._work, name="talk", daemon=True)

    def begin(self) -> None:
        """Start; raises ClientError where the machine cannot hold another speaker."""
        self._commons.enter(self._key, self._room.token)
        self._commons.meters.begun(live=True)
        self._room.begin(self._seat, self.number, self)
        self._thread.start()

    def stop(self) -> None:
        """The microphone is closed: finish what was heard."""
        self._room.close(self._seat, self.number)
        self.ear.source.close()

    def abort(self) -> None:
        """End at once, from any thread. Idempotent."""
        with self._lock:
            self._is_aborted = True
            run = self._run
            interpreters = [*self._interpreters.values(), *self._gone]
        self.ear.source.close()
        if run is not None:
            run.pipeline.interrupt()
            run.pipeline.interrupt()
        for interpreter in interpreters:
            interpreter.abort()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def adjust(self) -> None:
        """Begin the languages and voices that are wanted and are not there, end the others."""
        with self._lock:
            if not self._is_open or self._is_aborted:
                return
            wanted = self._room.wanted(self._seat)
            before = self._interpreters
            kept = {
                language: one
                for language, one in before.items()
                if language in wanted and not one.has_failed
            }
            begun = {one: self._interpreter(one) for one in wanted if one not in kept}
            self._interpreters = kept | begun
            for language, voices in wanted.items():
                self._interpreters[language].speak(voices)
            for interpreter in begun.values():
                interpreter.start()
            for language, interpreter in before.items():
                if language not in kept:
                    interpreter.abort()
                    self._gone.append(interpreter)
            self._gone = [one for one in self._gone if not one.join(0.0)]

    def on_transcript(self, message: Transcript) -> None:
        """Tell all what was recognised, and the interpreters; on the ASR thread."""
        self._words.on_transcript(message)
        with self._lock:
            interpreters = list(self._interpreters.values())
        for interpreter in interpreters:
            interpreter.tell(message)

    def on_translation(self, message: Translation) -> None:
        """Nothing is translated in the run itself."""

    def on_playback(self, message: Playback) -> None:
        """Nor spoken."""

    def close(self) -> None:
        """Nothing to close."""

    def _work(self) -> None:
        try:
            self._talk()
        except Interrupted:
            pass  # By whoever ended it.
        except LiveTranslateError as error:
            self._failed(self, as_told(error))
        except Exception:
            log.exception("a talk failed")
            self._failed(self, ClientError(Code.INTERNAL, "the server made a mistake"))
        finally:
            self.stop()
            self._end()
            self._room.end(self.number)
            self._commons.leave(self._key)
            self._roomy()

    def _talk(self) -> None:
        seat, commons = self._seat, self._commons
        commons.engines.prepare(Direction(seat.language, seat.language))
        source = Original(self.ear.source, self._heard, self._speaking)
        run = Run(
            self._config,
            Wanted(source=source, speech=False, captions=False),
            commons.engines,
            listeners=[self],
            turns=commons.gates.turns(self._key),
            clock=commons.clock,
        )
        self._words.timeline = run.timeline
        with run:
            source.in_speech = lambda: run.in_speech
            with self._lock:
                self._run = run
                self._is_open = True
                if self._is_aborted:
                    raise Interrupted("ended before it began")
            self.adjust()
            run.pipeline.run()

    def _end(self) -> None:
        """Let the interpreters finish, each as long as a run may take to."""
        with self._lock:
            self._is_open = False
            interpreters = [*self._interpreters.values()]
        grace_s, join_s = self._config.shutdown.grace_s, self._config.shutdown.join_s
        for interpreter in interpreters:
            interpreter.finish(grace_s)
        if not all(one.join(join_s) for one in (*interpreters, *self._gone)):
            log.warning("an interpreter is still busy after %.0f s", join_s)

    def _interpreter(self, language: Language) -> Interpreter:
        run = self._run
        if run is None:
            raise ValueError("a talk is interpreted once it runs")

        def reads(seat: Seat) -> bool:
            return seat.language is language

        def hears(voice: str) -> To:
            return lambda seat: reads(seat) and seat.speech and seat.voice == voice

        def words(to: To) -> Words:
            words = Words(self._putter(to), self._shower(to))
            words.timeline = run.timeline
            return words

        def spoken(voice: str, message: Playback) -> None:
            words(hears(voice)).on_playback(message)

        def say(voice: str, start_s: float, rate_hz: int, pcm: bytes) -> None:
            self._sound(hears(voice), start_s, rate_hz, pcm)

        def failed(voice: str | None, error: BaseException) -> None:
            to = reads if voice is None else hears(voice)
            self._tell_missing("translation" if voice is None else "speech", error, to)

        outlet = Outlet(
            translated=words(reads).on_translation, spoken=spoken, say=say, failed=failed
        )
        return Interpreter(
            Direction(self._seat.language, language),
            outlet,
            self._commons,
            self._config,
            turns=self._commons.gates.turns(self._key),
            timeline=run.timeline,
        )

    def _tell_missing(self, what: str, error: BaseException, to: To) -> None:
        if isinstance(error, LiveTranslateError):
            message = str(as_told(error))
        else:
            log.error("an interpreter failed", exc_info=error)
            message = "the server made a mistake"
        self._room.tell(
            lambda seq: Missing.model_validate(
                {
                    "seq": seq,
                    "member": self._seat.number,
                    "talk": self.number,
                    "what": what,
                    "message": message,
                }
            ),
            to,
        )

    def _heard(self, start_s: float, rate_hz: int, pcm: bytes) -> None:
        """Let those who understand him hear his own voice."""
        self._sound(lambda other: other.hears(self._seat), start_s, rate_hz, pcm)

    def _sound(self, to: To, start_s: float, rate_hz: int, pcm: bytes) -> None:
        member, talk = self._seat.number, self.number
        self._room.sound(
            lambda seq: SOUND_HEADER.pack(seq, member, talk, rate_hz, start_s) + pcm, to
        )

    def _speaking(self, speaking: bool) -> None:
        message = Speaking(member=self._seat.number, talk=self.number, speaking=speaking)
        self._room.show(self.number, _SPEAKING, message, everyone)

    def _putter(self, to: To) -> Callable[[Callable[[int], BaseModel], str], None]:
        return lambda make, slot: self._room.say(self._seat, self.number, make, slot, to)

    def _shower(self, to: To) -> Callable[[str, BaseModel], None]:
        def show(slot: str, message: BaseModel) -> None:
            shown = said(message, member=self._seat.number, talk=self.number)
            self._room.show(self.number, slot, shown, to)

        return show
