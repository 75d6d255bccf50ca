"""Where a client's sound is taken: its place in the stream, then the source of a run."""

from collections.abc import Callable

from live_translator.config import ServeConfig
from live_translator.interfaces import Clock
from live_translator.serve.intake import Intake
from live_translator.serve.protocol import PCM, SlowDown
from live_translator.serve.source import SocketSource


class Ear:
    """Takes messages with sound from the event loop; `source` gives it to a run."""

    def __init__(
        self,
        *,
        form: str,
        sample_rate_hz: int,
        config: ServeConfig,
        clock: Clock,
        live: bool,
        slow_down: Callable[[SlowDown], None],
        room: Callable[[], None],
    ) -> None:
        """Begin empty; `slow_down` and `room` are called as `SocketSource` says."""
        pcm = form == PCM
        self._unit_hz = sample_rate_hz if pcm else 0
        self._live = live
        self._slow_down = slow_down
        self._intake = Intake(
            unit_bytes=2 if pcm else 1,
            max_gap=int(config.max_talk_s * sample_rate_hz) if pcm else 0,
        )
        self.source = SocketSource(
            form=form,
            sample_rate_hz=sample_rate_hz,
            config=config,
            clock=clock,
            live=live,
            slow_down=lambda left_s: slow_down(SlowDown(left_s=round(left_s, 2))),
            room=room,
        )

    @property
    def received(self) -> int:
        """How much of the client's stream has arrived, in its units."""
        return self._intake.received

    def seek(self, offset: int) -> None:
        """Say where the next message with sound begins; raises ClientError."""
        self._intake.seek(offset)

    def has_room(self) -> bool:
        """Return whether a message with sound can be taken now; a client is told if not."""
        if self.source.has_room:
            return True
        if self._live:
            self._slow_down(SlowDown(left_s=0.0))
        return False

    def hear(self, data: bytes) -> None:
        """Take what is new in a message with sound; call it only where there is room.

        Raises ClientError for what is no sound.
        """
        new, gap = self._intake.take(data)
        if new:
            self.source.offer(new, gap / self._unit_hz if gap else 0.0)
